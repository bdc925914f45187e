"""The addresses of activity under `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from interventions.api import activity, together
from interventions.api.attachments import Attachments
from interventions.api.changes import Changes
from interventions.api.registers import views_of
from interventions.api.rows import detail_name
from interventions.registers import ALL

_VIEWS = [(register, views_of(register)) for register in ALL]
urlpatterns = [
    path("v1/interventions/", activity.Interventions.as_view(), name="interventions"),
    path("v1/interventions/geojson/", activity.InterventionPoints.as_view(), name="intervention-points"),
    path("v1/interventions/<int:id>/", activity.OneIntervention.as_view(), name="intervention"),
    *(path(f"v1/{register.slug}/", views.many.as_view(), name=register.slug) for register, views in _VIEWS),
    *(path(f"v1/{of.slug}/bulk/", views.bulk.as_view(), name=f"{of.slug}-bulk") for of, views in _VIEWS),
    path("v1/interventions/<int:id>/attachments/", Attachments.as_view(), name="attachments"),
    path("v1/days-of-action/<int:id>/answers/", together.DayAnswers.as_view(), name="day-answers"),
    path("v1/days-of-action/<int:id>/results/", together.DayResultsOf.as_view(), name="day-results"),
    path("v1/actions/", together.Actions.as_view(), name="actions"),
    path("v1/actions/<int:id>/done/", together.ActionDoneOf.as_view(), name="action-done"),
    path("v1/changes/", Changes.as_view(), name="changes"),
    *(
        path(f"v1/{register.slug}/<int:id>/", views.one.as_view(), name=detail_name(register))
        for register, views in _VIEWS
    ),
]
