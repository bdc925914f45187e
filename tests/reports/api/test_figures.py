"""/summaries/, /searches/, /outcomes/: what each field says, and what is refused."""

from __future__ import annotations

import csv
import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reports.models import MonthlySummary
from tests.factories import WardFactory, summarise

SUMMARIES = "/api/v1/summaries/"


def results(client: Client, query: str, path: str = SUMMARIES) -> list[dict[str, Any]]:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200, response.content
    return response.json()["results"]


def errors(client: Client, query: str, path: str = SUMMARIES) -> dict[str, list[str]]:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["errors"]


def test_each_field_is_the_stored_figure(api: Client, world: SimpleNamespace) -> None:
    rows = results(api, "area=E05800308&category=burglary")
    stored = MonthlySummary.objects.filter(area=world.ward, category_id=3).order_by("month")
    assert len(rows) == stored.count() == 17
    words = {0: "missing", 1: "partial", 2: "without-transport-police", 3: "complete"}
    for row, kept in zip(rows, stored, strict=True):
        assert row == {
            "area": "E05800308",
            "scheme": "police.uk",
            "category": "burglary",
            "month": f"{kept.month:%Y-%m}",
            "count": kept.count,
            "previous_month": kept.previous_month,
            "same_month_last_year": kept.same_month_last_year,
            "rolling_12": kept.rolling_12,
            "rate_per_1000": kept.rate_per_1000,
            "coverage": words[kept.coverage],
            "converted": kept.converted,
        }


def test_unknown_is_null_and_zero_is_zero(api: Client, world: SimpleNamespace) -> None:
    april, may, june, _, august, *_ = results(api, "area=E05800308&category=burglary")
    assert (june["count"], june["rate_per_1000"], june["coverage"]) == (None, None, "missing")
    assert (august["count"], august["rate_per_1000"]) == (0, 0.0)
    assert (april["coverage"], april["previous_month"], april["rolling_12"]) == ("partial", None, None)
    assert (april["converted"], may["converted"]) == (False, True)
    assert april["rate_per_1000"] == pytest.approx(12 / 16.131)


def test_month_range_is_inclusive(api: Client, world: SimpleNamespace) -> None:
    rows = results(api, "area=E05800308&category=burglary&from=2016-05&to=2016-07")
    assert [row["month"] for row in rows] == ["2016-05", "2016-06", "2016-07"]
    assert results(api, "area=E05800308&from=2999-01") == []
    assert results(api, "area=E05800308&from=0001-01&to=9999-12&category=burglary&limit=1")[0]["month"] == "2016-04"


def test_areas_by_code_kind_and_parent(api: Client, world: SimpleNamespace) -> None:
    def found(query: str) -> set[str]:
        return {row["area"] for row in results(api, f"category=burglary&{query}")}

    assert found("area=E05800308&area=E05800311") == {"E05800308", "E05800311"}
    assert found("kind=ward&parent=E09800016") == {"E05800308", "E05800311"}
    assert found("parent=E09800016") == {"E05800308", "E05800311"}
    assert found("") == {"E05800308", "E05800311"}
    assert found("kind=borough") == set()
    assert found("area=E05800308&kind=borough") == set()
    assert found("area=E01800001") == set()


def test_group_aliases_and_repeated_categories(api: Client, world: SimpleNamespace) -> None:
    rows = results(api, "area=E05800308&category=violence&category=burglary&to=2016-04")
    assert [row["category"] for row in rows] == ["burglary", "violent-crime"]


def test_each_scheme_on_its_own_route(api: Client, world: SimpleNamespace) -> None:
    assert [row["count"] for row in results(api, "area=E05800308", "/api/v1/searches/")] == [3, 2]
    assert [row["category"] for row in results(api, "area=E05800308", "/api/v1/outcomes/")] == ["charged"]
    assert [row["scheme"] for row in results(api, "area=E05800308&scheme=mps")] == ["mps"]
    assert errors(api, "scheme=mps", "/api/v1/searches/").keys() == {"scheme"}


def test_pages_join_up_without_gap_or_repeat(api: Client, world: SimpleNamespace) -> None:
    whole = results(api, "kind=ward")
    walked, address, pages = [], f"{SUMMARIES}?kind=ward&limit=20", 0
    while address:
        response = api.get(address)
        walked += response.json()["results"]
        address, pages = response.json()["next"], pages + 1
        assert response.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert walked == whole
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("area=E05999999", "area", "no area with the code E05999999"),
        ("area=E05999999&kind=ward", "area", "no area with the code E05999999"),
        ("area=%00", "area", "not an area code"),
        ("parent=E09999999", "parent", "no area with the code E09999999"),
        ("category=burglery", "category", "The scheme police.uk has no category burglery"),
        ("category=arson", "category", "The scheme police.uk has no category arson"),
        ("scheme=met", "scheme", "none of: police.uk, mps, search, outcome"),
        ("kind=town", "kind", "none of: country"),
        ("from=2016-4", "from", "'2016-4' is not a month of the form 2016-04"),
        ("from=0000-01", "from", "not a month"),
        ("to=2016-13", "to", "not a month"),
        ("from=2017-01&to=2016-12", "from", "must not be after"),
        ("from=2016-01&from=2016-02", "from", "once"),
        ("form=2016-01", "form", "no such parameter"),
        ("limit=0", "limit", "whole number from 1 to 10000"),
        ("limit=10001", "limit", "whole number from 1 to 10000"),
        ("offset=-1", "offset", "whole number"),
        ("limit=", "limit", "whole number"),
        ("format=xml", "format", "answers in: json, csv"),
    ],
)
def test_bad_parameters_are_named(api: Client, world: SimpleNamespace, query: str, parameter: str, says: str) -> None:
    found = errors(api, query)
    assert list(found) == [parameter]
    assert says in found[parameter][0]


def test_every_bad_parameter_is_named_at_once(api: Client, world: SimpleNamespace) -> None:
    assert errors(api, "from=soon&kind=town&colour=red").keys() == {"from", "kind", "colour"}


@pytest.mark.parametrize("how", ["format", "accept"])
def test_csv_has_the_same_figures_and_empty_unknowns(api: Client, world: SimpleNamespace, how: str) -> None:
    query = f"{SUMMARIES}?area=E05800308&category=burglary"
    response = api.get(query + "&format=csv") if how == "format" else api.get(query, headers={"accept": "text/csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))
    assert rows == [
        {k: "" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for k, v in row.items()}
        for row in results(api, "area=E05800308&category=burglary")
    ]


def test_queries_do_not_grow_with_areas(
    by_key: Client, world: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by_key.get(SUMMARIES)  # writes when the key was last used
    with django_assert_num_queries(4):  # key, data version, areas, figures
        assert len(results(by_key, "kind=ward&category=burglary")) == 34
    for _ in range(18):
        summarise(WardFactory(parent=world.borough), "burglary", [1], since=date(2016, 4, 1))
    with django_assert_num_queries(4):
        assert len(results(by_key, "kind=ward&category=burglary")) == 52
