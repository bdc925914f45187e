"""Small tables that people keep in a spreadsheet and bring as CSV: bytes to rows, each with its number and its error.

    COLUMNS = (Column("email", "E-mail"), Column("areas", "Areas", required=False))
    form = CsvFileForm(request.POST, request.FILES)          # a file; or the text of one that was shown before
    table = read(form.cleaned_data["text"], COLUMNS)         # raises ValueError with a sentence
    for row in table.rows: row.number, row.error, row["email"]

Nothing is kept between a preview and the import: the preview's form carries the text of the file, and sends it again.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django import forms

from partners import csvs, uploads

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name that code uses, its heading, and whether a file must have it."""

    name: str
    heading: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row with anything in it. `number` counts as a spreadsheet does: the header is row 1."""

    number: int
    # By the name of the column, stripped; "" where the cell or the column is not there.
    values: dict[str, str]
    # Why the row cannot be read at all; "" = it can.
    error: str = ""

    def __getitem__(self, name: str) -> str:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows, and the headings of columns that mean nothing here."""

    rows: list[Row]
    ignored: list[str]


class CsvFileForm(forms.Form):
    """A CSV file, or the text of one: cleans to `text`."""

    file = forms.FileField(
        label="CSV file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        validators=[uploads.Accepts("csv", most=MOST_BYTES)],
        error_messages={"empty": "The file is empty. Choose one that has rows."},
    )
    text = forms.CharField(
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.HiddenInput,
        error_messages={"max_length": "The file has too much text. Split it into several."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if file := cleaned.get("file"):
            cleaned["text"] = decode(file.read())
        if not cleaned.get("text"):
            self.add_error("file", "Choose a CSV file.")
        return cleaned


def decode(content: bytes) -> str:
    """Text that is UTF-8 with or without a byte order mark, UTF-16 with one, or what Windows used to write."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str, columns: Sequence[Column], *, most: int = MOST_ROWS) -> Table:
    """The rows of a CSV text with a header; columns in any order, separated by commas, semicolons or tabs.

    Raises ValueError, with a sentence for whoever made the file, where it cannot be read as this table.
    """
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    rows: list[Row] = []
    number = 0
    try:
        for cells in reader:
            number += 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                at = _positions(header, columns)
            elif len(rows) == most:
                raise ValueError(f"The file has more than {most:,} rows. Split it into several.")
            else:
                rows.append(_row(number, cells, at, len(header)))
    except csv.Error as error:
        is_long = "field larger than field limit" in str(error)
        why = f"a cell has more than {csv.field_size_limit():,} characters, or a" if is_long else "a"
        raise ValueError(f"Row {number + 1} cannot be read: {why} quotation mark in it is not closed.") from error
    if header is None or not rows:
        raise ValueError("The file has no rows under its header.")
    return Table(rows, [name for place, name in enumerate(header) if name and place not in at.values()])


def sentences(form: forms.Form | forms.ModelForm[Any], columns: Sequence[Column]) -> list[str]:
    """What is wrong with one row that a form has checked: "E-mail: enter an address", in the order of columns."""
    headings = {column.name: column.heading for column in columns}
    return [
        f"{headings[name]}: {message}" if name in headings else str(message)
        for name, messages in form.errors.items()
        for message in messages
    ]


def _positions(header: list[str], columns: Sequence[Column]) -> dict[str, int]:
    """Name -> place in the file's rows, of the columns that the file has."""
    plain = [_plain(name) for name in header]
    at: dict[str, int] = {}
    for column in columns:
        found = [place for place, name in enumerate(plain) if name in (_plain(column.heading), _plain(column.name))]
        if len(found) > 1:
            raise ValueError(f"The header has the column “{column.heading}” twice.")
        if found:
            at[column.name] = found[0]
    free = {plain[place]: name for place, name in enumerate(header) if place not in at.values()}
    for column in columns:
        if column.name in at:
            continue
        near = get_close_matches(_plain(column.heading), free, n=1, cutoff=0.75)
        if near:
            raise ValueError(f"The header says “{free[near[0]]}”. Write “{column.heading}”, if that is what it means.")
        if column.required:
            every = ", ".join(one.heading for one in columns if one.required)
            raise ValueError(f"The header has no column “{column.heading}”. The first row must have: {every}.")
    return at


def _row(number: int, cells: list[str], at: dict[str, int], width: int) -> Row:
    values = {name: csvs.plain(cells[place].strip()) if place < len(cells) else "" for name, place in at.items()}
    more = any(cell.strip() for cell in cells[width:])
    return Row(number, values, f"It has {len(cells)} cells, but the header has {width}." if more else "")


def _plain(heading: str) -> str:
    return "".join(character for character in heading.casefold() if character.isalnum())
