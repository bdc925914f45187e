"""Files to facts and areas: read, recognise, parse, store; every file and every row accounted for.

Two transactions. The first loads the areas and has everything summarised again if they changed. The second, after all
fact files are parsed and their facts written (content-addressed, so harmless until something points at them), records
the files, supersedes slices and summarises what was touched. A crash at any point leaves the old state whole, and the
same call again finishes the work.
"""

from __future__ import annotations

import errno
import hashlib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType

import polars as pl
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg2.errors import DiskFull

from hotspots import facts
from hotspots.importers import archives, importers, reading, recognise, storing
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.importers.offers import Offer, offers, refuse
from hotspots.importers.storing import Taken
from hotspots.models import Area, ImportRun, Slice
from partners import audit
from partners.jobs import JobFailed, Progress
from partners.models import Job, User

# Files parsed side by side: polars leaves a core idle between its steps. Each costs its content and its frame.
AT_A_TIME = 2

Summarise = Callable[[Mapping[str, Collection[date]]], None]


def run(
    paths: Sequence[Path],
    *,
    title: str,
    by: User | None,
    progress: Progress,
    summarise: Summarise,
    areas_changed: Callable[[], None],
    job: Job | None = None,
    names: Mapping[str, str] | None = None,
    options: Options | None = None,
    forces: Collection[str] = (),
) -> ImportRun:
    """Imports files, folders and zips; the record of what became of each file.

    `summarise` gets {source: months} and is called once, inside the transaction that stores the facts; `areas_changed`
    once, inside the one that changes areas. `names`: path -> the name to show. `forces`: see `offers.offers`.
    A refused file does not stop the others. For a job that died, call it again with the same job: what was stored
    is not stored twice. Raises JobFailed, with nothing half-loaded, where a path is gone or the disk is full.
    """
    record = _begin(title, by, job)
    if record.finished is not None:  # the worker died between the last step and saying so
        return record
    for path in paths:
        if not path.exists():
            raise JobFailed(f"{(names or {}).get(str(path), path.name)} is not there any more: send it again.")
    done = set(record.files.values_list("name", "sha256"))
    with _disk_full_explained():
        total = sum(1 for _ in offers(paths, names=names, forces=forces))
        progress.stage(f"Reading {total} file{'' if total == 1 else 's'}", total)
        offered = offers(paths, names=names, forces=forces)
        _take_areas(record, offered, done, options or Options(), areas_changed, progress)
        taken = list(_take_facts(offers(paths, names=names, forces=forces), done, progress))
        said = [file.line() for file in taken]
        progress.stage("Storing and summarising")
        storing.store(record, taken, summarise)
        for file, before in zip(taken, said, strict=True):
            if file.line() != before:  # what is stored already decided otherwise
                progress.log(file.line())
    _end(record, by)
    return record


@transaction.atomic
def _begin(title: str, by: User | None, job: Job | None) -> ImportRun:
    record, is_new = ImportRun(title=title, requested_by=by), True
    if job is not None:
        record, is_new = ImportRun.objects.get_or_create(job=job, defaults={"title": title, "requested_by": by})
    else:
        record.save()
    if is_new:
        audit.write("import.started", by=by, about=[record], summary=title)
    return record


@transaction.atomic
def _end(record: ImportRun, by: User | None) -> None:
    """Says that all is stored. The audit trail gets what became of the files, not the figures: they are open data."""
    record.finished = timezone.now()
    record.save(update_fields=["finished"])
    files = Counter(record.files.values_list("state", flat=True))
    audit.write("import.finished", by=by, about=[record], after={"files": files}, summary=record.title)


@contextmanager
def _disk_full_explained() -> Iterator[None]:
    sentence = "The disk is full. Nothing of this import was loaded: make room, then import again."
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise JobFailed(sentence) from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, DiskFull):
            raise JobFailed(sentence) from error
        raise


# --- Areas --------------------------------------------------------------------------------------------------------


def _take_areas(
    record: ImportRun,
    offered: Iterator[Offer],
    done: set[tuple[str, str]],
    options: Options,
    areas_changed: Callable[[], None],
    progress: Progress,
) -> None:
    """Loads the area files, those first that others build on, in one transaction with their records."""
    found: list[tuple[int, ModuleType, SourceFile]] = []
    for offer in offered:
        if offer.is_published:
            continue
        try:
            importer = recognise(_head(offer))
            if not hasattr(importer, "load"):
                continue
            file = _read(offer)
        except Refused:
            continue  # it is offered again with the facts, and recorded there
        found.append((importers().index(importer), importer, file))
    with transaction.atomic():
        if found:
            storing.lock()
        changed = moved = False
        for _, importer, file in sorted(found, key=lambda one: one[0]):
            if (file.name, file.sha256) in done:
                continue
            taken = Taken(file.name, len(file.content), file.sha256, importer.NAME)
            try:
                with transaction.atomic():
                    taken.unchanged = not importer.load(file, taken.quality, options)
                    refuse_too_many_rejected(taken.quality)
            except Refused as refusal:
                taken.refusal = str(refusal)
            if not (taken.refusal or taken.unchanged):
                changed, moved = True, moved or getattr(importer, "MOVES_FIGURES", True)
            storing.record_files(record, [taken])
            done.add((file.name, file.sha256))
            progress.log(taken.line())
            progress.advance()
        if changed:
            storing.count_change()
        if moved:
            areas_changed()


# --- Facts --------------------------------------------------------------------------------------------------------


def _take_facts(offered: Iterator[Offer], done: set[tuple[str, str]], progress: Progress) -> Iterator[Taken]:
    """Parses each file and writes its facts; of the facts only pointers are kept."""
    stored, districts = _stored_hashes(), _Districts()
    recorded = frozenset(done)
    for taken in _side_by_side(offered, lambda offer, read: _take(offer, read, stored, recorded, districts)):
        if (taken.name, taken.sha256) in done:
            continue
        done.add((taken.name, taken.sha256))
        progress.log(taken.line())
        progress.advance(rows=taken.quality.rows_read)
        yield taken


def _side_by_side(offered: Iterator[Offer], take: Callable[[Offer, Callable[[], bytes]], Taken]) -> Iterator[Taken]:
    """What `take` makes of each file, in order; as many at a time as memory for their contents allows.

    A published file's name says all there is to know about it. Any other file may make its importer ask the database,
    so it is taken on this thread, whose connection and transaction that is.
    """
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        waiting: deque[Future[Taken]] = deque()
        for offer in offered:
            if not offer.is_published:
                while waiting:
                    yield waiting.popleft().result()
                yield take(offer, offer.read)
                continue
            # A zip's members can only be read one after the other, before the next is asked for.
            read = offer.read if offer.path else _now(offer)
            waiting.append(pool.submit(take, offer, read))
            if len(waiting) > AT_A_TIME:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _now(offer: Offer) -> Callable[[], bytes]:
    """The offer's `read` with the reading done."""
    try:
        refuse_one_line(offer)
        content = offer.read()
    except Refused as refusal:
        return partial(refuse, refusal)
    return lambda: content


def _take(
    offer: Offer,
    read: Callable[[], bytes],
    stored: set[str],
    recorded: frozenset[tuple[str, str]],
    districts: _Districts,
) -> Taken:
    """One file's way up to the slices. A file that this run has recorded already is not parsed."""
    taken = Taken(offer.name, offer.size)
    try:
        refuse_one_line(offer)
        content = read()
        taken.sha256 = hashlib.sha256(content).hexdigest()
        if (offer.name, taken.sha256) in recorded:
            return taken
        if taken.sha256 in stored:
            taken.unchanged = True
            return taken
        importer = recognise(_head_of(offer.name, content))
        taken.format = importer.NAME
        taken.merge_on = getattr(importer, "MERGE_ON", "")
        for table in importer.parse(SourceFile(offer.name, content, taken.sha256), taken.quality):
            districts.count_unknown(table.frame, taken.quality)
            taken.add(storing.Table.of(table, facts.write(table.source, table.frame)))
        refuse_too_many_rejected(taken.quality)
        if not taken.tables:
            raise Refused("Not a single row of the file could be used.")
    except Refused as refusal:
        taken.refuse(str(refusal))
        taken.sha256 = taken.sha256 or _hash(offer)
    return taken


def _stored_hashes() -> set[str]:
    """Hashes of the files that need not be read again: their figures count, or gave way to a newer release."""
    slices = Slice.objects.filter(Q(superseded__isnull=True) | Q(release__isnull=False))
    return set(slices.order_by().values_list("sha256", flat=True).distinct())


def refuse_one_line(offer: Offer) -> None:
    """Raises Refused for what cannot be a table, before all of it is read."""
    most = min(settings.IMPORT_MAX_BYTES, archives.MAX_MEMBER_BYTES)
    if offer.size > most:
        raise Refused(f"The file has {offer.size:,} bytes; at most {most:,} are read.")
    if offer.size > reading.HEAD_BYTES and offer.path:
        _head(offer)


def _head(offer: Offer) -> Head:
    return reading.head(offer.name, offer.start(), whole=offer.size <= reading.HEAD_BYTES)


def _head_of(name: str, content: bytes) -> Head:
    return reading.head(name, content[: reading.HEAD_BYTES], whole=len(content) <= reading.HEAD_BYTES)


def _read(offer: Offer) -> SourceFile:
    content = offer.read()
    return SourceFile(offer.name, content, hashlib.sha256(content).hexdigest())


def _hash(offer: Offer) -> str:
    """SHA-256 of a refused file; of nothing where it cannot even be read."""
    if offer.path is None:
        return hashlib.sha256().hexdigest()
    with offer.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_too_many_rejected(quality: Quality) -> None:
    """Raises Refused where more than the allowed share of the rows was rejected."""
    share = settings.IMPORT_MAX_REJECTED_SHARE
    if quality.rows_rejected > share * quality.rows_read:
        raise Refused(
            f"{quality.rows_rejected:,} of {quality.rows_read:,} rows cannot be used, more than {share:.0%}: nothing "
            "of the file was loaded. The list of rejected rows says why."
        )


class _Districts:
    """The LSOAs that are loaded, to tell which codes of a file nobody knows."""

    def __init__(self) -> None:
        codes = Area.objects.filter(kind=Area.Kind.LSOA).values_list("code", flat=True)
        self._known = pl.Series("lsoa", list(codes), dtype=pl.String)
        self._boroughs = list(Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("name", flat=True))

    def count_unknown(self, frame: pl.DataFrame, quality: Quality) -> None:
        """Counts rows by unknown LSOA code in the loaded boroughs, and all others together as "elsewhere"."""
        if self._known.is_empty() or "lsoa" not in frame.columns:
            return
        rows = frame.filter(pl.col("lsoa").is_not_null()).group_by("lsoa", "district").len()
        rows = rows.filter(~pl.col("lsoa").is_in(self._known.implode()))
        here = rows["district"].is_in(self._boroughs)
        found: Counter[str] = Counter(dict(rows.filter(here).select("lsoa", "len").iter_rows()))
        elsewhere = int(rows.filter(~here.fill_null(value=False))["len"].sum())
        if elsewhere:
            found["elsewhere"] = elsewhere
        quality.unknown_lsoas.update(found)
