from datetime import date

import pytest

from reports import words


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (94, 82, "12 more (15%)"),
        (82, 94, "12 fewer (13%)"),
        (6, 3, "3 more"),  # never "100%" of three
        (19, 19, "same"),
        (5, 0, "5 more"),
        (0, 20, "20 fewer (100%)"),
        (10_000, 10_001, "1 fewer (under 1%)"),
        (None, 5, "not known"),
        (5, None, "not known"),
    ],
)
def test_a_change_gives_counts_and_a_percentage_only_on_a_base_of_twenty(
    now: int | None, before: int | None, said: str
) -> None:
    assert words.change(now, before) == said


def test_unknown_is_a_dash_and_zero_is_a_zero() -> None:
    assert (words.thousands(None), words.thousands(0), words.thousands(12345)) == ("–", "0", "12,345")


def test_months_in_a_row_are_shortened() -> None:
    months = [date(2016, 8, 1), date(2016, 12, 1), date(2017, 1, 1), date(2017, 2, 1)]
    assert words.month_list(months) == "August 2016 and December 2016 to February 2017"
    assert words.month_list(months[:1]) == "August 2016"
