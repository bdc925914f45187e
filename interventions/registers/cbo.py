"""Criminal Behaviour Orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from hotspots.words import day_name
from interventions.drafts import Draft
from interventions.law import cbo as law
from interventions.law.parameters import Law
from interventions.models import (
    Breach,
    Briefing,
    Condition,
    CriminalBehaviourOrder,
    Hearing,
    Review,
    Support,
    Variation,
)
from interventions.registers.register import Group, Panel, Part, Register
from partners.filters import day_begins, day_ends
from partners.visibility import Viewer

Stage = CriminalBehaviourOrder.Stage
_PLANNED = (Stage.PREPARING, Stage.APPLIED)


def complete(draft: Draft) -> None:
    """The period of an interim or a discharged order, and a title, follow from what is said."""
    order = draft.record
    if order.stage == Stage.INTERIM and order.interim_from:
        order.starts = day_begins(order.interim_from)
        order.ends = day_ends(order.interim_to) if order.interim_to else None
    if order.stage == Stage.DISCHARGED and order.discharged_on and order.discharged_on >= order.first_day:
        # It binds nobody on that day any more.
        over = day_begins(order.discharged_on)
        order.ends = over if order.ends is None else min(order.ends, over)
    order.title = order.title or f"Criminal Behaviour Order from {day_name(order.first_day)}"


def status_of(order: Any) -> str:
    """Made (an interim order too) = done."""
    if order.stage == Stage.REFUSED:
        return order.Status.CANCELLED
    return order.Status.PLANNED if order.stage in _PLANNED else order.Status.DONE


def state_of(order: Any, day: date) -> tuple[str, str]:
    """How it stands on a day."""
    stage, last = Stage(order.stage), order.last_day
    if stage in (*_PLANNED, Stage.REFUSED):
        return str(stage.label), "grey" if stage == Stage.REFUSED else "light-blue"
    if stage == Stage.DISCHARGED:
        return (f"Discharged on {day_name(order.discharged_on)}" if order.discharged_on else "Discharged"), "grey"
    called = "Interim order" if stage == Stage.INTERIM else "In force"
    if day < order.first_day:
        return f"{called} from {day_name(order.first_day)}", "light-blue"
    if last is None:
        return f"{called}, {'indefinite' if order.is_indefinite else 'no end yet'}", "green"
    if last < day:
        return f"Ended on {day_name(last)}", "grey"
    appealed = ", under appeal" if stage == Stage.APPEALED else ""
    return f"{called} until {day_name(last)}{appealed}", "green"


def reviews(viewer: Viewer, record: Any, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """The yearly reviews of an order on somebody under 18; None where there are none, or who it is is withheld."""
    months = Law.now().whole("cbo", "youth-review", on=record.first_day) if law.is_youth(record) else None
    found = law.reviews_due(record, parts.get("variations", ()), parts.get("reviews", ()), months)
    today = timezone.localdate()
    rows = [(one, one.is_overdue(today)) for one in found]
    return {"reviews": rows, "months": months} if rows else None


CBO = Register(
    slug="criminal-behaviour-orders",
    model=CriminalBehaviourOrder,
    name="Criminal Behaviour Orders",
    one="Criminal Behaviour Order",
    says="What a court forbids or requires of somebody who was convicted, and the support that goes with it.",
    groups=(
        Group(
            "The order",
            (
                "title",
                "reference",
                "stage",
                "court",
                "applicant",
                "lead_officer",
                "applied_on",
                "made_on",
                "starts",
                "is_indefinite",
                "ends",
                "interim_from",
                "interim_to",
                "discharged_on",
            ),
        ),
        Group("The person", ("subject_ref", "age_band", "turns_18_on", "youth_team_consulted_on", "conviction_group")),
        Group("Where they must keep away", ("wards", "hotspots", "place", "zone", "exclusion_times")),
        Group("Publicity", ("publicity", "publicity_reason", "publicity_from", "publicity_to")),
        Group("Retention", ("retention_review_on",)),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("support", Support, "Support offered", "offer", withheld_as="support"),
        Part("hearings", Hearing, "Hearings", "hearing"),
        # The law asks for reviews of under-18s alone: that there are any says how old somebody is.
        Part("reviews", Review, "Reviews", "review", withheld_as="subject"),
        Part("variations", Variation, "Variations and discharge", "change"),
        Part("breaches", Breach, "Breaches", "breach", withheld_as="breaches", hides={"place": ("place",)}),
        Part("briefings", Briefing, "Briefed to", "briefing"),
    ),
    labels={"starts": "In force from", "ends": "Ends on"},
    defaults={"strand": "pursue"},
    whole_days=True,
    may_lack_end=True,
    columns=("court",),
    filters=("stage",),
    rules=law.RULES,
    complete=complete,
    status_of=status_of,
    state_of=state_of,
    panels=(Panel("interventions/panels/reviews.html", reviews),),
)
