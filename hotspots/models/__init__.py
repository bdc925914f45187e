"""Where, and what happened there: areas, publishers, categories, the record of every import; hotspots and phases."""

from hotspots.models.areas import DRAWN, PUBLISHED, Area, AreaMembership, Boundary, Population, PostcodeDistrict
from hotspots.models.facts import (
    Category,
    DataVersion,
    ImportedFile,
    ImportRun,
    Publisher,
    RejectedRow,
    Slice,
    SliceQuerySet,
    Source,
)
from hotspots.models.hotspots import ComparisonPlace, Hotspot, HotspotDocument, HotspotStatus
from hotspots.models.phases import (
    GateAnswer,
    GateDecision,
    GateEvidence,
    GateQuestion,
    Phase,
    PhasePeriod,
    ReentryAlert,
    ReentryTrigger,
)
from hotspots.models.teams import AbstractedDays, WardTeam

__all__ = [
    "DRAWN",
    "PUBLISHED",
    "AbstractedDays",
    "Area",
    "AreaMembership",
    "Boundary",
    "Category",
    "ComparisonPlace",
    "DataVersion",
    "GateAnswer",
    "GateDecision",
    "GateEvidence",
    "GateQuestion",
    "Hotspot",
    "HotspotDocument",
    "HotspotStatus",
    "ImportRun",
    "ImportedFile",
    "Phase",
    "PhasePeriod",
    "Population",
    "PostcodeDistrict",
    "Publisher",
    "ReentryAlert",
    "ReentryTrigger",
    "RejectedRow",
    "Slice",
    "SliceQuerySet",
    "Source",
    "WardTeam",
]
