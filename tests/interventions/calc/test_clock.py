"""London's clocks, through both of their changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from interventions.calc.clock import LONDON, clock, moments


def test_plain_times_are_one_moment() -> None:
    assert moments(date(2026, 7, 1), time(9)) == [datetime(2026, 7, 1, 8, tzinfo=UTC)]
    assert moments(date(2026, 12, 1), time(9)) == [datetime(2026, 12, 1, 9, tzinfo=UTC)]


def test_the_hour_that_comes_twice_is_two_moments() -> None:
    first, second = moments(date(2026, 10, 25), time(1, 30))
    assert (first, second - first) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(hours=1))
    assert (clock(first), clock(second)) == ("01:30 BST", "01:30 GMT")
    assert len(moments(date(2026, 10, 25), time(2))) == len(moments(date(2026, 10, 25), time(0, 59))) == 1


def test_the_hour_that_is_left_out_is_none() -> None:
    assert moments(date(2026, 3, 29), time(1)) == moments(date(2026, 3, 29), time(1, 59)) == []
    assert clock(datetime(2026, 3, 29, 1, tzinfo=UTC)) == "02:00"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001 - a zone is put on it
def test_every_moment_is_found_again_from_the_clock(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    local = moment.astimezone(LONDON)
    assert moment in moments(local.date(), local.time().replace(tzinfo=None, fold=0))
