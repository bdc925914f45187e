"""A year in the town centre of the demonstration: an order whose renewal is due, orders on people with the help that
goes with them, dispersals, closures, licensing visits, meetings, and twelve days of action.

Everything lies around the Market Place and is told from the day of loading. All is done by the product's own actions,
so its rules have looked at each record.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone

from demo.town import ground, orders, powers, together
from demo.town.town import Town
from hotspots.models import Area, Hotspot
from partners.models import Agency
from partners.visibility import Viewer

SEED = 20261121
PLACE = "Market Place"


def make(
    viewer: Callable[[str], Viewer], whose: Mapping[str, Agency], agencies: Mapping[str, Agency], wards: Sequence[Area]
) -> None:
    """Tells the year; nothing where there is no hotspot to tell it of. `whose` is by who keeps it."""
    hotspot = Hotspot.objects.filter(name=PLACE).select_related("area").first()
    if hotspot is None:
        return
    boundary = hotspot.area.boundaries.order_by("-pk")[0]
    town = Town(
        viewer,
        whose,
        agencies,
        hotspot,
        next(one for one in wards if one.code in hotspot.area_codes),
        round((boundary.west + boundary.east) / 2, 6),
        round((boundary.south + boundary.north) / 2, 6),
        random.Random(SEED),  # noqa: S311 - nothing secret
        timezone.localdate(),
    )
    orders.tell(town)
    powers.tell(town)
    ground.tell(town)
    together.tell(town)
