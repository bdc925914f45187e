from django.urls import path

from hotspots.models import Area
from reports.exports import explore as explore_files
from reports.exports import map as map_files
from reports.sets import views as sets
from reports.views import (
    board,
    compare_places,
    comparison_places,
    explore,
    find,
    gates,
    meeting_agenda,
    methods,
    order_evidence,
    overview,
    place,
    priorities,
    profile,
    saved,
    search,
    style,
    wards,
    year_plan,
)
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
    path("hotspots/board/", board.board, name="board"),
    path("hotspots/agenda/", board.agenda, name="agenda"),
    path("hotspots/compare/", compare_places.compare_places, name="compare-places"),
    path("hotspots/<int:pk>/", place.place, name="place"),
    path("hotspots/<int:pk>/gates/<int:period>/", gates.gate, name="gate"),
    path("hotspots/<int:pk>/triggers/", gates.triggers, name="triggers"),
    path("hotspots/<int:pk>/comparison/", comparison_places.comparison, name="comparison"),
    path("hotspots/<int:pk>/comparison/<int:comparison>/end/", comparison_places.end, name="end-comparison"),
    path("hotspots/find/", find.find, name="find"),
    path("hotspots/find/candidates.csv", find.find_file, name="find-file"),
    path("hotspots/find/promote/", sets.promote_found, name="promote-found"),
    path("hotspots/sets/", sets.set_list, name="sets"),
    path("hotspots/sets/new/", sets.save_set, name="save-set"),
    path("hotspots/sets/<int:pk>/", sets.candidate_set, name="candidate-set"),
    path("hotspots/sets/<int:pk>/set.csv", sets.set_file, name="set-file"),
    path("hotspots/sets/<int:pk>/promote/<int:rank>/", sets.promote, name="promote"),
    path("activity/<int:pk>/agenda/", meeting_agenda.agenda, name="meeting-agenda"),
    path("activity/<int:pk>/sheet/", meeting_agenda.sheet, name="meeting-sheet"),
    path("activity/<int:pk>/evidence/", order_evidence.order_evidence_pack, name="order-evidence"),
    path("activity/<int:pk>/year/draft/", year_plan.draft, name="year-draft"),
    path("style/", style.style_page, name="style"),
    path("methods/", methods.methods_page, name="methods"),
]
