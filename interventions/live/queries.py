"""What is in force at a place now: always what its viewer may see, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.db.models import Q
from django.utils import timezone

from hotspots.calc.metres import grown, metres_apart
from hotspots.models import Area
from interventions import rows, states
from interventions.drafts import point_of, zone_of
from interventions.live.places import POINT_M, Place, wards_of
from interventions.models import Intervention
from interventions.registers import register_of
from partners.visibility import Viewer

Kind = Intervention.Kind
NEAR_M = 300
# More orders than these nobody can keep in mind, or read on two pages.
MOST = 200
# What holds for everybody first, then what holds for one person.
_FIRST = (Kind.DISPERSAL, Kind.PSPO, Kind.CLOSURE, Kind.DIRECTION, Kind.CBO, Kind.ORDER, Kind.CPN, Kind.CPW)


@dataclass(frozen=True, slots=True)
class Order:
    """One order in force, as its own model has it. `metres` = how far its ground is from the place, 0 = it holds
    there; None = it is not known where in the ward it holds."""

    record: Any
    metres: int | None
    # Of those in force today; () where the register has none.
    conditions: tuple[Any, ...]
    shape: shapely.Geometry | None


@dataclass(frozen=True, slots=True)
class Live:
    """What is in force in a place, near it, and somewhere in its wards; each by kind, what ends first in front."""

    here: list[Order]
    near: list[Order]
    somewhere: list[Order]
    wards: list[Area]
    # There are more than are shown.
    cut_off: bool

    @property
    def all(self) -> list[Order]:
        return [*self.here, *self.near, *self.somewhere]


def live(viewer: Viewer, place: Place) -> Live:
    """The orders in force at the viewer's moment. Two queries for where it is, one for which, two a register."""
    today = timezone.localtime(viewer.now).date()
    wards, near = wards_of(place, NEAR_M, today)
    west, south, east, north = grown(place.shape, NEAR_M).bounds
    zoned = Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    there = zoned | Q(west=None, area_codes__overlap=[one.code for one in near])
    seen = states.in_force(Intervention.objects.visible_to(viewer), viewer.now).filter(there)
    found = list(seen.order_by("ends", "pk")[: MOST + 1])
    linked = _of_hotspot(place)
    codes = {one.code for one in wards}
    orders = [_order(record, place, today, linked) for record in _typed(viewer, found[:MOST])]
    orders = [
        one
        for one in orders
        if (codes.intersection(one.record.area_codes) if one.metres is None else one.metres <= NEAR_M)
    ]
    order_of = {kind: number for number, kind in enumerate(_FIRST)}
    orders.sort(key=lambda one: (order_of[one.record.kind], one.metres or 0, one.record.ends or states.NEVER))
    return Live(
        here=[one for one in orders if one.metres == 0],
        near=[one for one in orders if one.metres],
        somewhere=[one for one in orders if one.metres is None],
        wards=wards,
        cut_off=len(found) > MOST,
    )


def _typed(viewer: Viewer, found: Sequence[Intervention]) -> list[Any]:
    """The same records, as their own models have them, with their conditions at hand."""
    made: list[Any] = []
    for register in dict.fromkeys(register_of(one.kind) for one in found):
        wanted = [one.pk for one in found if one.kind in register.kinds]
        plain = [name for name in rows.plain_links(register.model) if name in register.own_fields]
        typed = register.model.objects.visible_to(viewer).filter(pk__in=wanted).select_related("owner", *plain)
        made += typed.prefetch_related(*(["conditions"] if "conditions" in register.part else []))
    return made


def _of_hotspot(place: Place) -> set[int]:
    """The numbers of the records that were linked to the hotspot that is asked about."""
    if place.hotspot is None:
        return set()
    through = Intervention.hotspots.through.objects.filter(hotspot=place.hotspot)
    return set(through.values_list("intervention", flat=True))


def _order(record: Any, place: Place, today: date, linked: set[int]) -> Order:
    register = register_of(record.kind)
    held = record.conditions.all() if "conditions" in register.part else ()
    conditions = tuple(one for one in held if one.holds_on(today))
    ground = zone_of(record) or point_of(record)
    metres = None if ground is None else _metres(ground, place)
    if metres is None and record.pk in linked:
        metres = 0
    return Order(record, metres, conditions, ground)


def _metres(ground: shapely.Geometry, place: Place) -> int:
    """0 where it holds in the place: a record's point is known to as many metres as a phone's."""
    apart = metres_apart(place.shape, ground)
    if apart <= (POINT_M if ground.geom_type == "Point" else 0):
        return 0
    return max(10 * round(apart / 10), 10)
