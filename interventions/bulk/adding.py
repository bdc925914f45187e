"""A file that was read becomes records, or what is wrong with its rows: the same for the API and for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hotspots.models import Area, Hotspot
from interventions.api.shapes import name_in_api, said
from interventions.bulk import actions
from interventions.bulk.files import Line, Read, Wrong
from interventions.contents import Content, Unlawful
from interventions.models import DayOfAction
from interventions.registers.register import Register
from partners.api import parameters
from partners.models import Agency
from partners.refusals import Refused
from partners.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows of a file."""

    rows: int
    # Rows that can be added; and the numbers of the records that were, in the order of the rows.
    good: int
    added: list[int]
    # (number of the row, what is wrong with it), in the order of the rows.
    wrong: list[tuple[int, Wrong]]
    ignored: list[str]

    @property
    def refused(self) -> int:
        """How many rows cannot be added."""
        return self.rows - self.good


def add_rows(
    *, by: Viewer, owner: Agency, register: Register, read: Read, keep_good: bool = False, dry_run: bool = False
) -> Report:
    """Adds the rows that can be added, as `actions.add_interventions` does: none at all where one cannot be, unless
    `keep_good`. Raises Refused as that does."""
    contents = _contents(register, read.lines, by)
    unreadable = len(contents) < len(read.lines)
    found = actions.add_interventions(
        by=by,
        owner=owner,
        register=register,
        contents=[content for _, content in contents],
        keep_good=keep_good,
        dry_run=dry_run or (unreadable and not keep_good),
    )
    named = partial(name_in_api, register)
    for at, refused in found.refused.items():
        contents[at][0].wrong += _told(refused, named)
    wrong = [(line.number, one) for line in read.lines for one in line.wrong]
    return Report(len(read.lines), found.good, [one.pk for one in found.records], wrong, read.ignored)


def _told(refused: Refused, named: Any) -> list[Wrong]:
    if isinstance(refused, Unlawful):
        return [Wrong(named(one.field), one.sentence, one.rule, one.source) for one in refused.found]
    return [Wrong(named(refused.field), str(refused))]


def _contents(register: Register, lines: Sequence[Line], by: Viewer) -> list[tuple[Line, Content]]:
    """What the rows that can be read say: places and days are looked up for all of them at once. Three queries."""
    given = [line.given for line in lines if line.given is not None]
    codes = {code for one in given for code in one.get("wards", ())}
    wards = {one.code: one for one in Area.objects.filter(kind=Area.Kind.WARD, code__in=codes).select_related("parent")}
    numbers = {number for one in given for number in one.get("hotspots", ())}
    hotspots = Hotspot.objects.visible_to(by).in_bulk(numbers) if numbers else {}
    day_numbers = {one["day_id"] for one in given if one.get("day_id")}
    days = DayOfAction.objects.visible_to(by).in_bulk(day_numbers) if day_numbers else {}
    found = []
    for line in lines:
        if line.given is None:
            continue
        try:
            links = _links(line.given, wards, hotspots, days)
        except Refused as refused:
            line.wrong.append(Wrong(name_in_api(register, refused.field), str(refused)))
            continue
        content = {"kind": register.kinds[0], **register.defaults, **said(register, line.given)}
        found.append((line, Content(**content, **links)))
    return found


def _links(
    given: Mapping[str, Any], wards: Mapping[str, Any], hotspots: Mapping[int, Any], days: Mapping[int, Any]
) -> dict[str, Any]:
    codes = sorted(set(given.get("wards", ())))
    if unknown := [code for code in codes if code not in wards]:
        raise Refused("wards", f"There is no ward with the code {parameters.shown(unknown[0])}.")
    numbers = sorted(set(given.get("hotspots", ())))
    if missing := [number for number in numbers if number not in hotspots]:
        raise Refused("hotspots", f"There is no hotspot {missing[0]}, or it is not shared with you.")
    day = given.get("day_id")
    if day and day not in days:
        raise Refused("day", "There is no such day of action, or it is not shared with you.")
    return {
        "wards": tuple(wards[code] for code in codes),
        "hotspots": tuple(hotspots[number] for number in numbers),
        "day": days[day] if day else None,
    }
