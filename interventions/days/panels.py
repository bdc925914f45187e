"""What the page of a day of action shows besides its fields: answers, results by measure and agency, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from interventions.days import presenters, queries
from interventions.law.parameters import Law
from interventions.models import DayOfAction
from partners.visibility import Viewer


def read(viewer: Viewer, day: DayOfAction, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any]:
    """Three queries at most."""
    agencies, results = list(parts.get("agencies", ())), list(parts.get("results", ()))
    names = queries.names_of([*agencies, *results])
    return presenters.panel(viewer, day, agencies, results, names, Law.now())
