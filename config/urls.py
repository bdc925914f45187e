"""The URL map. Everything but health checks and signing in needs a sign-in (LoginRequiredMiddleware)."""

from allauth.account.views import password_change
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from partners.first_factor import after_mail
from partners.second_factor import confirmed
from partners.views.account import RemovePasskey, single_sign_on


def closed(request: HttpRequest) -> HttpResponse:
    """Addresses of allauth that the product does not offer: administrators make accounts and change addresses."""
    raise Http404


handler400 = "config.failures.bad_request"
handler500 = "config.failures.failed"
urlpatterns = [
    path("account/email/", closed),
    path("account/sso/", closed),
    path("account/sso/signup/", closed),
    path("account/sso/login/error/", closed),
    path("account/password/change/", confirmed(password_change), name="account_change_password"),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/totp/activate/", after_mail(activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/webauthn/add/", after_mail(add_webauthn), name="mfa_add_webauthn"),
    path("account/second-factor/webauthn/keys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/sso/", include("allauth.socialaccount.urls")),
    path("account/sso/<slug:provider_id>/login/", single_sign_on, name="openid_connect_login"),
    path("account/sso/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("config.health")),
    path("", include("config.accessibility")),
    path("", include("partners.urls")),
    path("", include("hotspots.urls")),
    path("", include("interventions.urls")),
    path("", include("reports.urls")),
    path("api/", include("reports.api.urls")),
]
