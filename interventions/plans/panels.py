"""What the page of a problem-solving plan shows besides its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from interventions import presenters
from interventions.law.plan import outcome, until
from interventions.models import Intervention, ProblemSolvingPlan
from interventions.queries import activity, at_hotspots, hotspots_of
from partners import audit
from partners.visibility import Viewer

MOST = 20
# The corners of the problem analysis triangle, as it is drawn.
_SIDES = (("victim", "Victims"), ("offender", "Offenders"), ("location", "Location"))


def analysis(viewer: Viewer, plan: ProblemSolvingPlan, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """The triangle with what is said of each corner ("" nothing), the 4P balance, the review. None where withheld."""
    withheld = "analysis" in plan.withheld
    responses = parts.get("responses", ())
    balance = [
        {
            "strand": strand.label,
            "count": sum(one.strand == strand for one in responses),
            "done": sum(one.strand == strand and one.done_on is not None for one in responses),
        }
        for strand in Intervention.Strand
    ]
    is_open = plan.stage != ProblemSolvingPlan.Stage.CLOSED
    return {
        "withheld": withheld,
        "sides": [(label, bool(getattr(plan, name))) for name, label in _SIDES],
        "balance": balance,
        "most": max((one["count"] for one in balance), default=0),
        "review": until(plan.review_on, timezone.localdate()) if plan.review_on and is_open else "",
        "outcome": outcome(plan) if None not in (plan.baseline, plan.result_count) else "",
    }


def beside(viewer: Viewer, plan: ProblemSolvingPlan, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """Walks (EVA) and plans (SARA) of the same hotspots, newest first; None where the reader sees none of those.

    Three queries at most.
    """
    places = list(hotspots_of(viewer, plan.pk))
    if not places:
        return None
    kinds = (Intervention.Kind.WALK, Intervention.Kind.PLAN)
    found = at_hotspots(activity(viewer), [one.pk for one in places]).filter(kind__in=kinds).exclude(pk=plan.pk)
    records = list(found.order_by("-starts", "-pk")[:MOST])
    audit.read(records, by=viewer, how="page")
    return {"places": places, "rows": [presenters.row(record) for record in records]}
