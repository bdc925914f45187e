"""Community Protection Warnings and Notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from interventions.law import community_protection as law
from interventions.law import fixed_penalties
from interventions.models import Breach, CommunityProtection, Condition, Intervention
from interventions.registers.register import Group, Panel, Part, Register
from partners import audit
from partners.visibility import Viewer


class Step(NamedTuple):
    """One step from the warning on. `pk` leads to another record; None = it is of this one."""

    day: date
    words: str
    pk: int | None = None


def chain(viewer: Viewer, record: Any, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """Warning, time to comply, notices and breaches by date, as far as the reader sees them; None where it is one step.

    Two queries at most.
    """
    first = record.pk if record.kind == Intervention.Kind.CPW else record.warning_id
    seen = CommunityProtection.objects.visible_to(viewer).exclude(pk=record.pk)
    others = list(seen.filter(Q(pk=first) | Q(warning=first))) if first else []
    audit.read(others, by=viewer, how="page")
    steps = [step for one in (record, *others) for step in _steps(one, None if one is record else one.pk)]
    steps += [Step(row.happened_on, f"Broken: {row.outcome or 'no outcome yet'}") for row in parts.get("breaches", ())]
    return {"steps": sorted(steps, key=lambda step: step.day)} if len(steps) > 1 else None


def _steps(one: Any, pk: int | None) -> list[Step]:
    kind = str(Intervention.Kind(one.kind).label)
    found = [Step(one.first_day, kind, pk)]
    if one.comply_by:
        found.append(Step(one.comply_by, f"To comply with the {kind.rsplit(' ', 1)[1].lower()} by this day"))
    return found


COMMUNITY_PROTECTION = Register(
    slug="community-protection",
    model=CommunityProtection,
    name="Community Protection Warnings and Notices",
    one="warning or notice",
    says="A written warning first; a notice where it was not heeded.",
    groups=(
        Group(
            "The notice",
            (
                "title",
                "reference",
                "warning",
                "conduct",
                "starts",
                "ends",
                "served_how",
                "comply_by",
                "informed",
                "outcome",
                "disposal",
            ),
        ),
        Group("To whom", ("age_band", "subject_ref", "premises_name")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("Fixed penalty", ("fpn_number", "fpn_amount")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("breaches", Breach, "Breaches", "breach", withheld_as="breaches", hides={"place": ("place",)}),
    ),
    labels={"starts": "Issued on", "ends": "Ends on"},
    defaults={"kind": "cpw", "strand": "protect"},
    whole_days=True,
    columns=("comply_by", "outcome"),
    filters=("outcome",),
    rules=law.RULES,
    look_up=fixed_penalties.look_up,
    complete=law.complete,
    status_of=law.status_of,
    state_of=law.state_of,
    panels=(Panel("interventions/panels/chain.html", chain),),
)
