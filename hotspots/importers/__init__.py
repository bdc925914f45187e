"""Source files to facts and areas: one module per format, `pipeline` runs them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

from hotspots.importers.base import Head, Refused

# In this order files are recognised, and files of areas are loaded. By name: some bring heavy libraries with them.
REGISTRY = (
    "hotspots.importers.boundaries",
    "hotspots.importers.lookups",
    "hotspots.importers.ward_names",
    "hotspots.importers.populations",
    "hotspots.importers.postcodes",
    "hotspots.importers.police_street",
    "hotspots.importers.police_outcomes",
    "hotspots.importers.police_searches",
    "hotspots.importers.police_api",
    "hotspots.importers.mps_tables",
    "hotspots.importers.partner_counts",
)


@cache
def importers() -> tuple[ModuleType, ...]:
    """The modules of the registry (`base` says what each has)."""
    return tuple(import_module(name) for name in REGISTRY)


def recognise(head: Head) -> ModuleType:
    """The importer for a file. Raises Refused, naming the nearest format and what differs, where there is none."""
    from hotspots.importers import reading

    for importer in importers():
        if importer.recognises(head):
            return importer
    what = reading.foreign_format(head.start)
    if what:
        raise Refused(f"This is {what}, which cannot be read here. Files that can be read: {_readable()}.")
    formats = [
        (reading.likeness(head.header, columns), importer.NAME, columns)
        for importer in importers()
        for columns in (getattr(importer, "COLUMNS", ()), getattr(importer, "OLD_COLUMNS", ()))
        if columns
    ]
    likeness, name, columns = max(formats, key=lambda found: found[0], default=(0.0, "", ()))
    if likeness >= 0.5:
        raise Refused(
            f"This is almost a {name} file, but its columns are not as published: "
            f"{reading.difference(head.header, columns)}."
        )
    raise Refused(f"This is not a file that can be read here. Files that can be read: {_readable()}.")


def _readable() -> str:
    return ", ".join(dict.fromkeys(importer.NAME for importer in importers()))
