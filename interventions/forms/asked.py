"""What a new record begins with where the way to its form says so: from a hotspot, a day of action, an order.

/activity/new/patrols/?hotspot=12        /activity/new/pspo-actions/?order=7&date=2026-12-04
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from hotspots.models import Hotspot
from interventions import linked
from interventions.models import DayOfAction, Intervention
from interventions.queries import hotspots_of
from interventions.registers.register import Register
from partners.models import Record
from partners.visibility import Viewer

# Of a linked record about the same person, what the new one is likely to say too.
_SAME = ("subject_ref", "age_band", "premises_name")


def asked_for(
    viewer: Viewer, register: Register, query: Mapping[str, str], wards: Collection[str]
) -> tuple[dict[str, Any], list[Record]]:
    """The values that a form begins with, by the names of its fields, and the records that were read for them.

    What names nothing that the person sees is passed over. `wards` are the codes of those that are offered.
    """
    found: dict[str, Any] = {}
    read: list[Record] = []
    if query.get("kind") in register.kinds:
        found["kind"] = query["kind"]
    place = _seen(Hotspot, viewer, query.get("hotspot"))
    if place is not None:
        read.append(place)
        found |= {"hotspots": [str(place.pk)], "wards": [code for code in place.area_codes if code in wards]}
    for name, model in _links(register).items():
        other = _seen(model, viewer, query.get(name))
        if other is None:
            continue
        read.append(other)
        found |= {name: other.pk, **_of_other(register, other, viewer, wards)}
        if name == "day":
            found["starts_day"] = other.first_day
        elif name == "warning":
            found["kind"] = Intervention.Kind.CPN
    with suppress(ValueError):
        found["starts_day"] = date.fromisoformat(query.get("date", ""))
    return found, read


def _links(register: Register) -> dict[str, type[Intervention]]:
    """The links of a register to other records, by name."""
    own: dict[str, Any] = {name: register.own_fields[name].related_model for name in linked.names(register)}
    return {"day": DayOfAction} | own


def _of_other(register: Register, other: Any, viewer: Viewer, wards: Collection[str]) -> dict[str, Any]:
    """Where the other record is, and whom it is about, as far as it is shown."""
    found: dict[str, Any] = {
        "wards": [code for code in other.wards.values_list("code", flat=True) if code in wards],
        "hotspots": [str(place.pk) for place in hotspots_of(viewer, other.pk)],
        "place": other.place or "",
    }
    for name in _SAME:
        if name in register.own_fields and getattr(other, name, None):
            found[name] = getattr(other, name)
    return found


def _seen(model: Any, viewer: Viewer, number: str | None) -> Any:
    """The record of a number, as far as it is shown; None where there is none."""
    if not number or not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return model.objects.visible_to(viewer).filter(pk=int(number)).first()
