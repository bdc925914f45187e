"""The URL map. Everything but health checks and signing in needs a sign-in (LoginRequiredMiddleware)."""

from django.urls import include, path

handler500 = "config.failures.failed"
urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("config.health")),
    path("", include("partners.urls")),
    path("", include("hotspots.urls")),
    path("", include("reports.urls")),
    path("api/", include("reports.api.urls")),
]
