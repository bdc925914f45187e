from datetime import date

import pytest

from hotspots import categories
from reports import sentences
from reports.queries import Denominator, Figure
from tests.factories import COMPLETE, MISSING, PARTIAL, months_from

ALL = categories.by_slug(categories.POLICE_UK)["all-crime"]
BURGLARY = categories.by_slug(categories.POLICE_UK)["burglary"]
ASB = categories.by_slug(categories.POLICE_UK)["anti-social-behaviour"]
SEARCHES = categories.by_slug(categories.SEARCH)["all-searches"]


def figure(
    count: int | None,
    last_year: int | None = None,
    *,
    coverage: int = COMPLETE,
    converted: bool = False,
    year: int | None = None,
    rate: float | None = None,
    month: date = date(2017, 3, 1),
) -> Figure:
    return Figure(month, count, None, last_year, year, rate, coverage, converted)


def say(now: Figure, before: Figure | None = None, category: categories.Definition = ALL) -> str:
    return sentences.recorded(now, category, "Gooshays") + sentences.against_last_year(now, before)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            figure(94, 82),
            "In March 2017 police recorded 94 crimes in Gooshays, 12 more (15%) than in March 2016 (82).",
        ),
        (figure(3, 6), "In March 2017 police recorded 3 crimes in Gooshays, 3 fewer than in March 2016 (6)."),
        (figure(1, 0), "In March 2017 police recorded 1 crime in Gooshays, 1 more than in March 2016 (none)."),
        (figure(7, 7), "In March 2017 police recorded 7 crimes in Gooshays, the same as in March 2016."),
        (figure(0, 4), "In March 2017 police recorded no crimes in Gooshays, 4 fewer than in March 2016 (4)."),
        (
            figure(94, None),
            (
                "In March 2017 police recorded 94 crimes in Gooshays. The figure for March 2016 is not known, so "
                "there is nothing to compare it with."
            ),
        ),
        (
            figure(None, 82, coverage=MISSING),
            "How many crimes police recorded in Gooshays in March 2017 is not known. In March 2016 it was 82.",
        ),
        (
            figure(90, 82, coverage=PARTIAL),
            (
                "In March 2017 police recorded at least 90 crimes in Gooshays. The month is reported in part, so it is "
                "not compared with March 2016 (82)."
            ),
        ),
        (
            figure(0, 82, coverage=PARTIAL),
            (
                "The figures of March 2017, reported in part, hold no crimes in Gooshays. The month is "
                "reported in part, so it is not compared with March 2016 (82)."
            ),
        ),
        (
            figure(94, 82, converted=True),
            "In March 2017 police recorded about 94 crimes in Gooshays, 12 more (15%) than in March 2016 (82).",
        ),
    ],
)
def test_the_month_in_words(now: Figure, said: str) -> None:
    assert say(now) == said


def test_a_whole_month_is_not_compared_with_one_reported_in_part() -> None:
    before = figure(10, coverage=PARTIAL, month=date(2016, 3, 1))
    assert say(figure(94, None), before).endswith(
        ". March 2016 was reported in part (at least 10), so the two are not compared."
    )


def test_a_category_is_named_and_called_what_it_is() -> None:
    assert say(figure(3, 3), category=BURGLARY).startswith(
        "In March 2017 police recorded 3 crimes in Gooshays under “B"
    )
    without_fraud = categories.by_slug(categories.MPS)["all-crime"]
    assert "3 crimes in Gooshays under “All crime (without fraud)”" in say(figure(3, 3), category=without_fraud)
    assert "1 incident in Gooshays" in say(figure(1, 3), category=ASB)
    assert say(figure(2, 3), category=SEARCHES).startswith("In March 2017 police carried out 2 stop and searches in G")


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (
            1043,
            980,
            "The total of the 12 months to March 2017 was 1,043, 63 more (6%) than in the 12 months before (980).",
        ),
        (12, 15, "The total of the 12 months to March 2017 was 12, 3 fewer than in the 12 months before (15)."),
        (12, 12, "The total of the 12 months to March 2017 was 12, the same as in the 12 months before."),
        (12, None, "The total of the 12 months to March 2017 was 12; the 12 months before are not fully known."),
        (1, 0, "The total of the 12 months to March 2017 was 1, 1 more than in the 12 months before (none)."),
        (None, 12, "The total of the 12 months to March 2017 is not known."),
    ],
)
def test_twelve_months_in_words(now: int | None, before: int | None, said: str) -> None:
    assert sentences.twelve_months(figure(5, year=now), figure(5, year=before)) == said


def test_a_rate_names_its_denominator() -> None:
    assert (
        sentences.rate(figure(94, rate=5.497), Denominator(17_100, 2015))
        == "The rate is 5.5 crimes per 1,000 residents (17,100 residents, 2015)."
    )
    assert "added up from its census areas" in sentences.rate(figure(94, rate=5.5), Denominator(17_000, None))
    assert sentences.rate(figure(94), None) == "There is no rate: the number of residents is not known."
    assert sentences.rate(figure(None, coverage=MISSING), None) == ""


def test_a_year_without_a_sum_says_which_months_are_short() -> None:
    year = [figure(3, month=month) for month in months_from(date(2016, 4, 1), 12)]
    assert sentences.shortfall(year) == ""
    year[0] = figure(None, coverage=MISSING, month=year[0].month)
    assert sentences.shortfall(year) == "April 2016 is not known"
    year[1] = figure(None, coverage=MISSING, month=year[1].month)
    year[11] = figure(1, coverage=PARTIAL, month=year[11].month)
    assert sentences.twelve_months(year[11], None, year) == (
        "The total of the 12 months to March 2017 is not known: April 2016 to May 2016 are not known and March 2017 "
        "was reported in part."
    )


def test_those_with_most_say_who_is_level_with_the_last() -> None:
    found: list[tuple[float, str]] = [(5, "A"), (3, "B"), (2, "C"), (2, "D")]
    assert sentences.most(found, str) == "A (5), B (3) and C (2); others are level with the last"
    assert sentences.most(found[:3], str) == "A (5), B (3) and C (2)"
    assert sentences.most(found[:2], str) == ""


def test_the_rate_of_a_part_is_at_least_that() -> None:
    assert sentences.rate(figure(9, rate=0.7, coverage=PARTIAL), None).startswith("The rate is at least 0.7 crimes")
    assert sentences.rate(figure(9, rate=0.7, converted=True), None).startswith("The rate is about 0.7 crimes")
    assert sentences.rate(figure(0, rate=0.0, coverage=PARTIAL), None) == ""


def test_a_rate_above_zero_is_not_written_as_zero() -> None:
    assert sentences.rate(figure(1, rate=0.04), None) == "The rate is under 0.1 crimes per 1,000 residents."
    assert sentences.rate(figure(0, rate=0.0), None) == "The rate is 0.0 crimes per 1,000 residents."


@pytest.mark.parametrize(
    ("count", "coverage", "said"),
    [
        (94, COMPLETE, "In March 2017 Kent Police recorded 94 crimes"),
        (None, MISSING, "How many crimes Kent Police recorded in March 2017 is not known"),
        (0, PARTIAL, "The figures of March 2017, reported in part, hold no crimes of Kent Police"),
    ],
)
def test_a_force_records_its_crimes_itself(count: int | None, coverage: int, said: str) -> None:
    assert sentences.recorded(figure(count, coverage=coverage), ALL, "Kent Police", is_force=True) == said
