"""Names come from files of strangers: no page runs them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from openpyxl import load_workbook  # type: ignore[import-untyped]

from hotspots.models import Area, Source
from partners.models import User
from reports.models import SavedView
from tests import factories
from tests.factories import summarise

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
SINCE = date(2016, 4, 1)


@pytest.mark.parametrize(
    "address",
    [
        "/wards/",
        "/wards/E05000001/",
        "/boroughs/E09000001/",
        "/forces/zed/",
        "/",
        "/map/",
        "/map/data/",
        "/map/?borough=E09000001&at=E05000001&measure=rate",
        "/map/map.svg",
        "/explore/?areas=E09000001.wards,zed",
        "/explore/?areas=E09000001.wards,zed&view=bar",
        "/explore/?areas=E09000001.wards,zed&view=multiples",
        "/explore/?areas=E09000001.wards,zed&view=heat",
        "/explore/areas/?areas=E05000001",
        "/explore/download.svg?areas=E09000001.wards,zed&view=multiples",
        "/search/?q=ward",
        "/priorities/",
        "/views/",
        "/views/1/rename/",
        "/views/1/delete/",
        "/data/",
        "/data/coverage/",
        "/data/imports/",
    ],
)
def test_hostile_names_are_shown_and_not_run(signed_in: Client, analyst: User, address: str) -> None:
    _world(analyst)
    page = signed_in.get(address, headers={"HX-Request": "true"} if "/explore/areas/" in address else {})
    assert page.status_code == 200
    kind = page["Content-Type"].partition(";")[0]
    if kind == "application/json":  # its texts become a page's HTML
        texts = [text for text in _texts(page.json()) if "<" in text and HOSTILE not in text]
        assert texts
    else:
        texts = [page.content.decode()]
        assert "&lt;script&gt;alert(1)" in texts[0]
    if kind == "image/svg+xml":
        names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(texts[0]).iter()}
        assert not names & {"script", "img", "image", "a", "foreignObject"}
    for text in texts:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert not re.search(r"<[^>]*\sonerror=", re.sub(r'"[^"]*"', '""', text)), "a quotation mark ends an attribute"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://evil.example")'])
def test_names_are_no_formulas_in_files(signed_in: Client, analyst: User, name: str) -> None:
    borough = _world(analyst)
    Area.objects.update(name=name)
    for path in ("/map/map.csv", "/explore/download.csv?areas=E09000001.wards"):
        answer = signed_in.get(path)
        cells = {cell for row in csv.reader(b"".join(answer).decode("utf-8-sig").splitlines()) for cell in row}
        assert f"'{name}" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-1", "@"))]
        assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer["Content-Disposition"])
    book = load_workbook(BytesIO(signed_in.get(f"/explore/download.xlsx?areas={borough.code}.wards").content))
    typed = {(cell.value, cell.data_type) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert (f"{name} (E05000001)", "s") in typed
    assert not [value for value, kind in typed if kind == "f"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _world(analyst: User) -> Any:
    """Two wards of a borough and their force, all with hostile names, and a saved view with another."""
    force: Any = factories.ForceFactory(code="zed", name=f"Force {HOSTILE}")
    borough: Any = factories.BoroughFactory(code="E09000001", name=f"Borough {HOSTILE}", parent=force)
    factories.BoundaryFactory(area=borough)
    wards: list[Any] = [
        factories.WardFactory(code=f"E0500000{number}", name=f"Ward {HOSTILE}", parent=borough) for number in (1, 2)
    ]
    for ward in wards:
        factories.BoundaryFactory(area=ward)
    publisher = factories.PublisherFactory(slug="zed", name=f"Police {HOSTILE}", area=force)
    run = factories.ImportRunFactory(title=f"Import {HOSTILE}")
    file = factories.ImportedFileFactory(run=run, name=f"{HOSTILE}.csv")
    for month in factories.months_from(SINCE, 13):
        factories.SliceFactory(publisher=publisher, month=month, file=file, source=Source.SEARCHES)
    for area in (force, borough, *wards):
        for slug in ("all-crime", "burglary"):
            summarise(area, slug, range(100, 113), since=SINCE, residents=10_000)
    SavedView.objects.create(pk=1, name=f"View {HOSTILE}", page="explore", query="areas=E09000001", created_by=analyst)
    return borough
