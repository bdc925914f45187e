"""Public Spaces Protection Orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from hotspots.words import day_name
from interventions.drafts import Draft
from interventions.law import pspo as law
from interventions.models import Condition, Consultation, Publication, PublicSpacesOrder, Sign, Variation
from interventions.registers.register import Group, Panel, Part, Register
from interventions.renewal import panels
from partners.filters import day_begins, day_ends

Stage = PublicSpacesOrder.Stage


def complete(draft: Draft) -> None:
    """What follows: from extensions, over which days it holds in all; from a discharge, its end; from its number, a
    title."""
    order = draft.record
    draft.known["last_day"] = order.last_day
    rows = law.extensions(draft.of("variations"))
    if rows:
        first = min(filter(None, (order.first_in_force, order.first_day, rows[0].starts_on)))
        order.first_in_force, order.starts = first, day_begins(first)
        order.ends = max(day_ends(max(row.ends_on for row in rows)), order.starts)
    if order.stage == Stage.DISCHARGED and order.discharged_on and order.discharged_on >= order.first_day:
        order.ends = min(order.ends or day_ends(order.discharged_on), day_ends(order.discharged_on))
    if not order.title and order.number:
        order.title = f"Public Spaces Protection Order {order.number}"


def status_of(order: Any) -> str:
    """Made = done, whether in force or over."""
    if order.stage == Stage.DROPPED:
        return order.Status.CANCELLED
    return order.Status.DONE if order.stage in law.MADE else order.Status.PLANNED


def state_of(order: Any, day: date) -> tuple[str, str]:
    """How it stands on a day."""
    stage, last = Stage(order.stage), order.last_day
    if stage == Stage.DISCHARGED:
        return (f"Discharged on {day_name(order.discharged_on)}" if order.discharged_on else "Discharged"), "grey"
    if stage != Stage.IN_FORCE:
        return str(stage.label), "grey" if stage == Stage.DROPPED else "light-blue"
    if day < order.first_day:
        return f"In force from {day_name(order.first_day)}", "light-blue"
    if last is None:
        return "In force", "green"
    return (f"In force until {day_name(last)}", "green") if day <= last else (f"Ran out on {day_name(last)}", "grey")


PSPO = Register(
    slug="pspos",
    model=PublicSpacesOrder,
    name="Public Spaces Protection Orders",
    one="Public Spaces Protection Order",
    says="What is forbidden or required in a public place, for everybody, for up to three years at a time.",
    groups=(
        Group(
            "The order", ("title", "number", "reference", "stage", "starts", "ends", "first_in_force", "is_expedited")
        ),
        Group("Where it holds", ("wards", "hotspots", "place", "zone")),
        Group("Why", ("activities", "grounds", "rights_statement", "equality_statement")),
        Group(
            "The decision",
            (
                "decided_by",
                "decided_on",
                "minute_ref",
                "is_delegated",
                "sealed_on",
                "published_on",
                "published_url",
                "discharged_on",
            ),
        ),
        Group("Penalties", ("penalty", "penalty_early", "penalty_early_days", "enforced_by")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("consultations", Consultation, "Consultations", "consultation"),
        Part("publications", Publication, "Notices and publication", "publication"),
        Part("signs", Sign, "Signs", "sign"),
        Part("variations", Variation, "Extensions, variations, discharge", "change"),
    ),
    labels={"starts": "In force from", "ends": "Last day in force", "title": "Title"},
    defaults={"strand": "protect"},
    whole_days=True,
    columns=("number",),
    filters=("stage",),
    rules=law.RULES,
    complete=complete,
    status_of=status_of,
    state_of=state_of,
    pages=(("Renewal planner", "interventions:renewal"), ("Evidence pack", "reports:order-evidence")),
    panels=(
        Panel("interventions/renewal/_panel.html", panels.renewal),
        Panel("interventions/renewal/_use.html", panels.use),
    ),
)
