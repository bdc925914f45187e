"""Which wards a ward stands beside, recomputed plainly."""

from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspots import categories
from hotspots.coverage import back
from hotspots.models import Area
from reports import queries
from reports.models import MonthlySummary
from reports.similar import Compared, compared
from tests import factories
from tests.factories import summarise
from tests.reports.test_views import text

SINCE, MONTH = date(2015, 4, 1), date(2018, 3, 1)
BURGLARY = categories.by_slug(categories.POLICE_UK)["burglary"].number


def ward(borough: Area, name: str, residents: int, counts: tuple[int, int, int], **dates: date) -> Area:
    """A ward with so many crimes a month in each of three years, and a third as many burglaries."""
    made = factories.WardFactory(parent=borough, name=name, **dates)
    months = [count for count in counts for _ in range(12)]
    summarise(made, "all-crime", months, since=SINCE, residents=residents)
    summarise(made, "burglary", [count // 3 for count in months], since=SINCE, residents=residents)
    return made


def beside(made: Area, years: int = 2) -> list[Compared]:
    """`years`: how long ago the twelve months ended by which they are chosen."""
    place = queries.place(made.kind, made.code)
    assert place
    return compared(
        place, scheme=categories.POLICE_UK, category=BURGLARY, month=MONTH, chosen_by=back(MONTH, 12 * years)
    )


@pytest.fixture
def borough(db: None) -> Area:
    return factories.BoroughFactory(name="Havering", code="E09000016")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(5_000, 30_000), st.tuples(*[st.integers(1, 300)] * 3)),
        min_size=1,
        max_size=9,
        unique=True,
    )
)
def test_the_nearest_are_those_of_a_plain_recomputation(
    borough: Area, wards: list[tuple[int, tuple[int, int, int]]]
) -> None:
    Area.objects.filter(kind=Area.Kind.WARD).delete()
    MonthlySummary.objects.all().delete()
    other = factories.BoroughFactory()
    made = [
        ward((borough, other)[index % 2], f"Ward {index}", residents, counts)
        for index, (residents, counts) in enumerate(wards)
    ]
    own_people, own_rate = wards[0][0], wards[0][1][0] / wards[0][0]
    near = []
    for area, (residents, counts) in list(zip(made, wards, strict=True))[1:]:
        people, rate = residents / own_people, counts[0] / residents / own_rate
        people, rate = max(people, 1 / people), max(rate, 1 / rate)
        if people <= 1.5 and rate <= 1.5:
            near.append((round(people * rate, 9), area.pk, area.code))
    found = beside(made[0])
    assert [one.code for one in found[:2]] == [made[0].code, "E09000016"]
    assert [one.code for one in found[2:]] == [code for _, _, code in sorted(near)[:5]]
    for one in [found[0], *found[2:]]:
        residents, counts = wards[next(i for i, area in enumerate(made) if area.code == one.code)]
        assert (one.year, one.year_before, one.residents) == (counts[2] // 3 * 12, counts[1] // 3 * 12, residents)
        assert one.rate == pytest.approx(counts[2] // 3 * 12 * 1000 / residents)


def test_the_figures_compared_do_not_choose(borough: Area) -> None:
    own = ward(borough, "Own", 10_000, (100, 100, 100))
    ward(borough, "Same before", 10_000, (100, 10, 500))
    ward(borough, "Same now", 10_000, (300, 100, 100))
    assert [one.name for one in beside(own)[2:]] == ["Same before"]
    assert [one.name for one in beside(own, 1)[2:]] == ["Same now"]


def test_wards_of_another_time_are_not_similar(borough: Area) -> None:
    since = date(2016, 5, 5)
    own = ward(borough, "Own", 10_000, (100, 100, 100), valid_from=since)
    ward(borough, "Old", 10_000, (100, 100, 100), valid_to=since)
    ward(borough, "Undated", 10_000, (100, 100, 100))
    assert [one.name for one in beside(own)[2:]] == ["Undated"]


def test_unknown_months_make_unknown_sums_and_no_similar_ward(borough: Area) -> None:
    own = ward(borough, "Own", 10_000, (100, 100, 100))
    for name, months in (("Hole before", (20, 5)), ("Hole now", (20, 30))):
        other = factories.WardFactory(parent=borough, name=name)
        counts: list[int | None] = [100] * 36
        counts[months[1]] = None
        for slug in ("all-crime", "burglary"):
            summarise(other, slug, counts, since=SINCE, residents=10_000)
    found = beside(own)
    assert [(one.name, one.year, one.rate) for one in found[2:]] == [("Hole now", None, None)]
    assert (found[1].name, found[1].year, found[1].residents) == ("Havering", None, None)


def test_the_page_names_them_adds_them_up_and_says_the_rule(borough: Area, signed_in: Client) -> None:
    summarise(borough, "all-crime", [700] * 24 + [630] * 12, since=SINCE, residents=100_000)
    own = ward(borough, "Own", 10_000, (100, 100, 150))
    for index in range(3):
        ward(borough, f"Ward {index}", 10_000 + 1000 * index, (100 + 5 * index, 90, 99))
    ward(borough, "Far", 30_000, (100, 100, 100))
    words = text(signed_in.get(f"/wards/{own.code}/").content)
    assert (
        "Per 1,000 residents, the 12 months come to 180.0 in Own, 75.6 in Havering and 108.0 in the similar wards "
        "together." in words
    )
    assert (
        "Against the 12 months before: 600 more (50%) in Own, 840 fewer (10%) in Havering and 324 more (10%) in the "
        "similar wards together." in words
    )
    assert "3 similar wards together 108.0 3,564 3,240 324 more (10%) 33,000" in words
    assert "Ward 0, Havering 118.8 1,188 1,080 108 more (10%) 10,000" in words
    assert "Similar are the 3 wards" in words
    assert "in the 12 months to March 2016: before the two years compared" in words
    assert "This rate is far above Havering's." in words
    assert "residents are the wrong yardstick" in words
    assert "Far, Havering" not in words


def test_too_few_are_not_named_and_the_reason_is(borough: Area, signed_in: Client) -> None:
    own = ward(borough, "Own", 10_000, (100, 100, 100))
    for index in range(2):
        ward(borough, f"Ward {index}", 10_000, (100, 100, 100))
    words = text(signed_in.get(f"/wards/{own.code}/").content)
    assert "No similar wards are named: fewer than 3 wards have between two thirds and one and a half times" in words
    assert "Ward 0, Havering" not in words
    assert "far above" not in words


def test_with_two_years_of_figures_the_year_before_chooses_and_the_page_says_so(
    borough: Area, signed_in: Client
) -> None:
    wards = []
    for index in range(4):
        made = factories.WardFactory(parent=borough, name=f"Ward {index}")
        summarise(made, "all-crime", [100] * 24, since=SINCE, residents=10_000)
        wards.append(made)
    words = text(signed_in.get(f"/wards/{wards[0].code}/?months=12").content)
    assert (
        "in the 12 months to March 2016. Earlier ones are not known, and changes are measured from that year" in words
    )


def test_boroughs_are_not_compared(borough: Area, signed_in: Client) -> None:
    summarise(borough, "all-crime", [700] * 36, since=SINCE, residents=100_000)
    assert "similar wards" not in text(signed_in.get("/boroughs/E09000016/").content)
