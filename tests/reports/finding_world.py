"""A borough of LSOAs in a grid, with crimes whose numbers are known: one busy corner, and four years of months."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from hotspots import categories, facts
from hotspots.models import Area, Source
from reports.forms.find import usual
from reports.models import MonthlySummary
from tests import factories
from tests.factories import months_from, summarise

SINCE = date(2018, 4, 1)
MONTHS = months_from(SINCE, 48)
# The last month of a search with twelve quarters before it and a year after it.
LAST = MONTHS[35]
STREETS = ("High Street", "Mill Lane")


def code(place: int) -> str:
    return f"E0100{place + 1:04d}"


def crimes(place: int, month: date) -> list[tuple[str, int]]:
    """(category, how many) of one LSOA in a month: the first three are busy, and busier every year."""
    base = 9 + month.year - 2018 if place < 3 else 1 + (place * 7 + month.month) % 3
    return [("burglary", base), ("robbery", place % 2), ("drugs", 30 if place == 5 else 0)]


def count(place: int, month: date, slugs: Collection[str] = ()) -> int:
    """Crimes of the types that are searched for where none is chosen, or of these."""
    return sum(number for slug, number in crimes(place, month) if slug in (slugs or usual()))


def point(place: int, columns: int) -> tuple[float, float]:
    """The middle of an LSOA of the grid."""
    return 0.105 + 0.01 * (place % columns), 51.505 + 0.01 * (place // columns)


def borough(places: int = 20, columns: int = 5, unknown: Collection[date] = (), made: Any = None) -> Any:
    """The borough, with figures and files; `unknown` are months of which no file is loaded."""
    made = made or factories.BoroughFactory(name="Havering", code="E09000016")
    # The borough and the ward are the grid.
    grid = (0.1, 51.5, 0.1 + 0.01 * columns, 51.5 + 0.01 * -(-places // columns))
    factories.BoundaryFactory(area=made, box_of=grid)
    ward: Any = factories.WardFactory(parent=made, name="Gooshays", code="E05000310")
    factories.BoundaryFactory(area=ward, box_of=grid)
    for place in range(places):
        lsoa: Any = factories.LsoaFactory(parent=made, code=code(place), name=f"Havering {place + 1:03d}A")
        x, y = point(place, columns)
        factories.BoundaryFactory(area=lsoa, box_of=(x - 0.005, y - 0.005, x + 0.005, y + 0.005))
        factories.MembershipFactory(child=lsoa, parent=ward)
    for one in ("all-crime", *(one.slug for one in categories.DEFINITIONS if _is_type(one))):
        summarise(made, one, [None if month in unknown else 100 for month in MONTHS], since=SINCE)
    police: Any = factories.PublisherFactory(slug="metropolitan", name="Metropolitan Police Service")
    for month in MONTHS:
        if month not in unknown:
            path = facts.write(Source.STREET, _frame(places, columns, month))
            factories.SliceFactory(publisher=police, month=month, path=path)
    factories.next_data_version()
    return made


def forget(borough_pk: int, months: Collection[date]) -> None:
    """These months were not reported for a borough after all."""
    MonthlySummary.objects.filter(area_id=borough_pk, month__in=months).update(
        count=None, coverage=MonthlySummary.Coverage.MISSING
    )
    factories.next_data_version()


def _is_type(one: categories.Definition) -> bool:
    return one.scheme == categories.POLICE_UK and not one.members


@cache
def _frame(places: int, columns: int, month: date) -> pl.DataFrame:
    """A row for each crime: two of three at the middle of its LSOA, the others a little beside it."""
    known, rows = categories.by_slug(categories.POLICE_UK), []
    for place in range(places):
        x, y = point(place, columns)
        for slug, number in crimes(place, month):
            for index in range(number):
                beside = index % 3 == 2
                lon, lat = x + 0.001 * beside, y
                street = f"On or near {STREETS[beside]} {place + 1}"
                rows.append(
                    (
                        known[slug].number,
                        code(place),
                        "Havering",
                        round(lon * 1e6),
                        round(lat * 1e6),
                        street,
                        None,
                        None,
                    )
                )
    return pl.DataFrame(rows, schema=facts.SCHEMA[Source.STREET], orient="row")


def area_of(place: int) -> Area:
    return Area.objects.get(kind=Area.Kind.LSOA, code=code(place))
