from django.urls import path

from hotspots.models import Area
from reports.views import methods, profile, saved, wards

app_name = "reports"
urlpatterns = [
    path("", methods.home, name="home"),
    path("wards/", wards.wards, name="wards"),
    path("wards/<slug:code>/", profile.profile, {"kind": Area.Kind.WARD.value}, name="ward"),
    path("boroughs/<slug:code>/", profile.profile, {"kind": Area.Kind.BOROUGH.value}, name="borough"),
    path("forces/<slug:code>/", profile.profile, {"kind": Area.Kind.FORCE.value}, name="force"),
    path("views/", saved.saved_views, name="saved-views"),
    path("views/new/", saved.save_view, name="save-view"),
    path("views/<int:pk>/rename/", saved.rename_view, name="rename-view"),
    path("views/<int:pk>/delete/", saved.delete_view, name="delete-view"),
    path("methods/", methods.methods_page, name="methods"),
]
