"""In which ward something was, where only its point is said: for forms, the API and bulk files alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import shapely
from django.db.models import F
from django.utils import timezone

from hotspots.calc.placing import place
from hotspots.models import Area, Boundary
from hotspots.queries import wards_in_force
from interventions.contents import Content


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


def placed(contents: Sequence[Content]) -> list[Content]:
    """What is said of records, with the ward of its point for each that says no ward.

    Where the point is missing or lies in no ward, it stays as it is said, and is refused as any record without a ward.
    Two queries at most; none where every record says its wards.
    """
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
