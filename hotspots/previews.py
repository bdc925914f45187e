"""What an import of an upload would do, found by doing it and keeping nothing.

Fact files are parsed and counted; area files are loaded in a transaction that is rolled back, since a later file may
rest on them. The work is bounded: once `BUDGET` bytes are read, the remaining files are counted and left to the import.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

import orjson
from django.db import transaction

from hotspots import importers, inbox, queries
from hotspots.importers import pipeline, reading
from hotspots.importers.base import Options, Quality, Refused, SourceFile
from hotspots.importers.offers import Offer, offers

# About three published London months: a second or two of work.
BUDGET = 64 * 1024**2
# Cards on the page.
MOST_FILES = 40
FIRST_ROWS = 5
# What is shown of a file's beginning: it may be rubbish, or as large as a file can be.
MOST_COLUMNS = 60
LONGEST_CELL = 80


@dataclass(frozen=True)
class Part:
    """One publisher's month that a file would store, and the rows it has."""

    source: str
    publisher: str
    publisher_name: str
    scope: str
    month: date
    rows: int

    @property
    def key(self) -> queries.Key:
        return self.source, self.publisher, self.scope, self.month


@dataclass
class FilePreview:
    """One file as its importer sees it. `refused` is the importer's sentence, "" for a file that can be imported;
    `unchanged`: an area file whose areas are all loaded.

    `columns` and `first` are the beginning of the file as it stands there; both empty where it is no table.
    """

    name: str
    size: int
    sha256: str = ""
    format: str = ""
    refused: str = ""
    unchanged: bool = False
    quality: Quality = field(default_factory=Quality)
    parts: list[Part] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    first: list[list[str]] = field(default_factory=list)


@dataclass
class Preview:
    """The files that were looked at, and how many were not because there are too many or they are too large."""

    files: list[FilePreview]
    unseen: int


def preview(upload: inbox.Upload) -> Preview:
    """Tries an upload's files, those of areas first, as the import does. Nothing is kept."""
    names = {str(path): file.name for path, file in zip(upload.paths, upload.files, strict=True)}
    seen = Preview([], 0)
    found: list[tuple[FilePreview, SourceFile, ModuleType]] = []
    read = 0
    for offer in offers(upload.paths, names=names):
        if len(seen.files) >= MOST_FILES or (seen.files and read + offer.size > BUDGET):
            seen.unseen += 1
            continue
        read += offer.size
        shown = FilePreview(offer.name, offer.size)
        seen.files.append(shown)
        with _refusal_kept(shown):
            found.append((shown, *_recognised(offer, shown)))
    order = importers.importers().index
    with transaction.atomic():
        for shown, file, importer in sorted(found, key=lambda one: order(one[2])):
            with _refusal_kept(shown):
                _try(file, importer, shown, Options(valid_from=upload.valid_from))
        transaction.set_rollback(True)
    return seen


@contextmanager
def _refusal_kept(shown: FilePreview) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        shown.refused = str(refusal)


def _try(file: SourceFile, importer: ModuleType, shown: FilePreview, options: Options) -> None:
    if hasattr(importer, "load"):
        with transaction.atomic():  # a refused file must not spoil the transaction for the others
            shown.unchanged = not importer.load(file, shown.quality, options)
    else:
        for table in importer.parse(file, shown.quality):
            shown.parts.append(
                Part(table.source, table.publisher, table.publisher_name, table.scope, table.month, table.frame.height)
            )
    pipeline.refuse_too_many_rejected(shown.quality)


def _recognised(offer: Offer, shown: FilePreview) -> tuple[SourceFile, ModuleType]:
    pipeline.refuse_one_line(offer)
    content = offer.read()
    shown.sha256 = hashlib.sha256(content).hexdigest()
    file = SourceFile(offer.name, content, shown.sha256)
    start = content[: reading.HEAD_BYTES]
    head = reading.head(offer.name, start, whole=len(start) == len(content))
    shown.columns, shown.first = _beginning(content, head.header)
    importer = importers.recognise(head)
    shown.format = importer.NAME
    return file, importer


def _beginning(content: bytes, header: tuple[str, ...]) -> tuple[list[str], list[list[str]]]:
    """Column names and the first rows, as they stand in a CSV or a JSON file; both empty for anything else."""
    if header:
        text, _ = reading.decode(content[: reading.HEAD_BYTES], cut=True)
        rows = [row for row in csv.reader(text.lstrip("\r\n").splitlines()) if row]
        cells = [
            [cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]] for row in (list(header), *rows[1 : FIRST_ROWS + 1])
        ]
        return cells[0], cells[1:]
    if content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return [], []
    try:
        found = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return [], []
    if isinstance(found, dict):
        features = found.get("features")
        found = [f.get("properties") for f in features if isinstance(f, dict)] if isinstance(features, list) else []
    records = [record for record in found[:FIRST_ROWS] if isinstance(record, dict)]
    columns = list(dict.fromkeys(name for record in records for name in record))[:MOST_COLUMNS]
    return columns, [[_text(record.get(name)) for name in columns] for record in records]


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return (value or "")[:LONGEST_CELL]
    return orjson.dumps(value).decode()[:LONGEST_CELL]
