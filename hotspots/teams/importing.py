"""Ward teams from a CSV file: what each row would do, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hotspots.models import AbstractedDays, Area, WardTeam
from hotspots.queries import wards_in_force
from hotspots.teams import actions, queries
from hotspots.teams.actions import Details
from hotspots.teams.forms import DaysForm, DetailsForm
from hotspots.words import day_name, month_name
from partners.csv_import import Column, Row, Table, sentences
from partners.models import Agency
from partners.visibility import Viewer

COLUMNS = (
    Column("ward", "Ward"),
    Column("borough", "Borough", required=False),
    Column("owner", "Agency", required=False),
    Column("valid_from", "From"),
    Column("officers_established", "Ward officer posts"),
    Column("officers_in_post", "Ward officers in post", required=False),
    Column("pcsos_established", "PCSO posts"),
    Column("pcsos_in_post", "PCSOs in post", required=False),
    Column("sergeants_established", "Sergeant posts"),
    Column("sergeants_in_post", "Sergeants in post", required=False),
    Column("contact_email", "E-mail", required=False),
    Column("contact_phone", "Telephone", required=False),
    Column("marking", "Marking", required=False),
    Column("audience", "Seen by", required=False),
    Column("month", "Month", required=False),
    Column("days", "Days abstracted", required=False),
)
HEADINGS = [column.heading for column in COLUMNS]
TEMPLATE_ROW = (
    *("Heaton", "Havering", "", "2026-05-04", 2, 2, 2, 1, 1, 0),
    *("heaton.snt@example.org", "020 7946 0000", "open", "everyone", "2026-08", 9),
)
_KEPT = ("marking", "audience")
ADDED, CHANGED, CORRECTED, UNCHANGED = "Add", "Change", "Correct", "Unchanged"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row would do. `current` is the row of the team that is in force now; `days` a month's new figure."""

    does: str
    says: str
    owner: Agency
    area: Area
    valid_from: date
    details: Details
    current: WardTeam | None
    days: tuple[date, Decimal] | None


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of the file: what it would do, or what is wrong with it, in sentences."""

    number: int
    ward: str
    wanted: Wanted | None
    errors: list[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows are held against."""

    by: Viewer
    owners: dict[str, Agency]
    wards: dict[str, list[Area]]
    rows: dict[tuple[int, int], list[WardTeam]]
    days: dict[tuple[int, int, date], Decimal]


def plan(table: Table, by: Viewer) -> list[Planned]:
    """What each row would do. Four queries and the viewer's, however many rows."""
    owners = queries.keepers(by)
    wards: dict[str, list[Area]] = {}
    for ward in wards_in_force(timezone.localdate()):
        for name in (ward.name, ward.code):
            wards.setdefault(name.casefold(), []).append(ward)
    days = AbstractedDays.objects.filter(team__owner__in=owners)
    known = _Known(
        by,
        {agency.name.casefold(): agency for agency in owners},
        wards,
        queries.rows_kept_by([agency.pk for agency in owners]),
        {(o, w, month): lost for o, w, month, lost in days.values_list("team__owner", "team__ward", "month", "days")},
    )
    seen: dict[tuple[int, int], int] = {}
    return [_planned(row, known, seen) for row in table.rows]


def apply(planned: Sequence[Planned], *, by: Viewer) -> None:
    """Does all that was planned. Call it in a transaction. Raises ValueError where a row has errors."""
    if any(one.errors for one in planned):
        raise ValueError("Some rows have errors. Nothing was imported.")
    for want in (one.wanted for one in planned if one.wanted):
        team = want.current
        if want.does == ADDED:
            team = actions.add_team(
                by=by, owner=want.owner, ward=want.area, valid_from=want.valid_from, details=want.details
            )
        elif want.does == CHANGED and team:
            team = actions.change_team(by=by, team=team, valid_from=want.valid_from, details=want.details)
        elif want.does == CORRECTED and team:
            team = actions.correct_team(
                by=by, team=team, valid_from=team.valid_from, valid_to=team.valid_to, details=want.details
            )
        if want.days and team:
            actions.record_abstraction(by=by, team=team, month=want.days[0], days=want.days[1])


def _planned(row: Row, known: _Known, seen: dict[tuple[int, int], int]) -> Planned:
    try:
        if row.error:
            raise ValueError(row.error)
        wanted = _wanted(row, known)
        first = seen.setdefault((wanted.owner.pk, wanted.area.pk), row.number)
        if first != row.number:
            raise ValueError(f"Row {first} is about this ward already.")
    except (ValueError, PermissionDenied) as problem:
        return Planned(row.number, row["ward"], None, [str(sentence) for sentence in problem.args])
    return Planned(row.number, row["ward"], wanted, [])


def _wanted(row: Row, known: _Known) -> Wanted:
    """What a row would do. Raises ValueError with a sentence for each thing that is wrong."""
    area, owner = _ward(row, known), _owner(row, known)
    rows = known.rows.get((owner.pk, area.pk), [])
    current = next((one for one in rows if one.valid_to is None), None)
    form = DetailsForm({**DetailsForm.initial_of(current), **_given(row)})
    if not form.is_valid():
        raise ValueError(*sentences(form, COLUMNS))
    details, first = form.details(), form.cleaned_data["valid_from"]
    does, says = UNCHANGED, ""
    if current is None:
        does, says = ADDED, f"A team from {day_name(first)}."
    elif first < current.valid_from:
        raise ValueError(
            f"The team is as it is since {day_name(current.valid_from)}: earlier dates are corrected on its page."
        )
    elif details != Details.of(current):
        does = CORRECTED if first == current.valid_from else CHANGED
        says = _differences(Details.of(current), details)
    others = [one for one in rows if one != current]
    actions.check(known.by, owner, area, details, (current.valid_from if current else first, None), others)
    days = _days(row, rows or [WardTeam(valid_from=first)])
    if days and known.days.get((owner.pk, area.pk, days[0])) != days[1]:
        says = f"{says} {month_name(days[0])}: {days[1]} days abstracted.".strip()
        does = CORRECTED if does == UNCHANGED else does
    else:
        days = None
    return Wanted(does, says, owner, area, first, details, current, days)


def _days(row: Row, rows: list[WardTeam]) -> tuple[date, Decimal] | None:
    """The row's month and days; None where it has neither. Raises ValueError."""
    values = {name: row.values.get(name, "") for name in ("month", "days")}
    if not any(values.values()):
        return None
    form = DaysForm(values)
    if not form.is_valid():
        raise ValueError(*sentences(form, COLUMNS))
    actions.check_days(form.cleaned_data["month"], form.cleaned_data["days"], rows)
    return form.cleaned_data["month"], form.cleaned_data["days"]


def _given(row: Row) -> dict[str, Any]:
    """The cells that the file has: a column that is not there, or no marking, leaves what is known."""
    given: dict[str, Any] = {name: value for name, value in row.values.items() if value or name not in _KEPT}
    return given | {name: given[name].lower() for name in _KEPT if name in given}


def _ward(row: Row, known: _Known) -> Area:
    name, borough = row["ward"], row.values.get("borough", "").casefold()
    found = known.wards.get(name.casefold(), [])
    if not found:
        near = get_close_matches(name.casefold(), known.wards, n=1, cutoff=0.8)
        hint = f" Did you mean {known.wards[near[0]][0].name}?" if near else ""
        raise ValueError(f"There is no ward “{name}” in force.{hint}" if name else "The ward is missing.")
    inside = [ward for ward in found if not borough or (ward.parent and ward.parent.name.casefold() == borough)]
    if not inside:
        raise ValueError(f"There is no ward “{name}” in “{row['borough']}”.")
    if len(inside) > 1:
        raise ValueError(f"Several boroughs have a ward “{name}”. Say which in the column Borough, or write its code.")
    return inside[0]


def _owner(row: Row, known: _Known) -> Agency:
    name = row.values.get("owner", "")
    if not name and len(known.owners) == 1:
        return next(iter(known.owners.values()))
    if not name:
        raise ValueError("You keep teams of several agencies. Say which in the column Agency.")
    if name.casefold() not in known.owners:
        raise ValueError(f"You keep no teams of an agency “{name}”.")
    return known.owners[name.casefold()]


def _differences(old: Details, new: Details) -> str:
    headings = {column.name: column.heading for column in COLUMNS}
    changed = [name for name in Details.__dataclass_fields__ if getattr(old, name) != getattr(new, name)]
    return (
        "; ".join(f"{headings[name]}: {_said(getattr(old, name))} to {_said(getattr(new, name))}" for name in changed)
        + "."
    )


def _said(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)
