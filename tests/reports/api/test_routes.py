"""The other routes: areas, shapes, categories, coverage, imports, version."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hotspots import categories
from hotspots.models import Boundary
from tests.factories import BoundaryFactory, ImportedFileFactory, ImportRunFactory, SliceFactory, WardFactory


def get(client: Client, path: str) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return response.json()


GOOSHAYS = {
    "code": "E05800308",
    "name": "Gooshays",
    "kind": "ward",
    "parent": "E09800016",
    "valid_from": "2002-05-02",
    "valid_to": "2022-05-05",
}


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("kind=ward", ["E05800308", "E05800311"]),
        ("parent=metropolitan", ["E09800016"]),
        ("kind=ward&in_force=2022-05-04", ["E05800308", "E05800311"]),
        ("kind=ward&in_force=2022-05-05", ["E05800311"]),
        ("kind=ward&in_force=2002-05-02", ["E05800308"]),
        ("q=goosh", ["E05800308"]),
        ("q=e0980", ["E09800016"]),
        ("q=%25", []),
        ("kind=country", []),
    ],
)
def test_areas_are_filtered(api: Client, world: SimpleNamespace, query: str, codes: list[str]) -> None:
    assert [row["code"] for row in get(api, f"areas/?{query}")["results"]] == codes


def test_areas_page_and_row(api: Client, world: SimpleNamespace) -> None:
    page = get(api, "areas/?kind=ward&limit=1")
    assert page["results"] == [GOOSHAYS]
    assert api.get(page["next"]).json()["results"][0]["code"] == "E05800311"


def test_one_area(api: Client, world: SimpleNamespace) -> None:
    assert get(api, "areas/E05800308/") == {
        **GOOSHAYS,
        "populations": [{"year": 2015, "residents": 16131, "source": "Test census"}],
        "boundaries": [
            {
                "valid_from": start,
                "valid_to": end,
                "bbox": [0.2, 51.5, 0.3, north],
                "source": "Test boundaries",
            }
            for start, end, north in (("2022-05-05", None, 51.7), (None, "2022-05-05", 51.6))
        ],
    }


@pytest.mark.parametrize("path", ["areas/E05800308/boundary/", "boundaries/", "boundaries/?kind=ward&parent=E09800016"])
def test_boundaries_are_geojson(api: Client, world: SimpleNamespace, path: str) -> None:
    response = api.get(f"/api/v1/{path}")
    assert response["Content-Type"] == "application/geo+json"
    collection = response.json()
    assert (collection["type"], collection["next"]) == ("FeatureCollection", None)
    newer, older = collection["features"]
    shape = Boundary.objects.get(valid_from=None)
    assert older == {
        "type": "Feature",
        "bbox": [0.2, 51.5, 0.3, 51.6],
        "geometry": shape.outline,
        "properties": {**GOOSHAYS, "valid_from": None, "source": "Test boundaries"},
    }
    assert newer["properties"]["valid_from"] == "2022-05-05"


def test_boundaries_on_a_day_and_page_by_page(api: Client, world: SimpleNamespace) -> None:
    def norths(path: str) -> list[float]:
        return [feature["bbox"][3] for feature in get(api, path)["features"]]

    assert norths("boundaries/?on=2022-05-04") == [51.6]
    assert norths("areas/E05800308/boundary/?on=2022-05-05") == [51.7]
    assert norths("areas/E05800311/boundary/") == []
    page = get(api, "boundaries/?limit=1")
    assert [*page["features"], *api.get(page["next"]).json()["features"]] == get(api, "boundaries/")["features"]


def test_categories_are_the_registry(api: Client, world: SimpleNamespace) -> None:
    rows = {(row["scheme"], row["slug"]): row for row in get(api, "categories/")["results"]}
    assert len(rows) == len(categories.DEFINITIONS)
    violence = rows["police.uk", "violent-crime"]
    assert violence == {
        "scheme": "police.uk",
        "slug": "violent-crime",
        "name": "Violence and sexual offences",
        "is_group": False,
        "parent": None,
        "members": [],
        "aliases": ["violence"],
        "in_totals": True,
        "violence": True,
        "victim_reported": True,
        "found_by_police": False,
        "drug_possession": False,
        "drug_supply": False,
    }
    assert rows["police.uk", "found-by-police"]["members"] == ["drugs", "possession-of-weapons"]
    assert rows["mps", "arson"]["parent"] == "major-arson-and-criminal-damage"
    assert rows["mps", "nfib-fraud"]["in_totals"] is False
    only = get(api, "categories/?scheme=search")["results"]
    assert {row["scheme"] for row in only} == {"search"}


def test_coverage_says_what_is_missing(api: Client, world: SimpleNamespace) -> None:
    rows = get(api, "coverage/")["results"]
    assert [(row["publisher"], row["month"], row["state"], row["rows"]) for row in rows] == [
        ("btp", "2016-04", "extract", 10),
        ("metropolitan", "2016-04", "reported", 100),
        ("metropolitan", "2016-05", "missing", None),
        ("metropolitan", "2016-06", "reported", 100),
    ]
    assert rows[1] == {
        "source": "street",
        "publisher": "metropolitan",
        "month": "2016-04",
        "scope": "",
        "state": "reported",
        "rows": 100,
        "release": None,
        "loaded": "2026-11-02T06:12:44+00:00",
    }
    assert rows[2]["loaded"] is None


@pytest.mark.parametrize(
    ("query", "length"),
    [("source=outcomes", 1), ("source=mps-ward", 0), ("publisher=btp", 1), ("from=2016-05&to=2016-05", 1)],
)
def test_coverage_is_filtered(api: Client, world: SimpleNamespace, query: str, length: int) -> None:
    assert len(get(api, f"coverage/?{query}")["results"]) == length


def test_imports_newest_first(api: Client, world: SimpleNamespace) -> None:
    running, failed = get(api, "imports/")["results"]
    assert (running["title"], running["state"], running["finished"]) == ("May", "running", None)
    assert failed == {
        "id": world.run.pk,
        "title": "+April",
        "state": "failed",
        "started": "2026-11-02T06:12:44+00:00",
        "finished": "2026-11-02T06:12:44+00:00",
        "stored": 1,
        "unchanged": 1,
        "refused": 1,
        "rows_read": 10,
        "rows_kept": 8,
        "rows_rejected": 2,
    }


def test_one_import_with_its_files(api: Client, world: SimpleNamespace) -> None:
    run = get(api, f"imports/{world.run.pk}/")
    assert run["rows_read"] == 10
    stored, _, refused = run["files"]
    assert stored == {
        "id": world.file.pk,
        "name": world.file.name,
        "format": "police.uk street",
        "state": "stored",
        "message": "",
        "sha256": world.file.sha256,
        "size": 1000,
        "rows_read": 10,
        "rows_kept": 8,
        "rows_rejected": 2,
        "quality": {"notes": ["One."]},
    }
    assert refused["message"] == "It is a PNG picture."
    page = get(api, f"imports/{world.run.pk}/?limit=2")
    assert [*page["files"], *api.get(page["next"]).json()["files"]] == run["files"]


def test_version(api: Client, world: SimpleNamespace) -> None:
    version = get(api, "version/")
    assert version["data_version"] == 1
    assert version["changed"] is not None
    assert version["last_import"] == {
        "id": world.run.pk,
        "title": "+April",
        "finished": "2026-11-02T06:12:44+00:00",
    }


def test_version_before_any_data(api: Client) -> None:
    assert get(api, "version/") == {"data_version": 0, "changed": None, "last_import": None}


@pytest.mark.parametrize("path", ["areas/", "boundaries/", "coverage/", "summaries/", "imports/"])
def test_nothing_loaded_is_an_empty_list(api: Client, path: str) -> None:
    answer = get(api, path)
    assert answer["next"] is None
    assert answer.get("results", answer.get("features")) == []


@pytest.mark.parametrize(
    ("path", "column", "value"),
    [
        ("areas/?q=heaton", "name", "'=Heaton"),
        ("imports/?offset=1", "title", "'+April"),
        ("categories/?scheme=police.uk", "is_group", "false"),
        ("coverage/?from=2016-05&to=2016-05", "rows", ""),
        ("coverage/?publisher=metropolitan", "loaded", "2026-11-02T06:12:44+00:00"),
    ],
)
def test_lists_as_csv_run_no_formula(api: Client, world: SimpleNamespace, path: str, column: str, value: str) -> None:
    answer = get(api, path)
    response = api.get(f"/api/v1/{path}&format=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))
    assert list(rows[0]) == list(answer["results"][0])
    assert len(rows) == len(answer["results"])
    assert rows[0][column] == value


def test_members_of_a_group_as_csv(api: Client, db: None) -> None:
    response = api.get("/api/v1/categories/?scheme=police.uk&format=csv")
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(response.content.decode(), newline=""))}
    assert rows["found-by-police"]["members"] == "drugs possession-of-weapons"


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("areas/", 2),
        ("areas/E05800308/", 4),
        ("areas/E05800308/boundary/", 3),
        ("boundaries/", 2),
        ("categories/", 1),
        ("coverage/", 2),
        ("imports/", 1),
        ("version/", 2),
    ],
)
def test_queries_do_not_grow_with_rows(
    by_key: Client,
    world: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    by_key.get("/api/v1/version/")  # writes when the key was last used
    with django_assert_num_queries(1 + queries):  # one for the key
        get(by_key, path)
    for number in range(18):
        ward = WardFactory(parent=world.borough)
        BoundaryFactory(area=ward)
        ImportedFileFactory(run=ImportRunFactory())
        SliceFactory(file=world.file)
        BoundaryFactory(area=world.ward, valid_from=f"20{30 + number}-01-01")
    with django_assert_num_queries(1 + queries):
        get(by_key, path)


def test_one_import_takes_two_queries(
    by_key: Client, world: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by_key.get("/api/v1/version/")
    with django_assert_num_queries(3):
        get(by_key, f"imports/{world.run.pk}/")
