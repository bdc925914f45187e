"""Numbers and months in plain English. None is never a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from hotspots.words import day_name, month_name, plural, spans

__all__ = [
    "SMALLEST_BASE",
    "between",
    "change",
    "day_name",
    "depending",
    "hedged",
    "listed",
    "month_list",
    "month_name",
    "percent",
    "plural",
    "rate",
    "thousands",
]

# Below this a percentage says more than the counts do: "3 to 6" is not "+100%".
SMALLEST_BASE = 20


def thousands(number: int | None) -> str:
    """12,345; a dash where it is unknown."""
    return "–" if number is None else f"{number:,}"


def rate(value: float | None) -> str:
    """12.3, a rate per 1,000; "under 0.1" where it would round to nothing and is not; a dash where it is unknown."""
    if value is None:
        return "–"
    return "under 0.1" if 0 < value < 0.05 else f"{value:,.1f}"


def listed(names: list[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def percent(now: int, before: int) -> str:
    """ "15%", the size of a change without its direction; "" where the base is under 20 or nothing changed."""
    if before < SMALLEST_BASE or now == before:
        return ""
    size = abs(100 * (now - before) / before)
    return "under 1%" if size < 0.5 else f"{size:.0f}%"


def change(now: int | None, before: int | None) -> str:
    """A change for a table: "12 more (15%)", "3 fewer", "same", "not known"."""
    if now is None or before is None:
        return "not known"
    if now == before:
        return "same"
    size = percent(now, before)
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'}" + (f" ({size})" if size else "")


def hedged(count: int | None, low: int | None, high: int | None) -> str:
    """ "41 (38 to 57)": a count with its range; the count alone where the range is nothing else, a dash of None."""
    if count is None or low is None or high is None or low == high:
        return thousands(count)
    return f"{count:,} ({low:,} to {high:,})"


def depending(count: int, low: int, high: int) -> str:
    """ "41 (38 to 57 depending on how map points are rounded)", in a sentence."""
    if low == high:
        return f"{count:,}"
    return f"{count:,} ({low:,} to {high:,} depending on how map points are rounded)"


def between(low: float, high: float) -> str:
    """The whole numbers in a range of counts, "30 to 48" of 29.4 to 48.7: others lie outside."""
    return f"{math.ceil(low):,} to {math.floor(high):,}"


def month_list(months: Sequence[date]) -> str:
    """Months in order, runs shortened: "August 2016, and October 2016 to January 2017"."""
    return listed(spans(months))
