"""The month of the year with most, and when it is not said."""

from __future__ import annotations

from datetime import date

from interventions.calc.periods import months_after
from reports.calc.year_peaks import peak_of


def months(count: int, first: date = date(2023, 1, 1)) -> list[date]:
    return [months_after(first, number) for number in range(count)]


def test_three_whole_years_up_to_the_newest_month_that_is_known() -> None:
    """Novembers of 20, all other months of 5; the years before and what is not known yet make no difference."""
    axis = months(12 * 4 + 2)
    counts: list[int | None] = [20 if month.month == 11 else 5 for month in axis]
    counts[:12] = [900] * 12
    counts[-1] = None
    counts[-2] = 5
    found = peak_of(axis[1:], counts[1:])
    assert found is not None
    peak, last = found
    assert (peak.month, peak.count, peak.total, last) == (11, 60, 3 * (20 + 11 * 5), date(2027, 1, 1))
    assert peak.even == 225 / 12


def test_a_year_with_an_unknown_month_is_left_out_and_two_are_needed() -> None:
    axis = months(36)
    counts: list[int | None] = [20 if month.month == 11 else 5 for month in axis]
    counts[14] = None
    found = peak_of(axis, counts)
    assert found is not None
    assert (found[0].count, found[0].total, found[0].years) == (40, 150, 2)
    # Twenty-four months are two years, twenty-three are one.
    assert peak_of(axis[-24:], [20 if month.month == 11 else 5 for month in axis[-24:]]) is not None
    assert peak_of(axis[-23:], [20 if month.month == 11 else 5 for month in axis[-23:]]) is None
    counts[30] = None
    assert peak_of(axis, counts) is None
    assert peak_of([], []) is None


def test_what_chance_makes_of_an_even_year_and_two_months_alike_say_nothing() -> None:
    axis = months(36)
    # 36 in each month of the year: what is added to one must exceed three times the root of the mean, and its share.
    even: list[int | None] = [12] * 36
    assert peak_of(axis, even) is None
    low, high = list(even), list(even)
    low[10], high[10] = 12 + 20, 12 + 21
    assert (peak_of(axis, low), peak_of(axis, high) is not None) == (None, True)
    few: list[int | None] = [59 if at == 10 else 0 for at in range(36)]
    assert peak_of(axis, few) is None
    few[10] = 60
    assert peak_of(axis, few) is not None
    twice: list[int | None] = [40 if month.month in (5, 11) else 1 for month in axis]
    assert peak_of(axis, twice) is None
