"""Months, sizes and shares in plain English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby


@lru_cache(maxsize=1024)  # a map says the same two months of hundreds of areas
def month_name(month: date) -> str:
    """ "April 2016"."""
    return f"{month:%B %Y}"


def day_name(day: date) -> str:
    """ "5 May 2022"."""
    return f"{day.day} {day:%B %Y}"


def span(first: date, last: date) -> str:
    """ "April 2016", or "April 2016 to March 2018"."""
    return month_name(first) if first == last else f"{month_name(first)} to {month_name(last)}"


def spans(months: Iterable[date]) -> list[str]:
    """Months in words, neighbours joined: ["April 2016 to June 2016", "August 2016"]."""
    numbers = sorted({month.year * 12 + month.month for month in months})
    # Along a run of neighbours, number and position grow together.
    runs = [list(run) for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return [span(_month(run[0][1]), _month(run[-1][1])) for run in runs]


def _month(number: int) -> date:
    return date((number - 1) // 12, (number - 1) % 12 + 1, 1)


def size(number: int) -> str:
    """Bytes for people: "340 bytes", "1.2 MB"."""
    amount, unit = float(number), "bytes"
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:,.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:,.1f} {unit}"


def percent(part: int, whole: int) -> str:
    """A share in words: "2.3%", "less than 0.1%"; "" of nothing."""
    if not whole:
        return ""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "less than 0.1%"
    return f"{share:.1f}%".replace(".0%", "%")


def signed(number: int) -> str:
    """ "+12", "-3" (with a true minus), "no change"."""
    return f"+{number:,}" if number > 0 else f"\u2212{-number:,}" if number else "no change"


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 file", "2,000 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
