"""Reads of phases, gates and alerts. All take places that their reader sees: `Hotspot.objects.visible_to(viewer)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet

from hotspots.models import GateDecision, GateQuestion, Hotspot, PhasePeriod, ReentryAlert, ReentryTrigger
from hotspots.phases.rules import ORDER
from partners.models import Membership, User


def periods(places: Collection[Hotspot]) -> dict[int, list[PhasePeriod]]:
    """By place's pk, all its periods, oldest first, each with its lead; nothing of places without any. One query."""
    return _by_place(PhasePeriod.objects.filter(hotspot__in=[one.pk for one in places]))


def current_phases(places: Collection[Hotspot], on: date) -> dict[int, list[PhasePeriod]]:
    """By place's pk, the periods that a day lies in, in the order of the phases; nothing of places without. One query.

    On its last day a period is over, as the next begins then. Several phases may go on at once.
    """
    found = _by_place(PhasePeriod.objects.filter(going_on(on), hotspot__in=[one.pk for one in places]))
    for rows in found.values():
        rows.sort(key=lambda one: ORDER[one.phase])
    return found


def gates_due(places: Collection[Hotspot], by: date) -> dict[int, list[PhasePeriod]]:
    """By place's pk, the periods that go on and whose gate is due on or before a day, the first first. One query."""
    found = PhasePeriod.objects.filter(ends=None, planned_end__lte=by, hotspot__in=[one.pk for one in places])
    return _by_place(found, "planned_end")


def open_alerts(places: Collection[Hotspot]) -> dict[int, list[ReentryAlert]]:
    """By place's pk, the alerts that nobody acknowledged, newest first, each with its trigger. One query."""
    found: dict[int, list[ReentryAlert]] = defaultdict(list)
    rows = ReentryAlert.objects.filter(trigger__hotspot__in=[one.pk for one in places], acknowledged_at=None)
    for row in rows.select_related("trigger"):
        found[row.trigger.hotspot_id].append(row)
    return dict(found)


def triggers(place: Hotspot) -> list[ReentryTrigger]:
    """A place's triggers, those that are still looked at first, each with its alerts. Two queries."""
    alerts = Prefetch("alerts", ReentryAlert.objects.select_related("acknowledged_by"))
    rows = ReentryTrigger.objects.filter(hotspot=place).select_related("set_by", "ended_by").prefetch_related(alerts)
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "pk"))


def questions(phase: str | None = None) -> list[GateQuestion]:
    """The questions that are asked at the gate of a phase, else of all; in order. One query."""
    asked = sorted(GateQuestion.objects.filter(is_asked=True), key=lambda one: (ORDER[one.phase], one.position, one.pk))
    return [one for one in asked if phase in (None, one.phase)]


def decisions(place: Hotspot) -> list[GateDecision]:
    """The decisions at a place's gates with their answers and evidence, newest first; none where they are withheld.

    Three queries.
    """
    if "gates" in place.withheld:
        return []
    rows = GateDecision.objects.filter(period__hotspot=place).select_related("period", "recorded_by")
    return list(rows.prefetch_related("answers", "evidence").order_by("-decided_on", "-pk"))


def _by_place(rows: QuerySet[PhasePeriod], *order: str) -> dict[int, list[PhasePeriod]]:
    found: dict[int, list[PhasePeriod]] = defaultdict(list)
    for row in rows.select_related("lead").order_by(*order, "starts", "pk"):
        found[row.hotspot_id].append(row)
    return dict(found)


def decided(place: Hotspot) -> set[int]:
    """The pks of a place's periods at whose gate something was decided: those are never removed. One query."""
    return set(GateDecision.objects.filter(period__hotspot=place).order_by().values_list("period_id", flat=True))


def going_on(on: date) -> Q:
    """The periods that a day lies in. On its last day a period is over, as the next begins then."""
    return Q(ends=None, starts__lte=on) | Q(ends__gt=on, starts__lte=on)


def leads(place: Hotspot) -> QuerySet[User]:
    """Who may lead a phase: the people of the lead agency and of its parts, and who leads one now."""
    of_agency = Membership.objects.current().filter(Q(agency=place.owner_id) | Q(agency__part_of=place.owner_id))
    leading = PhasePeriod.objects.filter(hotspot=place, lead__isnull=False)
    return User.objects.filter(Q(pk__in=of_agency.values("user")) | Q(pk__in=leading.values("lead"))).order_by(
        "full_name", "pk"
    )
