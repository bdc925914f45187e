"""Bytes of a text file to a frame of strings, every row of it accounted for.

The usual file is read by polars at once. Where a row has another number of fields than the header - which polars would
fill up or cut off - the file is read again record by record, and the odd rows are rejected by number.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

import polars as pl

from hotspots.importers.base import Head, Quality, Refused

# What recognition looks at. A text file without a line end in so many bytes is not a table.
HEAD_BYTES = 64 * 1024
ROW = "row"  # the column of row numbers; the header is row 1

_PICTURES = {b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture"}
_FORMATS = {
    **_PICTURES,
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
_QUOTED = re.compile(rb'"[^"]*"')


def foreign_format(start: bytes) -> str:
    """What a file evidently is if it is no text table ("a PNG picture"); "" where nothing speaks against a table."""
    for magic, what in _FORMATS.items():
        if start.startswith(magic):
            return what
    if start.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" in start:
            return "an Excel workbook" if b"xl/" in start else "an Office document"
        return "a zip file"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:100].lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML)"
    if text.startswith(b"<"):
        return "an XML file"
    return ""


def head(name: str, start: bytes, *, whole: bool) -> Head:
    """What recognition sees of a file whose first `HEAD_BYTES` are `start`; `whole` if that is all of it.

    Raises Refused for an empty file, and for a text without a line end.
    """
    if not start.strip():
        raise Refused("The file is empty.")
    utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if foreign_format(start) or start.startswith(b"SQLite format 3") or (b"\x00" in start[:4] and not utf_16):
        return Head(name, start)
    text, _ = decode(start, cut=not whole)
    if text.lstrip()[:1] in ("{", "["):
        return Head(name, start)
    if "\x00" in text:
        return Head(name, start)
    lines = text.lstrip("\r\n").splitlines()
    if not whole and len(lines) < 2:
        raise Refused(
            f"The first {HEAD_BYTES // 1024} KB have no line end: this is not a table with one record on each line."
        )
    try:
        header = tuple(cell.strip() for cell in next(csv.reader(lines), []))
    except csv.Error:
        header = ()
    return Head(name, start, header)


def decode(content: bytes, *, cut: bool = False) -> tuple[str, str]:
    """(text, note): UTF-8 with or without a byte order mark, UTF-16 with one, else Windows text, which is noted.

    `cut` allows the last character to be incomplete.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return codecs.getincrementaldecoder("utf-16")().decode(content, final=not cut), ""
        except UnicodeDecodeError as error:
            raise Refused("The file begins as UTF-16 text but is damaged.") from error
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content, final=not cut), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "The file is not UTF-8; it was read as Windows text."


def table(content: bytes, quality: Quality) -> pl.DataFrame:
    """All rows of a CSV file as strings (empty = null), with their numbers in the column "row".

    Counts `quality.rows_read` and rejects rows with another number of fields than the header. Blank lines do not count.
    Raises Refused where the file has no rows, a column twice, or a quotation mark that is never closed.
    """
    if not content.isascii():
        text, note = decode(content)
        if note:
            quality.note(note)
        content = text.encode()
    if b"\x00" in content:
        raise Refused("The file has zero bytes in it, as no text has: it is damaged, or not a table of text.")
    lines = content[:HEAD_BYTES].decode(errors="replace").lstrip("\r\n").splitlines(keepends=True)
    try:
        header = [name.strip() for name in next(csv.reader(lines), [])]
    except csv.Error as error:
        raise Refused("The first row cannot be read as column names.") from error
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Refused(f"The column {twice[0]!r} is there twice.")
    frame = _fast(content, header)
    if frame is None:
        frame = _slow(content.decode(), header, quality)
    else:
        quality.rows_read += frame.height
    if not quality.rows_read:
        raise Refused("The file has column names but not a single row.")
    return frame


def _fast(content: bytes, header: list[str]) -> pl.DataFrame | None:
    """The frame as polars reads it, or None unless every record has exactly the header's number of fields.

    Polars refuses a record with too many fields and fills up one with too few, whose commas are missed in the sum.
    """
    if content[:1] in (b"\r", b"\n"):
        return None
    try:
        frame = pl.read_csv(content, infer_schema=False, new_columns=header)
    except pl.exceptions.PolarsError:
        return None
    if b'"' not in content and b"\r" not in content:
        # Nothing but cells, commas and line ends: their lengths add up, which is quicker than counting commas.
        cells = frame.select(pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.UInt64).sum())).item()
        between = frame.height * len(header) - (not content.endswith(b"\n"))
        if cells + between != len(content) - content.find(b"\n") - 1:
            return None
        return frame.with_row_index(ROW, offset=2)
    bare = _QUOTED.sub(b"", content)
    records = bare.count(b"\n") + (not bare.endswith(b"\n"))
    if frame.height != records - 1 or bare.count(b",") != records * (len(header) - 1):
        return None
    # A quoted empty field is as empty as an unquoted one.
    return frame.with_columns(pl.all().replace("", None)).with_row_index(ROW, offset=2)


def _slow(text: str, header: list[str], quality: Quality) -> pl.DataFrame:
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    records = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), strict=True)
    number = 1
    try:
        next(records)
        for number, record in enumerate(records, start=2):
            if not record:
                continue
            quality.rows_read += 1
            if len(record) == len(header):
                rows.append([cell or None for cell in record])
                numbers.append(number)
            else:
                quality.reject(number, f"has {len(record)} fields instead of {len(header)}")
    except csv.Error as error:
        raise Refused(f"Row {number + 1} cannot be read ({error}); is a quotation mark never closed?") from error
    frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    return frame.insert_column(0, pl.Series(ROW, numbers, dtype=pl.UInt32))


def normal(name: str) -> str:
    """A column's name without case, spaces and punctuation, to recognise "crime_id" as "Crime ID"."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def difference(found: tuple[str, ...], expected: tuple[str, ...]) -> str:
    """What is wrong with the columns found, as part of a sentence; "" if none of the expected is missing."""
    missing = [name for name in expected if name not in found]
    others = {normal(name): name for name in found if name not in expected}
    renamed = [(others.pop(normal(name)), name) for name in missing if normal(name) in others]
    gone = [name for name in missing if name not in dict(renamed).values()]
    parts = [", ".join(f"{there!r} should be {name!r}" for there, name in renamed)] if renamed else []
    if gone:
        parts.append(f"missing: {', '.join(map(repr, gone))}")
    if gone and others:
        parts.append(f"not known: {', '.join(map(repr, others.values()))}")
    return "; ".join(parts)


def likeness(found: tuple[str, ...], expected: tuple[str, ...]) -> float:
    """Share of the expected columns that are there, whatever their spelling: 0 to 1."""
    names = {normal(name) for name in found}
    return sum(normal(name) in names for name in expected) / len(expected)
