"""What a place's crime is made of, and how that changed: shares of a sum by quarter or by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back
from reports import tables
from reports.charts import share
from reports.pages.profile import Profile
from reports.queries import Figure
from reports.schemes import charted, definition, is_heading
from reports.sentences import PARTIAL
from reports.words import SMALLEST_BASE, month_name

# Least share in percent of each shade, lightest first.
SHADES = (5, 10, 20, 35)


@dataclass(frozen=True, slots=True)
class Composition:
    """Types by periods, with (shade, what it means) for the key."""

    title: str
    table: SafeString
    shades: Sequence[tuple[int, str]]


def composition(found: Profile) -> Composition | None:
    """Each type's part of the category shown, where that is a sum, else of all crime. By three months where up to two
    years are shown, else by twelve. None where no period is known."""
    whole, parts = _whole(found)
    step = 3 if len(found.window) <= 24 else 12
    ends = [back(found.month, step * index) for index in reversed(range(max(len(found.window) // step, 1)))]
    sums = [_sum(found, whole, end, step) for end in ends]
    if all(total is None for total in sums):
        return None
    counts = sorted(
        ((one.name, [_sum(found, one, end, step) for end in ends]) for one in parts),
        key=lambda row: (-(row[1][-1] or 0), row[0]),
    )
    length = "three months" if step == 3 else "12 months"
    return Composition(
        title=f"What “{whole.name}” is made of",
        table=tables.shares(
            [f"12 months to {month_name(end)}" if step == 12 else _quarter(end) for end in ends],
            [(name, [_cell(n, total) for n, total in zip(row, sums, strict=True)]) for name, row in counts],
            sums,
            caption=f"Parts of “{whole.name}” by {length}",
            whole=whole.name,
        ),
        shades=_shades(),
    )


def _whole(found: Profile) -> tuple[Definition, list[Definition]]:
    """The sum that is divided, and its parts, which have figures here."""
    one = found.category
    if not one.members or (found.scheme == categories.MPS and not is_heading(one)):
        one = definition(found.scheme, "")
    parts = charted(found.scheme, one)
    # A heading of the Metropolitan Police's is part of a sum by its types.
    inside = [part for part in parts if set(part.members or (part.slug,)) <= set(one.members)]
    return one, inside


def _sum(found: Profile, category: Definition, last: date, months: int) -> int | None:
    """The count of so many months to `last`; None where one is unknown or was reported in part."""
    figures = found.figures.get(category.number, {})
    if months == 12:
        return figures[last].rolling_12 if last in figures else None
    summed: list[Figure | None] = [figures.get(back(last, step)) for step in range(months)]
    known = [f.count for f in summed if f is not None and f.count is not None and f.coverage != PARTIAL]
    return sum(known) if len(known) == months else None


def _cell(count: int | None, total: int | None) -> tuple[str, int]:
    """(text, shade): "36 (12%)"; without a share where the whole is small, or unknown."""
    if count is None:
        return "–", 0
    if total is None or total < SMALLEST_BASE:
        return f"{count:,}", 0
    return f"{count:,} ({share(count, total)})", sum(100 * count >= least * total for least in SHADES)


def _quarter(last: date) -> str:
    """ "Jul to Sep 2026"."""
    first = back(last, 2)
    return f"{first:%b} to {last:%b %Y}"


def _shades() -> Sequence[tuple[int, str]]:
    """(shade, what it means) for the key."""
    ends = [*SHADES[1:], None]
    return [
        (number, f"{low}% to under {high}%" if high else f"{low}% or more")
        for number, (low, high) in enumerate(zip(SHADES, ends, strict=True), start=1)
    ]
