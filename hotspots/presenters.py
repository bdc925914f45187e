"""Rows and words for the data pages, made of what queries answered: no database here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from hotspots import coverage as coverages
from hotspots.coverage import Coverage, State
from hotspots.models import Area, ImportedFile, Slice, Source
from hotspots.previews import FilePreview, Part, Preview
from hotspots.queries import Areas, Key, Loaded
from hotspots.words import day_name, month_name, percent, plural, signed, size, span, spans

# Of the coverage page: state, shape, meaning. Each shape differs from the others without its colour.
LEGEND = (
    (State.REPORTED, "●", "All figures of the month are here."),
    (State.PARTIAL, "◐", "Far fewer rows than usual for this publisher: not to be compared with other months."),
    (State.EXTRACT, "◇", "The file holds only some categories. The others are unknown, not zero."),
    (State.MISSING, "✕", "Nothing is loaded for a month between others. Its counts are unknown, not zero."),
)
SHAPES = {state: shape for state, shape, _ in LEGEND}
MONTH_NAMES = [(f"{date(2000, number, 1):%b}", f"{date(2000, number, 1):%B}") for number in range(1, 13)]
LSOAS_SHOWN = 20


# --- What is loaded -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SourceRow:
    """One publisher's figures from one source, in words. `gaps` are the months that are missing in between."""

    publisher: str
    scope: str
    months: str
    count: int
    rows: int
    gaps: list[str]
    partial: list[str]
    loaded: datetime


@dataclass(frozen=True)
class SourceTable:
    """One source and who published in it; `rows` is empty where nothing of the source is loaded."""

    source: Source
    rows: list[SourceRow]


def sources(loaded: Sequence[Loaded], matrices: Mapping[Source, Coverage]) -> list[SourceTable]:
    """A table for every source, those without any figures included."""
    states: dict[tuple[str, str, str], dict[State, list[date]]] = {}
    for source, matrix in matrices.items():
        for line in matrix.lines:
            found = states.setdefault((source, line.publisher.name, line.scope), {})
            for month, cell in zip(matrix.months, line.cells, strict=True):
                if cell:
                    found.setdefault(cell.state, []).append(month)
    tables = {source: SourceTable(source, []) for source in Source}
    for row in loaded:
        of_row = states.get((row.source, row.publisher, row.scope), {})
        tables[row.source].rows.append(
            SourceRow(
                publisher=row.publisher,
                scope=row.scope,
                months=span(row.first, row.last),
                count=row.months,
                rows=row.rows,
                gaps=spans(of_row.get(State.MISSING, [])),
                partial=spans(of_row.get(State.PARTIAL, [])),
                loaded=row.loaded,
            )
        )
    return list(tables.values())


def areas(found: Areas) -> list[tuple[str, list[str]]]:
    """What is loaded of places, and what is not: (heading, sentences)."""
    kinds, shaped = found.kinds, found.with_boundary
    wards = [
        f"{plural(s.wards, 'ward')} in {plural(s.boroughs, 'borough')}, in force {_in_force(s.valid_from, s.valid_to)}"
        + ("" if s.with_boundary == s.wards else f"; {s.wards - s.with_boundary:,} without a boundary")
        for s in found.ward_sets
    ]
    boroughs = kinds.get(Area.Kind.BOROUGH, 0)
    lsoas = kinds.get(Area.Kind.LSOA, 0)
    names = {kind.value: f"{kind.label.lower() if kind != Area.Kind.LSOA else kind.label}" for kind in Area.Kind}
    return [
        ("Wards", wards or ["None. Import a file of ward boundaries."]),
        (
            "Boroughs",
            [f"{boroughs:,} known, {shaped.get(Area.Kind.BOROUGH, 0):,} with a boundary"] if boroughs else ["None."],
        ),
        (
            "LSOAs (small areas)",
            [f"{lsoas:,} known, {shaped.get(Area.Kind.LSOA, 0):,} with a boundary"]
            if lsoas
            else ["None. They come with a lookup from LSOA to ward."],
        ),
        (
            "Lookups from LSOA to ward",
            [_lookup(source, list(versions)) for source, versions in groupby(found.lookups, key=lambda row: row[0])]
            or ["None. Without one, a row is counted in the ward that its map point lies in."],
        ),
        (
            "Residents",
            [f"{year}: {plural(count, names[kind])} ({source})" for year, kind, count, source in found.populations]
            or ["None. Without them there are no rates per 1,000 residents."],
        ),
    ]


def _lookup(source: str, versions: Sequence[tuple[str, date | None, int]]) -> str:
    months = [since for _, since, _ in versions if since]
    words = plural(max(count for *_, count in versions), "LSOA")
    if len(versions) > 1:
        words += f" in {len(versions)} versions"
    if months:
        words += f", for months from {month_name(months[0])}"
    if len(months) > 1:
        words += f", the last from {month_name(months[-1])}"
    return f"{words} ({source})"


def _in_force(since: date | None, until: date | None) -> str:
    words = f"from {day_name(since)}" if since else "since before records"
    return words + (f" until {day_name(until - timedelta(days=1))}" if until else "")


# --- Before an import ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PreviewCard:
    """One file of an upload in words. `verdict` and `unchanged` are sentences, "" where they do not apply."""

    file: FilePreview
    size: str
    holds: list[str]
    rows: str
    replaces: list[str]
    verdict: str
    unchanged: str


@dataclass(frozen=True)
class PreviewPage:
    """An upload in words. `worthwhile`: an import would change something."""

    cards: list[PreviewCard]
    verdict: str
    worthwhile: bool


def preview(seen: Preview, replaced: Mapping[Key, Slice], stored: Mapping[str, ImportedFile]) -> PreviewPage:
    """The preview in words; `replaced` are the current slices of the previewed keys, `stored` files by content."""
    cards = [_card(file, replaced, stored.get(file.sha256)) for file in seen.files]
    refused = sum(bool(card.verdict) for card in cards)
    unchanged = sum(bool(card.unchanged) for card in cards)
    ready = len(cards) - refused - unchanged
    said = [f"{plural(ready, 'file')} can be imported" if ready else "None of the files can be imported"]
    if unchanged:
        said.append(f"{plural(unchanged, 'is', 'are')} stored already")
    if refused:
        said.append(f"{plural(refused, 'cannot', 'cannot')} be read")
    verdict = ", ".join(said) + "."
    if seen.unseen:
        verdict += f" {plural(seen.unseen, 'more file')} will be looked at during the import."
    if len(cards) == 1 and not seen.unseen:
        only = cards[0]
        verdict = (
            "This file cannot be imported."
            if only.verdict
            else "This file is stored already."
            if only.unchanged
            else "This file can be imported."
        )
    return PreviewPage(cards, verdict, worthwhile=bool(ready or seen.unseen))


def _card(file: FilePreview, replaced: Mapping[Key, Slice], stored: ImportedFile | None) -> PreviewCard:
    holds = []
    by_source = sorted(file.parts, key=lambda part: (part.source, part.publisher_name, part.scope))
    for (source, publisher, scope), parts in groupby(by_source, key=lambda p: (p.source, p.publisher_name, p.scope)):
        found = list(parts)
        months = "; ".join(spans(part.month for part in found))
        where = f", {scope} only" if scope else ""
        rows = plural(sum(part.rows for part in found), "row")
        holds.append(f"{Source(source).label}, {publisher}{where}: {months}, {rows}")
    unchanged = ""
    if not file.refused and (file.unchanged or (file.parts and _still_counts(file, replaced))):
        when = f" on {_day(stored.run.started)}" if stored else ""
        unchanged = f"What it holds was loaded{when}. Importing it again changes nothing."
    return PreviewCard(
        file=file,
        size=size(file.size),
        holds=holds,
        rows=_rows(file),
        replaces=[] if unchanged else _replaces(file.parts, replaced),
        verdict=file.refused,
        unchanged=unchanged,
    )


def _rows(file: FilePreview) -> str:
    read, rejected = file.quality.rows_read, file.quality.rows_rejected
    if not rejected:
        return f"{plural(read, 'row')}, none rejected"
    reasons = Counter(reason for _, reason in file.quality.rejected).most_common(3)
    why = "; ".join(f"{reason} ({count:,})" for reason, count in reasons)
    return f"{plural(read, 'row')}, {rejected:,} rejected ({percent(rejected, read)}): {why}"


def _still_counts(file: FilePreview, replaced: Mapping[Key, Slice]) -> bool:
    return all(part.key in replaced and replaced[part.key].sha256 == file.sha256 for part in file.parts)


def _replaces(parts: Sequence[Part], replaced: Mapping[Key, Slice]) -> list[str]:
    sentences = [
        f"{month_name(part.month)}, {part.publisher_name}: {plural(part.rows, 'row')} instead of "
        f"{plural(replaced[part.key].rows, 'row')} loaded on {_day(replaced[part.key].loaded)}"
        for part in parts
        if part.key in replaced
    ]
    if len(sentences) > 6:
        return [*sentences[:5], f"and {len(sentences) - 5} more months"]
    return sentences


def _day(moment: datetime) -> str:
    return day_name(timezone.localtime(moment))


# --- After an import ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One category's rows in the release before and in this one; `difference` is "+3", "-3" or "0"."""

    name: str
    before: int
    after: int
    difference: str


@dataclass(frozen=True)
class Change:
    """What a release changed against the one that it superseded: a sentence, and the categories that differ."""

    what: str
    categories: list[Difference]


@dataclass(frozen=True)
class QualityPage:
    """What became of a file's rows, in words; `categories` are (name, rows, share of the rows kept)."""

    size: str
    rejected_share: str
    without_location: int
    without_location_share: str
    unknown_lsoas: list[tuple[str, int]]
    unknown_lsoa_words: str
    categories: list[tuple[str, int, str]]
    notes: list[str]
    changes: list[Change]


def quality(file: ImportedFile) -> QualityPage:
    """The quality record of a file, whatever of it there is: a refused file may have none."""
    found: dict[str, Any] = file.quality
    # The importer counts all codes outside the loaded boroughs together.
    lsoas = {code: rows for code, rows in found.get("unknown_lsoas", {}).items() if code != "elsewhere"}
    return QualityPage(
        size=size(file.size),
        rejected_share=percent(file.rows_rejected, file.rows_read),
        without_location=found.get("without_location", 0),
        without_location_share=percent(found.get("without_location", 0), file.rows_kept),
        unknown_lsoas=_largest(lsoas)[:LSOAS_SHOWN],
        unknown_lsoa_words=_unknown_lsoas(lsoas, found.get("unknown_lsoas", {}).get("elsewhere", 0)),
        categories=[
            (name, rows, percent(rows, file.rows_kept)) for name, rows in _largest(found.get("by_category", {}))
        ],
        notes=found.get("notes", []),
        changes=[_change(change) for change in found.get("changes", [])],
    )


def _largest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    # The database does not keep the order of a JSON object.
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _unknown_lsoas(here: Mapping[str, int], elsewhere: int) -> str:
    words = []
    if here:
        words.append(
            f"{plural(sum(here.values()), 'row')} in {plural(len(here), 'LSOA')} of the boroughs that are loaded."
        )
        words.append("They are placed by their map point.")
    if len(here) > LSOAS_SHOWN:
        words.append(f"The {LSOAS_SHOWN} with the most rows are shown.")
    if elsewhere:
        words.append(f"{plural(elsewhere, 'row')} lie in LSOAs elsewhere.")
    return " ".join(words)


def _change(found: Mapping[str, Any]) -> Change:
    before, after = found["rows_before"], found["rows_after"]
    return Change(
        what=f"{found['slice']}: {plural(after, 'row')} instead of {before:,} ({signed(after - before)})",
        categories=[
            Difference(row["name"], row["before"], row["after"], signed(row["after"] - row["before"]))
            for row in found["categories"]
        ],
    )


# --- Coverage -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoverageCell:
    """One publisher's month: its shape, what it means in words, and the file it was read from (None where missing)."""

    state: State
    shape: str
    words: str
    file: int | None


@dataclass(frozen=True)
class CoverageYear:
    """One year: (publisher, twelve cells), None where the publisher has no figures before or after."""

    year: int
    lines: list[tuple[str, list[CoverageCell | None]]]


def coverage(matrix: Coverage) -> list[CoverageYear]:
    """The matrix year by year, newest first; publishers without anything in a year are left out of it."""
    years: dict[int, CoverageYear] = {}
    for line in matrix.lines:
        publisher = f"{line.publisher.name}, {line.scope} only" if line.scope else line.publisher.name
        by_month = dict(zip(matrix.months, line.cells, strict=True))
        for year in sorted({month.year for month, cell in by_month.items() if cell}):
            cells = [_cell(date(year, number, 1), by_month.get(date(year, number, 1))) for number in range(1, 13)]
            years.setdefault(year, CoverageYear(year, [])).lines.append((publisher, cells))
    return [years[year] for year in sorted(years, reverse=True)]


def _cell(month: date, cell: coverages.Cell | None) -> CoverageCell | None:
    if cell is None:
        return None
    words = f"{month_name(month)}: {cell.state.label.lower()}"
    if cell.slice:
        words += f", {plural(cell.rows, 'row')}"
    return CoverageCell(cell.state, SHAPES[cell.state], words, cell.slice.file_id if cell.slice else None)
