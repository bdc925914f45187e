"""Visits to licensed premises."""

from __future__ import annotations

from interventions.models import LicensingVisit, Swab
from interventions.registers.register import Group, Part, Register

LICENSING = Register(
    slug="licensing-visits",
    model=LicensingVisit,
    name="Licensing visits",
    one="licensing visit",
    says="Pub watch, Op Makesafe, swabs, door supervisors, test purchases.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group("The premises", ("sort", "premises_name", "licence_number", "uprn", "joint_with")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group(
            "What was found",
            ("cctv_ok", "incident_book_ok", "dps_present", "sia_checked", "sales_attempted", "sales_made"),
        ),
        Group("What follows", ("advice_given", "warning_given", "review_requested", "follow_up_on", "next_band")),
        Group("More", ("details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("swabs", Swab, "Swabs", "swab"),),
    defaults={"strand": "protect"},
    filters=("sort", "next_band"),
)
