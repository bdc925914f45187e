"""What is shown besides counts: by hand, and whatever the numbers are."""

from hypothesis import given
from hypothesis import strategies as st

from reports.calc import measures

COUNTS = st.lists(st.none() | st.integers(0, 10**6), max_size=40)


def test_an_index_is_per_hundred_of_its_base() -> None:
    assert measures.index([20, 30, None, 0], 20) == [100, 150, None, 0]
    assert measures.index([20, 30], 0) == [None, None]
    assert measures.index([20, 30], None) == [None, None]


def test_a_share_needs_a_whole_large_enough() -> None:
    assert measures.share([5, 5, None, 0, 5], [50, 19, 50, 20, None], 20) == [10, None, None, 0, None]


def test_a_change_is_a_difference_of_counts() -> None:
    assert measures.change([5, 5, None, 0], [3, None, 1, 4]) == [2, None, None, -4]


@given(COUNTS)
def test_a_total_is_known_only_where_all_is(counts: list[int | None]) -> None:
    total = measures.total(counts)
    assert total == (None if None in counts else sum(count for count in counts if count is not None))


@given(COUNTS, st.integers(1, 1000))
def test_unknown_stays_unknown_and_nothing_else_does(counts: list[int | None], base: int) -> None:
    for made in (
        measures.index(counts, base),
        measures.share(counts, [base + 20] * len(counts), 20),
        measures.change(counts, [base] * len(counts)),
    ):
        assert [value is None for value in made] == [count is None for count in counts]
