"""What the pages of patrols, licensing visits, stop-and-search operations and walks show besides their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from hotspots.words import plural
from interventions.ground import presenters, queries
from partners.visibility import Viewer

Parts = Mapping[str, Sequence[Any]]


def delivered(viewer: Viewer, record: Any, parts: Parts) -> Mapping[str, Any] | None:
    """What each agency delivered; None where nothing was. What was planned stands on top of the page. No query."""
    stints = parts.get("stints", ())
    return {"rows": presenters.by_agency(stints)} if stints else None


def premises(viewer: Viewer, record: Any, parts: Parts) -> Mapping[str, Any] | None:
    """What the visit found, and the other visits to the same premises; None where there is neither. Four queries at
    most."""
    swabs = parts.get("swabs", ())
    counted = (sum(one.positive for one in swabs), sum(one.taken for one in swabs)) if swabs else None
    found = presenters.results(counted, record)
    others = queries.visits_of_premises(viewer, record)
    if not found and not others:
        return None
    rows = presenters.visit_rows(others, queries.swabs_of(others)) if others else []
    return {"results": found, "rows": rows, "name": record.premises_name or record.licence_number}


def searches(viewer: Viewer, record: Any, parts: Parts) -> Mapping[str, Any] | None:
    """Shares with bases and intervals, of what came of it and of each way to count; None before there are searches or
    counts. No query."""
    counts = parts.get("counts", ())
    if not record.searches and not counts:
        return None
    return {
        "base": plural(record.searches, "search", "searches"),
        "tables": [
            ("What came of it", presenters.shares(record)),
            ("By self-defined ethnicity", presenters.by_ethnicity(record, counts)),
            *presenters.by_others(record, counts),
        ],
    }


def walk(viewer: Viewer, record: Any, parts: Parts) -> Mapping[str, Any] | None:
    """The score by category, what is overdue by agency, and photos; None where nothing was noted. No query."""
    seen = parts.get("observations", ())
    if not seen:
        return None
    mended = sum(one.done_on is not None for one in seen)
    return {
        "summary": f"{plural(len(seen), 'thing was', 'things were')} noted, {mended:,} of them mended",
        "categories": presenters.categories(seen),
        "late": presenters.late(seen, timezone.localdate()),
        "pictures": presenters.pictures(record, seen),
    }
