"""What an import has taken in and not stored yet: a file, and pointers to the facts that it brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hotspots.importers.base import FactTable, Quality
from hotspots.models import ImportedFile
from hotspots.queries import Key


@dataclass
class Table:
    """A parsed FactTable whose facts are written: a pointer."""

    source: str
    publisher: str
    publisher_name: str
    scope: str
    month: date
    release: date | None
    only_categories: tuple[str, ...]
    rows: int
    rows_located: int
    path: str
    sha256: str = ""  # where several files make it: of their hashes; "" = that of its file

    @classmethod
    def of(cls, table: FactTable, path: str) -> Table:
        """The pointer for a table whose facts lie at `path`."""
        return cls(
            source=str(table.source),
            publisher=table.publisher,
            publisher_name=table.publisher_name,
            scope=table.scope,
            month=table.month,
            release=table.release,
            only_categories=table.only_categories,
            rows=table.frame.height,
            rows_located=table.rows_located,
            path=path,
        )

    @property
    def key(self) -> Key:
        """What there is one current slice of."""
        return (self.source, self.publisher, self.scope, self.month)

    @property
    def label(self) -> str:
        """For sentences: "Essex Police 2018-10"."""
        scope = f" ({self.scope})" if self.scope else ""
        return f"{self.publisher_name}{scope} {self.month:%Y-%m}"


@dataclass
class Taken:
    """What became of one offered file."""

    name: str
    size: int
    sha256: str = ""
    format: str = ""
    quality: Quality = field(default_factory=Quality)
    tables: list[Table] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)  # the months it takes part in; its tables may be in another file's
    refusal: str = ""
    unchanged: bool = False
    # Column by which the tables of all files of one run and month are put together ("" = each stands alone).
    merge_on: str = ""

    def add(self, table: Table) -> None:
        """Takes in a table of the file."""
        self.tables.append(table)
        self.keys.add(table.key)

    def drop(self, table: Table) -> None:
        """Leaves a table out: the same figures are there, or better ones."""
        self.tables.remove(table)
        self.keys.discard(table.key)

    def refuse(self, sentence: str) -> None:
        """Nothing of the file will be stored."""
        self.refusal = sentence
        self.tables.clear()
        self.keys.clear()

    @property
    def state(self) -> str:
        if self.refusal:
            return ImportedFile.State.REFUSED
        return ImportedFile.State.UNCHANGED if self.unchanged else ImportedFile.State.STORED

    def line(self) -> str:
        """One line for the log."""
        if self.refusal:
            return f"{self.name}: refused. {self.refusal}"
        if self.unchanged:
            return f"{self.name}: already stored, nothing changed."
        rejected = f", {self.quality.rows_rejected:,} rejected" if self.quality.rows_rejected else ""
        return f"{self.name}: {self.quality.rows_kept:,} of {self.quality.rows_read:,} rows kept{rejected}."
