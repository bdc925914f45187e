"""Stop-and-search operations, in numbers only."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.ground import panels
from interventions.law import ground as law
from interventions.models import SearchCount, SearchOperation
from interventions.registers.register import Group, Panel, Part, Register


def complete(draft: Draft) -> None:
    """A title where none was typed."""
    one = draft.record
    one.title = one.title or one.operation or "Stop-and-search operation"


SEARCHES = Register(
    slug="stop-and-search",
    model=SearchOperation,
    name="Stop-and-search operations",
    one="stop-and-search operation",
    says="Volume, find rate and disparity; nobody who was searched stands here.",
    groups=(
        Group("The operation", ("operation", "starts", "ends", "status", "is_no_suspicion", "title")),
        Group(
            "In numbers",
            (
                "searches",
                "found",
                "found_object",
                "no_action",
                "arrests",
                "strip_searches",
                "complaints",
                "panel_view",
            ),
        ),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("strand", "reference", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("counts", SearchCount, "Searches by group, object and outcome", "count"),),
    defaults={"strand": "pursue"},
    begins_today=True,
    columns=("searches", "found"),
    rules=law.SEARCHES,
    complete=complete,
    panels=(Panel("interventions/ground/_searches.html", panels.searches, instead_of=("counts",)),),
)
