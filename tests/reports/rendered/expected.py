"""What pages must say of the reference's figures: sums, changes and their words again, plainly, without the product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference import MISSING, PARTIAL, Figure

Key = tuple[str, str, str, date]  # scheme, area, category, month
NOTHING = Figure(None, None, None, None, None, MISSING, False)


@dataclass(frozen=True)
class Known:
    """The reference's figures, and what the categories are called."""

    figures: dict[Key, Figure]
    names: dict[tuple[str, str], str]  # (scheme, slug) -> name
    scheme: str = "police.uk"  # the one that a page shows

    def of(self, scheme: str) -> Known:
        """The same, of a page that shows another scheme."""
        return replace(self, scheme=scheme)

    def at(self, scheme: str, area: str, slug: str, month: date) -> Figure:
        """A month's figure; NOTHING where the reference has none."""
        return self.figures.get((scheme, area, slug, month), NOTHING)

    def months(self, scheme: str, area: str) -> list[date]:
        """The months for which an area has figures of a scheme."""
        return sorted({month for of, code, _, month in self.figures if (of, code) == (scheme, area)})

    def slug(self, scheme: str, name: str) -> str:
        """The category of that name."""
        return next(slug for (of, slug), called in self.names.items() if (of, called) == (scheme, name))


def back(month: date, steps: int) -> date:
    """The month so many months before."""
    number = month.year * 12 + month.month - 1 - steps
    return date(number // 12, number % 12 + 1, 1)


def n(count: int | None) -> str:
    """1,234; a dash for what is not known."""
    return "–" if count is None else f"{count:,}"


def percent(now: int, before: int) -> str:
    """The size of a change on a base of at least 20, else nothing."""
    if before < 20 or now == before:
        return ""
    size = Fraction(100 * abs(now - before), before)
    return "under 1%" if size < Fraction(1, 2) else f"{round(size)}%"


def rate(value: float | None) -> str:
    """One decimal; nothing that is above zero is written as zero."""
    return "–" if value is None else "under 0.1" if 0 < value < 0.05 else f"{value:,.1f}"


def change(now: Figure, before: Figure = NOTHING) -> str:
    """Against the same month a year before, whose own figure is `before`; months reported in part are compared with
    nothing."""
    if now.count is not None and before.count is not None and before.coverage == PARTIAL:
        return "not compared"
    if now.count is None or now.same_month_last_year is None:
        return "not known"
    if now.coverage == PARTIAL:
        return "not compared"
    return difference(now.count, now.same_month_last_year)


def difference(now: int, before: int) -> str:
    """ "12 more (15%)", "3 fewer", "same"."""
    if now == before:
        return "same"
    size = percent(now, before)
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'}" + (f" ({size})" if size else "")


def total(figures: Iterable[Figure]) -> int | None:
    """The sum of months; None where one is not known or was reported in part."""
    values = [figure.count if figure.coverage != PARTIAL else None for figure in figures]
    return None if None in values else sum(value for value in values if value is not None)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
