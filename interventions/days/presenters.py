"""Days of action in words: no database here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from hotspots.words import day_name, month_name, plural
from interventions.calc.periods import months_after
from interventions.days.actions import may_answer, may_report
from interventions.law.day import owing, results_due
from interventions.law.parameters import Law
from interventions.models import DayAgency, DayOfAction, DayResult
from partners.markings import Tag
from partners.visibility import Viewer

_Answer, _Status = DayAgency.Answer, DayOfAction.Status
_ANSWERS = {_Answer.ASKED: "light-blue", _Answer.ACCEPTED: "green", _Answer.DECLINED: "grey"}


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency of a day: what it does, what it answered, whether it reported. `answer_href` and `results_href` are ""
    where the reader may not."""

    name: str
    role: str
    strength: str
    answer: Tag
    results: str
    answer_href: str
    results_href: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One measure: the whole count, and what each agency counted, in the order of `Results.agencies`."""

    measure: str
    total: str
    of: list[str]


@dataclass(frozen=True, slots=True)
class Results:
    """Results by measure and agency."""

    agencies: list[str]
    rows: list[ResultRow]


@dataclass(frozen=True, slots=True)
class Month:
    """One of twelve months: the days planned and held in it."""

    name: str
    days: list[tuple[str, str, Tag]]
    held: int
    planned: int


def state(day: DayOfAction, on: date) -> tuple[str, str]:
    """The words and the tag's colour of a day's state."""
    if day.status == _Status.CANCELLED:
        return "Cancelled", "grey"
    if day.status == _Status.DONE:
        return ("Held", "green") if day.debriefed_on else ("No debrief yet", "yellow")
    days = (day.first_day - on).days
    if days > 0:
        return f"In {plural(days, 'day')}", "light-blue"
    if (day.last_day or day.first_day) < on:
        return "Not marked as held", "orange"
    return "Today", "yellow"


def panel(
    viewer: Viewer,
    day: DayOfAction,
    agencies: Sequence[DayAgency],
    results: Sequence[DayResult],
    names: Mapping[int, str],
    law: Law,
) -> dict[str, Any]:
    """What the section of a day's page shows. `names` of all agencies of the rows."""
    begun = day.starts <= viewer.now
    due, late = results_due(law, day), owing(agencies, results)
    counted = sum(one.answer == _Answer.ACCEPTED for one in agencies)
    sentence = ""
    if begun and day.status != _Status.CANCELLED and due and (late or not results):
        of = f" of {', '.join(names[one] for one in late)}" if late else ""
        verb = "were" if due < timezone.localdate() else "are"
        sentence = f"Results{of} {verb} due by {day_name(due)}."
    owner_reports = begun and may_report(viewer, day.owner_id, day)
    own = next((one for one in agencies if one.agency_id == day.owner_id), None)
    return {
        "agencies": [_agency(viewer, day, one, results, names, begun) for one in agencies],
        "answered": f"{counted} of {plural(len(agencies), 'agency', 'agencies')} accepted" if agencies else "",
        "strength": strength(agencies),
        "results": by_measure(results, names),
        "owing": sentence,
        "is_late": bool(due and due < timezone.localdate()),
        "own_results": _address("results", day.pk, day.owner_id) if owner_reports and own is None else "",
        "summary": reverse("interventions:day-summary", args=[day.pk]) if begun else "",
    }


def strength(agencies: Iterable[DayAgency]) -> str:
    """ "34 people, 210 hours of work" of those who accepted; "" where nobody said how many."""
    people, hours = 0, Decimal(0)
    for one in agencies:
        if one.answer == _Answer.ACCEPTED:
            people += one.people or 0
            hours += (one.people or 0) * (one.hours or 0)
    said = [plural(people, "person", "people")] if people else []
    return ", ".join([*said, f"{_number(hours)} hours of work"] if hours else said)


def by_measure(results: Iterable[DayResult], names: Mapping[int, str]) -> Results:
    """Each measure with its count by agency, agencies by name, measures in the order of the list."""
    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for one in results:
        counts[one.measure, one.what][one.agency_id] = one.value
    agencies = sorted({agency for of in counts.values() for agency in of}, key=lambda agency: names[agency])
    order = list(DayResult.Measure.values)
    rows = [
        ResultRow(
            measure_name(measure, what),
            f"{sum(of.values()):,}",
            [f"{of[agency]:,}" if agency in of else "" for agency in agencies],
        )
        for (measure, what), of in sorted(counts.items(), key=lambda one: (order.index(one[0][0]), one[0][1]))
    ]
    return Results([names[agency] for agency in agencies], rows)


def measure_name(measure: str, what: str) -> str:
    """ "Arrests", "Arrests: drugs"; of "other" what it is."""
    if measure == DayResult.Measure.OTHER:
        return what[:1].upper() + what[1:]
    label = str(DayResult.Measure(measure).label)
    return f"{label}: {what}" if what else label


def year(found: Iterable[DayOfAction], first: date, today: date) -> list[Month]:
    """Twelve slots from a month on (its first day), each with the days that lie in it."""
    made = []
    by_month: dict[date, list[DayOfAction]] = defaultdict(list)
    for one in found:
        by_month[one.first_day.replace(day=1)].append(one)
    for index in range(12):
        month = months_after(first, index)
        its = by_month[month]
        made.append(
            Month(
                month_name(month),
                [(one.title, reverse("interventions:detail", args=[one.pk]), Tag(*state(one, today))) for one in its],
                sum(one.status == _Status.DONE for one in its),
                sum(one.status != _Status.CANCELLED for one in its),
            )
        )
    return made


def _agency(
    viewer: Viewer,
    day: DayOfAction,
    one: DayAgency,
    results: Sequence[DayResult],
    names: Mapping[int, str],
    begun: bool,
) -> AgencyRow:
    reported = sum(result.agency_id == one.agency_id for result in results)
    live = day.status != _Status.CANCELLED
    strength = [plural(one.people, "person", "people")] if one.people is not None else []
    strength += [f"{_number(one.hours)} hours each"] if one.hours is not None else []
    answer = _Answer(one.answer)
    return AgencyRow(
        name=names[one.agency_id],
        role=one.role,
        strength=", ".join(strength),
        answer=Tag(str(answer.label), _ANSWERS[answer]),
        results=f"{plural(reported, 'measure')} reported" if reported else "",
        answer_href=_address("answer", day.pk, one.agency_id) if live and may_answer(viewer, one.agency_id) else "",
        results_href=_address("results", day.pk, one.agency_id)
        if live and begun and may_report(viewer, one.agency_id, day)
        else "",
    )


def _address(what: str, pk: int, agency: int) -> str:
    return f"{reverse(f'interventions:day-{what}', args=[pk])}?agency={agency}"


def _number(value: Decimal) -> str:
    """ "7.5", "8"."""
    return f"{value.normalize():,f}"
