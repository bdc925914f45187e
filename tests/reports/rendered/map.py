"""Every figure on the map page, and in the data that its slider fetches, against the reference."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tests.reference import PARTIAL, Figure, World
from tests.reports.rendered.expected import Known, back, change, difference, n, rate
from tests.reports.rendered.reading import Page
from tests.reports.rendered.wards import wards_in_force

SCHEME = "police.uk"


def check_map(
    page: Page, data: dict[str, Any], known: Known, world: World, borough: str, name: str, month: date, slug: str,
    period: str,
) -> None:  # fmt: skip
    """The table, what each shape says, the key's counts, and the same in the JSON."""
    wards = wards_in_force(world, borough, month)
    areas = {**wards, f"All of {name}": borough}
    (table,) = page.tables()
    assert sorted(row[0] for row in table.rows) == sorted(areas)
    expected = {}
    for row in table.rows:
        code = areas[row[0]]
        now, before = known.at(SCHEME, code, slug, month), known.at(SCHEME, code, slug, back(month, 12))
        people = world.residents.get((code, month.year))
        starts = [known.at(SCHEME, code, slug, back(month, step)) for step in (11, 23)]
        texts = month_texts(now, before) if period == "month" else year_texts(now, before, people, starts)
        expected[row[0]] = texts
        assert row[1:] == texts, row
    by_name = {said.split(": ", 1)[0]: cells for _, said, cells, _ in data["areas"].values()}
    assert by_name == {ward: expected[ward] for ward in wards}
    assert data["total"] == expected[f"All of {name}"]
    key = " ".join(one.text() for one in page.main.classed("app-map-key__list"))
    shown = [int(number) for number in re.findall(r"\((\d+) wards?\)", key)]
    assert sum(shown) == len(wards), key
    for link in page.main.all("a"):
        ward, colon, said = link.attributes.get("aria-label", "").partition(": ")
        if colon and ward in wards:
            count = expected[ward][0].rstrip("*†")
            assert said.startswith("not known" if count == "–" else f"{count} "), said


def month_texts(now: Figure, before: Figure) -> list[str]:
    """Count, a year before, change, rate."""
    marks = "*" * (now.coverage == PARTIAL) + "†" * now.converted if now.count is not None else ""
    return [n(now.count) + marks, dagger(now.same_month_last_year, before), change(now), rate(now.rate_per_1000)]


def dagger(count: int | None, *months: Figure) -> str:
    """A count, marked where one of the months was converted."""
    return n(count) + "†" * (count is not None and any(month.converted for month in months))


def year_texts(now: Figure, before: Figure, people: int | None, starts: list[Figure]) -> list[str]:
    """The same of twelve months; `starts` are the first months of both."""
    year, was = now.rolling_12, before.rolling_12
    per = rate(None if year is None or not people else 1000 * year / people)
    moved = "not known" if year is None or was is None else difference(year, was)
    return [dagger(year, now, starts[0]), dagger(was, before, starts[1]), moved, per]
