"""Every figure on the wards page against the reference."""

from __future__ import annotations

import re
from datetime import date

from tests.reference import PARTIAL, World
from tests.reports.rendered.expected import Known, back, capital, change, n, rate
from tests.reports.rendered.reading import Page, Table, month_of


def wards_in_force(world: World, borough: str, day: date) -> dict[str, str]:
    """Name -> code of the newest ward set that has begun on the day, else of the oldest."""
    own = [ward for ward in world.wards if ward.parent == borough]
    days = sorted({ward.valid_from or date.min for ward in own})
    begun = [since for since in days if since <= day] or days[:1]
    return {ward.name: ward.code for ward in own if (ward.valid_from or date.min) == begun[-1]}


def check_wards(page: Page, known: Known, world: World, borough: str, name: str, month: date, slug: str) -> None:
    """The table, the map, and the sentences."""
    wards = wards_in_force(world, borough, month)
    (table,) = page.tables()  # a second one would need a check
    assert table.caption.startswith(f"Wards of {name}")
    check_table(table, known, {**wards, f"All of {name}": borough}, month, slug)
    check_map_labels(page, known, wards, month, slug)
    check_words(page.text, known, wards, borough, name, month, slug)


def check_table(table: Table, known: Known, areas: dict[str, str], month: date, slug: str) -> None:
    """Month, same month last year, change, twelve months, rate: of each ward and the borough."""
    assert month_of(table.head[1]) == month
    assert sorted(row[0] for row in table.rows) == sorted(areas)
    for row, sorts in zip(table.rows, table.sort_values, strict=True):
        figure = known.at(known.scheme, areas[row[0]], slug, month)
        marks = "*" * (figure.coverage == PARTIAL) + "†" * figure.converted
        before = known.at(known.scheme, areas[row[0]], slug, back(month, 12))
        moved = change(figure, before)
        was = figure.same_month_last_year
        last_year = n(was) + "†" * (was is not None and before.converted)
        count = n(figure.count) + (marks if figure.count is not None else "")
        assert row[1:6] == [
            count, last_year, capital(moved), rate(figure.rate_per_1000), n(figure.rolling_12),
        ], row  # fmt: skip
        compared = moved not in ("not known", "not compared")
        values = [
            figure.count,
            figure.same_month_last_year,
            (figure.count or 0) - (figure.same_month_last_year or 0) if compared else None,
            figure.rate_per_1000,
            figure.rolling_12,
        ]
        for text, value in zip(sorts[1:6], values, strict=True):
            assert float(text) == (-1e9 if value is None else value), row


def check_map_labels(page: Page, known: Known, wards: dict[str, str], month: date, slug: str) -> None:
    """What each shape says, and the key's counts of wards."""
    labels = [
        link.attributes["aria-label"] for link in page.main.all("a") if ": " in link.attributes.get("aria-label", "")
    ]
    said = dict(label.rsplit(": ", 1) for label in labels)
    said = {name: value for name, value in said.items() if name in wards}
    for name, value in said.items():
        count = known.at(known.scheme, wards[name], slug, month).count
        assert value == ("not known" if count is None else n(count)), name
    key = [one.text() for one in page.main.classed("app-map__key")]
    if said:
        shown = [int(number) for number in re.findall(r"\((\d+)(?: wards?)?\)", " ".join(key))]
        assert sum(shown) == len(said), key


def check_words(
    text: str, known: Known, wards: dict[str, str], borough: str, name: str, month: date, slug: str
) -> None:
    """The wards with most, the one that rose most and the one that fell most, and what lies in no ward."""
    figures = {ward: known.at(known.scheme, code, slug, month) for ward, code in wards.items()}
    counts = {ward: figure.count for ward, figure in figures.items()}
    if found := re.search(
        r"The wards with most [^(]+ were (.+? \([\d,]+\))(; others are level with the last)?\.", text
    ):
        named = re.findall(r"(?:, | and |^)([^(]+?) \(([\d,]+)\)", found[1])
        top = sorted((count for count in counts.values() if count), reverse=True)[:3]
        assert [int(count.replace(",", "")) for _, count in named] == top
        assert bool(found[2]) == (sum((count or 0) >= top[-1] for count in counts.values()) > 3)
        assert all(n(counts[ward]) == count for ward, count in named), found[0]
    changes = {
        ward: (figure.count or 0) - (figure.same_month_last_year or 0)
        for ward, figure in figures.items()
        if change(figure) not in ("not known", "not compared")
    }
    for verb, sign in (("rose", 1), ("fell", -1)):
        for ward, by, was, now in re.findall(
            rf"(?:, | and )([^,()]+?) {verb} most \(by ([\d,]+), from ([\d,]+) to ([\d,]+)\)", text
        ):
            figure = figures[ward]
            assert [was, now] == [n(figure.same_month_last_year), n(figure.count)]
            assert by == n(sign * changes[ward]) == n(max(sign * one for one in changes.values()))
    whole = known.at(known.scheme, borough, slug, month).count
    if whole is not None and None not in counts.values():
        rest = whole - sum(count or 0 for count in counts.values())
        said = re.search(rf"([\d,]+) [a-z -]+ could be placed in {re.escape(name)} but in none of its wards", text)
        assert (int(said[1].replace(",", "")) if said else 0) == max(rest, 0)
