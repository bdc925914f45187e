"""Figures of work on the ground in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotspots.words import day_name, plural
from interventions.calc.shares import share
from interventions.law.ground import is_overdue, officer_minutes
from interventions.models import Observation, SearchCount

Dimension = SearchCount.Dimension
# What officers write where the person's own word for their ethnicity is missing.
_NOT_SAID = {"", "not stated", "not known", "unknown", "not recorded", "not given", "missing", "declined", "refused"}


# --- Patrols ------------------------------------------------------------------------------------------------------


def by_agency(stints: Sequence[Any]) -> list[tuple[str, str, str, str]]:
    """Agency, stints, officer-minutes and hours, the agency that delivered most first."""
    of: dict[str, list[Any]] = defaultdict(list)
    for one in stints:
        of[one.agency.name].append(one)
    rows = sorted(of.items(), key=lambda row: (-officer_minutes(row[1]), row[0]))
    return [(name, f"{len(its):,}", f"{officer_minutes(its):,}", hours(officer_minutes(its))) for name, its in rows]


def hours(minutes: int) -> str:
    """ "5.5"."""
    return f"{minutes / 60:,.1f}".removesuffix(".0")


# --- Licensing ----------------------------------------------------------------------------------------------------


def results(swabs: tuple[int, int] | None, visit: Any) -> list[str]:
    """What a visit found, as practitioners say it: "24 positive swabs of 60", "2 sales in 13 test purchases"."""
    found = []
    if swabs:
        found.append(f"{plural(swabs[0], 'positive swab')} of {swabs[1]:,}")
    if visit.sales_attempted is not None:
        tried = plural(visit.sales_attempted, "test purchase")
        found.append(f"{plural(visit.sales_made or 0, 'sale')} in {tried}")
    if visit.sia_checked:
        found.append(f"{plural(visit.sia_checked, 'door supervisor')} checked")
    return found


def visit_rows(visits: Sequence[Any], swabs: dict[int, tuple[int, int]]) -> list[dict[str, Any]]:
    """Visits to the same premises: when, what sort, what was found, the risk from then on."""
    return [
        {
            "pk": one.pk,
            "day": day_name(one.first_day),
            "sort": one.get_sort_display() or one.get_kind_display(),
            "results": "; ".join(results(swabs.get(one.pk), one)),
            "band": one.get_next_band_display(),
        }
        for one in visits
    ]


# --- Stop and search ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One share: of what, "12 of 40", "30%", and between which shares it lies; "not known" where it is not."""

    what: str
    counted: str
    value: str
    between: str


def share_row(what: str, count: int | None, whole: int) -> ShareRow:
    found = share(count, whole) if count is not None else None
    if found is None:
        return ShareRow(what, "" if count is None else f"{count:,}", "not known", "")
    return ShareRow(
        what, f"{found.count:,} of {whole:,}", _percent(found.value), f"{_percent(found.low)} to {_percent(found.high)}"
    )


def _percent(value: float) -> str:
    return "under 1%" if 0 < value < 0.01 else f"{100 * value:.0f}%"


def shares(operation: Any) -> list[ShareRow]:
    """What came of the searches, each with its base."""
    all_of_them = operation.searches
    return [
        share_row("Something was found (find rate)", operation.found, all_of_them),
        share_row("What was searched for was found", operation.found_object, all_of_them),
        share_row("No further action", operation.no_action, all_of_them),
        share_row("Arrests", operation.arrests, all_of_them),
    ]


def by_ethnicity(operation: Any, counts: Sequence[Any]) -> list[ShareRow]:
    """Self-defined ethnicity: each group's share of the searches, the commonest first, and the share not known."""
    rows = [one for one in counts if one.dimension == Dimension.ETHNICITY]
    said = [one for one in rows if one.value.strip().casefold() not in _NOT_SAID]
    known = sum(one.count for one in said)
    ordered = sorted(said, key=lambda one: (-one.count, one.value))
    missing = max(operation.searches - known, 0)
    return [
        *(share_row(one.value, one.count, operation.searches) for one in ordered),
        share_row("Not known", missing, operation.searches),
    ]


def by_others(operation: Any, counts: Sequence[Any]) -> list[tuple[str, list[ShareRow]]]:
    """Each other way in which the searches are counted (age, object, outcome), with its lines, the commonest first."""
    of: dict[str, list[Any]] = defaultdict(list)
    for one in counts:
        if one.dimension != Dimension.ETHNICITY:
            of[one.dimension].append(one)
    return [
        (
            f"By {dimension.label.lower()}",
            [
                share_row(one.value, one.count, operation.searches)
                for one in sorted(of[dimension], key=lambda one: (-one.count, one.value))
            ],
        )
        for dimension in Dimension
        if dimension in of
    ]


# --- Walks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a walk: how many observations, the worst and the mean severity, how many are mended."""

    name: str
    number: str
    worst: str
    mean: str
    mended: str


def categories(observations: Sequence[Any]) -> list[Category]:
    """All categories in which something was seen, the worst mean first."""
    of: dict[str, list[Any]] = defaultdict(list)
    for one in observations:
        of[one.category].append(one)
    found = sorted(of.items(), key=lambda row: -sum(one.severity for one in row[1]) / len(row[1]))
    return [
        Category(
            name=str(Observation.Category(category).label),
            number=f"{len(its):,}",
            worst=str(max(one.severity for one in its)),
            mean=f"{sum(one.severity for one in its) / len(its):.1f}",
            mended=f"{sum(one.done_on is not None for one in its):,}",
        )
        for category, its in found
    ]


def late(observations: Sequence[Any], today: date) -> list[tuple[str, list[str]]]:
    """Agency -> what it was to mend by now, with the day; the agency that owes most first."""
    owed: dict[str, list[str]] = defaultdict(list)
    for one in observations:
        if is_overdue(one, today):
            owed[one.agency.name if one.agency else "No agency"].append(f"{one.text}, due {day_name(one.due_on)}")
    return sorted(owed.items(), key=lambda row: (-len(row[1]), row[0]))


def pictures(record: Any, observations: Sequence[Any]) -> list[dict[str, Any]]:
    """Photos of observations, before and after; none where the record's files are withheld."""
    if record.withheld:
        return []
    return [
        {"text": one.text, "before": one.photo_id, "after": one.after_photo_id}
        for one in observations
        if one.photo_id or one.after_photo_id
    ]
