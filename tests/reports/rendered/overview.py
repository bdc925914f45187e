"""Every figure on the overview against the reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tests.reference import PARTIAL, STREET, World
from tests.reports.rendered.expected import Known, back, capital, change, difference, n
from tests.reports.rendered.profile import check_sentences
from tests.reports.rendered.reading import Page, Table
from tests.reports.rendered.wards import check_map_labels, check_table, wards_in_force

SCHEME = "police.uk"


def check_overview(
    page: Page, known: Known, world: World, borough: str, name: str, month: date, priorities: Sequence[str] = ()
) -> None:
    """Sentences, tiles, what moved most, the wards and the map. A table that is not known here fails."""
    wards = wards_in_force(world, borough, month)
    check_sentences(page.main.classed("app-sentences")[0].text(), known, borough, month, "all-crime")
    check_tiles(page, known, borough, month, priorities)
    compared = comparable_months(known, borough, month)
    changes = changes_of(known, wards, compared) if len(compared) == 3 else {}
    for kind, sign in (("rise", 1), ("fall", -1)):
        sizes = [sign * (now - was) for now, was in changes.values() if sign * (now - was) > 0]
        moved = re.search(rf"the largest {kind}(?:, as large as (\d+) others?,)? was in", page.text)
        assert bool(moved) == bool(sizes)
        assert not moved or int(moved[1] or 0) == sizes.count(max(sizes)) - 1
    for table in page.tables():
        if table.caption.startswith(f"Wards of {name}"):
            check_table(table, known, {**wards, f"All of {name}": borough}, month, "all-crime")
        elif table.caption in ("Largest rises", "Largest falls"):
            check_moves(table, changes, 1 if table.caption == "Largest rises" else -1)
        else:
            raise AssertionError(f"No check for the table “{table.caption}”.")
    check_map_labels(page, known, wards, month, "all-crime")


def check_tiles(page: Page, known: Known, borough: str, month: date, priorities: Sequence[str]) -> None:
    """Each tile's month, change, year before, twelve months and their change. The partnership's priorities come after
    the tiles that all have, in the order chosen, and are marked."""
    tiles = page.main.classed("app-measure")
    assert [tile.classed("app-measure__link")[0].text() for tile in tiles] == [
        "All crime", "Violence and sexual offences", "Victim-reported crime", *priorities,
    ]  # fmt: skip
    for tile in tiles:
        name = tile.classed("app-measure__link")[0].text()
        slug = known.slug(SCHEME, name)
        now = known.at(SCHEME, borough, slug, month)
        before = known.at(SCHEME, borough, slug, back(month, 12))
        was = before.rolling_12
        said = tile.text()
        count = "Not known" if now.count is None else n(now.count) + " in part" * (now.coverage == PARTIAL)
        last_year = "not known" if now.same_month_last_year is None else n(now.same_month_last_year)
        year = "not known" if now.rolling_12 is None else n(now.rolling_12)
        moved = capital(change(now, before))
        more = ""
        if now.rolling_12 is not None and was is None:
            more = " the 12 before are not known"
        elif now.rolling_12 is not None and was is not None:
            more = f" {difference(now.rolling_12, was)} {'as' if now.rolling_12 == was else 'than'} the 12 before"
        name += " Priority" * (name in priorities)
        assert said == (f"{name} {count} {moved} {back(month, 12):%b %Y}: {last_year} 12 months: {year}{more}")


def comparable_months(known: Known, borough: str, month: date) -> list[date]:
    """The newest three months of the twelve to this one that are whole and known, and known a year before."""
    figures = {one: known.at(SCHEME, borough, "all-crime", one) for one in (back(month, step) for step in range(12))}
    whole = [
        one
        for one, figure in figures.items()
        if figure.coverage > PARTIAL and figure.count is not None and figure.same_month_last_year is not None
    ]
    return sorted(whole[:3])


def changes_of(known: Known, wards: dict[str, str], months: list[date]) -> dict[tuple[str, str], tuple[int, int]]:
    """(ward, type) -> the three months' count, and the year before's; where all six are whole and known."""
    found = {}
    for ward, code in wards.items():
        for slug in set(STREET.values()):
            figures = [known.at(SCHEME, code, slug, month) for month in months]
            pairs = [(one.count, one.same_month_last_year) for one in figures if one.coverage > PARTIAL]
            if len(pairs) == len(months) and all(None not in pair for pair in pairs):
                now, was = (sum(number or 0 for number in side) for side in zip(*pairs, strict=True))
                found[ward, known.names[SCHEME, slug]] = now, was
    return found


def check_moves(table: Table, changes: dict[tuple[str, str], tuple[int, int]], sign: int) -> None:
    """The five largest changes of one direction, with their counts."""
    sizes = sorted((sign * (now - was) for now, was in changes.values() if sign * (now - was) > 0), reverse=True)[:5]
    rows = [row for row in table.rows if len(row) == 4]
    assert len(rows) == len(sizes), table.caption
    for row, size in zip(rows, sizes, strict=True):
        ward, _, kind = row[0].rpartition(": ")
        now, was = changes[ward, kind]
        assert sign * (now - was) == size
        assert [row[1].rstrip("†"), row[2].rstrip("†"), row[3].strip()] == [n(now), n(was), difference(now, was)], row
