"""Downloads of the explore page: read back, the figures are those of the page; nothing one must know is left out."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook  # type: ignore[import-untyped]

from hotspots.models import Area
from hotspots.words import day_name
from tests import factories
from tests.factories import summarise
from tests.reports.explore_world import CODES, MONTHS, RESIDENTS, SINCE, counts, havering, usable

ALL = ",".join(CODES.values())


@pytest.fixture
def borough(db: None) -> Area:
    return havering()


def fetched(client: Client, kind: str, query: str) -> bytes:
    response = client.get(f"/explore/download.{kind}?{query}")
    assert response.status_code == 200
    name = response["Content-Disposition"]
    assert name.startswith('attachment; filename="')
    assert name.endswith(f'.{kind}"')
    assert name.isascii()
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def rows_of(client: Client, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetched(client, "csv", query).decode("utf-8-sig"))))


def sheets(client: Client, query: str) -> tuple[list[tuple[Any, ...]], dict[str, list[str]]]:
    """The rows of the table, and the notes by their name."""
    book = load_workbook(io.BytesIO(fetched(client, "xlsx", query)))
    assert book.sheetnames == ["Table", "Notes"]
    notes: dict[str, list[str]] = {}
    for name, text in book["Notes"].iter_rows(values_only=True):
        notes.setdefault(str(name), []).append(str(text))
    return list(book["Table"].iter_rows(values_only=True)), notes


def test_csv_has_every_month_of_every_series(signed_in: Client, borough: Area) -> None:
    found = rows_of(signed_in, f"areas={ALL}&cat=burglary,robbery&from=36")
    assert len(found) == 3 * 2 * 36
    by_series = {(row["area"], row["category"], row["month"]): row for row in found}
    for name, code in CODES.items():
        for category in ("burglary", "robbery"):
            stored = counts(name, category)
            for index, month in enumerate(MONTHS):
                row = by_series[name, category, f"{month:%Y-%m}"]
                assert row["area_code"] == code
                assert row["count"] == ("" if stored[index] is None else str(stored[index]))
                rate = "" if stored[index] is None else float(f"{1000 * (stored[index] or 0) / RESIDENTS:.4f}")
                assert (float(row["rate_per_1000"]) if row["rate_per_1000"] else "") == rate
    assert by_series["Heaton", "burglary", "2016-12"]["coverage"] == "Missing"
    assert by_series["Gooshays", "burglary", "2017-10"]["coverage"] == "Partial"


def test_csv_has_the_measure_beside_the_counts(signed_in: Client, borough: Area) -> None:
    found = rows_of(signed_in, f"areas={CODES['Gooshays']}&cat=burglary&from=36&measure=index&base=2015-06")
    known, base = usable("Gooshays", "burglary"), counts("Gooshays", "burglary")[2]
    for row, count in zip(found, known, strict=True):
        value = row["index_2015_06_is_100"]
        assert (float(value) if value else None) == (
            None if count is None else pytest.approx(100 * count / (base or 1), abs=1e-4)
        )
    assert "share_percent" in rows_of(signed_in, f"areas={ALL}&cat=burglary&measure=share")[0]


@pytest.mark.parametrize("measure", ["count", "rate", "share"])
def test_the_workbook_has_numbers_and_months(signed_in: Client, borough: Area, measure: str) -> None:
    query = f"areas={ALL}&cat=burglary&from=36" + (f"&measure={measure}" if measure != "count" else "")
    table, _ = sheets(signed_in, query)
    assert table[0][0] == "Burglary in Gooshays, Heaton and Upminster"
    assert list(table[3]) == ["Month", *CODES]
    assert [row[0].date() for row in table[4:40]] == MONTHS
    for column, name in enumerate(CODES, start=1):
        part, whole = usable(name, "burglary"), usable(name, "all-crime")
        expected: list[float | None] = {  # type: ignore[assignment]
            "count": counts(name, "burglary"),
            "rate": [None if n is None else 1000 * n / RESIDENTS for n in counts(name, "burglary")],
            "share": [None if a is None or b is None else a / b for a, b in zip(part, whole, strict=True)],
        }[measure]
        assert [row[column] for row in table[4:40]] == [None if n is None else pytest.approx(n) for n in expected]
    assert table[40][:3] == ("36 months", "not known", "not known")


def test_the_notes_sheet_says_all_that_must_be_known(signed_in: Client, borough: Area) -> None:
    _, notes = sheets(signed_in, f"areas={ALL}&cat=burglary&from=36&measure=rate")
    assert notes["Areas"] == ["; ".join(f"{name} ({code})" for name, code in CODES.items())]
    assert notes["What was asked"][0].startswith("Burglary in Gooshays, Heaton and Upminster: Rate per 1,000 residents")
    assert "police.uk street-level crime: Metropolitan Police Service; loaded" in notes["Source"][0]
    known = " ".join(notes["To know"])
    assert "Not known: December 2016 (Heaton)." in known
    assert "Reported in part only, far fewer rows than usual: October 2017 (Gooshays)." in known
    assert "A rate is the month's count per 1,000 usual residents." in known
    assert notes["This view"] == [f"http://testserver/explore/?areas={ALL}&cat=burglary&from=36&measure=rate"]
    assert "Open Government Licence" in notes["Licence"][0]
    assert "Warning" not in notes


def test_made_up_figures_are_called_so_in_every_file(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name="Made up", code="SYNW00001")
    summarise(ward, "all-crime", [5] * 36, since=SINCE)
    _, notes = sheets(signed_in, "areas=SYNW00001")
    assert notes["Warning"][0].startswith("Synthetic data")
    assert "Synthetic data" in fetched(signed_in, "svg", "areas=SYNW00001").decode()


def test_nothing_in_a_file_is_run(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name='=HYPERLINK("http://x","y")', code="E05000990")
    summarise(ward, "all-crime", [5] * 36, since=SINCE)
    assert rows_of(signed_in, "areas=E05000990")[0]["area"] == '\'=HYPERLINK("http://x","y")'
    book = load_workbook(io.BytesIO(fetched(signed_in, "xlsx", "areas=E05000990")))
    head = book["Table"].cell(4, 2)
    assert head.value == '=HYPERLINK("http://x","y")'
    assert head.data_type == "s"
    assert head.hyperlink is None
    assert "<script" not in fetched(signed_in, "svg", "areas=E05000990").decode()


@pytest.mark.parametrize("view", ["line", "bar", "multiples", "heat"])
def test_pictures_have_title_date_and_source_inside(signed_in: Client, borough: Area, view: str) -> None:
    query = f"areas={ALL}&cat=burglary&from=36" + (f"&view={view}" if view != "line" else "")
    svg = fetched(signed_in, "svg", query).decode()
    words = " ".join(
        "".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    )
    assert "Burglary in Gooshays, Heaton and Upminster" in words
    assert "Metropolitan Police Service; loaded" in words
    assert f"Made {day_name(timezone.localdate())}" in words
    assert "Upminster" in words
    png = fetched(signed_in, "png", query)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 1600


def test_bad_addresses_are_pages_not_files(signed_in: Client, borough: Area) -> None:
    for query in ("areas=E05999999", "", "areas=E05000310&measure=guess", "&".join(f"areas=E{n}" for n in range(5000))):
        response = signed_in.get(f"/explore/download.xlsx?{query}")
        assert response.status_code == 400
        assert b"Go on" in response.content
    assert signed_in.get("/explore/download.exe?areas=E05000310").status_code == 404
