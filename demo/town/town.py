"""Who works in the town centre of the demonstration, and how they add a record."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from shapely.geometry import mapping

from hotspots.calc.metres import circle
from hotspots.models import Area, Hotspot
from interventions import actions
from interventions.actions import Content
from interventions.models import Intervention, OnPerson
from partners.models import Agency
from partners.visibility import Viewer

KIND, STATUS, STRAND, AUDIENCE = Intervention.Kind, Intervention.Status, Intervention.Strand, Intervention.Audience
AGE = OnPerson.AgeBand


@dataclass
class Town:
    """Who works there and where, and what was made of it so far."""

    viewer: Callable[[str], Viewer]
    whose: Mapping[str, Agency]
    agencies: Mapping[str, Agency]
    hotspot: Hotspot
    ward: Area
    longitude: float
    latitude: float
    drawn: random.Random
    today: date
    made: dict[str, Any] = field(default_factory=dict)

    def add(self, by: str, kind: str, title: str, **said: Any) -> Any:
        """A record of somebody's agency at the place: days as `starts`/`ends` become London's midnights."""
        content: dict[str, Any] = {
            "wards": (self.ward,),
            "hotspots": (self.hotspot,),
            "title": title,
            "strand": STRAND.PURSUE,
            "status": STATUS.DONE,
            **said,
        }
        return actions.add_intervention(by=self.viewer(by), owner=self.whose[by], content=Content(kind=kind, **content))

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=days)

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An hour of London's, so many days from today."""
        return moment(self.day(days), hour, minute)

    def point(self, metres: float = 300) -> dict[str, float]:
        """Somewhere around the middle."""
        east, north = (self.drawn.uniform(-1, 1) * metres for _ in range(2))
        return {
            "longitude": round(self.longitude + east / 69_200, 5),
            "latitude": round(self.latitude + north / 111_200, 5),
        }

    def zone(self, metres: int) -> Any:
        return mapping(circle(self.longitude, self.latitude, metres))


def moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def whole_days(first: date, last: date | None) -> dict[str, datetime | None]:
    """A period of whole days, the last of them included."""
    return {"starts": moment(first), "ends": None if last is None else moment(last + timedelta(days=1))}
