"""A small borough to explore, and how to read what the page and its files show of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import unescape

from hotspots import categories
from hotspots.models import Area, Source
from tests import factories
from tests.factories import PARTIAL, months_from, summarise

SINCE = date(2015, 4, 1)
MONTHS = months_from(SINCE, 36)
LAST = MONTHS[-1]
RESIDENTS = 10_000
CODES = {"Gooshays": "E05000310", "Heaton": "E05000312", "Upminster": "E05000319"}


def counts(ward: str, category: str) -> list[int | None]:
    """The stored counts: Heaton has an unknown month, Upminster small numbers and zeros."""
    base = {"Gooshays": 40, "Heaton": 25, "Upminster": 0}[ward] + {"all-crime": 100, "burglary": 0, "robbery": 5}[
        category
    ]
    made: list[int | None] = [base + (7 * index) % 11 for index in range(36)]
    if ward == "Upminster" and category != "all-crime":
        made = [index % 3 for index in range(36)]
    if ward == "Heaton":
        made[20] = None
    return made


def havering() -> Area:
    """Three wards that closed in 2022, with three categories each, in a borough of the Metropolitan Police.
    Gooshays has a month in part. A fourth ward has no figures."""
    force = factories.ForceFactory(code="metropolitan", name="Metropolitan Police Service")
    met = factories.PublisherFactory(slug="metropolitan", name="Metropolitan Police Service", area=force)
    borough = factories.BoroughFactory(name="Havering", code="E09000016", parent=force, home=met)
    factories.SliceFactory(publisher=met, month=LAST)
    factories.SliceFactory(publisher=met, month=LAST, source=Source.SEARCHES)
    summarise(borough, "all-crime", range(900, 936), since=SINCE)
    summarise(borough, "all-searches", range(300, 336), since=SINCE, scheme=categories.SEARCH)
    for name, code in CODES.items():
        ward = factories.WardFactory(parent=borough, name=name, code=code, valid_to=date(2022, 5, 5))
        part = {MONTHS[30]: int(PARTIAL)} if name == "Gooshays" else None
        for category in ("all-crime", "burglary", "robbery"):
            summarise(ward, category, counts(name, category), since=SINCE, residents=RESIDENTS, coverage=part)
    factories.WardFactory(parent=borough, name="Hacton", code="E05000311", valid_to=date(2022, 5, 5))
    return borough


def usable(ward: str, category: str) -> list[int | None]:
    """The counts that may be compared and added up."""
    made = counts(ward, category)
    if ward == "Gooshays":
        made[30] = None
    return made


def text(html: str) -> str:
    """What a reader reads, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def table(html: str) -> list[list[str]]:
    """The cells of the page's table, row by row, heads included."""
    found = re.search(r'<table[^>]*id="figures".*?</table>', html, re.S)
    assert found
    rows = re.findall(r"<tr>(.*?)</tr>", found[0], re.S)
    return [[text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]


def columns(rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """A table with a row a month, as head -> cells."""
    return {head: [row[index] for row in rows[1:]] for index, head in enumerate(rows[0])}
