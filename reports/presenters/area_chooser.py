"""The list from which areas are chosen: boroughs as groups that open, a box for each area and for all wards at once.

Hundreds of boxes in London: a view holds those that it shows, and the whole list comes when somebody opens it. It is
made once for each version of the figures, and what is chosen is ticked in its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from hotspots.models import Area
from reports import queries
from reports.forms.explore import ALL_BOROUGHS, WARDS_OF
from reports.keeping import kept
from reports.links import set_name
from reports.pages.explore import Explored
from reports.queries import Place, in_sets
from reports.words import day_name

KEEP_SECONDS = 600


def choose_from_all(chosen: Collection[str]) -> SafeString:
    """The boxes, those of the words `chosen` (as addresses have them) ticked. At most two queries, mostly one."""
    key = f"area-chooser:{queries.data_version()}"
    text = kept(key, KEEP_SECONDS, lambda: _boxes(queries.places_with_figures()))
    others = []
    for word in chosen:
        mark = f' value="{word}"'
        if mark in text:
            text = text.replace(mark, f"{mark} checked", 1)
        else:
            others.append(_box(word, word, ticked=True))
    return mark_safe("".join(others) + text)  # noqa: S308 - names are escaped, words were checked by the form


def chosen_alone(found: Explored) -> SafeString:
    """The boxes of what a view shows, ticked."""
    names = {place.code: place.name for place in found.areas} | {ALL_BOROUGHS: "All boroughs"}
    boroughs = {one.borough.code: one.borough.name for one in found.wards_of}
    for word in found.asked["areas"]:
        if of := WARDS_OF.fullmatch(word):
            since = f" of {day_name(date.fromisoformat(of['day']))}" if of["day"] else ""
            names[word] = f"All wards of {boroughs[of['code']]}{since}"
    boxes = [_box(word, names[word], ticked=True) for word in found.asked["areas"]]
    return mark_safe("".join(boxes))  # noqa: S308 - names are escaped


def _box(value: str, text: str, *, whole: bool = False, ticked: bool = False) -> str:
    kind, state = ' class="app-pick__whole"' if whole else "", " checked" if ticked else ""
    return f'<label{kind}><input type="checkbox" name="areas" value="{escape(value)}"{state}> {escape(text)}</label>'


def _group(heading: str, boxes: Iterable[str]) -> str:
    return f"<details><summary>{escape(heading)}</summary><div>{''.join(boxes)}</div></details>"


def _boxes(places: Iterable[Place]) -> str:
    kinds: dict[str, list[Place]] = {kind: [] for kind in queries.SUMMARISED}
    for place in places:
        kinds[place.kind].append(place)
    boroughs, forces = kinds[Area.Kind.BOROUGH], kinds[Area.Kind.FORCE]
    wards: dict[str, list[Place]] = {}
    for ward in kinds[Area.Kind.WARD]:
        wards.setdefault(ward.parent_code, []).append(ward)
    made = []
    if len(boroughs) > 1:
        made.append(_box(ALL_BOROUGHS, f"All {len(boroughs)} boroughs"))
    made.extend(_group(borough.name, _wards(borough, wards)) for borough in boroughs)
    if forces:
        made.append(_group("Police forces", [_box(force.code, force.name) for force in forces]))
    return "".join(made)


def _wards(borough: Place, wards: dict[str, list[Place]]) -> Iterable[str]:
    """A borough, and its wards by the day they came into force, newest first, each set with a box for all of them."""
    yield _box(borough.code, f"{borough.name}, the whole borough", whole=True)
    sets = in_sets(wards.get(borough.code, []))
    if len(sets) > 1:
        yield _box(f"{borough.code}.wards", "All wards in force in the last month shown", whole=True)
    for one in reversed(sets):
        word = f"{borough.code}.wards" + (f".{one.day.isoformat()}" if len(sets) > 1 and one.day else "")
        yield _box(word, f"All {len(one.wards)} {set_name(one)}", whole=True)
        yield from (_box(ward.code, ward.name) for ward in one.wards)
