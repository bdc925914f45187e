"""Stop-and-search operations, in numbers only."""

from __future__ import annotations

from interventions.models import SearchCount, SearchOperation
from interventions.registers.register import Group, Part, Register

SEARCHES = Register(
    slug="stop-and-search",
    model=SearchOperation,
    name="Stop-and-search operations",
    one="stop-and-search operation",
    says="Volume, find rate and disparity; nobody who was searched stands here.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group(
            "In numbers",
            (
                "operation",
                "searches",
                "found",
                "found_object",
                "no_action",
                "arrests",
                "strip_searches",
                "complaints",
                "is_no_suspicion",
                "panel_view",
            ),
        ),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("counts", SearchCount, "Searches by group, object and outcome", "count"),),
    defaults={"strand": "pursue"},
)
