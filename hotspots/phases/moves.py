"""What the actions share: the plan of a period, beginning and ending one, and who may."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.db.models import Min
from django.utils import timezone

from hotspots.models import Boundary, Hotspot, PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases import rules
from hotspots.phases.rules import Spell
from hotspots.register.actions import has_answers, locked
from partners.models import User
from partners.refusals import ChangedMeanwhile, Refused, checked_text
from partners.visibility import Viewer

LONGEST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that people say about one period of a phase, its end apart. None and "" mean not said."""

    starts: date
    planned_end: date | None = None
    objectives: str = ""
    # What each partner is expected to do.
    expectations: str = ""
    lead: User | None = None

    @classmethod
    def of(cls, period: PhasePeriod) -> Plan:
        """What a period says now."""
        return cls(**{one.name: getattr(period, one.name) for one in fields(cls)})


def place_with_phases(by: Viewer, pk: int) -> Hotspot:
    """A place that may have phases, locked. Raises Refused for others, and Hotspot.DoesNotExist."""
    record = locked(by, pk)
    if record.kind == Hotspot.Kind.WATCH:
        raise Refused("phase", "A watch place has no phases. Make it a hotspot first.")
    if record.status == Hotspot.Status.ARCHIVED:
        raise Refused("phase", "This place is archived. Make it active again before its phases change.")
    return record


def period_of(by: Viewer, pk: int, seen: datetime | None = None) -> tuple[Hotspot, PhasePeriod]:
    """A period and its place, both locked. Raises as `place_with_phases`, and ChangedMeanwhile by `seen`."""
    place = PhasePeriod.objects.filter(pk=pk).values_list("hotspot_id", flat=True).first()
    record = place_with_phases(by, place or 0)
    period = PhasePeriod.objects.select_related("changed_by", "lead").filter(pk=pk).first()
    if period is None:
        raise Hotspot.DoesNotExist("Somebody removed this phase meanwhile.")
    if seen is not None and period.changed_at != seen:
        who = period.changed_by or "Another system"
        raise ChangedMeanwhile(
            "changed_at", f"{who} changed this phase after you opened it. Nothing of yours is saved yet."
        )
    return record, period


def begin(record: Hotspot, phase: str, plan: Plan, *, by: Viewer, knowingly: bool = True) -> PhasePeriod:
    """A new period of a locked place. Raises Refused, Unusual."""
    if phase not in rules.ORDER:
        raise Refused("phase", f"The phase is one of: {', '.join(rules.ORDER)}.")
    if record.status == Hotspot.Status.CLOSED:
        raise Refused("phase", "This place is closed. Make it active again before a phase begins.")
    if phase != Phase.PREPARE and not has_answers(record):
        called = Phase(phase).label
        raise Refused("phase", f"Answer the place’s three equality questions first: {called} begins with them kept.")
    plan = tidy(plan)
    others = check(record, Spell(phase, plan.starts, None, plan.planned_end))
    strange = rules.unusual(phase, plan.starts, others)
    if strange and not knowingly:
        raise rules.Unusual("phase", strange)
    period = PhasePeriod(hotspot=record, phase=phase, created_by=by.user)
    fill(period, plan, by)
    period.save()
    return period


def finish(record: Hotspot, period: PhasePeriod, ends: date, ending: str, *, by: Viewer) -> None:
    """Ends a period that goes on. Raises Refused."""
    if period.ends:
        raise Refused("ends", "This phase has ended already: somebody did it meanwhile.")
    check(record, Spell(period.phase, period.starts, ends), apart_from=period)
    period.ends, period.ending = ends, ending
    period.changed_at, period.changed_by = timezone.now(), by.user
    period.save()


def check(record: Hotspot, spell: Spell, apart_from: PhasePeriod | None = None) -> Collection[Spell]:
    """Judges a period beside the place's others, which it gives back."""
    rows = [one for one in PhasePeriod.objects.filter(hotspot=record) if one != apart_from]
    others = [Spell(one.phase, one.starts, one.ends, one.planned_end) for one in rows]
    drawn = Boundary.objects.filter(area=record.area_id).aggregate(first=Min("valid_from"))["first"]
    decided = list(apart_from.decisions.values_list("decided_on", flat=True)) if apart_from else []
    rules.check(spell, others, drawn=drawn, today=timezone.localdate(), decided=decided)
    return others


def tidy(plan: Plan) -> Plan:
    """The plan as it is kept. Raises Refused for texts that cannot be."""
    return replace(
        plan,
        objectives=checked_text("objectives", plan.objectives, LONGEST),
        expectations=checked_text("expectations", plan.expectations, LONGEST),
    )


def fill(period: PhasePeriod, plan: Plan, by: Viewer) -> None:
    """Puts a plan into a period, and who did."""
    for one in fields(plan):
        setattr(period, one.name, getattr(plan, one.name))
    period.changed_at, period.changed_by = timezone.now(), by.user
