from django.urls import path

from hotspots.models import Area
from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("wards/", views.wards, name="wards"),
    path("wards/<slug:code>/", views.profile, {"kind": Area.Kind.WARD.value}, name="ward"),
    path("boroughs/<slug:code>/", views.profile, {"kind": Area.Kind.BOROUGH.value}, name="borough"),
    path("forces/<slug:code>/", views.profile, {"kind": Area.Kind.FORCE.value}, name="force"),
    path("methods/", views.methods_page, name="methods"),
]
