"""What agencies do at a place, in rows and words: marks of its timeline, what is in force, done, and next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from hotspots.models import Hotspot
from interventions import states
from interventions.calc.periods import months_after
from interventions.models import Intervention
from interventions.presenters import when
from interventions.registers import register_of
from reports.charts.timeline import Band, Mark
from reports.links import with_query
from reports.place_work import Work
from reports.words import day_name, listed, month_name, plural

KIND, STATUS = Intervention.Kind, Intervention.Status
# What may have changed what happens at a place; the rest is counted in the table.
MARKED = (KIND.DAY, KIND.PSPO, KIND.CBO, KIND.DISPERSAL, KIND.CLOSURE, KIND.CPN, KIND.ORDER, KIND.WARRANT)
# More marks than that stand on each other: then each month has one.
MOST_MARKS = 16
SHOWN = 6
_SHORT = {KIND.CBO: "CBO", KIND.PSPO: "PSPO", KIND.ORDER: "order", KIND.CPN: "CPN", KIND.DAY: "day of action"}


@dataclass(frozen=True, slots=True)
class Line:
    """One record or promise: a link ("" = none), and what is said behind it."""

    text: str
    href: str
    note: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of work: how many were done over twelve months, how many are planned."""

    name: str
    href: str
    done: int
    planned: int


@dataclass(frozen=True, slots=True)
class WorkHere:
    """The section of a profile; `in_force` and `next` show at most SHOWN, `more_*` says how many there are beside."""

    in_force: list[Line]
    more_in_force: int
    next: list[Line]
    more_next: int
    rows: list[Row]
    promised: list[Line]
    note: str
    add: str
    live: str
    calendar: str
    every: str

    @property
    def is_empty(self) -> bool:
        return not (self.in_force or self.next or self.rows or self.promised)


def work_here(place: Hotspot, work: Work, now: datetime) -> WorkHere:
    """The work at a place, in words."""
    force = sorted(
        _in_force(work.records, now), key=lambda one: (_of_whom(one), one.ends is None, one.ends or one.starts, one.pk)
    )
    ahead = [one for one in work.records if one.status == STATUS.PLANNED and (one.ends or one.starts) >= now]
    here = {"hotspot": str(place.pk)}
    return WorkHere(
        in_force=[_line(one, states.until(one.ends) or "without an end") for one in force[:SHOWN]],
        more_in_force=max(len(force) - SHOWN, 0),
        next=[_line(one, when(one.starts, one.ends)) for one in ahead[:SHOWN]],
        more_next=max(len(ahead) - SHOWN, 0),
        rows=_rows(place, work.records, now),
        promised=_promised(work, timezone.localtime(now).date()),
        note="" if work.is_whole else "There is more than a page can count: the registers have all of it.",
        add=with_query(reverse("interventions:add"), here),
        live=with_query(reverse("interventions:live"), here),
        calendar=with_query(reverse("interventions:calendar"), here),
        every=with_query(reverse("interventions:register"), here),
    )


def _of_whom(one: Intervention) -> int:
    """What binds everybody at the place comes first, directions to one person last: they are many and soon over."""
    return 0 if one.kind in (KIND.PSPO, KIND.DISPERSAL, KIND.CLOSURE) else 2 if one.kind == KIND.DIRECTION else 1


def shown(work: Work, now: datetime) -> list[Intervention]:
    """The records of which more than a count is shown: for the audit trail."""
    force = _in_force(work.records, now)
    ahead = [one for one in work.records if one.status == STATUS.PLANNED and (one.ends or one.starts) >= now]
    marked = [one for one in work.records if _is_marked(one, now)]
    return list({one.pk: one for one in (*force, *ahead, *marked)}.values())


def bands(records: Iterable[Intervention]) -> list[Band]:
    """The terms of Public Spaces Protection Orders, beside the phases."""
    return [
        Band(f"PSPO: {one.title}", one.first_day, one.last_day)
        for one in records
        if one.kind == KIND.PSPO and one.status == STATUS.DONE
    ]


def marks(records: Iterable[Intervention], now: datetime) -> list[Mark]:
    """Orders made, powers used and days of action held; one mark for each month where they are many."""
    made = [one for one in records if _is_marked(one, now)]
    if len(made) <= MOST_MARKS:
        return [Mark(one.first_day, one.title, one.get_kind_display()) for one in made]
    by_month: dict[date, list[Intervention]] = defaultdict(list)
    for one in made:
        by_month[one.first_day.replace(day=1)].append(one)
    return [Mark(month, _counted(ones), f"In {month_name(month)}") for month, ones in sorted(by_month.items())]


def _in_force(records: Iterable[Intervention], now: datetime) -> list[Intervention]:
    return [one for one in records if states.is_in_force(one, now)]


def _is_marked(one: Intervention, now: datetime) -> bool:
    return one.kind in MARKED and one.status == STATUS.DONE and one.starts <= now


def _counted(records: Sequence[Intervention]) -> str:
    """ "2 days of action, 1 PSPO"."""
    numbers = Counter(one.kind for one in records)
    return listed([plural(count, _called(kind), _called(kind, many=True)) for kind, count in sorted(numbers.items())])


def _called(kind: str, *, many: bool = False) -> str:
    one = _SHORT.get(KIND(kind)) or str(KIND(kind).label).lower()
    if not many:
        return one
    return "days of action" if kind == KIND.DAY else f"{one}s"


def _line(one: Intervention, note: str) -> Line:
    words = f"{one.get_kind_display()}, {one.owner.name}, {note}"
    return Line(one.title, reverse("interventions:detail", args=[one.pk]), words)


def _rows(place: Hotspot, records: Sequence[Intervention], now: datetime) -> list[Row]:
    """Kinds of work over twelve months to now and ahead of it, in the order of the registers."""
    today = timezone.localtime(now).date()
    year = months_after(today, -12)
    done: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    for one in records:
        if one.status == STATUS.DONE and year < one.first_day <= today:
            done[one.kind] += 1
        elif one.status == STATUS.PLANNED and one.first_day >= today:
            planned[one.kind] += 1
    return [
        Row(
            str(kind.label),
            with_query(reverse("interventions:of-register", args=[register_of(kind).slug]), {"hotspot": str(place.pk)}),
            done[kind],
            planned[kind],
        )
        for kind in KIND
        if done[kind] or planned[kind]
    ]


def _promised(work: Work, today: date) -> list[Line]:
    return [
        Line(
            one.title,
            reverse("interventions:action", args=[one.pk]),
            f"{one.agency.name}, {'was ' if one.due_on < today else ''}due on {day_name(one.due_on)}",
            one.due_on < today,
        )
        for one in work.promised
    ]
