"""The board's cards and the agenda's items, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.safestring import SafeString

from hotspots.models import PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases.presenters import day_of
from hotspots.register.filters import is_overdue
from partners.markings import Tag, marking_tag
from partners.roles import Marking
from reports.calc.runs import WITHIN, latest_run
from reports.charts.small_trend import small_trend
from reports.pages.board import BoardPlace
from reports.words import between, day_name, month_name, plural

# The line of a card, and the table of an agenda's item.
MONTHS, TABLED = 24, 3


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for people: what and when, whether its day has passed, and where it is done ("" nowhere)."""

    text: str
    overdue: bool
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """One hotspot in one column. `also` names the other phases that it is in."""

    pk: int
    name: str
    href: str
    days: str
    also: str
    agency: str
    lead: str
    marking: Tag | None
    trend: str
    line: SafeString | None
    due: list[Due]
    alerts: list[str]


@dataclass(frozen=True, slots=True)
class Column:
    """One phase and the hotspots in it."""

    key: str
    name: str
    cards: list[Card]

    @property
    def counted(self) -> str:
        return plural(len(self.cards), "hotspot")


@dataclass(frozen=True, slots=True)
class Month:
    """One month of an agenda's table; "not known" where it is."""

    name: str
    count: str
    range: str


@dataclass(frozen=True, slots=True)
class Item:
    """One hotspot of the agenda. `usual` says the baseline's range; `due` is what to decide, overdue things first."""

    card: Card
    phases: list[str]
    months: list[Month]
    usual: str
    review: str


def columns(found: Iterable[BoardPlace], on: date) -> list[Column]:
    """A column for each phase, in order."""
    places = list(found)
    return [
        Column(
            str(phase),
            str(phase.label),
            [_card(one, on, period) for one in places for period in one.current if period.phase == phase],
        )
        for phase in Phase
    ]


def without_phase(found: Iterable[BoardPlace], on: date) -> list[Card]:
    """The hotspots that no phase is going on in."""
    return [_card(one, on, None) for one in found if not one.current]


def items(found: Iterable[BoardPlace], on: date) -> list[Item]:
    """The agenda: hotspots with something overdue or an alert first, then by phase and name."""
    order = {phase: index for index, phase in enumerate(Phase.values)}

    def rank(one: BoardPlace) -> tuple[bool, int, str]:
        waits = bool(one.alerts) or any(due.overdue for due in _due(one, on))
        return not waits, min((order[period.phase] for period in one.current), default=len(order)), one.place.name

    return [_item(one, on) for one in sorted(found, key=rank)]


def trend(one: BoardPlace) -> str:
    """ "46 in August 2026 (38 to 57); below the baseline range for 7 months": what the line shows. In brackets is what
    map points leave open, which the page says once."""
    if one.series is None:
        return "Being counted."
    if one.last is None:
        return "No figures are loaded."
    month, count = one.series.months[one.last], one.series.counts[one.last]
    low, high = one.series.low[one.last], one.series.high[one.last]
    return f"{count:,} in {month_name(month)} ({low:,} to {high:,}); {against_baseline(one)}."


def against_baseline(one: BoardPlace) -> str:
    """Where the newest months lie beside the range of the baseline."""
    usual = one.baseline
    if usual is None or one.series is None:
        return "no baseline to set it beside"
    where, months = latest_run(one.series.comparable(), usual.low, usual.high)
    provisional = " (provisional)" if usual.provisional else ""
    span = "" if where == WITHIN else f" for {plural(months, 'month')}"
    return f"{where} the baseline range{provisional}{span}"


def _card(one: BoardPlace, on: date, period: PhasePeriod | None) -> Card:
    place = one.place
    others = [str(Phase(other.phase).label) for other in one.current if other is not period]
    lead = period.lead if period and period.lead else place.lead
    return Card(
        pk=place.pk,
        name=place.name,
        href=f"/hotspots/{place.pk}/",
        days=_days(period, on, period in one.due),
        also=f"Also in {' and '.join(others)}" if others and period else "",
        agency=str(place.owner),
        lead=str(lead) if lead else "",
        marking=marking_tag(place.marking) if place.marking == Marking.SENSITIVE else None,
        trend=trend(one),
        line=_line(one, f"trend-{place.pk}-{period.pk if period else 0}"),
        due=_due(one, on, period),
        alerts=[alert.sentence for alert in one.alerts],
    )


def _line(one: BoardPlace, key: str) -> SafeString | None:
    if one.series is None or one.last is None:
        return None
    counts = one.series.comparable()[max(0, one.last + 1 - MONTHS) : one.last + 1]
    band = (one.baseline.low, one.baseline.high) if one.baseline else None
    title = f"Recorded crime, {plural(len(counts), 'month')} to {month_name(one.series.months[one.last])}"
    return small_trend(counts, key=key, title=title, description=trend(one), band=band)


def _days(period: PhasePeriod | None, on: date, is_due: bool = False) -> str:
    """ "Day 48; planned to end on 3 May 2026"; the day alone where the gate that is due says when."""
    if period is None:
        return ""
    days = day_of(period, on).capitalize()
    if is_due:
        return days
    return (
        f"{days}; planned to end on {day_name(period.planned_end)}" if period.planned_end else f"{days}; no end planned"
    )


def _due(one: BoardPlace, on: date, card: PhasePeriod | None = None) -> list[Due]:
    """Gates and the review that are due soon or overdue, the overdue ones first. On the `card` of a phase that goes on
    the gates of the others that do are left out, as they stand on their own cards."""
    elsewhere = [period for period in one.current if card and period != card]
    found = []
    for period in one.due:
        if period in elsewhere:
            continue
        assert period.planned_end is not None  # noqa: S101 - gates_due gives no others
        late = period.planned_end < on
        name = Phase(period.phase).label
        when = f"was due on {day_name(period.planned_end)}" if late else f"is due on {day_name(period.planned_end)}"
        found.append(Due(f"Gate of {name} {when}", late, f"/hotspots/{one.place.pk}/gates/{period.pk}/"))
    review = one.place.review_on
    if review and is_overdue(one.place, on):
        found.append(Due(f"Review was due on {day_name(review)}", True, ""))
    return sorted(found, key=lambda due: not due.overdue)


def _item(one: BoardPlace, on: date) -> Item:
    first = one.current[0] if one.current else None
    phases = [
        f"{Phase(period.phase).label} since {day_name(period.starts)}: {_days(period, on)}" for period in one.current
    ]
    usual = ""
    if one.baseline:
        usual = f"{between(one.baseline.low, one.baseline.high)} a month in the baseline" + (
            " (provisional: fewer than 24 months)" if one.baseline.provisional else ""
        )
    review = one.place.review_on
    card = replace(_card(one, on, first), due=_due(one, on))
    return Item(card, phases, _months(one), usual, day_name(review) if review else "not set")


def _months(one: BoardPlace) -> list[Month]:
    if one.series is None:
        return []
    made = []
    for index in range(max(0, len(one.series.months) - TABLED), len(one.series.months)):
        count, low, high = one.series.counts[index], one.series.low[index], one.series.high[index]
        partial = one.series.comparable()[index] is None and count is not None
        made.append(
            Month(
                month_name(one.series.months[index]),
                "not known" if count is None else f"{count:,}{' (reported in part)' if partial else ''}",
                "" if count is None else f"{low:,} to {high:,}",
            )
        )
    return made
