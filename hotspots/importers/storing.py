"""The commit point of an import: which of the parsed tables become slices, and which slices they supersede."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from hotspots import categories, facts
from hotspots.importers import forces
from hotspots.importers.base import Quality
from hotspots.importers.taken import Table, Taken
from hotspots.models import Area, DataVersion, ImportedFile, ImportRun, Publisher, RejectedRow, Slice
from hotspots.queries import Key, current_slices

# One import at a time reaches the commit point. The number means nothing, it only has to be ours.
LOCK = 0x486F7473


def lock() -> None:
    """Waits until no other import is at its commit point; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def count_change() -> None:
    """Counts a change of published figures or areas, in the transaction that makes it: answers known by ETag end."""
    DataVersion.objects.get_or_create(pk=1)
    DataVersion.objects.update(number=F("number") + 1, changed=timezone.now())


def store(
    record: ImportRun, taken: Sequence[Taken], summarise: Callable[[Mapping[str, Collection[date]]], None]
) -> None:
    """Records the files, stores their tables as slices, and has what they touched summarised: all or nothing."""
    _merge(taken)
    _refuse_twice(taken)
    with transaction.atomic():
        lock()
        publishers = _publishers(table for file in taken for table in file.tables)
        decisions = _decide(taken)
        stored = record_files(record, taken)
        touched: dict[str, set[date]] = defaultdict(set)
        _write(decisions, stored, publishers)
        for decision in decisions:
            if decision.winner is not None:
                touched[decision.winner.source].add(decision.winner.month)
        if touched:
            count_change()
            summarise(touched)


def record_files(record: ImportRun, taken: Sequence[Taken]) -> list[ImportedFile]:
    """Writes the record of each file and of its rejected rows."""
    files = ImportedFile.objects.bulk_create(
        ImportedFile(
            run=record,
            name=file.name[:400],
            format=file.format,
            state=file.state,
            message=file.refusal,
            sha256=file.sha256,
            size=file.size,
            rows_read=file.quality.rows_read,
            rows_kept=0 if file.refusal else file.quality.rows_kept,
            rows_rejected=file.quality.rows_rejected,
            quality=file.quality.as_dict(),
        )
        for file in taken
    )
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(file=stored, row=row, reason=reason[:300])
            for stored, file in zip(files, taken, strict=True)
            for row, reason in file.quality.rejected
        ),
        batch_size=5_000,
    )
    return files


# --- Before the transaction ---------------------------------------------------------------------------------------


def _merge(taken: Sequence[Taken]) -> None:
    """Puts the tables of files that are parts of one month together, each record once."""
    parts: dict[Key, list[tuple[Taken, Table]]] = defaultdict(list)
    for file in taken:
        for table in file.tables if file.merge_on else ():
            parts[table.key].append((file, table))
    for files in parts.values():
        column = files[0][0].merge_on
        whole = pl.concat(
            [facts.read(table.path).with_columns(pl.lit(n).alias("part")) for n, (_, table) in enumerate(files)]
        )
        once = whole.unique(column, keep="first", maintain_order=True) if column in whole.columns else whole
        kept: dict[int, int] = dict(once["part"].value_counts().iter_rows())
        for n, (file, table) in enumerate(files):
            repeated = table.rows - kept.get(n, 0)
            if repeated:
                file.quality.rows_kept -= repeated
                file.quality.note(f"{repeated} records came with another file of this import, and are counted once.")
            file.tables.remove(table)
        frame = once.drop("part")
        first, table = files[0]
        table.rows, table.rows_located = frame.height, frame.height - frame["lon"].null_count()
        table.path = facts.write(table.source, frame)
        hashes = sorted(file.sha256 for file, _ in files)
        table.sha256 = hashlib.sha256("".join(hashes).encode()).hexdigest()
        first.tables.append(table)


def _refuse_twice(taken: Sequence[Taken]) -> None:
    """Refuses files that bring the same month of the same publisher with different content."""
    offered: dict[tuple[Key, date | None, bool], list[tuple[Taken, Table]]] = defaultdict(list)
    for file in taken:
        for table in file.tables:
            offered[table.key, table.release, bool(table.only_categories)].append((file, table))
    for same in offered.values():
        names = list(dict.fromkeys(file.name for file, _ in same))
        if len({table.path for _, table in same}) > 1:
            listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
            for file, table in same:
                file.refuse(
                    f"{table.label} came twice in this import, with different content: in {listed}. "
                    "Nothing of these files was loaded; import the right one alone."
                )
        for file, table in same[1:]:
            if table in file.tables:
                file.drop(table)
                file.unchanged = not file.keys


# --- Inside it ----------------------------------------------------------------------------------------------------


@dataclass
class _Decision:
    """What happens to one (source, publisher, scope, month)."""

    existing: Slice | None
    winner: Table | None = None  # becomes the current slice
    losers: list[Table] = field(default_factory=list)  # older releases: stored, superseded from the start
    owners: dict[int, int] = field(default_factory=dict)  # id of a table -> position of its file


def _decide(taken: Sequence[Taken]) -> list[_Decision]:
    """The best of each key's candidates wins: the whole over an extract, the newer release, the later arrival."""
    candidates: dict[Key, list[tuple[int, Table]]] = defaultdict(list)
    for position, file in enumerate(taken):
        for table in file.tables:
            candidates[table.key].append((position, table))
    current = current_slices(candidates)
    decisions = []
    same: set[Key] = set()
    for key, offered in candidates.items():
        existing = current.get(key)
        new = []
        for position, table in offered:
            if existing and _same(existing, table):
                same.add(key)
                taken[position].tables.remove(table)
            elif existing and table.release is None and _rank(table) < _rank(existing):
                taken[position].drop(table)
                taken[position].quality.note(f"{table.label} is already stored whole; this extract of it was left out.")
            else:
                new.append(table)
        new.sort(key=_rank)  # stable: of equals the later arrival is last
        decision = _Decision(existing, owners={id(table): position for position, table in offered})
        if new and existing and _rank(new[-1]) < _rank(existing):
            decision.losers = new
        elif new:
            decision.winner, decision.losers = new[-1], new[:-1]
            if existing:
                _compare(existing, new[-1], taken[decision.owners[id(new[-1])]].quality)
        if new:
            same.discard(key)
            decisions.append(decision)
    for file in taken:
        if file.keys and file.keys <= same:
            file.unchanged = True
        elif not (file.keys or file.unchanged or file.refusal):
            file.refuse("Nothing was loaded: what this extract holds is already stored whole.")
    return decisions


def _rank(table: Table | Slice) -> tuple[bool, date]:
    return (table.release is not None or not table.only_categories, table.release or date.min)


def _same(existing: Slice, table: Table) -> bool:
    return (existing.path, existing.release, tuple(existing.only_categories)) == (
        table.path,
        table.release,
        table.only_categories,
    )


def _publishers(tables: Iterable[Table]) -> dict[str, Publisher]:
    """slug -> publisher; those not known yet are made, with their force area."""
    names: dict[str, str] = {}
    for table in tables:  # the first says it best: files of crimes name their force, those of searches do not
        names.setdefault(table.publisher, table.publisher_name)
    known = {publisher.slug: publisher for publisher in Publisher.objects.filter(slug__in=names)}
    for slug, name in names.items():
        if slug not in known:
            area = None
            if forces.has_territory(slug):
                area, _ = Area.objects.get_or_create(code=slug, defaults={"kind": Area.Kind.FORCE, "name": name[:150]})
            if Publisher.objects.filter(name=name).exists():  # two unknown slugs for what may be one force
                name = f"{name} ({slug})"
            known[slug] = Publisher.objects.create(slug=slug, name=name[:150], area=area)
    return known


def _write(decisions: Sequence[_Decision], files: Sequence[ImportedFile], publishers: Mapping[str, Publisher]) -> None:
    """Writes the slices. A new one waits as superseded until the old one has given way: one at a time is current."""
    now = timezone.now()

    def made(decision: _Decision, table: Table) -> Slice:
        file = files[decision.owners[id(table)]]
        return Slice(
            source=table.source,
            publisher=publishers[table.publisher],
            month=table.month,
            scope=table.scope,
            release=table.release,
            only_categories=list(table.only_categories),
            sha256=table.sha256 or file.sha256,
            rows=table.rows,
            rows_located=table.rows_located,
            path=table.path,
            file=file,
            loaded=now,
        )

    winners: dict[int, Slice] = {}
    for n, decision in enumerate(decisions):
        if decision.winner is not None:
            winners[n] = made(decision, decision.winner)
            if decision.existing is not None:
                winners[n].superseded, winners[n].superseded_by = now, decision.existing
    Slice.objects.bulk_create(winners.values())
    replaced = []
    for n, winner in winners.items():
        old = decisions[n].existing
        if old is not None:
            old.superseded, old.superseded_by = now, winner
            replaced.append(old)
    Slice.objects.bulk_update(replaced, ["superseded", "superseded_by"], batch_size=500)
    Slice.objects.filter(pk__in=[winners[n].pk for n in winners if decisions[n].existing is not None]).update(
        superseded=None, superseded_by=None
    )
    older = []
    for n, decision in enumerate(decisions):
        for table in decision.losers:
            loser = made(decision, table)
            loser.superseded, loser.superseded_by = now, winners.get(n, decision.existing)
            older.append(loser)
    Slice.objects.bulk_create(older)


def _compare(existing: Slice, table: Table, quality: Quality) -> None:
    """Says what a release changes against the one it supersedes: rows, and each category whose count differs."""
    before, after = _counts(existing.source, existing.path), _counts(table.source, table.path)
    names = categories.by_number()
    quality.changes.append(
        {
            "slice": table.label,
            "source": table.source,
            "publisher": table.publisher,
            "month": f"{table.month:%Y-%m}",
            "rows_before": existing.rows,
            "rows_after": table.rows,
            "categories": [
                {"name": names[number].name, "before": before.get(number, 0), "after": after.get(number, 0)}
                for number in sorted(before.keys() | after.keys())
                if before.get(number, 0) != after.get(number, 0)
            ],
        }
    )
    if table.release is None and table.rows < existing.rows / 2:
        quality.note(
            f"{table.label} now has {table.rows:,} records instead of {existing.rows:,}. If this file holds only a "
            "part of them, import the whole month again."
        )


def _counts(source: str, path: str) -> dict[int, int]:
    """category number -> records (tables: sum of their counts)."""
    column = "count" if "count" in facts.SCHEMA[source] else None
    frame = facts.read(path, ["category", column] if column else ["category"])
    total = pl.col(column).sum() if column else pl.len()
    return dict(frame.group_by("category").agg(total).iter_rows())
