"""Figures at their ends: one month, fifteen years, nothing, one crime, no shape, no residents. Pages show them all."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.factories import summarise

SINCE = date(2010, 12, 1)
PAGES = (
    "/",
    "/wards/",
    "/wards/?show=rate&sort=-change",
    "/boroughs/E09000016/?months=all",
    "/wards/E05000001/?months=all&lines=years",
    "/wards/E05000001/?scale=same",
    "/wards/E05000002/",
    "/map/",
    "/map/?period=year&measure=rate&classes=fixed&number=7",
    "/map/?classes=equal&at=E05000001",
    "/map/data/?measure=rate",
    "/map/map.svg",
    "/map/map.csv",
    *(
        f"/explore/?areas=E09000016.wards,E09000016&from=all&measure={measure}&view={view}"
        for measure in ("rate", "index", "share", "rolling", "change")
        for view in ("bar", "multiples", "heat")
    ),
    "/explore/?areas=E09000016.wards,E09000016&from=all",
    "/explore/download.xlsx?areas=E09000016.wards&from=all&measure=share",
    "/explore/download.svg?areas=E09000016.wards&from=all&measure=index&view=heat",
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counts", "residents"),
    [
        ([0], 1),
        ([1], None),
        ([None], 10_000),
        ([0] * 30, 10_000),
        ([None] * 13 + [1], None),
        ([0] * 24 + [1], 1),
        ([None, 5, None] * 9, 0),
        ([100_000_000] * 13, 1),
        ([n % 50 for n in range(184)], 10_000),
    ],
    ids=["no crime", "one crime", "unknown", "zeros", "one known", "one of zeros", "gaps", "huge", "15 years"],
)
def test_every_page_shows_it(signed_in: Client, counts: list[int | None], residents: int | None) -> None:
    borough: Any = factories.BoroughFactory(code="E09000016", name=("Havering and " * 7)[:80].strip(), parent=None)
    factories.BoundaryFactory(area=borough)
    closed: Any = factories.WardFactory(code="E05000002", parent=borough, valid_to=date(2010, 11, 5))
    wards: list[Any] = [
        factories.WardFactory(code=f"E0500000{number}", parent=borough, valid_from=date(2010, 11, 5))
        for number in (1, 3)
    ]
    factories.BoundaryFactory(area=wards[0])  # the other has no shape
    for area in (borough, closed, wards[0]):
        for slug in ("all-crime", "burglary"):
            summarise(area, slug, counts, since=SINCE, residents=residents)
    wrong = []
    for path in PAGES:
        answer = signed_in.get(path)
        if answer.status_code != 200:
            wrong.append(f"{path}: status {answer.status_code}")
        elif answer["Content-Type"].startswith(("text/html", "image/svg")):
            said = unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", answer.content.decode(), flags=re.DOTALL))
            drawn = re.findall(r'="([^"]*\b(?:nan|inf)\b[^"]*)"', answer.content.decode())
            wrong += [f"{path}: says {word}" for word in re.findall(r"\b(?:nan|inf|NaN)\b", said)]
            wrong += [f"{path}: draws {text[:80]}" for text in drawn]
    assert not wrong, "\n".join(wrong)
