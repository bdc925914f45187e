"""What figures say at a gate: one fact each, with its value and its sentence. Never a decision, never a score.

"Now" is the newest month that bears comparison. None stands for months that do not, and what rests on them cannot be
told. No database here.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from hotspots.coverage import back
from hotspots.phases.actions import Fact
from hotspots.points import Point
from reports.calc.baseline import Range
from reports.calc.runs import WITHIN, latest_run
from reports.place_figures import Series
from reports.words import between, change, depending, hedged, listed, month_name, percent, plural, thousands

# A fact's name, value (None = it cannot be told) and sentence.
Said = tuple[str, float | None, str]
# Months on end on one side of the mean that are a sign of a lasting change (XmR rule).
ON_ONE_SIDE = 7
YEAR = 12
# Months of the ring that are looked at, and map points of the place.
RING_MONTHS, TOP_POINTS = 3, 5


@dataclass(frozen=True, slots=True)
class Months:
    """Consecutive months to now, oldest first: counts that bear comparison, and the range of the baseline's counts.

    `low` and `high` are what the counts could be by how map points are rounded. `range` None = it cannot be made.
    `baseline_to` is the baseline's last month, None where none is set.
    """

    called: str
    months: list[date]
    counts: list[int | None]
    low: list[int | None]
    high: list[int | None]
    range: Range | None
    baseline_to: date | None = None

    @classmethod
    def of(cls, called: str, series: Series | None, baseline: Range | None, baseline_to: date | None = None) -> Months:
        """The months of a series up to the newest that bears comparison; none where there is none."""
        if series is None:
            return cls(called, [], [], [], [], baseline, baseline_to)
        counts = series.comparable()
        end = max((at + 1 for at, count in enumerate(counts) if count is not None), default=0)
        months, low, high = series.months[:end], series.low[:end], series.high[:end]
        return cls(called, months, counts[:end], low, high, baseline, baseline_to)

    def since_baseline(self) -> list[int | None]:
        """The counts of the months after the baseline's: its own say nothing about what came after."""
        first = bisect_right(self.months, self.baseline_to) if self.baseline_to else 0
        return self.counts[first:]

    def sums(self, first: int, last: int) -> tuple[int, int, int] | None:
        """Count, low and high of the months from `first` to `last` back from now (0 is now); None where one is
        unknown."""
        stop = len(self.months) - last
        cells = slice(stop - (first - last) - 1, stop)
        columns = [values[cells] for values in (self.counts, self.low, self.high)]
        if cells.start < 0 or any(value is None for values in columns for value in values):
            return None
        drawn, low, high = (sum(value or 0 for value in values) for values in columns)
        return drawn, low, high


@dataclass(frozen=True, slots=True)
class Material:
    """All that a place's facts are made from. `ring` None = it has none, or its counts are not there yet."""

    own: Months
    ring: Months | None
    has_ring: bool
    # The objective's category where it is another than the main one, and what is to be reached by when.
    objective: Months | None
    target: int | None
    target_by: date | None
    # What the place is compared with, added up; None where nothing is, or it cannot be added up.
    compared: Months | None
    comparisons: int
    # The map points with most crime in the year to now, and in the last year of the baseline; None = not comparable.
    points_now: list[Point] = field(default_factory=list)
    points_then: list[Point] | None = None
    source: str = ""
    # Months of the baseline that a person has set; 0 = none is set.
    baseline_months: int = 0
    # The day of the newest boundary, where the place was redrawn.
    redrawn: date | None = None


def facts(made: Material) -> tuple[Fact, ...]:
    """The facts of a place, in the order in which a meeting reads them."""
    if not made.own.months:
        sentence = "What was recorded here is not counted yet, or no month is known: nothing can be told from figures."
        return (Fact("not-counted", None, sentence, made.source),)
    found = [
        outside(made.own),
        one_side(made.own),
        year(made.own),
        ring(made),
        elsewhere(made),
        repeated(made),
    ]
    found += [target(made)] if made.target is not None and (made.objective or made.own).months else []
    found += [outside(made.objective, "objective-")] if made.objective and made.objective.months else []
    found.append(data(made))
    return tuple(Fact(name, value, sentence[:500], made.source) for name, value, sentence in found)


def outside(made: Months, prefix: str = "") -> Said:
    """How many months on end lie below, or above, the range of the baseline."""
    limits, now, last = made.range, month_name(made.months[-1]), made.counts[-1]
    if limits is None or last is None:
        return (
            f"{prefix}months-below-baseline",
            None,
            (
                f"{made.called}: whether months lie outside the baseline range cannot be told, as too few months of "
                "the baseline are known."
            ),
        )
    usual = f"the baseline range of {between(limits.low, limits.high)} a month"
    where, months = latest_run(made.counts, limits.low, limits.high)
    if where != WITHIN:
        said = f"{made.called}: {_consecutive(months)} {where} {usual}, to {now} ({last:,})."
        return (f"{prefix}months-{where}-baseline", months, said)
    end = ", which no month can lie below" if limits.low <= 0 else ""
    # What the gate of Hold asks: in or below the range, for how long.
    high = limits.high
    newest = reversed(made.since_baseline())
    quiet = sum(1 for _ in takewhile(lambda count: count is not None and count <= high, newest))
    end += f"; none of the last {quiet} months lies above it" if quiet > 1 else ""
    return (f"{prefix}months-below-baseline", 0, f"{made.called}: {now} ({last:,}) is in {usual}{end}.")


def one_side(made: Months) -> Said:
    """How many months on end lie on one side of the baseline's mean."""
    limits = made.range
    if limits is None:
        return ("months-below-mean", None, f"{made.called}: the mean of the baseline is not known.")
    mean = f"the baseline’s mean of {limits.mean:,.1f} a month"
    since = made.since_baseline()
    if not since:
        return ("months-below-mean", None, f"{made.called}: no month since the baseline is known.")
    side, months = latest_run(since, limits.mean, limits.mean)
    if side == WITHIN:
        return ("months-below-mean", 0, f"{made.called}: {month_name(made.months[-1])} is at {mean}.")
    sign = (
        "seven or more on end are a sign of a lasting change"
        if months >= ON_ONE_SIDE
        else "fewer than seven on end are no sign of a lasting change"
    )
    return (f"months-{side}-mean", months, f"{made.called}: {_consecutive(months)} {side} {mean}; {sign}.")


def year(made: Months) -> Said:
    """The twelve months to now against the twelve before."""
    now, before = made.sums(YEAR - 1, 0), made.sums(2 * YEAR - 1, YEAR)
    end = month_name(made.months[-1])
    if now is None:
        return ("twelve-months", None, f"{made.called}: a month of the 12 to {end} is not fully known.")
    said = f"{made.called}: {depending(*now)} in the 12 months to {end}"
    if before is None:
        return ("twelve-months", None, f"{said}; the 12 months before are not fully known.")
    said = f"{said}, {_than(now[0], before[0])} in the 12 months before, {hedged(*before)}."
    return ("twelve-months", now[0] - before[0], said)


def ring(made: Material) -> Said:
    """Whether the last months of the ring lie above its own baseline range: a sign of displacement, or none."""
    band = made.ring
    if not made.has_ring:
        return ("ring-months-above", None, "Ring: this place has none, so displacement cannot be told.")
    counts = band.counts[-RING_MONTHS:] if band else []
    if band is None or band.range is None or len(counts) < RING_MONTHS or None in counts:
        return ("ring-months-above", None, "Ring: whether crime moved there cannot be told, as months are not known.")
    high = band.range.high
    above = sum(count is not None and count > high for count in counts)
    said = f"the last three months ({listed([thousands(count) for count in counts])})"
    limits = f"its baseline range, up to {math.floor(high):,} a month"
    sentence = (
        f"Ring: {above} of {said} {'lies' if above == 1 else 'lie'} above {limits}. Crime may have moved there."
        if above
        else f"Ring: no higher. {said[0].upper()}{said[1:]} are in {limits}: no sign of displacement there."
    )
    return ("ring-months-above", above, sentence)


def elsewhere(made: Material) -> Said:
    """What the places that it is compared with did over the same two years."""
    if not made.comparisons:
        return ("comparison-places", None, "Comparison places: none is chosen yet.")
    called = plural(made.comparisons, "comparison place")
    beside = made.compared
    now, before = (beside.sums(YEAR - 1, 0), beside.sums(2 * YEAR - 1, YEAR)) if beside else (None, None)
    if now is None or before is None:
        return ("comparison-places", None, f"{called}: two whole years of them are not known.")
    own, own_before = made.own.sums(YEAR - 1, 0), made.own.sums(2 * YEAR - 1, YEAR)
    said = f"{called}: {now[0]:,} in the same 12 months, {_than(now[0], before[0])} in the 12 before"
    if own and own_before and (here := percent(own[0], own_before[0])) and percent(now[0], before[0]):
        said += f"; here {here} {'fewer' if own[0] < own_before[0] else 'more'}"
    return ("comparison-places", now[0] - before[0], f"{said}.")


def repeated(made: Material) -> Said:
    """How many of the map points that had most crime in the last year of the baseline still have."""
    if made.points_then is None:
        return (
            "repeat-locations",
            None,
            (
                "Repeat locations: those of the baseline cannot be set beside today’s, as its months are not known or "
                "police.uk replaced its map points in July 2022."
            ),
        )
    then, now = made.points_then[:TOP_POINTS], made.points_now[:TOP_POINTS]
    if not then:
        return ("repeat-locations", None, "Repeat locations: the baseline has no map point with crime.")
    places = {(one.longitude, one.latitude) for one in now}
    remain = [one for one in then if (one.longitude, one.latitude) in places]
    if not remain:
        said = f"none of the {len(then)} map points with most crime in the baseline is among them now."
        return ("repeat-locations", 0, f"Repeat locations: {said}")
    streets = listed(sorted({one.street or "a street without a name" for one in remain}))
    return (
        "repeat-locations",
        len(remain),
        (
            f"Repeat locations: {len(remain)} of the {len(then)} map points with most crime in the baseline "
            f"{'remains' if len(remain) == 1 else 'remain'}: on or near {streets}."
        ),
    )


def target(made: Material) -> Said:
    """Where the place stands against its objective."""
    of = made.objective or made.own
    now = of.sums(YEAR - 1, 0)
    goal = f"at most {made.target:,} in 12 months{f' by {month_name(made.target_by)}' if made.target_by else ''}"
    if now is None:
        return ("objective", None, f"Objective, {of.called.lower()}: {goal}; the last 12 are not known.")
    return (
        "objective",
        now[0],
        f"Objective, {of.called.lower()}: {goal}; {depending(*now)} in the 12 to {month_name(of.months[-1])}.",
    )


def data(made: Material) -> Said:
    """What of the last two years is not known, and whether the baseline is short."""
    own = made.own
    recent = own.counts[-2 * YEAR :]
    unknown = [month for month, count in zip(own.months[-2 * YEAR :], recent, strict=True) if count is None]
    notes = []
    if unknown:
        notes.append(f"{listed([month_name(month) for month in unknown])} not known, or known in part")
    if not made.baseline_months:
        notes.append("no baseline months are set")
    elif own.range and own.range.provisional:
        notes.append(f"the baseline has {plural(own.range.months, 'known month')}, so its range is provisional")
    if made.redrawn:
        notes.append(f"all figures are of the boundary from {made.redrawn.day} {month_name(made.redrawn)}")
    said = "; ".join(notes) or f"every month of the last {plural(len(recent), 'month')} is known"
    return ("data", len(unknown), f"Data: {said}.")


def together(called: str, parts: Sequence[Sequence[int | None]], months: list[date]) -> Months:
    """Several series of the same months added up; None where one of them is unknown. Without a range."""
    sums = [None if None in column else sum(one or 0 for one in column) for column in zip(*parts, strict=True)]
    return Months(called, months, sums, sums, sums, None)


def first_of_year(end: date) -> date:
    """The first of the twelve months that end with a month."""
    return back(end, YEAR - 1)


def _consecutive(months: int) -> str:
    return f"{months} consecutive months" if months > 1 else "1 month"


def _than(now: int, before: int) -> str:
    """ "12 fewer (15%) than", "the same as"."""
    return "the same as" if now == before else f"{change(now, before)} than"
