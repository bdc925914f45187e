"""What every importer has in common.

An importer is a module of this package with

    NAME: str                                          "police.uk street": shown to people
    def recognises(head: Head) -> bool                 raises Refused for an "almost right" file
    def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]      (facts), or
    def load(file: SourceFile, quality: Quality, options: Options) -> bool    (areas: boundaries, lookups, ...;
                                                       True if it changed anything; runs in the caller's transaction)

and, where it applies,

    COLUMNS, OLD_COLUMNS: tuple[str, ...]              the published columns: near misses are explained from them
    MERGE_ON: str                                      column of an identifier: the tables of one month of all files
                                                       of a run become one, each identifier once
    MOVES_FIGURES = False                              what it loads changes no figure: nothing is summarised again

`hotspots.importers.REGISTRY` lists them; `hotspots.importers.pipeline` runs them. An importer never touches slices or
summaries: it turns bytes into frames of `facts.SCHEMA`, and says in `quality` what became of each row.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl


class Refused(Exception):
    """A file that cannot be imported. The message is one sentence for the person who sent it: what is wrong, where."""


@dataclass(frozen=True)
class SourceFile:
    """One file as offered: `name` is how a person would find it ("latest.zip: 2016-04/2016-04-btp-street.csv")."""

    name: str
    content: bytes
    sha256: str

    @property
    def stem(self) -> str:
        """The last part of the name, lower case: "2016-04-btp-street.csv"."""
        return self.name.replace(": ", "/").rsplit("/", 1)[-1].lower()


@dataclass(frozen=True)
class Options:
    """What the person who sends area files says about them, because the files do not."""

    # The first day on which the wards of a boundary file are in force.
    valid_from: date | None = None


@dataclass(frozen=True)
class Head:
    """What recognition sees: the name, the first bytes, and the header where it reads as CSV (else empty)."""

    name: str
    start: bytes
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactTable:
    """Facts of one publisher and month, ready to store. Fields as in `models.Slice`; `frame` as in `facts.SCHEMA`."""

    source: str
    publisher: str  # slug
    publisher_name: str
    month: date
    frame: pl.DataFrame
    rows_located: int
    scope: str = ""
    release: date | None = None
    only_categories: tuple[str, ...] = ()


MAX_REJECTED_LISTED = 10_000


@dataclass
class Quality:
    """What became of a file's rows: the quality page."""

    rows_read: int = 0
    rows_kept: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)  # (row number, header = 1; reason)
    rows_rejected: int = 0
    without_location: int = 0
    unknown_lsoas: Counter[str] = field(default_factory=Counter)  # code -> rows
    by_category: Counter[str] = field(default_factory=Counter)  # category name -> rows kept
    notes: list[str] = field(default_factory=list)  # sentences: what was mapped, assumed or odd
    changes: list[dict[str, Any]] = field(default_factory=list)  # against the superseded release, see storing

    def reject(self, row: int, reason: str) -> None:
        """Counts a rejected row; the first 10,000 are listed one by one."""
        self.rows_rejected += 1
        if len(self.rejected) < MAX_REJECTED_LISTED:
            self.rejected.append((row, reason))

    def note(self, sentence: str) -> None:
        """Adds a sentence once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def as_dict(self) -> dict[str, Any]:
        """JSON for ImportedFile.quality (the row counts have columns of their own)."""
        return {
            "without_location": self.without_location,
            "unknown_lsoas": dict(self.unknown_lsoas.most_common(500)),
            "by_category": dict(self.by_category.most_common()),
            "notes": self.notes,
            "changes": self.changes,
        }
