"""Exact intervals against R, and against the definition."""

import math

import pytest

from reports.calc.intervals import exact


def test_they_are_those_of_r() -> None:
    # R, poisson.test().
    low, high = exact([0, 1, 5, 10, 20, 65, 100])
    assert low.tolist() == pytest.approx(
        [
            0,
            0.0253178079842899,
            1.62348639011842,
            4.79538869613243,
            12.2165195854039,
            50.1656277292343,
            81.3639912509232,
        ],
        abs=1e-8,
        rel=0,
    )
    assert high.tolist() == pytest.approx(
        [
            3.68887945411394,
            5.5716433909389,
            11.6683320793227,
            18.3903560420178,
            30.8883779026746,
            82.8478358158716,
            121.626793792426,
        ],
        abs=1e-8,
        rel=0,
    )


@pytest.mark.parametrize("count", [1, 7, 30])
def test_at_the_ends_chance_gives_such_a_count_once_in_forty(count: int) -> None:
    def at_most(most: int, mean: float) -> float:
        return sum(math.exp(-mean) * mean**number / math.factorial(number) for number in range(most + 1))

    low, high = (ends[0] for ends in exact([count]))
    assert 1 - at_most(count - 1, low) == pytest.approx(0.025)
    assert at_most(count, high) == pytest.approx(0.025)
