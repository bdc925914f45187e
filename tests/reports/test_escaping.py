"""Names come from files of strangers: no page runs them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

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
        "/data/",
        "/data/coverage/",
        "/data/imports/",
    ],
)
def test_hostile_names_are_shown_and_not_run(signed_in: Client, address: str) -> None:
    force = factories.ForceFactory(code="zed", name=f"Force {HOSTILE}")
    borough = factories.BoroughFactory(code="E09000001", name=f"Borough {HOSTILE}", parent=force)
    ward = factories.WardFactory(code="E05000001", name=f"Ward {HOSTILE}", parent=borough)
    factories.BoundaryFactory(area=ward)
    publisher = factories.PublisherFactory(slug="zed", name=f"Police {HOSTILE}", area=force)
    run = factories.ImportRunFactory(title=f"Import {HOSTILE}")
    file = factories.ImportedFileFactory(run=run, name=f"{HOSTILE}.csv")
    for month in factories.months_from(SINCE, 13):
        factories.SliceFactory(publisher=publisher, month=month, file=file)
    for area in (force, borough, ward):
        summarise(area, "all-crime", range(100, 113), since=SINCE, residents=10_000)
    page = signed_in.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
