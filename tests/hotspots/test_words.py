from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots import words
from tests.factories import months_from


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 KB"),
        (20_400, "20 KB"),
        (1_250_000, "1.2 MB"),
        (2 * 1024**3, "2.1 GB"),
        (5 * 10**12, "5,000 GB"),
    ],
)
def test_size(number: int, said: str) -> None:
    assert words.size(number) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, ""),
        (0, 10, "0%"),
        (1, 2000, "less than 0.1%"),
        (235, 10_000, "2.4%"),
        (1, 2, "50%"),
        (10, 10, "100%"),
    ],
)
def test_percent(part: int, whole: int, said: str) -> None:
    assert words.percent(part, whole) == said


def test_spans_join_neighbours_across_years() -> None:
    months = [date(2016, 12, 1), date(2016, 11, 1), date(2017, 1, 1), date(2017, 6, 1)]
    assert words.spans(months) == ["November 2016 to January 2017", "June 2017"]
    assert words.spans([]) == []


@given(st.sets(st.integers(0, 60)))
def test_spans_cover_every_month_once(numbers: set[int]) -> None:
    every = months_from(date(2015, 1, 1), 61)
    names = {words.month_name(month): position for position, month in enumerate(every)}
    found: list[int] = []
    for said in words.spans(every[number] for number in numbers):
        first, _, last = said.partition(" to ")
        found += range(names[first], names[last or first] + 1)
    assert found == sorted(numbers)


@pytest.mark.parametrize(("number", "said"), [(12, "+12"), (0, "no change"), (-1200, "−1,200")])
def test_signed(number: int, said: str) -> None:
    assert words.signed(number) == said


def test_plural() -> None:
    assert [words.plural(n, "file") for n in (0, 1, 2000)] == ["0 files", "1 file", "2,000 files"]
    assert words.plural(2, "is", "are") == "2 are"
