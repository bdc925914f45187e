"""The timeline of a drawn place: what the picture draws, and the lists and the table that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from django.utils.safestring import SafeString, mark_safe

from hotspots.models import PhasePeriod
from hotspots.phases.presenters import outcome
from reports import notes
from reports.calc.cube import PARTIAL
from reports.calc.runs import side
from reports.charts import timeline as chart
from reports.charts.timeline import Band, Limits, Mark, Month
from reports.notes import Note
from reports.pages.place import PlaceProfile
from reports.place_figures import Series
from reports.presenters import place_work
from reports.presenters.profile_charts import Card
from reports.words import day_name, month_name, thousands


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture with its table, and what its numbers stand for: (number, day, sentence), in order."""

    card: Card
    marks: list[tuple[int, str, str]]
    has_partial: bool
    has_baseline: bool


def timeline(found: PlaceProfile, own: Series, lettered: Sequence[Note], now: datetime) -> Timeline:
    """The timeline of a place over its window."""
    months = _months(own, found.window)
    limits = None
    place = found.place
    if found.baseline and place.baseline_from and place.baseline_to:
        limits = Limits(found.baseline.low, found.baseline.high, place.baseline_from, place.baseline_to)
    bands = [*(_band(one) for one in found.periods), *place_work.bands(found.work.records)]
    shown = [mark for mark in marks(found, now) if mark.day >= months[0].month]
    title = f"{found.category.name}, {month_name(months[0].month)} to {month_name(months[-1].month)}"
    drawn = chart.timeline(
        months,
        key="timeline",
        title=title,
        description=_description(months, bands, limits),
        bands=bands,
        marks=shown,
        limits=limits,
        breaks=notes.breaks(lettered),
    )
    card = Card("timeline", title, "", drawn, _table(found, months, limits, bands, shown), "")
    return Timeline(
        card,
        [(number, day_name(mark.day), f"{mark.kind}: {mark.label}") for number, mark in enumerate(shown, 1)],
        any(one.partial for one in months),
        limits is not None,
    )


def marks(found: PlaceProfile, now: datetime) -> list[Mark]:
    """What happened to the place, by day: its redraws, decisions at gates, alerts; orders, powers, days of action."""
    made = [
        Mark(one.valid_from, f"from this day, {one.source}", "Redrawn") for one in found.versions[:-1] if one.valid_from
    ]
    made += [
        Mark(one.decided_on, f"{one.period.get_phase_display()}: {outcome(one)}", "Gate") for one in found.decisions
    ]
    made += [Mark(one.month, one.sentence, "Alert") for one in found.alerts]
    made += place_work.marks(found.work.records, now)
    return sorted(made, key=lambda mark: (mark.day, mark.kind, mark.label))


def _months(own: Series, window: Sequence[date]) -> list[Month]:
    at = {month: index for index, month in enumerate(own.months)}
    made = []
    for month in window:
        index = at.get(month)
        if index is None:
            made.append(Month(month, None, None, None))
        else:
            partial = own.counts[index] is not None and own.coverage[index] == PARTIAL
            made.append(Month(month, own.counts[index], own.low[index], own.high[index], partial))
    return made


def _band(period: PhasePeriod) -> Band:
    return Band(period.get_phase_display(), period.starts, period.ends)


def _description(months: Sequence[Month], bands: Sequence[Band], limits: Limits | None) -> str:
    """What a sighted reader takes from the picture."""
    known = [one for one in months if one.count is not None]
    if not known:
        return "No figures are known."
    low, high = min(known, key=lambda one: one.count or 0), max(known, key=lambda one: one.count or 0)
    text = (
        f"Monthly counts, lowest {thousands(low.count)} in {month_name(low.month)}, highest {thousands(high.count)} in "
        f"{month_name(high.month)}, {thousands(known[-1].count)} in {month_name(known[-1].month)}."
    )
    if limits:
        text += f" The range of the baseline is {limits.text}."
    for band in bands:
        text += f" {band.label} from {day_name(band.starts)}"
        text += f" to {day_name(band.ends)}." if band.ends else ", going on."
    return text


def _table(
    found: PlaceProfile, months: Sequence[Month], limits: Limits | None, bands: Sequence[Band], marks: Sequence[Mark]
) -> SafeString:
    """A row a month, newest first: the count, its range, where it lies against the baseline, phases and marks."""
    heads = ["Month", "Recorded", "Range", *(["Against the baseline"] if limits else []), "Phases", "What happened"]
    rows = []
    for one in reversed(months):
        inside = [
            band.label
            for band in bands
            if _month(band.starts) <= one.month and (band.ends is None or _month(band.ends) >= one.month)
        ]
        numbers = [str(number) for number, mark in enumerate(marks, 1) if _month(mark.day) == one.month]
        cells = [
            f"{thousands(one.count)}{'*' * one.partial}",
            "–" if one.count is None else f"{one.low:,} to {one.high:,}",
            *([_against(one, limits)] if limits else []),
            ", ".join(inside),
            ", ".join(numbers),
        ]
        texts = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        rows.append(f'<tr><th scope="row">{month_name(one.month)}</th>{texts}</tr>')
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    caption = f"{escape(found.category.name)} by month, newest first"
    return mark_safe(  # noqa: S308 - cells are escaped, all else is ours
        f'<table class="app-months app-months--text"><caption class="govuk-visually-hidden">{caption}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _month(day: date) -> date:
    return day.replace(day=1)


def _against(one: Month, limits: Limits) -> str:
    if one.count is None or one.partial:
        return "not compared"
    return side(one.count, limits.low, limits.high)
