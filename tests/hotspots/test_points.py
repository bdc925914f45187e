"""Map points inside shapes, on real slices: edges, ranges, streets, months, and the API's answers."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotspots import categories, facts, points
from hotspots.models import Source
from tests.factories import PublisherFactory, SliceFactory

pytestmark = pytest.mark.django_db
NUMBERS = {slug: one.number for slug, one in categories.by_slug(categories.POLICE_UK).items()}
BOX = shapely.box(0.2, 51.6, 0.204, 51.603)  # some 280 x 330 m
MIDDLE, CORNER, NEXT, FAR = (0.202, 51.6015), (0.2, 51.6), (0.1995, 51.6015), (0.19, 51.6015)
APRIL, MAY, JUNE = date(2016, 4, 1), date(2016, 5, 1), date(2016, 6, 1)


def publish(month: date, *rows: tuple[tuple[float, float], str, str], by: str = "metropolitan") -> None:
    """A slice of (point, category, street) rows."""
    api = by == "data-police-uk"
    source = Source.API if api else Source.STREET
    columns = {
        "category": [NUMBERS[slug] for _, slug, _ in rows],
        "lon": [round(point[0] * 1e6) for point, _, _ in rows],
        "lat": [round(point[1] * 1e6) for point, _, _ in rows],
        "street": [street for _, _, street in rows],
    }
    frame = pl.DataFrame({name: columns.get(name, [None] * len(rows)) for name in facts.SCHEMA[source]})
    path = facts.write(source, frame.cast(pl.Schema(facts.SCHEMA[source])))
    SliceFactory(source=source, month=month, path=path, publisher=PublisherFactory(slug=by), rows=len(rows))


def test_rows_inside() -> None:
    high = "On or near High Street"
    publish(APRIL, (MIDDLE, "burglary", high), (MIDDLE, "burglary", high), (CORNER, "drugs", "On or near Park Lane"))
    publish(MAY, (MIDDLE, "drugs", "On or near High St"), (NEXT, "drugs", high), (FAR, "drugs", high))
    publish(MAY, (MIDDLE, "burglary", "No Location"), by="btp")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows, none, both = points.inside([BOX, shapely.Polygon(), BOX.buffer(0.001)], [APRIL, MAY])
    assert len(queries) == 1
    assert none.is_empty()
    assert both["rows"].sum() == 6
    assert points.inside([BOX], [MAY])[0]["rows"].sum() == 2
    assert points.inside([BOX])[0]["rows"].sum() == 5

    first, second = points.top(rows, 5)
    assert (first.longitude, first.latitude) == MIDDLE
    assert (first.count, first.share, first.months_active) == (4, 0.8, 2)
    assert first.street in ("High St", "No Location")
    assert (second.street, second.count) == ("Park Lane", 1), "a point on the edge is inside"
    assert points.top(rows, 1) == [first]
    assert points.top(none, 1) == []
    assert points.of_category(rows, "burglary")["rows"].sum() == 3
    assert points.of_category(rows, "found-by-police")["rows"].sum() == 2


def test_what_a_shape_holds_and_the_range_that_map_points_leave_open() -> None:
    publish(APRIL, (MIDDLE, "burglary", ""), (CORNER, "drugs", ""), (CORNER, "anti-social-behaviour", ""))
    publish(MAY, (NEXT, "drugs", ""), (FAR, "drugs", ""))
    assert points.held(BOX, [APRIL, MAY]) == points.Held(points=2, count=2, low=1, high=3)
    assert points.held(BOX, [APRIL, MAY], "anti-social-behaviour") == points.Held(points=1, count=1, low=0, high=1)
    narrow = shapely.box(0.2019, 51.6, 0.2021, 51.603)
    assert points.held(narrow, [APRIL]).low == 0, "nothing is left of it 100 m smaller"
    # 97 m and 103 m west of the place.
    publish(JUNE, ((0.198597, 51.6015), "burglary", ""), ((0.19851, 51.6015), "burglary", ""))
    assert points.held(BOX, [JUNE]) == points.Held(points=0, count=0, low=0, high=1)
    assert points.held(BOX, []) == points.Held(0, 0, 0, 0)


def test_months() -> None:
    assert points.loaded_months() == points.newest_months(12) == []
    publish(APRIL, (MIDDLE, "burglary", ""))
    publish(JUNE, (MIDDLE, "burglary", ""))
    publish(date(2016, 7, 1), (MIDDLE, "burglary", ""), by="data-police-uk")
    assert points.loaded_months() == [APRIL, MAY, JUNE]
    assert points.newest_months(2) == [MAY, JUNE]


def test_the_apis_answers_count_only_where_no_force_published() -> None:
    publish(APRIL, (MIDDLE, "burglary", ""))
    publish(APRIL, (MIDDLE, "burglary", ""), (MIDDLE, "drugs", ""), by="data-police-uk")
    publish(MAY, (MIDDLE, "burglary", ""), (MIDDLE, "drugs", ""), by="data-police-uk")
    rows = points.near([BOX])
    assert dict(rows.group_by("month").agg(pl.col("rows").sum()).iter_rows()) == {
        APRIL: 1,
        MAY: 2,
    }
