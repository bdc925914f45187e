"""What people and systems say about one record, of whatever register, before it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from hotspots.models import Area, Hotspot
from interventions.law.rules import Finding
from interventions.models import DayOfAction, Intervention
from partners.refusals import Refused
from partners.roles import Marking

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_RELATED = ("wards", "hotspots", "particulars", "parts", "reasons")


class Unlawful(Refused):
    """Rules forbid it (block), or ask for a reason that is not given (warn): all that they say, blocks first."""

    def __init__(self, found: Sequence[Finding]) -> None:
        super().__init__(found[0].field, " ".join(one.sentence for one in found))
        self.found = list(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that is said about one record. Times carry their zone; None and "" mean not said.

    `particulars` are the fields of the register's own model by name, `parts` the rows of its parts (each a mapping of
    fields, with "id" for a row that is there already), `reasons` the reasons for keeping what rules warn of, by rule.
    """

    kind: str
    title: str = ""
    strand: str = ""
    starts: datetime
    ends: datetime | None = None
    wards: tuple[Area, ...]
    hotspots: tuple[Hotspot, ...] = ()
    day: DayOfAction | None = None
    reference: str = ""
    status: str = Intervention.Status.PLANNED
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    # A GeoJSON geometry: a polygon or several.
    zone: Mapping[str, Any] | None = None
    details: str = ""
    contact: str = ""
    people_reached: int | None = None
    marking: str = Marking.OFFICIAL
    audience: str = Intervention.Audience.AGREEMENTS
    particulars: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=lambda: _NOTHING)
    reasons: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @classmethod
    def of(cls, record: Intervention) -> Content:
        """What a record says now, its own register's fields and parts left out; it must be one that is read whole.

        Three queries at most.
        """
        said = {one.name: getattr(record, one.name) for one in fields(cls) if one.name not in _RELATED}
        said |= {name: said[name] or "" for name in ("place", "details", "contact")}
        wards, hotspots = tuple(record.wards.order_by("code")), tuple(record.hotspots.order_by("pk"))
        return cls(**said, wards=wards, hotspots=hotspots)
