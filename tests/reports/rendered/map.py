"""Every figure on the map page, and in the data that its slider fetches, against the reference."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

from tests.reference import PARTIAL, Figure, World
from tests.reports.rendered.expected import Known, back, change, difference, n, rate
from tests.reports.rendered.reading import Page
from tests.reports.rendered.wards import wards_in_force


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
        now, before = known.at(known.scheme, code, slug, month), known.at(known.scheme, code, slug, back(month, 12))
        people = world.residents.get((code, month.year))
        starts = [known.at(known.scheme, code, slug, back(month, step)) for step in (11, 23)]
        texts = month_texts(now, before) if period == "month" else year_texts(now, before, people, starts)
        expected[row[0]] = texts
        assert row[1:] == texts, row
    by_name = {said.split(": ", 1)[0]: cells for _, said, cells, _ in data["areas"].values()}
    assert by_name == {ward: expected[ward] for ward in wards}
    assert data["total"] == expected[f"All of {name}"]
    key = " ".join(one.text() for one in page.main.classed("app-map-key__list"))
    shown = [int(number) for number in re.findall(r"\((\d+) wards?\)", key)]
    assert sum(shown) == len(wards), key
    said = said_by_shapes(page)
    assert said.keys() <= wards.keys()
    assert bool(said) == any(ward.polygons for ward in world.wards if ward.code in wards.values())
    earlier = f"in {'the 12 months to ' * (period == 'year')}{back(month, 12):%B %Y}"
    for ward, text in said.items():
        check_said(text, expected[ward], earlier)


def said_by_shapes(page: Page) -> dict[str, str]:
    """Area -> what its shape says to who points at it or reads it out."""
    shapes = [link for link in page.main.all("a") if "data-area" in link.attributes]
    labels = [" ".join(title.text() for title in link.all("title")) for link in shapes]
    return dict(label.split(": ", 1) for label in labels)


def check_said(said: str, texts: list[str], earlier: str) -> None:
    """The same as the table's cells, in words: what is not known is left out, but for the count."""
    count, was, moved, per = (text.rstrip("*†") for text in texts)
    first, *others = said.split("; ")
    if count == "–":
        assert first == "not known"
    else:
        assert first.split(" ")[0] == count, said
        assert first.endswith(", reported in part") == ("*" in texts[0]), said
    assert others == [
        *([f"{was} {earlier}"] if was != "–" else []),
        *([moved] if moved != "not known" else []),
        *([f"{per} per 1,000 residents"] if per != "–" else []),
    ], said


def check_file(
    rows: list[dict[str, str]], known: Known, world: World, areas: dict[str, str], month: date, slug: str, period: str
) -> None:
    """The CSV of the map: exact numbers, nothing where a figure is not known."""
    assert {row["Code"] for row in rows} == {*areas.values()}
    for row in rows:
        now, before = (known.at(known.scheme, row["Code"], slug, one) for one in (month, back(month, 12)))
        count, was, rate_per_1000 = now.count, now.same_month_last_year, now.rate_per_1000
        compared = None not in (count, was) and now.coverage != PARTIAL
        if period == "year":
            count, was = now.rolling_12, before.rolling_12
            people = world.residents.get((row["Code"], month.year))
            rate_per_1000 = None if count is None or not people else 1000 * count / people
            compared = None not in (count, was)
        name, *cells, per, part, _ = [*row.values()][1:]
        assert areas[name] == row["Code"]
        assert cells == [
            *("" if one is None else str(one) for one in (count, was)),
            str((count or 0) - (was or 0)) if compared else "",
        ], row
        assert per == "" if rate_per_1000 is None else abs(float(per) - rate_per_1000) < 0.001
        assert part == ("yes" if period == "month" and count is not None and now.coverage == PARTIAL else "")


def check_rates(page: Page, known: Known, world: World, wards: dict[str, str], month: date, slug: str) -> None:
    """A map that is shaded by rate: each shape and its label say the rate, and the key counts those that have one."""
    rates = {name: known.at(known.scheme, code, slug, month).rate_per_1000 for name, code in wards.items()}
    key = " ".join(one.text() for one in page.main.classed("app-map-key__list"))
    unknown = re.search(r"not known \((\d+) wards?\)", key)
    assert sum(one is None for one in rates.values()) == (int(unknown[1]) if unknown else 0)
    written = [rate(one) for one in rates.values() if one is not None]
    labels = [text.text() for one in page.main.classed("app-map__labels") for text in one.all("text")]
    labels = [label for label in labels if label != "–"]
    assert not Counter(labels) - Counter(written)  # where shapes are small, some labels are left out
    assert labels or not written


def check_lsoas(
    page: Page, lsoas: dict[str, str], counts: Counter[tuple[str, str, date]], known: Known, world: World, name: str,
    borough: str, month: date, slug: str, period: str,
) -> None:  # fmt: skip
    """The table of LSOAs (`lsoas`: name -> code), and how many of the borough's crimes lie in none of them."""
    window = [back(month, step) for step in range(12 if period == "year" else 1)]
    (table,) = page.tables()
    assert sorted(row[0] for row in table.rows[:-1]) == sorted(lsoas)
    assert table.rows[-1][0] == f"All of {name}"
    shown = 0
    for row in table.rows[:-1]:
        code = lsoas[row[0]]
        (value, part), (was, was_part) = (
            lsoa_sum(counts, known, borough, code, slug, [back(one, years) for one in window]) for years in (0, 12)
        )
        people = world.residents.get((code, month.year))
        compared = "not known" if value is None or was is None else difference(value, was)
        if value is not None and was is not None and (part or was_part):
            compared = "not compared"
        per = rate(None if value is None or not people else 1000 * value / people)
        assert row[2:] == [n(value) + "*" * part, n(was), compared, per], row
        shown += value or 0
    now = known.at(known.scheme, borough, slug, month)
    whole = now.count if period == "month" else now.rolling_12
    said = re.search(r"([\d,]+) [^.]+ in no area here: published without an LSOA code", page.text)
    assert (int(said[1].replace(",", "")) if said else 0) == (max(whole - shown, 0) if whole is not None else 0)


def lsoa_sum(
    counts: Counter[tuple[str, str, date]], known: Known, borough: str, code: str, slug: str, window: list[date]
) -> tuple[int | None, bool]:
    """(count of the months, reported in part): known where the borough's figure is; a sum takes whole months only."""
    figures = [known.at(known.scheme, borough, slug, month) for month in window]
    part = any(figure.coverage == PARTIAL and figure.count is not None for figure in figures)
    if any(figure.count is None for figure in figures) or (part and len(window) > 1):
        return None, False
    return sum(counts[code, slug, month] for month in window), part


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
