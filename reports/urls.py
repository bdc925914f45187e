from django.urls import path

from hotspots.models import Area
from reports.exports import explore as explore_files
from reports.exports import map as map_files
from reports.views import explore, gates, methods, overview, priorities, profile, saved, search, style, wards
from reports.views import map as maps

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="home"),
    path("priorities/", priorities.priorities, name="priorities"),
    path("wards/", wards.wards, name="wards"),
    path("wards/<slug:code>/", profile.profile, {"kind": Area.Kind.WARD.value}, name="ward"),
    path("boroughs/<slug:code>/", profile.profile, {"kind": Area.Kind.BOROUGH.value}, name="borough"),
    path("forces/<slug:code>/", profile.profile, {"kind": Area.Kind.FORCE.value}, name="force"),
    path("search/", search.search_page, name="search"),
    path("views/", saved.saved_views, name="saved-views"),
    path("views/new/", saved.save_view, name="save-view"),
    path("views/<int:pk>/rename/", saved.rename_view, name="rename-view"),
    path("views/<int:pk>/delete/", saved.delete_view, name="delete-view"),
    path("map/", maps.map_page, name="map"),
    path("map/data/", maps.map_data, name="map-data"),
    *(path(f"map/map.{kind}", maps.map_file, {"kind": kind}, name="map-file") for kind in map_files.DOWNLOADS),
    path("explore/", explore.explore, name="explore"),
    path("explore/areas/", explore.areas, name="explore-areas"),
    *(
        path(f"explore/download.{kind}", explore.download, {"kind": kind}, name="explore-file")
        for kind in explore_files.DOWNLOADS
    ),
    path("hotspots/<int:pk>/gates/<int:period>/", gates.gate, name="gate"),
    path("hotspots/<int:pk>/triggers/", gates.triggers, name="triggers"),
    path("style/", style.style_page, name="style"),
    path("methods/", methods.methods_page, name="methods"),
]
