"""Tables that readers sort: headings as links, which work without scripts, and rows in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column heading: the link sorts by it, `sorted` is what it is sorted by now (aria-sort)."""

    text: str
    href: str
    sorted: str
    numeric: bool


def heading(column: str, text: str, sort: str, address: Callable[[str], str], *, numeric: bool) -> Heading:
    """The heading of a column where the table is sorted by `sort`; `address` is the page's, sorted otherwise. Figures
    come largest first when they are chosen, chosen again the other way round."""
    up, down = column, f"-{column}"
    now = {up: "ascending", down: "descending"}.get(sort, "none")
    turned = {"ascending": down, "descending": up, "none": down if numeric else up}[now]
    return Heading(text, address(turned), now, numeric)


def in_order(
    rows: Iterable[Row], sort: str, *, name: Callable[[Row], Any], value: Callable[[Row, str], Any]
) -> list[Row]:
    """Rows by a column, "-" before it for the largest first; the unknown (None) last, equal ones by `name`, which is
    what the column "name" sorts by."""
    column, down = sort.removeprefix("-"), sort.startswith("-")
    by_name = sorted(rows, key=name)
    if column == "name":
        return by_name[::-1] if down else by_name
    known = [row for row in by_name if value(row, column) is not None]
    known.sort(key=lambda row: value(row, column), reverse=down)
    return known + [row for row in by_name if value(row, column) is None]
