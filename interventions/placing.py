"""In which ward something was, where only its point is said, and at which hotspots, where only its order is: for forms,
the API and bulk files alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import shapely
from django.db.models import F, Prefetch
from django.utils import timezone

from hotspots.calc.placing import place
from hotspots.models import Area, Boundary
from hotspots.queries import wards_in_force
from interventions.contents import Content
from interventions.models import Intervention
from interventions.queries import hotspots_by_record
from interventions.registers.register import Register
from partners.visibility import Viewer


def wards_at(points: Sequence[tuple[float, float]], on: date) -> list[Area | None]:
    """The ward in force on a day in which each point (longitude, latitude) lies, with its borough; None = in none.

    Two queries, however many points.
    """
    if not points:
        return []
    lon, lat = np.array(points, dtype=np.float64).T
    wards = {ward.pk: ward for ward in wards_in_force(on)}
    shapes = {
        # The newest shape of a ward wins.
        area: bytes(shape)
        for area, shape in Boundary.objects.filter(
            area__in=wards, west__lte=lon.max(), east__gte=lon.min(), south__lte=lat.max(), north__gte=lat.min()
        )
        .order_by(F("valid_from").asc(nulls_first=True))
        .values_list("area_id", "shape")
    }
    owners = [wards[area] for area in shapes]
    index = place(lon, lat, shapely.from_wkb([*shapes.values()]), [ward.code for ward in owners])
    return [owners[one] if one >= 0 else None for one in index]


def placed(register: Register, contents: Sequence[Content], by: Viewer) -> list[Content]:
    """What is said of new records of one register, with the ward of its point for each that says no ward, or that of
    its order where no point is said and the order has only one; and the hotspots of its order for each that names none
    (`Register.placed_by`): as far as this person sees them.

    What has no ward even so stays as it is said, and is refused as any record without a ward.
    Six queries at most; none where every record says its wards and hotspots.
    """
    return _with_hotspots(register, _with_wards_of_orders(register, _with_wards(contents), by), by)


def _with_wards(contents: Sequence[Content]) -> list[Content]:
    bare = [
        (index, (one.longitude, one.latitude))
        for index, one in enumerate(contents)
        if not one.wards and one.longitude is not None and one.latitude is not None
    ]
    found = list(contents)
    for (index, _), ward in zip(bare, wards_at([point for _, point in bare], timezone.localdate()), strict=True):
        if ward:
            found[index] = replace(contents[index], wards=(ward,))
    return found


def _with_wards_of_orders(register: Register, contents: list[Content], by: Viewer) -> list[Content]:
    orders = {
        index: getattr(order, "pk", order)
        for index, one in enumerate(contents)
        if not one.wards and one.longitude is None and (order := one.particulars.get(register.placed_by))
    }
    if not orders:
        return contents
    wards = Prefetch("wards", Area.objects.select_related("parent"))
    shown = Intervention.objects.visible_to(by).filter(pk__in=orders.values()).prefetch_related(wards)
    of = {one.pk: tuple(one.wards.all()) for one in shown}
    for index, order in orders.items():
        if len(of.get(order, ())) == 1:
            contents[index] = replace(contents[index], wards=of[order])
    return contents


def _with_hotspots(register: Register, contents: list[Content], by: Viewer) -> list[Content]:
    orders = {
        index: getattr(order, "pk", order)
        for index, one in enumerate(contents)
        if not one.hotspots and (order := one.particulars.get(register.placed_by))
    }
    if not orders:
        return contents
    places = hotspots_by_record(by, Intervention.objects.visible_to(by).filter(pk__in=orders.values()).values("pk"))
    for index, order in orders.items():
        contents[index] = replace(contents[index], hotspots=tuple(places[order]))
    return contents
