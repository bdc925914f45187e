"""`/api/`: version 1, its description, and the page that shows it."""

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path, register_converter

from hotspots.api import boundaries, phases, places, teams
from interventions.api.urls import urlpatterns as activity
from interventions.public import PublicActivityCounts
from partners.api import parameters, routes
from reports.api import gates, public, views
from reports.api import places as figures


class AreaCode:
    """A code as areas have them; any other text is an unknown address."""

    regex = parameters.CODE.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AreaCode, "area")

app_name = "api"
urlpatterns = [
    path("v1/areas/", views.Areas.as_view(), name="areas"),
    path("v1/areas/<area:code>/", views.Area.as_view(), name="area"),
    path("v1/areas/<area:code>/boundary/", views.AreaBoundary.as_view(), name="area-boundary"),
    path("v1/boundaries/", views.Boundaries.as_view(), name="boundaries"),
    path("v1/categories/", views.Categories.as_view(), name="categories"),
    path("v1/coverage/", views.Coverage.as_view(), name="coverage"),
    path("v1/summaries/", views.Summaries.as_view(), name="summaries"),
    path("v1/searches/", views.Searches.as_view(), name="searches"),
    path("v1/outcomes/", views.Outcomes.as_view(), name="outcomes"),
    path("v1/imports/", views.Imports.as_view(), name="imports"),
    path("v1/imports/<int:id>/", views.Import.as_view(), name="import"),
    path("v1/me/", routes.WhoAmI.as_view(), name="me"),
    path("v1/agencies/", routes.Agencies.as_view(), name="agencies"),
    path("v1/agreements/", routes.Agreements.as_view(), name="agreements"),
    path("v1/ward-teams/", teams.WardTeams.as_view(), name="ward-teams"),
    path("v1/hotspots/", places.Hotspots.as_view(), name="hotspots"),
    path("v1/hotspots/geojson/", boundaries.HotspotShapes.as_view(), name="hotspot-shapes"),
    path("v1/hotspots/<int:id>/", places.OneHotspot.as_view(), name="hotspot"),
    path("v1/hotspots/<int:id>/boundaries/", boundaries.HotspotBoundaries.as_view(), name="hotspot-boundaries"),
    path("v1/hotspots/<int:id>/phases/", phases.Phases.as_view(), name="hotspot-phases"),
    path("v1/hotspots/<int:id>/phases/<int:period>/", phases.OnePhase.as_view(), name="hotspot-phase"),
    path("v1/hotspots/<int:id>/gates/", gates.Gates.as_view(), name="hotspot-gates"),
    path("v1/hotspots/<int:id>/figures/", figures.HotspotFigures.as_view(), name="hotspot-figures"),
    path("v1/gate-questions/", gates.GateQuestions.as_view(), name="gate-questions"),
    path("v1/candidate-sets/", figures.CandidateSets.as_view(), name="candidate-sets"),
    path("v1/candidate-sets/<int:id>/", figures.OneCandidateSet.as_view(), name="candidate-set"),
    *activity,
    path("v1/public/activity-counts/", PublicActivityCounts.as_view(), name="public-activity-counts"),
    path("v1/public/crime-counts/", public.PublicCrimeCounts.as_view(), name="public-crime-counts"),
    path("v1/version/", views.Version.as_view(), name="version"),
    path("v1/schema/", views.Schema.as_view(), name="schema"),
    # A page for people: signing in, not a 401.
    path("docs/", login_required(views.Docs.as_view()), name="docs"),
    re_path(r"^[\s\S]*$", views.Unknown.as_view(), name="unknown"),
]
