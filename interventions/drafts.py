"""A record as it is said to be, before it is kept: what rules look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import shapely
from django.utils import timezone
from shapely.geometry import shape

from hotspots.models import Area, Hotspot
from interventions.models import Intervention
from partners.models import Agency

if TYPE_CHECKING:
    from interventions.law.parameters import Law


@dataclass(slots=True)
class Draft:
    """A record with all its fields set, and not yet saved (or saved as it was before).

    Fields of `record` may be read, links to other records among them (`record.order`, `record.warning`), but nothing
    may be asked of the database: what else a rule has to know is put into `known` by its register (`Register.look_up`).
    """

    record: Any  # of the register's model
    owner: Agency
    wards: tuple[Area, ...]
    hotspots: tuple[Hotspot, ...]
    # Name of the part -> its rows, not yet saved.
    parts: dict[str, list[Any]]
    law: Law
    now: datetime
    known: dict[str, Any] = field(default_factory=dict)
    # Whether it is put into a day of action that it was not in before.
    is_new_day: bool = False

    def of(self, name: str) -> list[Any]:
        """The rows of one part, in order; [] where there are none."""
        return self.parts.get(name, [])

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def zone(self) -> shapely.Geometry | None:
        """The ground that it covers; None = none was drawn."""
        return zone_of(self.record)

    @property
    def point(self) -> shapely.Geometry | None:
        """Where it was; None = not said."""
        return point_of(self.record)


def zone_of(record: Intervention) -> shapely.Geometry | None:
    """The shape of a record's zone; None = none was drawn."""
    return shape(record.zone) if record.zone else None


def point_of(record: Intervention) -> shapely.Point | None:
    """Where a record was; None = not said, or not shown."""
    if record.longitude is None or record.latitude is None:
        return None
    return shapely.Point(record.longitude, record.latitude)
