"""What the importers of areas share: codes, kinds, columns, and ward sets that do not overlap in time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import shapely

from hotspots.calc.placing import place
from hotspots.importers.base import Quality, Refused
from hotspots.models import Area, Boundary

Kind = Area.Kind
# GSS codes of England and Wales; codes of generated demonstration data begin with SYN. Finest kind first.
PATTERNS: dict[str, re.Pattern[str]] = {
    Kind.LSOA: re.compile(r"[EW]01\d{6}|SYNL\d+"),
    Kind.WARD: re.compile(r"[EW]05\d{6}|SYNW\d+"),
    Kind.BOROUGH: re.compile(r"E0[6789]\d{6}|W06\d{6}|SYNB\d+"),
}
LONGEST_NAME = 150
MSOA = re.compile(r"[EW]02\d{6}")


def kind_of(code: str) -> str | None:
    """The kind of area a code names; None for other codes."""
    return next((kind for kind, pattern in PATTERNS.items() if pattern.fullmatch(code)), None)


def text(value: Any) -> str:
    """A property or cell as trimmed text; "" for None."""
    return "" if value is None else str(value).strip()


def printable(name: str) -> str:
    """A name without control and formatting characters, and with single spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())


def code_columns(columns: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """kind -> the first column most of whose values are codes of that kind, finest kind first."""
    found = {}
    for kind, pattern in PATTERNS.items():
        for name, values in columns.items():
            filled = [value for value in map(text, values) if value]
            if filled and 2 * sum(bool(pattern.fullmatch(value)) for value in filled) > len(filled):
                found[kind] = name
                break
    return found


def name_column(code_column: str, columns: Iterable[str]) -> str | None:
    """The column with the names that go with a column of codes: WD25CD -> WD25NM, GSS_CODE -> NAME, ..."""
    by_key = {re.sub(r"[\s_]", "", name).casefold(): name for name in columns}
    key = re.sub(r"[\s_]", "", code_column).casefold()
    special = {"lagsscode": "district", "gsscode": "name", "geographycode": "geography", "code": "name"}
    wanted = [re.sub(r"cd$", "nm", key), re.sub(r"code$", "name", key), special.get(key, "")]
    return next((by_key[name] for name in wanted if name != key and name in by_key), None)


def save(
    kind: str, names: Mapping[str, str], parents: Mapping[str, int | None] | None = None
) -> tuple[dict[str, Area], set[str], bool]:
    """Makes the areas (code -> name, "" = not known) that are new, and brings names and parents of the others up to
    date. Returns the areas by code, the codes that are new, and whether anything changed. Raises Refused for a name
    that is too long to be one.

    A code serves as the name until one is known. What cannot be printed is taken out of names: a picture (SVG) or a
    spreadsheet with a control character in it does not open, and a mark that turns the writing hides what is meant.
    """
    names = {code: printable(name) for code, name in names.items()}
    for code, name in names.items():
        if len(name) > LONGEST_NAME:
            raise Refused(f"The name of {code} has {len(name):,} characters, more than {LONGEST_NAME}: {name[:60]}...")
    parents = parents or {}
    known = {area.code: area for area in Area.objects.filter(code__in=names)}
    new, changed = [], []
    for code, name in names.items():
        parent = parents.get(code)
        area = known.get(code)
        if area is None:
            new.append(Area(kind=kind, code=code, name=name or code, parent_id=parent))
        elif (name and area.name != name) or (parent and area.parent_id != parent):
            area.name, area.parent_id = name or area.name, parent or area.parent_id
            changed.append(area)
    known.update({area.code: area for area in Area.objects.bulk_create(new)})
    Area.objects.bulk_update(changed, ["name", "parent"])
    return known, {area.code for area in new}, bool(new or changed)


def _span(wards: Iterable[Area]) -> str:
    codes = sorted(ward.code for ward in wards)
    return f"{codes[0]} to {codes[-1]}" if len(codes) > 1 else codes[0]


def _at_once(one: Area, other: Area) -> bool:
    """Whether there is a day on which both are in force."""
    return (one.valid_from or date.min) < (other.valid_to or date.max) and (other.valid_from or date.min) < (
        one.valid_to or date.max
    )


def put_in_force(
    wards: Sequence[Area], new: set[str], valid_from: date | None, others: Sequence[Area], quality: Quality
) -> bool:
    """Dates the wards of one file, and the `others` (stored wards of the same ground), so that no two sets overlap.

    `new` are the codes of the wards that the file brought. They take the day `valid_from`, and the earlier set ends on
    it. A file without new wards gives all of its wards that day: this is how a wrong day is put right. Without a day,
    new wards whose codes are all lower than those of a dated set are the set before it: codes are given out in rising
    order. True if anything changed. Raises Refused where two sets would still be in force at once.
    """
    before = {ward.code: (ward.valid_from, ward.valid_to) for ward in (*wards, *others)}
    brought = [ward for ward in wards if ward.code in new] or (list(wards) if valid_from else [])
    clash = [other for other in others if any(_at_once(ward, other) for ward in brought)]
    if clash and valid_from is None:
        starts = [other.valid_from for other in clash if other.valid_from]
        if len(starts) < len(clash) or max(ward.code for ward in brought) > min(other.code for other in clash):
            raise Refused(
                f"Wards {_span(clash)} are already in force where this file has {_span(brought)}. Say from which day "
                "the file's wards are in force: give that day on the upload page, or with --valid-from YYYY-MM-DD."
            )
        for ward in brought:
            ward.valid_to = min(starts)
        quality.note(f"Wards {_span(brought)} end on {min(starts)}, when wards {_span(clash)} came into force.")
    elif valid_from:
        undated = [other for other in others if other.valid_from is None and other.valid_to is None]
        if undated and brought and max(ward.code for ward in brought) < min(other.code for other in undated):
            raise Refused(
                f"Wards {_span(undated)} have newer codes than this file's {_span(brought)}, but the day they came "
                "into force is not known. Import the newer wards' file again with its day first (--valid-from "
                "YYYY-MM-DD)."
            )
        later = [other.valid_from for other in others if other.valid_from and other.valid_from > valid_from]
        for ward in brought:
            ward.valid_from = valid_from
            ward.valid_to = min(later, default=None)
        ended = [o for o in others if o.valid_from is None or o.valid_from < valid_from]
        starts_before = {before[ward.code][0] for ward in brought}  # a corrected day moves the earlier set's end too
        ended = [o for o in ended if o.valid_to is None or o.valid_to > valid_from or o.valid_to in starts_before]
        for other in ended:
            other.valid_to = valid_from
        if ended:
            quality.note(f"Wards {_span(ended)} end on {valid_from}, when wards {_span(brought)} came into force.")
        if same := [other for other in others if other.valid_from == valid_from]:
            raise Refused(f"Wards {_span(same)} cover the same ground from the same day as {_span(brought)}.")
    changed = [ward for ward in (*wards, *others) if before[ward.code] != (ward.valid_from, ward.valid_to)]
    Area.objects.bulk_update(changed, ["valid_from", "valid_to"])
    for ward in changed:  # a ward has one shape: it changes its code with its shape
        Boundary.objects.filter(area=ward).update(valid_from=ward.valid_from, valid_to=ward.valid_to)
    return bool(changed)


def adopt_orphans(kind: str) -> bool:
    """Gives areas of a kind that have a shape but no borough the borough whose shape has their middle. True if any."""
    orphans = list(Boundary.objects.filter(area__kind=kind, area__parent=None).select_related("area"))
    boroughs = list(Boundary.objects.filter(area__kind=Kind.BOROUGH).select_related("area").order_by("-area_id"))
    if not (orphans and boroughs):
        return False
    middles = shapely.get_coordinates(shapely.point_on_surface(shapely.from_wkb([bytes(o.shape) for o in orphans])))
    polygons = shapely.from_wkb([bytes(borough.shape) for borough in boroughs])
    found = place(middles[:, 0], middles[:, 1], polygons, [borough.area.code for borough in boroughs])
    adopted = [orphan.area for orphan, index in zip(orphans, found, strict=True) if index >= 0]
    for area, index in zip(adopted, found[found >= 0], strict=True):
        area.parent_id = boroughs[index].area_id
    Area.objects.bulk_update(adopted, ["parent"])
    return bool(adopted)
