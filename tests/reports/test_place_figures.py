"""Series of drawn places."""

from __future__ import annotations

from datetime import date

import pytest

from hotspots import categories
from hotspots.models import Boundary, Hotspot
from partners.models import Agency
from reports import place_figures
from reports.counting import leaves
from reports.models import PlaceCount, PlacePoint
from reports.place_figures import Series
from tests.factories import COMPLETE, MISSING, make_place, months_from

KNOWN = categories.by_slug(categories.POLICE_UK)

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


def test_a_year_is_twelve_months_that_bear_comparison() -> None:
    months = months_from(date(2025, 1, 1), 14)
    counts = [1, 2, *[10] * 12]
    year = Series(months, [*counts], [0] * 14, [20] * 14, [COMPLETE] * 14)
    assert year.year_to(months[13]) == (120, 0, 240)
    assert year.year_to(months[12]) == (112, 0, 240)
    assert year.year_to(months[11]) == (103, 0, 240)
    assert year.year_to(months[10]) is None
    assert year.year_to(date(2027, 1, 1)) is None
    partly = Series(months, [*counts], [0] * 14, [20] * 14, [COMPLETE, 1, *[COMPLETE] * 12])
    assert partly.year_to(months[12]) is None
    assert partly.year_to(months[13]) == (120, 0, 240)


def test_a_baseline_is_of_its_months_from_the_first_to_the_last_that_bear_comparison() -> None:
    months = months_from(date(2025, 1, 1), 10)
    series = Series(months, [90, 1, 2, 3, 4, 80, 5, 6, 7, 90], [0] * 10, [99] * 10, [3, 3, 3, 3, 3, 1, 3, 3, 3, 3])
    found = place_figures.baseline_of(Hotspot(baseline_from=months[1], baseline_to=months[8]), series)
    assert found is not None
    assert (found.mean, found.months) == (4, 7)
    assert place_figures.baseline_of(Hotspot(baseline_from=months[1]), series) is None
    assert place_figures.baseline_of(Hotspot(baseline_from=months[1], baseline_to=months[8]), None) is None


@pytest.fixture
def boundary(db: None) -> Boundary:
    place = make_place(Agency.objects.create(name="Zed Council", kind=Agency.Kind.COUNCIL))
    return Boundary.objects.get(area=place.area_id)


def test_all_crime_is_known_where_types_that_came_later_are_not(boundary: Boundary) -> None:
    """In June 2012 bicycle theft was no type of its own: it is unknown then, and all crime is not."""
    month = date(2012, 6, 1)
    measured = categories.era_of(month).measured
    PlaceCount.objects.bulk_create(
        PlaceCount(
            boundary=boundary,
            category_id=one.number,
            month=month,
            count=1 if one.slug in measured else None,
            low=0 if one.slug in measured else None,
            high=2 if one.slug in measured else None,
            coverage=COMPLETE if one.slug in measured else MISSING,
        )
        for one in leaves(categories.POLICE_UK)
    )
    wanted = [KNOWN[slug] for slug in ("all-crime", "burglary", "bicycle-theft")]
    found = {slug: rows[boundary.pk] for slug, rows in place_figures.all_series([boundary.pk], wanted).items()}
    then = sum(slug in measured for slug in KNOWN["all-crime"].members)
    assert 1 < then < len(KNOWN["all-crime"].members)
    assert (found["all-crime"].low, found["all-crime"].counts, found["all-crime"].high) == ([0], [then], [2 * then])
    assert (found["burglary"].counts, found["bicycle-theft"].counts) == ([1], [None])


def test_repeat_locations_of_some_months_by_their_newest_name(boundary: Boundary) -> None:
    may, june, july = months_from(date(2026, 5, 1), 3)
    for lon, street, slug, month, count in (
        (213_000, "Zion Street", "burglary", may, 2),
        (213_000, "Old Street", "robbery", june, 1),
        (214_000, "Mill Lane", "burglary", june, 4),
        (214_000, "Mill Lane", "burglary", july, 9),
        (215_000, "Park Lane", "anti-social-behaviour", june, 50),
    ):
        PlacePoint.objects.create(
            boundary=boundary, lon=lon, lat=51_603_000, street=street, category_id=KNOWN[slug].number, month=month,
            count=count,
        )  # fmt: skip
    first, second = place_figures.points_of(boundary.pk, KNOWN["all-crime"], may, june)
    assert (first.longitude, first.latitude, first.street, first.count, first.months_active) == (
        0.214, 51.603, "Mill Lane", 4, 1,
    )  # fmt: skip
    assert (second.street, second.count, second.months_active) == ("Old Street", 3, 2)
    assert first.share == pytest.approx(4 / 7)
    assert [one.count for one in place_figures.points_of(boundary.pk, KNOWN["burglary"], may, june)] == [4, 2]
