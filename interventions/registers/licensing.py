"""Visits to licensed premises."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.ground import panels
from interventions.law import ground as law
from interventions.models import LicensingVisit, Swab
from interventions.registers.register import Group, Panel, Part, Register


def complete(draft: Draft) -> None:
    """A title where none was typed: the sort of visit and the premises."""
    one = draft.record
    if not one.title:
        sort = one.get_sort_display() or one.get_kind_display()
        one.title = (f"{sort}, {one.premises_name}" if one.premises_name else sort)[:150]


LICENSING = Register(
    slug="licensing-visits",
    model=LicensingVisit,
    name="Licensing visits",
    one="licensing visit",
    says="Pub watch, Op Makesafe, swabs, door supervisors, test purchases.",
    groups=(
        Group("The visit", ("premises_name", "sort", "starts", "ends", "status", "joint_with", "title")),
        Group("The premises", ("licence_number", "uprn")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group(
            "What was found",
            ("cctv_ok", "incident_book_ok", "dps_present", "sia_checked", "sales_attempted", "sales_made"),
        ),
        Group("What follows", ("advice_given", "warning_given", "review_requested", "follow_up_on", "next_band")),
        Group("More", ("strand", "reference", "details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("swabs", Swab, "Swabs", "swab"),),
    defaults={"kind": "licensing", "strand": "protect"},
    begins_today=True,
    columns=("premises_name", "sort", "follow_up_on"),
    filters=("sort", "next_band"),
    rules=law.LICENSING,
    look_up=law.look_up,
    complete=complete,
    panels=(Panel("interventions/ground/_premises.html", panels.premises),),
)
