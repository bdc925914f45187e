"""True answers for the documentation; a test holds each against its schema and against a real answer's fields."""

from __future__ import annotations

from typing import Any

_GOOSHAYS = {
    "code": "E05000310",
    "name": "Gooshays",
    "kind": "ward",
    "parent": "E09000016",
    "valid_from": "2002-05-02",
    "valid_to": "2022-05-05",
}
AREAS: dict[str, Any] = {"next": "https://example.org/api/v1/areas/?kind=ward&limit=1&offset=1", "results": [_GOOSHAYS]}
AREA: dict[str, Any] = {
    **_GOOSHAYS,
    "populations": [{"year": 2015, "residents": 16131, "source": "ONS ward population estimates"}],
    "boundaries": [
        {
            "valid_from": None,
            "valid_to": "2022-05-05",
            "bbox": [0.2066, 51.5958, 0.2581, 51.6288],
            "source": "London wards 2018",
        }
    ],
}
BOUNDARIES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "bbox": [0.2066, 51.5958, 0.2581, 51.6288],
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[0.2066, 51.6], [0.2581, 51.5958], [0.24, 51.6288], [0.2066, 51.6]]],
            },
            "properties": {
                "code": "E05000310",
                "name": "Gooshays",
                "kind": "ward",
                "parent": "E09000016",
                "valid_from": None,
                "valid_to": "2022-05-05",
                "source": "London wards 2018",
            },
        }
    ],
    "next": None,
}
_NO_FLAGS = {
    "violence": False,
    "victim_reported": False,
    "found_by_police": False,
    "drug_possession": False,
    "drug_supply": False,
}
CATEGORIES: dict[str, Any] = {
    "next": None,
    "results": [
        {
            "scheme": "police.uk",
            "slug": "violent-crime",
            "name": "Violence and sexual offences",
            "is_group": False,
            "parent": None,
            "members": [],
            "aliases": ["violence"],
            "in_totals": True,
            **_NO_FLAGS,
            "violence": True,
            "victim_reported": True,
        },
        {
            "scheme": "police.uk",
            "slug": "found-by-police",
            "name": "Crime found by police",
            "is_group": True,
            "parent": None,
            "members": ["drugs", "possession-of-weapons"],
            "aliases": [],
            "in_totals": True,
            **_NO_FLAGS,
        },
    ],
}
COVERAGE: dict[str, Any] = {
    "next": None,
    "results": [
        {
            "source": "street",
            "publisher": "btp",
            "month": "2016-04",
            "scope": "",
            "state": "reported",
            "rows": 4321,
            "release": None,
            "loaded": "2026-11-02T06:12:44+00:00",
        },
        {
            "source": "street",
            "publisher": "btp",
            "month": "2016-05",
            "scope": "",
            "state": "missing",
            "rows": None,
            "release": None,
            "loaded": None,
        },
    ],
}


def _figures(scheme: str, category: str, count: int) -> dict[str, Any]:
    row = {
        "area": "E05000310",
        "scheme": scheme,
        "category": category,
        "month": "2017-04",
        "count": count,
        "previous_month": 11,
        "same_month_last_year": 14,
        "rolling_12": 131,
        "rate_per_1000": count / 16.131,
        "coverage": "complete",
        "converted": False,
    }
    unknown = {
        **row,
        "month": "2017-05",
        "count": None,
        "previous_month": count,
        "same_month_last_year": 9,
        "rolling_12": None,
        "rate_per_1000": None,
        "coverage": "missing",
    }
    return {"next": None, "results": [row, unknown]}


SUMMARIES = _figures("police.uk", "burglary", 13)
SEARCHES = _figures("search", "controlled-drugs", 12)
OUTCOMES = _figures("outcome", "charged-or-summonsed", 10)
_RUN = {
    "id": 7,
    "title": "2016-04-metropolitan-street.csv",
    "state": "done",
    "started": "2026-11-02T06:12:40+00:00",
    "finished": "2026-11-02T06:12:44+00:00",
    "stored": 1,
    "unchanged": 0,
    "refused": 0,
    "rows_read": 81234,
    "rows_kept": 81230,
    "rows_rejected": 4,
}
IMPORTS: dict[str, Any] = {"next": None, "results": [_RUN]}
IMPORT: dict[str, Any] = {
    **_RUN,
    "next": None,
    "files": [
        {
            "id": 12,
            "name": "2016-04/2016-04-metropolitan-street.csv",
            "format": "police.uk street",
            "state": "stored",
            "message": "",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "size": 16246800,
            "rows_read": 81234,
            "rows_kept": 81230,
            "rows_rejected": 4,
            "quality": {
                "without_location": 1909,
                "unknown_lsoas": {},
                "by_category": {"Burglary": 5012},
                "notes": [],
                "changes": [],
            },
        }
    ],
}
VERSION: dict[str, Any] = {
    "data_version": 42,
    "changed": "2026-11-02T06:12:44+00:00",
    "last_import": {"id": 7, "title": "2016-04-metropolitan-street.csv", "finished": "2026-11-02T06:12:44+00:00"},
}
