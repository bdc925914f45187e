"""The evidence pack of a Public Spaces Protection Order in rows and words, without the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from interventions.models import PublicSpacesOrder
from reports.charts.timeline import Band, Month, timeline
from reports.pages.order_evidence import Count, OrderEvidence, in_force_from
from reports.words import change, hedged, month_name, thousands


@dataclass(frozen=True, slots=True)
class Row:
    """One type of crime: inside before and now, in the rest of the borough before and now, with the changes."""

    name: str
    is_total: bool
    inside_before: str
    inside_now: str
    inside_change: str
    outside_before: str
    outside_now: str
    outside_change: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What the template prints. `missing` says why there are no figures, "" where there are."""

    missing: str
    now: str
    before: str
    no_before: str
    rows: list[Row]
    chart: SafeString | None
    months: list[tuple[str, str]]
    words: list[str]
    notes: list[str]


def evidence(order: PublicSpacesOrder, found: OrderEvidence) -> EvidencePage:
    """The figures of the pack."""
    if not found.now:
        return EvidencePage(_missing(order, found), "", "", "", [], None, [], [], [])
    rows = [_row(one.category.name, one.now, one.before, is_total=index == 0) for index, one in enumerate(found.types)]
    return EvidencePage(
        missing="",
        now=_span(found.now),
        before=_span(found.before) if found.before else "",
        no_before="" if found.before else _no_before(order, found),
        rows=rows,
        chart=_chart(order, found),
        months=[
            (f"{month_name(one.month)}{'*' * one.partial}", hedged(one.count, one.low, one.high))
            for one in reversed(found.months)
        ],
        words=_words(order, found),
        notes=_notes(found),
    )


def _missing(order: PublicSpacesOrder, found: OrderEvidence) -> str:
    if not order.zone:
        return "The order has no area on the map: draw it, then crime inside can be counted."
    if found.borough is None:
        return "No figures are loaded for the borough that the order lies in."
    return "No month is known in full for the borough that the order lies in."


def _row(name: str, now: Count | None, before: Count | None, *, is_total: bool) -> Row:
    return Row(
        name,
        is_total,
        _inside(before),
        _inside(now),
        change(now.inside if now else None, before.inside if before else None),
        thousands(before.outside if before else None),
        thousands(now.outside if now else None),
        change(now.outside if now else None, before.outside if before else None),
    )


def _inside(count: Count | None) -> str:
    return hedged(count.inside, count.low, count.high) if count else "–"


def _span(months: list[date]) -> str:
    return f"{month_name(months[0])} to {month_name(months[-1])}"


def _chart(order: PublicSpacesOrder, found: OrderEvidence) -> SafeString:
    months = [Month(one.month, one.count, one.low, one.high, one.partial) for one in found.months]
    begun = in_force_from(order)
    bands = [Band("Order in force", begun, order.last_day)] if begun else []
    return timeline(
        months,
        key="inside",
        title="All crime inside the area, by month",
        description="The same numbers stand in the table below.",
        bands=bands,
    )


def _no_before(order: PublicSpacesOrder, found: OrderEvidence) -> str:
    begun = in_force_from(order)
    if begun and begun.replace(day=1) > found.now[0]:
        return "The order was not in force for all of these months, so they are not compared with the year before it."
    return "Crime of the year before the order is not loaded, so nothing is compared with it."


def _words(order: PublicSpacesOrder, found: OrderEvidence) -> list[str]:
    """What the figures say, and what they do not."""
    everything = found.types[0]
    now, before = everything.now, everything.before
    if now is None:
        return []
    share = (
        f", {100 * now.inside / (now.inside + now.outside):.1f}% of the borough’s" if now.inside + now.outside else ""
    )
    counted = f"{_inside(now)} crimes were recorded inside the area in the twelve months to {month_name(found.now[-1])}"
    said = [f"{counted}{share}."]
    if before is not None:
        year = "the order" if in_force_from(order) else "that"
        said.append(
            f"In the year before {year} there were {_inside(before)}: {change(now.inside, before.inside)}. In the rest "
            f"of the borough the change was: {change(now.outside, before.outside)}."
        )
    said.append("This does not say what the order brought about: other things changed as well, inside and outside.")
    return said


def _notes(found: OrderEvidence) -> list[str]:
    name = found.borough.name if found.borough else "the borough"
    return [
        (
            "police.uk moves each crime to a nearby map point, and points lie on the roads that often are the edge of "
            "an area. In brackets: what the area holds drawn 100 m smaller and 100 m larger. No single crime can be "
            "said to lie inside or outside."
        ),
        f"The rest of the borough is {name} without what lies inside.",
        (
            "Anti-social behaviour is what was reported to the police; what officers found by searching goes up and "
            "down with how much is searched."
        ),
    ]
