"""What is kept for all holds nothing of the one who asked first, not even how the address was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hotspots.models import Area
from reports.forms import WardsForm
from reports.forms.map import MapForm
from tests import factories
from tests.factories import summarise

SINCE = date(2016, 4, 1)


@pytest.fixture
def borough(db: None) -> Area:
    made: Any = factories.BoroughFactory(name="Havering", code="E09000016")
    for number in (1, 2):
        ward = factories.WardFactory(parent=made, code=f"E0500000{number}", valid_from=date(2016, 5, 5))
        factories.BoundaryFactory(area=ward)
        for slug in ("all-crime", "burglary"):
            summarise(ward, slug, range(20, 44), since=SINCE, residents=10_000)
    for slug in ("all-crime", "burglary"):
        summarise(made, slug, range(100, 124), since=SINCE, residents=100_000)
    return made


@pytest.mark.parametrize(
    ("path", "typed", "plain"),
    [
        ("/", "borough=E09000016{}&month=2018-01", "borough=E09000016&month=2018-01"),
        ("/wards/", "borough={}E09000016&category=burglary{}", "borough=E09000016&category=burglary"),
        ("/wards/", "borough=E09000016&wards=2016-5-5{}", "borough=E09000016&wards=2016-05-05"),
        ("/map/", "borough=E09000016{}&category={}burglary", "borough=E09000016&category=burglary"),
        ("/map/data/", "borough=E09000016{}&wards=2016-5-5", "borough=E09000016&wards=2016-05-05"),
        ("/wards/E05000001/", "category=burglary{}", "category=burglary"),
    ],
)
def test_content_does_not_depend_on_how_its_address_was_typed(
    signed_in: Client, borough: Area, path: str, typed: str, plain: str
) -> None:
    """Else one reader could put 5,000 spaces into every link that all the others get."""
    first = signed_in.get(f"{path}?{typed.replace('{}', '+' * 5_000)}", headers={"HX-Request": "true"})
    assert first.status_code == 200
    kept = signed_in.get(f"{path}?{plain}", headers={"HX-Request": "true"}).content
    assert kept == first.content, "both are the same content"
    factories.next_data_version()
    anew = signed_in.get(f"{path}?{plain}", headers={"HX-Request": "true"}).content
    assert anew == kept


def test_the_whole_page_and_its_region_are_told_apart(signed_in: Client, borough: Area) -> None:
    for headers in ({}, {"HX-Request": "true"}, {}):
        answer = signed_in.get("/map/?borough=E09000016", headers=headers)
        assert (b"<html" in answer.content) is not bool(headers)
        assert "HX-Request" in answer["Vary"]


@given(st.lists(st.floats(0, 1e9, exclude_max=True), max_size=7, unique=True).map(sorted))
def test_limits_of_classes_come_back_to_the_last_digit(limits: list[float]) -> None:
    """An area's figure on the limit of its class stays in that class."""
    form = MapForm(QueryDict(f"limits={','.join(map(str, limits))}"))
    assert form.is_valid()
    again = MapForm(form.query())
    assert again.is_valid()
    assert again.cleaned_data["limits"] == tuple(limits)


def test_an_address_is_written_anew_without_what_is_usual() -> None:
    form = WardsForm(QueryDict("month=2017-03&wards=2016-5-5&category=+burglary+&sort=name&show=month&unknown=1"))
    assert form.is_valid()
    assert form.query() == {"month": "2017-03", "wards": "2016-05-05", "category": "burglary"}
