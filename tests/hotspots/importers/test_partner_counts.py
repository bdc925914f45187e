"""Partners' counts: which rows are rejected with which words, and whose series is whose."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from hotspots import categories, facts
from hotspots.importers import partner_counts, reading, recognise
from hotspots.importers.base import FactTable, Quality, Refused, SourceFile
from hotspots.models import Area
from partners.models import Agency
from tests.factories import BoroughFactory, WardFactory
from tests.reports.test_summaries_reference import load

pytestmark = pytest.mark.django_db
HEADER = "Agency,Period,Area code,Area name,Series,Count"


def parse(*rows: str, header: str = HEADER) -> tuple[list[FactTable], Quality]:
    content = "\n".join([header, *rows, ""]).encode()
    quality = Quality()
    assert recognise(reading.head("counts.csv", content, whole=True)) is partner_counts
    tables = list(partner_counts.parse(SourceFile("counts.csv", content, ""), quality))
    for table in tables:
        assert dict(table.frame.schema) == facts.SCHEMA[table.source]
    assert quality.rows_read == quality.rows_kept + quality.rows_rejected
    return tables, quality


@pytest.fixture
def borough() -> Area:
    borough = BoroughFactory(code="E09000016", name="Havering", parent=None)
    WardFactory(code="E05000001", parent=borough, valid_from=None, valid_to=date(2022, 5, 5))
    WardFactory(code="E05013967", parent=borough, valid_from=date(2022, 5, 5))
    Agency.objects.create(name="London Fire Brigade", kind=Agency.Kind.FIRE)
    Agency.objects.create(name="Havering Council", kind=Agency.Kind.COUNCIL)
    return borough


def test_bad_rows_are_rejected_by_number_and_reason(borough: Area) -> None:
    running = f"{timezone.localdate().replace(day=1) + timedelta(days=40):%Y-%m}"
    tables, quality = parse(
        "London Fire Brigade,2025-04,E05013967,,fire-violence-to-staff,3",
        "london fire brigade,2025-04,E09000016,,Fire service: violence to its staff,<5",
        "Fire Brigade,2025-04,E05013967,,fire-violence-to-staff,3",
        "London Fire Brigade,Apr-25,E05013967,,fire-violence-to-staff,3",
        f"London Fire Brigade,{running},E05013967,,fire-violence-to-staff,3",
        "London Fire Brigade,2025-04,RM3,,fire-violence-to-staff,3",
        "London Fire Brigade,2025-04,E05000001,,fire-violence-to-staff,3",
        "London Fire Brigade,2025-04,E05013967,,fires,3",
        "London Fire Brigade,2025-05,E05013967,,fire-violence-to-staff,few",
        "London Fire Brigade,2025-05,E05013967,,fire-violence-to-staff,-1",
        "London Fire Brigade,2025-04,E05013967,,fire-violence-to-staff,4",
        ",2025-05,E05013967,,fire-violence-to-staff,4",
    )
    (table,) = tables
    assert (table.source, table.month, table.publisher_name) == ("partner", date(2025, 4, 1), "London Fire Brigade")
    assert table.scope == "Havering: Fire service: violence to its staff"
    assert table.only_categories == ("fire-violence-to-staff",)
    assert table.frame.rows() == [(509, "E05013967", "Havering", 3), (509, "E09000016", "Havering", None)]
    assert quality.rejected == [
        (4, "'Fire Brigade' is not an agency of this partnership"),
        (5, "'Apr-25' is not a month (2025-04) or a quarter (2025-Q2)"),
        (6, f"{running!r} is not over yet"),
        (7, "'RM3' is not a ward or borough that is loaded"),
        (8, "'E05000001' was no ward in that period: use the codes of its time"),
        (9, "'fires' is not a series of the templates"),
        (10, "'few' is not a whole number"),
        (11, "'-1' is not a whole number"),
        (12, "repeats the period, area and series of a row above"),
        (13, "has no agency"),
    ]
    assert "Blank or hidden by their agency, so not known and not zero: 1 of the counts." in quality.notes


def test_quarters_stay_quarters(borough: Area) -> None:
    tables, quality = parse("Havering Council,2025-Q2,E09000016,,council-noise,140")
    assert [(t.source, t.month, t.frame.row(0)[0]) for t in tables] == [("partner-quarter", date(2025, 4, 1), 612)]
    assert "Totals of quarters are kept as quarters: they are not spread over months." in quality.notes


def test_a_series_of_a_borough_and_period_is_one_agencys(borough: Area, tmp_path: object) -> None:
    path = tmp_path / "council.csv"  # type: ignore[operator]
    path.write_text(f"{HEADER}\nHavering Council,2025-04,E05013967,,council-noise,5\n")
    load(path)
    tables, quality = parse(
        "London Fire Brigade,2025-04,E09000016,,council-noise,50",
        "London Fire Brigade,2025-05,E09000016,,council-noise,50",
    )
    assert [table.month for table in tables] == [date(2025, 5, 1)]
    assert quality.rejected == [
        (2, "this series of Havering comes from Havering Council: the counts of two agencies are not added")
    ]


def test_every_scope_fits() -> None:
    names = [d.name for d in categories.by_slug(categories.PARTNER).values()]
    assert max(len(partner_counts.scope_of("B" * 150, name)) for name in names) <= 100


def test_example_rows_are_nobodys_figures(borough: Area) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(partner_counts.template("fire"))
    header, *rows = text.getvalue().splitlines()
    with pytest.raises(Refused, match="example rows are still in the file"):
        parse(*rows, header=header)
