from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from hotspots import facts
from hotspots.coverage import State, area_publishers, coverage, reported
from hotspots.models import Area, ImportedFile, ImportRun, Publisher, Slice, Source

pytestmark = pytest.mark.django_db


def publisher(slug: str, *, territory: bool = True) -> Publisher:
    area = Area.objects.create(kind="force", code=slug, name=slug) if territory else None
    return Publisher.objects.create(slug=slug, name=slug, area=area)


def load(
    who: Publisher, month: date, districts: dict[str, int], source: str = Source.STREET, **fields: object
) -> Slice:
    """A stored month with so many rows in each district."""
    names = [name for name, rows in districts.items() for _ in range(rows)]
    frame = pl.DataFrame({"district": names}).select(
        pl.col("district").alias(name)
        if name == "district"
        else pl.lit(3 if name == "category" else None, dtype).alias(name)
        for name, dtype in facts.SCHEMA[source].items()
    )
    run = ImportRun.objects.create(title="test")
    file = ImportedFile.objects.create(run=run, name="test", state="stored", sha256="", size=0)
    return Slice.objects.create(
        source=source, publisher=who, month=month, rows=len(names), rows_located=0, sha256="",
        path=facts.write(source, frame), file=file, **fields,
    )  # fmt: skip


def test_states_of_months() -> None:
    met = publisher("metropolitan")
    for month, rows in ((1, 8), (2, 8), (4, 1), (5, 2)):
        load(met, date(2020, month, 1), {"Alpha": rows})
    load(met, date(2020, 6, 1), {"Alpha": 1}, only_categories=["burglary"])
    load(publisher("btp", territory=False), date(2019, 12, 1), {"Alpha": 3})
    found = coverage(Source.STREET)
    assert found.months == (date(2019, 12, 1), *(date(2020, month, 1) for month in range(1, 7)))
    by_slug = {line.publisher.slug: line.cells for line in found.lines}
    assert [cell and cell.state for cell in by_slug["metropolitan"]] == [
        None, State.REPORTED, State.REPORTED, State.MISSING, State.PARTIAL, State.REPORTED, State.EXTRACT,
    ]  # fmt: skip
    assert [cell and cell.rows for cell in by_slug["metropolitan"]] == [None, 8, 8, 0, 1, 2, 1]
    assert [cell and cell.state for cell in by_slug["btp"]] == [State.REPORTED, *[None] * 6]


def test_pages_read_the_same_states_of_the_lines_that_they_ask_for() -> None:
    met = publisher("metropolitan")
    for month, rows in ((1, 8), (2, 8), (4, 1), (5, 2)):
        load(met, date(2020, month, 1), {"Alpha": rows})
    load(met, date(2020, 6, 1), {"Alpha": 1}, only_categories=["burglary"])
    load(publisher("btp", territory=False), date(2019, 12, 1), {"Alpha": 3})
    for month in (1, 3):
        load(met, date(2020, month, 1), {"Alpha": 3}, Source.MPS_WARD, scope="Alpha", only_categories=["theft"])
        load(met, date(2020, month, 1), {"Alpha": 1}, Source.MPS_WARD, scope="Beta")
    for source in (Source.STREET, Source.MPS_WARD):
        matrix = coverage(source)
        lines = {
            (line.publisher.name, line.scope): {
                month: cell.state for month, cell in zip(matrix.months, line.cells, strict=True) if cell
            }
            for line in matrix.lines
        }
        assert {(line.publisher, line.scope): line.states for line in reported(source)} == lines
    assert [line.publisher for line in reported(Source.STREET, "p.area_id IS NULL")] == ["btp"]
    assert [line.scope for line in reported(Source.MPS_WARD, "s.scope = %s", "Beta")] == ["Beta"]


def test_superseded_slices_do_not_count() -> None:
    met = publisher("metropolitan")
    new = load(met, date(2020, 1, 1), {"Alpha": 8})
    load(met, date(2020, 2, 1), {"Alpha": 8}, superseded=new.loaded, superseded_by=new)
    assert coverage(Source.STREET).months == (date(2020, 1, 1),)


def test_nothing_loaded() -> None:
    assert coverage(Source.OUTCOMES).months == ()
    assert area_publishers() == {}


def test_home_publisher_is_the_parents_else_that_of_most_rows_in_its_largest_month() -> None:
    met, essex = publisher("metropolitan"), publisher("essex")
    alpha, beta, gamma = (
        Area.objects.create(kind="borough", code=f"E0900000{n}", name=name, parent=parent)
        for n, (name, parent) in enumerate((("Alpha", None), ("Beta", essex.area), ("Gamma", None)))
    )
    ward = Area.objects.create(kind="ward", code="E05000001", name="Ward", parent=alpha)
    load(met, date(2020, 1, 1), {"Gamma": 9})
    load(met, date(2020, 2, 1), {"Alpha": 5, "Beta": 5})
    load(met, date(2020, 3, 1), {"Gamma": 1})
    load(essex, date(2020, 1, 1), {"Alpha": 4})
    load(publisher("btp", territory=False), date(2020, 2, 1), {"Gamma": 50})
    assert area_publishers() == {
        met.area_id: met.pk, essex.area_id: essex.pk, alpha.pk: met.pk, beta.pk: essex.pk, ward.pk: met.pk,
    }  # fmt: skip
    assert gamma.pk not in area_publishers()


def test_newer_months_of_one_borough_or_of_one_type_take_no_area_from_its_publisher() -> None:
    met, essex = publisher("metropolitan"), publisher("essex")
    alpha, beta = (Area.objects.create(kind="borough", code=f"E0900000{n}", name=n) for n in ("Alpha", "Beta"))
    load(met, date(2018, 1, 1), {"Alpha": 9, "Beta": 9})
    for month in range(2, 8):
        load(met, date(2018, month, 1), {"Alpha": 9})
    load(met, date(2018, 8, 1), {"Alpha": 3, "Beta": 1}, only_categories=["burglary"])
    load(essex, date(2020, 1, 1), {"Alpha": 2, "Beta": 2})  # neighbours report a few rows in both
    home = area_publishers()
    assert (home[alpha.pk], home[beta.pk]) == (met.pk, met.pk)


def test_each_source_shows_whose_an_area_is() -> None:
    met, essex = publisher("metropolitan"), publisher("essex")
    alpha, beta = (Area.objects.create(kind="borough", code=f"E0900000{n}", name=n) for n in ("Alpha", "Beta"))
    load(met, date(2020, 1, 1), {"Alpha": 2})
    load(met, date(2020, 1, 1), {"Alpha": 2, "Beta": 3}, source=Source.OUTCOMES)
    load(essex, date(2020, 1, 1), {"Alpha": 3, "Beta": 2})
    home = area_publishers()
    assert (home[alpha.pk], home[beta.pk]) == (met.pk, met.pk)


def test_of_two_with_as_many_rows_the_first_by_name() -> None:
    met, essex = publisher("metropolitan"), publisher("essex")
    alpha = Area.objects.create(kind="borough", code="E09000001", name="Alpha")
    for who in (met, essex):
        load(who, date(2020, 1, 1), {"Alpha": 2})
    assert area_publishers()[alpha.pk] == essex.pk
