# ruff: noqa: E501 - sentences are easier to read whole
"""What figures say at a gate: every sentence, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hotspots.coverage import back
from hotspots.points import Point
from reports.calc.baseline import Range
from reports.evidence_sentences import (
    Material,
    Months,
    Said,
    data,
    elsewhere,
    facts,
    one_side,
    outside,
    repeated,
    ring,
    target,
    together,
    year,
)

NOW = date(2026, 4, 1)
RANGE = Range(mean=40.0, low=31.4, high=58.0, months=24, provisional=False)


def months(*counts: int | None, limits: Range | None = RANGE, spread: int = 5) -> Months:
    """Counts to now, each with so many fewer and more."""
    days = [back(NOW, ago) for ago in range(len(counts) - 1, -1, -1)]
    low = [None if one is None else max(one - spread, 0) for one in counts]
    high = [None if one is None else one + spread for one in counts]
    return Months("All crime", days, list(counts), low, high, limits)


def material(own: Months, **said: object) -> Material:
    usual: dict[str, object] = {
        "ring": None,
        "has_ring": True,
        "objective": None,
        "target": None,
        "target_by": None,
        "compared": None,
        "comparisons": 0,
        "source": "Met, to April 2026",
        "baseline_months": 24,
    }
    return Material(own, **{**usual, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            months(40, *[20] * 7),
            (
                "months-below-baseline",
                7,
                "All crime: 7 consecutive months below the baseline range of 32 to 58 a month, to April 2026 (20).",
            ),
        ),
        (
            months(40, 59, 60),
            (
                "months-above-baseline",
                2,
                "All crime: 2 consecutive months above the baseline range of 32 to 58 a month, to April 2026 (60).",
            ),
        ),
        # A month on the limit is inside; an unknown one ends the row.
        (
            months(20, None, 20),
            (
                "months-below-baseline",
                1,
                "All crime: 1 month below the baseline range of 32 to 58 a month, to April 2026 (20).",
            ),
        ),
        (
            months(59, 20, 58),
            (
                "months-below-baseline",
                0,
                (
                    "All crime: April 2026 (58) is in the baseline range of 32 to 58 a month; none of the last 2 months "
                    "lies above it."
                ),
            ),
        ),
        (
            months(20, None, 58),
            ("months-below-baseline", 0, "All crime: April 2026 (58) is in the baseline range of 32 to 58 a month."),
        ),
        (
            months(3, limits=Range(4, 0, 12, 24, False)),
            (
                "months-below-baseline",
                0,
                "All crime: April 2026 (3) is in the baseline range of 0 to 12 a month, which no month can lie below.",
            ),
        ),
        (
            months(3, limits=None),
            (
                "months-below-baseline",
                None,
                "All crime: whether months lie outside the baseline range cannot be told, as too few months of the baseline are known.",
            ),
        ),
    ],
)
def test_months_outside_the_range(made: Months, said: Said) -> None:
    assert outside(made) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            [41, *[39] * 6],
            (
                "months-below-mean",
                6,
                "All crime: 6 consecutive months below the baseline’s mean of 40.0 a month; fewer than seven on end are no sign of a lasting change.",
            ),
        ),
        (
            [39] * 7,
            (
                "months-below-mean",
                7,
                "All crime: 7 consecutive months below the baseline’s mean of 40.0 a month; seven or more on end are a sign of a lasting change.",
            ),
        ),
        (
            [41] * 8,
            (
                "months-above-mean",
                8,
                "All crime: 8 consecutive months above the baseline’s mean of 40.0 a month; seven or more on end are a sign of a lasting change.",
            ),
        ),
        ([39, 40], ("months-below-mean", 0, "All crime: April 2026 is at the baseline’s mean of 40.0 a month.")),
    ],
)
def test_months_on_one_side_of_the_mean(counts: list[int], said: Said) -> None:
    assert one_side(months(*counts)) == said


def test_months_of_the_baseline_are_no_change_since_it() -> None:
    made = replace(months(*[45] * 10), baseline_to=back(NOW, 3))
    name, value, sentence = one_side(made)
    assert (name, value) == ("months-above-mean", 3)
    assert "no sign of a lasting change" in sentence
    assert one_side(replace(made, baseline_to=NOW))[1] is None


def test_a_mean_that_is_not_known() -> None:
    assert one_side(months(3, limits=None))[1] is None


def test_a_year_against_the_year_before() -> None:
    assert year(months(*[50] * 12, *[40] * 12)) == (
        "twelve-months",
        -120,
        "All crime: 480 (420 to 540 depending on how map points are rounded) in the 12 months to April 2026, 120 fewer (20%) than in the 12 months before, 600 (540 to 660).",
    )
    assert year(months(*[1] * 24, spread=0))[1:] == (
        0,
        "All crime: 12 in the 12 months to April 2026, the same as in the 12 months before, 12.",
    )
    assert year(months(*[50] * 20)) == (
        "twelve-months",
        None,
        "All crime: 600 (540 to 660 depending on how map points are rounded) in the 12 months to April 2026; the 12 months before are not fully known.",
    )
    assert year(months(*[50] * 11, None, *[40] * 12))[1] is None
    assert year(months(*[50] * 12, *[40] * 5, None, *[40] * 6)) == (
        "twelve-months",
        None,
        "All crime: a month of the 12 to April 2026 is not fully known.",
    )


@pytest.mark.parametrize(
    ("band", "has_ring", "value", "words"),
    [
        (
            months(90, 30, 58, 31),
            True,
            0,
            "Ring: no higher. The last three months (30, 58 and 31) are in its baseline range, up to 58 a month: no sign of displacement there.",
        ),
        (
            months(30, 59, 31),
            True,
            1,
            "Ring: 1 of the last three months (30, 59 and 31) lies above its baseline range, up to 58 a month. Crime may have moved there.",
        ),
        (
            months(60, 59, 31),
            True,
            2,
            "Ring: 2 of the last three months (60, 59 and 31) lie above its baseline range, up to 58 a month. Crime may have moved there.",
        ),
        (months(60, None, 31), True, None, "Ring: whether crime moved there cannot be told, as months are not known."),
        (months(60, 60), True, None, "Ring: whether crime moved there cannot be told, as months are not known."),
        (None, True, None, "Ring: whether crime moved there cannot be told, as months are not known."),
        (None, False, None, "Ring: this place has none, so displacement cannot be told."),
    ],
)
def test_the_ring(band: Months | None, has_ring: bool, value: float | None, words: str) -> None:
    assert ring(material(months(1), ring=band, has_ring=has_ring)) == ("ring-months-above", value, words)


def test_comparison_places() -> None:
    own = months(*[50] * 12, *[40] * 12)
    days = own.months
    beside = together("Comparison places", [[20] * 24, [30] * 12 + [29] * 12], days)
    assert elsewhere(material(own, compared=beside, comparisons=2)) == (
        "comparison-places",
        -12,
        "2 comparison places: 588 in the same 12 months, 12 fewer (2%) than in the 12 before; here 20% fewer.",
    )
    unknown = together("Comparison places", [[20] * 24, [30] * 23 + [None]], days)
    assert elsewhere(material(own, compared=unknown, comparisons=1))[1:] == (
        None,
        "1 comparison place: two whole years of them are not known.",
    )
    assert elsewhere(material(own))[2] == "Comparison places: none is chosen yet."


def point(at: float, street: str) -> Point:
    return Point(at, 51.0, street, 10, 0.1, 5)


def test_repeat_locations() -> None:
    then = [point(0.1, "Farnham Road"), point(0.2, "Hilldene Avenue"), point(0.3, "")]
    now = [point(0.9, "Elsewhere"), point(0.3, ""), point(0.1, "Farnham Road")]
    own = months(1)
    assert repeated(material(own, points_then=then, points_now=now)) == (
        "repeat-locations",
        2,
        "Repeat locations: 2 of the 3 map points with most crime in the baseline remain: on or near Farnham Road and a street without a name.",
    )
    # Only the five with most crime count.
    assert repeated(
        material(own, points_then=then[:1], points_now=[point(at, "x") for at in (1, 2, 3, 4, 5)] + then[:1])
    ) == (
        "repeat-locations",
        0,
        "Repeat locations: none of the 1 map points with most crime in the baseline is among them now.",
    )
    assert repeated(material(own, points_then=[], points_now=now))[1] is None
    assert repeated(material(own))[1] is None


def test_the_objective() -> None:
    own = months(*[10] * 12, spread=0)
    assert target(material(own, target=100, target_by=date(2027, 3, 1))) == (
        "objective",
        120,
        "Objective, all crime: at most 100 in 12 months by March 2027; 120 in the 12 to April 2026.",
    )
    assert target(material(months(10), target=100))[1:] == (
        None,
        "Objective, all crime: at most 100 in 12 months; the last 12 are not known.",
    )


def test_what_is_said_of_the_data() -> None:
    short = replace(RANGE, months=20, provisional=True)
    made = material(months(1, None, 1, limits=short), redrawn=date(2025, 5, 9))
    assert data(made) == (
        "data",
        1,
        "Data: March 2026 not known, or known in part; the baseline has 20 known months, so its range is provisional; all figures are of the boundary from 9 May 2025.",
    )
    assert data(material(months(1, 1)))[2] == "Data: every month of the last 2 months is known."
    assert data(material(months(1), baseline_months=0))[2] == "Data: no baseline months are set."


def test_all_facts_have_their_source_and_none_decides() -> None:
    own = months(*[50] * 12, *[40] * 12)
    found = facts(material(own, target=100, objective=replace(own, called="Burglary")))
    assert [one.name for one in found] == [
        "months-below-baseline",
        "months-below-mean",
        "twelve-months",
        "ring-months-above",
        "comparison-places",
        "repeat-locations",
        "objective",
        "objective-months-below-baseline",
        "data",
    ]
    assert {one.source for one in found} == {"Met, to April 2026"}
    assert not any(
        word in one.sentence.lower() for one in found for word in ("no effect", "success", "should", "score")
    )
    (nothing,) = facts(material(months()))
    assert (nothing.name, nothing.value) == ("not-counted", None)
