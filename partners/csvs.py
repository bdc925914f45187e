"""CSV for people: downloads that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse


def safe(value: Any) -> Any:
    """A value as a cell. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Spreadsheets pass over white space and marks that are not seen, and some read wide forms (U+FF1D) as the plain ones.
    """
    return "'" + value if isinstance(value, str) and _runs(value) else value


def plain(cell: str) -> str:
    """The text that `safe` made this cell of: what we wrote can be read again."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(text: str) -> bool:
    if not text or text[0].isalnum():
        return False
    if text[0] in "\t\r\n":
        return True
    for character in text:
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return unicodedata.normalize("NFKC", character)[0] in "=+-@|"
    return False


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download, row by row as they come; every cell is made safe. `name` must be plain ASCII."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        # Excel reads UTF-8 as such only with the mark in front.
        yield "\ufeff" + writer.writerow([safe(name) for name in header])
        for row in rows:
            yield writer.writerow([safe(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
