"""The files that an import is offered: single files, folders and the members of zips, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hotspots.importers import archives, police_uk, reading
from hotspots.importers.base import Refused

# What is looked at in folders and zips; anything else there (notes, pictures, parts of shapefiles) is passed over.
SUFFIXES = frozenset({".csv", ".json", ".geojson", ".gpkg", ".zip"})


@dataclass(frozen=True)
class Offer:
    """One file, not yet read. `name` is how a person would find it. Read it before asking for the next."""

    name: str
    size: int
    read: Callable[[], bytes]
    start: Callable[[], bytes]  # its first reading.HEAD_BYTES bytes
    path: Path | None = None  # None inside a zip

    @property
    def is_published(self) -> bool:
        """Whether its name alone says that it holds police.uk records."""
        return police_uk.published_force(self.name) is not None


def offers(
    paths: Sequence[Path], *, names: Mapping[str, str] | None = None, forces: Collection[str] = ()
) -> Iterator[Offer]:
    """The files at `paths`, in that order; folders and zips by name.

    `names` gives a path another name to show (an upload's own). With `forces` (slugs), police.uk files of other forces
    inside folders and zips are passed over. A zip that cannot be opened is an offer whose `read` raises Refused.
    """
    for path in paths:
        name = (names or {}).get(str(path), path.name)
        if path.is_dir():
            for file in sorted(file for file in path.rglob("*") if file.is_file()):
                inner = file.relative_to(path)
                if not any(part.startswith(".") for part in inner.parts) and _wanted(inner.as_posix(), forces):
                    yield from _file(file, inner.as_posix(), forces)
        else:
            yield from _file(path, name, forces)


def _wanted(name: str, forces: Collection[str]) -> bool:
    if Path(name).suffix.lower() not in SUFFIXES:
        return False
    return not forces or police_uk.published_force(name) in (None, *forces)


def _file(path: Path, name: str, forces: Collection[str]) -> Iterator[Offer]:
    whole = Offer(name, path.stat().st_size, path.read_bytes, lambda: _start(path), path)
    if not archives.is_zip(path):
        yield whole
        return
    try:
        sizes = {info.filename: info.file_size for info in archives.members(path)}
        if _is_one_file(sizes):
            yield whole
            return
        if not any(_wanted(member, forces) for member in sizes):
            raise Refused(f"{name} holds no file that is read here: no CSV, JSON, GeoJSON or GeoPackage.")
        for member, read in archives.open_members(path, wanted=lambda member: _wanted(member, forces)):
            yield Offer(f"{name}: {member}", sizes[member], read, lambda read=read: read()[: reading.HEAD_BYTES])  # type: ignore[misc]
    except Refused as refusal:
        yield replace(whole, read=partial(refuse, refusal))


def _is_one_file(members: Collection[str]) -> bool:
    """Whether a zip is one document (a workbook, a zipped shapefile) and no parcel of files."""
    return any(name == "[Content_Types].xml" or name.lower().endswith(".shp") for name in members)


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(reading.HEAD_BYTES)


def refuse(refusal: Refused) -> bytes:
    """The `read` of a file that cannot be read: raises why."""
    raise refusal
