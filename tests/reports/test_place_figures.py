"""Series of drawn places."""

from __future__ import annotations

from datetime import date

import pytest

from reports.place_figures import Series

SERIES = Series(
    [date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)], [4, None, 6], [3, None, 5], [5, None, 7], [3, 0, 1]
)


def test_months_reported_in_part_are_compared_with_nothing() -> None:
    assert SERIES.comparable() == [4, None, None]


@pytest.mark.parametrize(
    ("day", "months"), [(date(2026, 5, 31), 0), (date(2026, 6, 1), 1), (date(2026, 7, 31), 2), (date(2026, 8, 1), 3)]
)
def test_the_months_before_a_day_are_those_that_had_ended(day: date, months: int) -> None:
    cut = SERIES.before(day)
    assert cut.months == SERIES.months[:months]
    assert (cut.counts, cut.low, cut.high, cut.coverage) == (
        SERIES.counts[:months],
        SERIES.low[:months],
        SERIES.high[:months],
        SERIES.coverage[:months],
    )
