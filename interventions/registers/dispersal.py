"""Section 34 authorisations and section 35 directions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from interventions.drafts import zone_of
from interventions.law import dispersal as law
from interventions.law.parameters import Law
from interventions.models import DispersalAuthorisation, DispersalDirection, Intervention, ProblemSolvingPlan
from interventions.queries import at_hotspots, hotspots_of
from interventions.registers.register import Group, Panel, Register
from partners import audit
from partners.roles import Permission
from partners.visibility import Viewer


def serial(viewer: Viewer, record: Any, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """The authorisations at the same place shortly before, and the plans that ask why; None where the reader sees none
    of the first. Five queries at most."""
    limits = Law.now()
    days = limits.whole("dispersal", "serial-days", record.first_day)
    many = limits.whole("dispersal", "serial-count", record.first_day)
    if days is None or many is None:
        return None
    zone, places = zone_of(record), {one.pk for one in hotspots_of(viewer, record.pk)}
    before = (
        Intervention.objects.visible_to(viewer)
        .filter(kind=Intervention.Kind.DISPERSAL, starts__gt=record.starts - timedelta(days=days))
        .filter(starts__lte=record.starts)
        .exclude(status=Intervention.Status.CANCELLED)
        .exclude(pk=record.pk)
        .order_by("starts")
        .prefetch_related("hotspots")
    )
    here = [one for one in before if law.same_place(zone, places, one)]
    if not here:
        return None
    is_serial = len(here) + 1 >= many
    plans = list(_open_plans(viewer, places)) if is_serial else []
    audit.read([*here, *plans], by=viewer, how="page")
    may_add = viewer.may(Permission.ADD)
    said = {"before": here, "number": len(here) + 1, "days": days, "is_serial": is_serial, "may_add": may_add}
    return said | {"plans": plans, "hotspot": min(places, default=None)}


def _open_plans(viewer: Viewer, places: Collection[int]) -> Any:
    """The problem-solving plans that are being worked on at any of some hotspots, newest first."""
    plans = at_hotspots(ProblemSolvingPlan.objects.visible_to(viewer), places).order_by("-starts", "-pk")
    return plans.exclude(stage=ProblemSolvingPlan.Stage.CLOSED).exclude(status=Intervention.Status.CANCELLED)


DISPERSAL = Register(
    slug="dispersals",
    model=DispersalAuthorisation,
    name="Dispersal authorisations",
    one="dispersal authorisation",
    says="Section 34: where and for how long people may be told to leave.",
    groups=(
        Group(
            "The authorisation",
            ("starts", "ends", "authorised_rank", "grounds", "officer_ref", "cancelled_from"),
        ),
        Group("Where", ("wards", "hotspots", "place", "zone")),
        Group(
            "What was considered",
            ("rights_considered", "community_impact", "displacement_considered", "council_informed", "published_url"),
        ),
        Group("More", ("title", "reference", "strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "From", "ends": "Until"},
    begins_today=True,
    defaults={"strand": "pursue"},
    columns=("authorised_rank",),
    filters=("authorised_rank", "council_informed"),
    rules=law.AUTHORISATION,
    look_up=law.look_up_authorisations,
    complete=law.complete_authorisation,
    status_of=law.status_of,
    state_of=law.state_of,
    panels=(Panel("interventions/panels/serial.html", serial),),
)

DIRECTION = Register(
    slug="directions",
    model=DispersalDirection,
    name="Dispersal directions",
    one="dispersal direction",
    says="Section 35: one person told to leave and not to come back for a time.",
    groups=(
        Group("The direction", ("authorisation", "starts", "ends", "is_written", "told_offence", "reason", "outcome")),
        Group("Where", ("wards", "hotspots", "place", "point", "zone")),
        Group("The person", ("age_band", "subject_ref", "ethnicity", "under_16_action", "property_surrendered")),
        Group("More", ("title", "reference", "details")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "Given", "ends": "Not to return until"},
    begins_today=True,
    defaults={"strand": "pursue"},
    placed_by="authorisation",
    columns=("age_band", "outcome"),
    filters=("outcome", "is_written"),
    rules=law.DIRECTION,
    look_up=law.look_up_directions,
    complete=law.complete_direction,
    status_of=law.status_of,
    state_of=law.state_of,
)
