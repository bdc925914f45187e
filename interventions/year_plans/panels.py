"""What the page of a twelve-month plan shows besides its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from interventions.models import YearPlan
from interventions.year_plans import presenters
from partners.visibility import Viewer


def summary(viewer: Viewer, plan: YearPlan, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any]:
    """The way to the board, and planned against done by lane."""
    return {"plan": plan, "lanes": presenters.by_lane(list(parts.get("items", ())))}
