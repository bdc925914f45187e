"""What is due when: all that a reader sees with a day on it, from all registers, the action tracker and the places.

Every source asks through `visible_to`. The number of queries is the same however much there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hotspots.models import Hotspot, PhasePeriod
from interventions import states
from interventions.calc.clock import LONDON
from interventions.law import cbo
from interventions.law.parameters import Law
from interventions.models import (
    AgreedAction,
    Closure,
    CommunityProtection,
    CriminalBehaviourOrder,
    Hearing,
    Intervention,
    JointWork,
    LicensingVisit,
    Meeting,
    Observation,
    PlanResponse,
    ProblemSolvingPlan,
    RenewalStep,
    Review,
    Walk,
    Warrant,
    YearPlanItem,
)
from partners.filters import day_begins
from partners.markings import marking_tag
from partners.models import Record
from partners.roles import Marking, Permission
from partners.visibility import Viewer, shown

# A duty that was due longer ago is no reminder any more.
OVERDUE_FOR = timedelta(days=366)


class Group(StrEnum):
    """What sort of day it is, by which the calendar is filtered."""

    EXPIRY = "expiry"
    REVIEW = "review"
    HEARING = "hearing"
    RENEWAL = "renewal"
    FOLLOW_UP = "follow-up"
    DAY = "day"
    MEETING = "meeting"
    ACTION = "action"
    GATE = "gate"


GROUPS = {
    Group.EXPIRY: "Expiries",
    Group.REVIEW: "Reviews",
    Group.HEARING: "Hearings",
    Group.RENEWAL: "Renewal steps",
    Group.FOLLOW_UP: "Follow-ups",
    Group.DAY: "Days of action",
    Group.MEETING: "Meetings",
    Group.ACTION: "Agreed actions",
    Group.GATE: "Hotspots: gates and reviews",
}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing on one day. `at` is the moment where it has one. `kind` and `words` say what it is without saying
    which: "Public Spaces Protection Order", "expires"; `title` says which."""

    day: date
    at: datetime | None
    kind: str
    words: str
    title: str
    href: str
    group: Group
    # The same for the same thing at each reading: "intervention:12:expires".
    key: str
    # Whose it is to see to, and the owner's name.
    agencies: frozenset[int]
    agency: str
    # What is audited as read; None of agreed actions, which are no records.
    record: Record | None
    # Something to be done by then, which is overdue after it; else something that happens.
    is_duty: bool
    # When a day of action or a meeting is over; None = of nothing else, nor where only its day is known.
    ends: datetime | None = None
    # Of agreed actions: they came out of a record of which nothing may leave the product.
    is_of_restricted: bool = False

    @property
    def is_restricted(self) -> bool:
        """Whether nothing but that it is there may leave the product."""
        one = self.record
        is_it = one is not None and (one.marking == Marking.SENSITIVE or one.audience == Record.Audience.TEAM)
        return is_it or self.is_of_restricted

    @property
    def marking(self) -> str:
        """ "OFFICIAL"; agreed actions bear nothing restricted."""
        return marking_tag(self.record.marking if self.record else Marking.OFFICIAL).text

    def is_overdue(self, today: date) -> bool:
        return self.is_duty and self.day < today


_ALL = Q()


@dataclass(frozen=True, slots=True)
class _Dated:
    """One field of one register with a day or a moment in it, of the rows that `where` leaves."""

    model: type[Intervention]
    field: str
    words: str
    group: Group
    is_duty: bool = False
    where: Q = _ALL


_FIELDS = (
    _Dated(CriminalBehaviourOrder, "retention_review_on", "review whether to keep it", Group.REVIEW),
    _Dated(CriminalBehaviourOrder, "interim_to", "interim order ends", Group.EXPIRY, where=Q(stage="interim")),
    _Dated(Closure, "hearing", "hearing", Group.HEARING, where=Q(outcome__in=("waiting", "adjourned"))),
    _Dated(CommunityProtection, "comply_by", "to be complied with", Group.FOLLOW_UP, where=Q(outcome="open")),
    _Dated(Warrant, "valid_until", "runs out", Group.EXPIRY, where=Q(status="planned")),
    _Dated(LicensingVisit, "follow_up_on", "follow-up due", Group.FOLLOW_UP),
    _Dated(Walk, "repeat_on", "walk again", Group.FOLLOW_UP),
    _Dated(JointWork, "next_on", "next time", Group.MEETING),
    _Dated(Meeting, "next_on", "next meeting", Group.MEETING),
    _Dated(ProblemSolvingPlan, "review_on", "review due", Group.REVIEW, True, ~Q(stage="closed")),
    _Dated(ProblemSolvingPlan, "target_by", "target due", Group.REVIEW, where=~Q(stage="closed")),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that belong to records: which are open, the field with the day, what is said of one."""

    model: type[models.Model]
    field: str
    words: str
    group: Group
    is_duty: bool
    where: Q
    # The field that says more ("step", by its label); "" = none.
    detail: str = ""


_PARTS = (
    _Part(Review, "due_on", "review due", Group.REVIEW, True, Q(held_on=None)),
    _Part(Hearing, "listed", "hearing", Group.HEARING, False, Q(outcome="")),
    _Part(RenewalStep, "due_on", "renewal", Group.RENEWAL, True, Q(done_on=None), "step"),
    _Part(Observation, "due_on", "something to be mended", Group.FOLLOW_UP, True, Q(done_on=None)),
    _Part(PlanResponse, "due_on", "response due", Group.FOLLOW_UP, True, Q(done_on=None)),
)
_STARTING = {Intervention.Kind.DAY: Group.DAY, Intervention.Kind.MEETING: Group.MEETING}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose calendar, from which day to which (both included), of which hotspot (None = all)."""

    viewer: Viewer
    first: date
    last: date
    hotspot: int | None

    def of(self, model: type[Intervention]) -> Any:
        """The rows of a register that the reader sees, with their owners."""
        found = model.objects.visible_to(self.viewer).select_related("owner")
        return found if self.hotspot is None else found.filter(pk__in=self._there())

    def pks(self) -> Any:
        """The numbers of all records that the reader sees, as a subquery."""
        found = Intervention.objects.visible_to(self.viewer)
        return (found if self.hotspot is None else found.filter(pk__in=self._there())).values("pk")

    def unnamed(self) -> Any:
        """The numbers of the orders of which the reader does not learn on whom they are, as a subquery."""
        orders = CriminalBehaviourOrder.objects.visible_to(self.viewer)
        return orders.exclude(shown(CriminalBehaviourOrder, self.viewer, "subject")).values("pk")

    def _there(self) -> Any:
        return Intervention.hotspots.through.objects.filter(hotspot=self.hotspot).values("intervention_id")

    def places(self) -> Any:
        found = Hotspot.objects.visible_to(self.viewer).exclude(status=Hotspot.Status.ARCHIVED)
        return found if self.hotspot is None else found.filter(pk=self.hotspot)

    def within(self, field: str, *, moment: bool = False) -> Q:
        """That a field lies in these days, by London's clocks."""
        if not moment:
            return Q(**{f"{field}__gte": self.first, f"{field}__lte": self.last})
        return Q(**{f"{field}__gte": day_begins(self.first), f"{field}__lt": day_begins(self.last + timedelta(days=1))})


def collect(
    viewer: Viewer, first: date, last: date, *, hotspot: int | None = None, groups: Iterable[Group] = Group
) -> list[Due]:
    """All that is due from one day to another, both included, in order. `hotspot` must be one that the reader sees.

    A fixed number of queries, fewer where fewer groups are asked for. Audit what of it is shown: `read_records`.
    """
    asked, wanted = _Asked(viewer, first, last, hotspot), set(groups)
    sources: tuple[tuple[set[Group], Any], ...] = (
        ({Group.EXPIRY, Group.DAY, Group.MEETING}, _records),
        ({Group.REVIEW}, _youth_reviews),
        ({Group.ACTION}, _actions),
        ({Group.GATE}, _gates),
    )
    found = [due for of, source in sources if of & wanted for due in source(asked)]
    found += [due for one in _FIELDS if one.group in wanted for due in _of_field(asked, one)]
    found += _of_parts(asked, [one for one in _PARTS if one.group in wanted])
    # A review that is due by law and stands in a row as well is one.
    once = {(due.key, due.day): due for due in reversed(found) if due.group in wanted}
    far = datetime.max.replace(tzinfo=LONDON)
    return sorted(once.values(), key=lambda due: (due.day, due.at or far, due.kind, due.title, due.key))


def read_records(dues: Iterable[Due]) -> list[Record]:
    """The records that some dates show, each once."""
    return list({(due.record.type, due.record.pk): due.record for due in dues if due.record}.values())


def own(viewer: Viewer, dues: Iterable[Due]) -> list[Due]:
    """Those that somebody's own agencies, and their parts, see to."""
    mine = viewer.agencies_with_parts(Permission.SEE)
    return [due for due in dues if due.agencies & mine]


def planned_in(viewer: Viewer, first: date, last: date) -> list[tuple[YearPlanItem, Intervention]]:
    """The lines of twelve-month plans for the months of these days, dropped ones apart, each with its plan. Two
    queries at most."""
    seen = Intervention.objects.visible_to(viewer).filter(kind=Intervention.Kind.YEAR_PLAN, status="planned")
    lines = YearPlanItem.objects.filter(
        record__in=seen.values("pk"), month__gte=first.replace(day=1), month__lte=last
    ).exclude(status=YearPlanItem.Status.DROPPED)
    found = list(lines.select_related("agency").order_by("month", "lane", "pk"))
    numbers = {one.record_id for one in found}
    plans = {one.pk: one for one in Intervention.objects.visible_to(viewer).filter(pk__in=numbers)} if numbers else {}
    return [(one, plans[one.record_id]) for one in found if one.record_id in plans]


# --- Sources ----------------------------------------------------------------------------------------------------------


def _due(record: Intervention, day: date | datetime, words: str, group: Group, *, is_duty: bool, key: str) -> Due:
    moment = day if isinstance(day, datetime) else None
    return Due(
        day=timezone.localtime(moment, LONDON).date() if moment else day,
        at=moment,
        kind=str(record.get_kind_display()),
        words=words,
        title=record.title,
        href=reverse("interventions:detail", args=[record.pk]),
        group=group,
        key=f"intervention:{record.pk}:{key}",
        agencies=frozenset({record.owner_id}),
        agency=record.owner.name,
        record=record,
        is_duty=is_duty,
    )


def _records(asked: _Asked) -> Iterator[Due]:
    """Orders that end, days of action and meetings that begin. One query."""
    # What ends at midnight was there on the day before.
    ends = Q(ends__gt=day_begins(asked.first), ends__lte=day_begins(asked.last + timedelta(days=1)))
    expiring = ends & Q(kind__in=states.EXPIRING, status=Intervention.Status.DONE)
    starting = asked.within("starts", moment=True) & Q(kind__in=list(_STARTING))
    rows = asked.of(Intervention).filter(expiring | starting).exclude(status=Intervention.Status.CANCELLED)
    for record in rows:
        if record.kind in _STARTING:
            group = _STARTING[record.kind]
            whole = timezone.localtime(record.starts, LONDON).time() == time()
            day = record.first_day if whole else record.starts
            held = _due(record, day, "is held", group, is_duty=False, key="held")
            yield replace(held, ends=None if whole else record.ends)
        else:
            clock = timezone.localtime(record.ends, LONDON).time()
            day = record.last_day if clock == time() else record.ends
            yield _due(record, day, "expires", Group.EXPIRY, is_duty=False, key="expires")


def _of_field(asked: _Asked, one: _Dated) -> Iterator[Due]:
    """One query."""
    is_moment = isinstance(one.model._meta.get_field(one.field), models.DateTimeField)
    rows = asked.of(one.model).filter(asked.within(one.field, moment=is_moment), one.where)
    for record in rows.exclude(status=Intervention.Status.CANCELLED):
        day = getattr(record, one.field)
        yield _due(record, day, one.words, one.group, is_duty=one.is_duty, key=one.field)


def _of_parts(asked: _Asked, parts: Iterable[_Part]) -> Iterator[Due]:
    """One query for each part, and one for their records."""
    found: list[tuple[_Part, Any]] = []
    for part in parts:
        is_moment = isinstance(part.model._meta.get_field(part.field), models.DateTimeField)
        of_part = part.model._default_manager.filter(asked.within(part.field, moment=is_moment), part.where)
        of_part = of_part.filter(record__in=asked.pks())
        if part.model is Review:
            # Reviews are of under-18s: that one is due says how old somebody is.
            of_part = of_part.exclude(record__in=asked.unnamed())
        found += [(part, row) for row in of_part]
    numbers = {row.record_id for _, row in found}
    rows = asked.of(Intervention).filter(pk__in=numbers).exclude(status=Intervention.Status.CANCELLED)
    records: Mapping[int, Intervention] = {one.pk: one for one in rows} if numbers else {}
    for part, row in found:
        record = records.get(row.record_id)
        # Steps towards an expiry that an extension has moved since are over.
        if record is None or (isinstance(row, RenewalStep) and row.expires_on != record.last_day):
            continue
        words = f"{part.words}: {getattr(row, f'get_{part.detail}_display')()}" if part.detail else part.words
        key = "review" if part.model is Review else f"{part.model._meta.model_name}-{row.pk}"
        due = _due(record, getattr(row, part.field), words, part.group, is_duty=part.is_duty, key=key)
        sees_to = getattr(row, "agency_id", None)
        yield due if sees_to is None else replace(due, agencies=due.agencies | {sees_to})


def _youth_reviews(asked: _Asked) -> Iterator[Due]:
    """The yearly reviews of orders on somebody under 18, as the law counts them. Four queries."""
    law = Law.now()
    rows = asked.of(CriminalBehaviourOrder).filter(
        Q(ends=None) | Q(ends__gt=day_begins(asked.first)), stage__in=cbo.MADE, starts__lte=day_begins(asked.last)
    )
    for order in rows.prefetch_related("variations", "reviews"):
        months = law.whole("cbo", "youth-review", on=order.first_day)
        for review in cbo.reviews_due(order, order.variations.all(), order.reviews.all(), months):
            if review.held_on is None and asked.first <= review.due_on <= asked.last:
                yield _due(order, review.due_on, "review due", Group.REVIEW, is_duty=True, key="review")


def _actions(asked: _Asked) -> Iterator[Due]:
    """Agreed actions that are open. One query."""
    rows = AgreedAction.objects.visible_to(asked.viewer).filter(asked.within("due_on"), status=AgreedAction.Status.OPEN)
    if asked.hotspot is not None:
        rows = rows.filter(Q(hotspot=asked.hotspot) | Q(source__in=asked.pks()))
    of_restricted = Q(source__marking=Marking.SENSITIVE) | Q(source__audience=Record.Audience.TEAM)
    for action in rows.select_related("agency").annotate(of_restricted=of_restricted):
        yield Due(
            day=action.due_on,
            at=None,
            kind="Agreed action",
            words="due",
            title=action.title,
            href=reverse("interventions:action", args=[action.pk]),
            group=Group.ACTION,
            key=f"action:{action.pk}",
            agencies=frozenset({action.agency_id}),
            agency=action.agency.name,
            record=None,
            is_duty=True,
            is_of_restricted=bool(action.of_restricted),
        )


def _gates(asked: _Asked) -> Iterator[Due]:
    """Gates of phases that go on, and reviews of hotspots. Two queries."""
    places = {one.pk: one for one in asked.places().select_related("owner")}
    periods = PhasePeriod.objects.filter(asked.within("planned_end"), ends=None, hotspot__in=list(places))
    for period in periods:
        words = f"gate of {period.get_phase_display()} due"
        yield _of_place(places[period.hotspot_id], period.planned_end, words, f"gate-{period.pk}")
    for place in places.values():
        if place.review_on and asked.first <= place.review_on <= asked.last:
            yield _of_place(place, place.review_on, "review due", "review")


def _of_place(place: Hotspot, day: Any, words: str, key: str) -> Due:
    return Due(
        day=day,
        at=None,
        kind=str(place.get_kind_display()),
        words=words,
        title=place.name,
        href=reverse(place.PAGE, args=[place.pk]),
        group=Group.GATE,
        key=f"hotspot:{place.pk}:{key}",
        agencies=frozenset({place.owner_id}),
        agency=place.owner.name,
        record=place,
        is_duty=True,
    )
