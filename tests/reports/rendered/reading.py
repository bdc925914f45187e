"""Reads a page as a person does: its visible words, its tables by caption, its tiles by label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_UNSEEN = {"head", "script", "style", "template", "svg"}
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass
class Element:
    """One element of the page."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag within, in order, that have these attributes (`class_` is one of its classes)."""
        return [one for one in self._within() if one.tag == tag and one._has(attributes)]

    def classed(self, name: str) -> list[Element]:
        """The elements within that have the class."""
        return [one for one in self._within() if name in one.attributes.get("class", "").split()]

    def _has(self, wanted: dict[str, str]) -> bool:
        return all(self.attributes.get(name.replace("_", "-")) == value for name, value in wanted.items())

    def _within(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._within()

    def text(self, *, without: str = "", drawings: bool = False) -> str:
        """What is read, in one line. Drawings are left out, and the tag `without`."""
        return re.sub(r"\s+", " ", self._text(without, drawings)).strip()

    def _text(self, without: str, drawings: bool) -> str:
        parts = []
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            elif drawings and child.tag == "svg":
                parts.append(child._text(without, drawings))
            elif child.tag not in {*_UNSEEN, without} and "hidden" not in child.attributes:
                inner = child._text(without, drawings)
                parts.append(inner if child.tag in ("a", "b", "strong", "em", "span") else f" {inner} ")
        return "".join(parts)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(made)
        if tag not in _VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in (one.tag for one in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@dataclass
class Table:
    """A table: `head` are the column headings, `rows` the cells of its body and foot, the row's heading first."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    # What scripts sort by, cell by cell; "" where the cell does not say.
    sort_values: list[list[str]]

    def column(self, index: int) -> dict[str, str]:
        """Row heading -> the cell of one column."""
        return {row[0]: row[index] for row in self.rows}


def read(body: bytes) -> Element:
    """The tree of a page."""
    builder = _Builder()
    builder.feed(body.decode())
    return builder.root


class Page:
    """One answer, read."""

    def __init__(self, response: Any) -> None:
        assert response.status_code == 200, response.content[:3000].decode()
        self.root = read(response.content)
        (self.main,) = self.root.all("main")
        self.text = self.main.text()

    def tables(self) -> list[Table]:
        """The tables, in order."""
        found = []
        for one in self.main.all("table"):
            caption = " ".join(caption.text() for caption in one.all("caption"))
            lines = one.all("tr")
            cells = [[c for c in line.children if isinstance(c, Element) and c.tag in ("th", "td")] for line in lines]
            in_head = sum(len(head.all("tr")) for head in one.all("thead"))
            found.append(
                Table(
                    caption,
                    [cell.text() for cell in cells[0]],
                    [[cell.text() for cell in line] for line in cells[in_head:]],
                    [[cell.attributes.get("data-sort-value", "") for cell in line] for line in cells[in_head:]],
                )
            )
        return found

    def tiles(self) -> dict[str, tuple[str, str]]:
        """Label -> (value, note without its links)."""
        return {
            tile.classed("app-tile__label")[0].text(): (
                tile.classed("app-tile__value")[0].text(),
                " ".join(note.text(without="a") for note in tile.classed("app-tile__note")),
            )
            for tile in self.main.classed("app-tile")
        }


def month_of(text: str) -> date:
    """ "March 2017", "Mar 2017"."""
    name, year = text.split()
    return date(int(year), next(i for i, full in enumerate(_MONTHS, 1) if full.startswith(name[:3])), 1)


def months_of_column(heading: str, rows: list[str]) -> list[date]:
    """The months of the rows ("Apr", ..., "Mar") of a column of twelve months: "2017" holds one year's, "2016–17" those
    of the first year after the last row's month, and of the second up to it."""
    numbers = [next(index for index, name in enumerate(_MONTHS, 1) if name.startswith(row)) for row in rows]
    first, dash, _ = heading.partition("–")
    return [date(int(first) + bool(dash and number <= numbers[-1]), number, 1) for number in numbers]
