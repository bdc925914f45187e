"""What the agenda of a meeting shows, read anew each time: what was agreed before, how its wards and hotspots stand,
what ends soon, what is to come. Always what its reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hotspots import categories
from hotspots.coverage import back
from hotspots.models import Area
from interventions import states
from interventions.days import public
from interventions.models import (
    AgreedAction,
    Bid,
    DayAgency,
    DayOfAction,
    DayResult,
    Intervention,
    Meeting,
    MeetingPriority,
)
from interventions.queries import hotspots_of
from interventions.tracker import queries as tracker
from partners.roles import Marking
from partners.visibility import Viewer
from reports.pages.board import BoardPlace, board
from reports.queries import Figure, Want, figures, spans_by_area
from reports.schemes import charted, definition

SCHEME, CATEGORY = categories.POLICE_UK, "all-crime"
# Orders that end so soon after the meeting stand on its agenda.
SOON = timedelta(days=90)
# Without an earlier meeting, days of action since then.
LATELY = timedelta(days=60)
# The types of crime that a ward's sheet names.
TYPES = 5


@dataclass(frozen=True, slots=True)
class WardFigures:
    """One ward: the newest month that bears comparison, None where no figures are loaded. `types` are the commonest
    types of the twelve months to it."""

    ward: Area
    month: Figure | None
    year_before: Figure | None
    types: list[tuple[str, Figure]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that an agenda shows. `before` is the meeting of the same sort and agency before it; None = none is kept."""

    meeting: Meeting
    before: Meeting | None
    priorities: list[MeetingPriority]
    own_priorities: list[MeetingPriority]
    bids: list[Bid]
    actions: list[AgreedAction]
    around: tracker.Around
    wards: list[WardFigures]
    places: list[BoardPlace]
    ending: list[Intervention]
    days_since: list[DayOfAction]
    days_to_come: list[DayOfAction]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a ward panel may hand out. `days` are those held since the meeting before, as the public may know them."""

    meeting: Meeting
    priorities: list[MeetingPriority]
    own_priorities: list[MeetingPriority]
    wards: list[WardFigures]
    days: list[public.Summary]


def meeting(viewer: Viewer, pk: int) -> Meeting | None:
    """One meeting, as far as it is shown; None where there is none for this viewer."""
    found: Meeting | None = (
        Meeting.objects.visible_to(viewer).select_related("owner").prefetch_related("wards").filter(pk=pk).first()
    )
    return found


def agenda(viewer: Viewer, one: Meeting) -> Agenda:
    """The agenda of a meeting that was read through `meeting`; of one to come with hotspots as they stand today.

    At most 24 queries, however much there is.
    """
    on = min(one.first_day, timezone.localdate())
    before = _before(viewer, one)
    codes = [ward.code for ward in one.wards.all()]
    here = Intervention.objects.visible_to(viewer).filter(area_codes__overlap=codes)
    places = hotspots_of(viewer, one.pk).select_related("owner", "lead")
    actions = _actions(viewer, one, before)
    days = _days(viewer, codes)
    since = before.starts if before else one.starts - LATELY
    return Agenda(
        meeting=one,
        before=before,
        priorities=_priorities(before),
        own_priorities=_priorities(one),
        bids=list(Bid.objects.filter(record=one.pk).select_related("agency")),
        actions=actions,
        around=tracker.around(viewer, actions),
        wards=ward_figures(list(one.wards.all())),
        places=board(places, on),
        ending=list(
            here.filter(
                kind__in=states.EXPIRING,
                status=Intervention.Status.DONE,
                ends__gt=one.starts,
                ends__lte=one.starts + SOON,
            )
            .select_related("owner")
            .order_by("ends", "pk")
        ),
        days_since=list(days.filter(starts__gte=since, starts__lt=one.starts)),
        days_to_come=list(days.filter(starts__gte=one.starts, status=DayOfAction.Status.PLANNED)[:10]),
    )


def sheet(viewer: Viewer, one: Meeting) -> Sheet:
    """The sheet of a ward panel: nothing of any record but what may be published. At most 12 queries."""
    before = _before(viewer, one)
    since = before.starts if before else one.starts - LATELY
    if before and may_not_hand_out(before):
        before = None
    held = [
        day
        for day in _days(viewer, [ward.code for ward in one.wards.all()])
        .filter(starts__gte=since, starts__lt=one.starts)
        .prefetch_related("wards")
        if not public.why_not(day)
    ]
    pks = [day.pk for day in held]
    agencies = list(DayAgency.objects.filter(record__in=pks).select_related("agency")) if pks else []
    results = list(DayResult.objects.filter(record__in=pks)) if pks else []
    return Sheet(
        meeting=one,
        priorities=_priorities(before),
        own_priorities=_priorities(one),
        wards=ward_figures(list(one.wards.all()), types=True),
        days=[
            public.summary(
                day,
                [row for row in agencies if row.record_id == day.pk],
                [row for row in results if row.record_id == day.pk],
            )
            for day in held
        ],
    )


def may_not_hand_out(one: Meeting) -> str:
    """Why nothing of a meeting is handed out; "" where something may be."""
    if one.marking == Marking.SENSITIVE:
        return "This meeting is OFFICIAL-SENSITIVE: nothing of it is handed out."
    if one.audience not in (Meeting.Audience.AGREEMENTS, Meeting.Audience.EVERYONE):
        return "This meeting is kept for its own agency: nothing of it is handed out."
    if one.sort != Meeting.Sort.WARD_PANEL:
        return "Only ward panels have a sheet for residents."
    return ""


def ward_figures(wards: Sequence[Area], *, types: bool = False) -> list[WardFigures]:
    """The newest figures of some wards, by name. Two queries."""
    headline = definition(SCHEME, CATEGORY)
    listed = charted(SCHEME, headline) if types else []
    newest = {pk: span.newest for pk, span in spans_by_area([ward.pk for ward in wards], SCHEME).items()}
    if not newest:
        return [WardFigures(ward, None, None) for ward in sorted(wards, key=lambda ward: ward.name)]
    numbers = [headline.number, *(one.number for one in listed)]
    found = figures(Want(list(newest), numbers, back(min(newest.values()), 12), max(newest.values())))
    made = []
    for ward in sorted(wards, key=lambda ward: ward.name):
        month = newest.get(ward.pk)
        own = found.get((ward.pk, headline.number), {})
        of_types = [
            (one.name, figure)
            for one in listed
            if month and (figure := found.get((ward.pk, one.number), {}).get(month)) and figure.rolling_12
        ]
        made.append(
            WardFigures(
                ward,
                own.get(month) if month else None,
                own.get(back(month, 12)) if month else None,
                sorted(of_types, key=lambda one: -(one[1].rolling_12 or 0))[:TYPES],
            )
        )
    return made


def _of_this_sort(one: Meeting) -> Q:
    """Earlier meetings of the same sort that the same agency keeps in one of the same wards, not just the borough."""
    codes = [ward.code for ward in one.wards.all()]
    return Q(sort=one.sort, owner=one.owner_id, starts__lt=one.starts, area_codes__overlap=codes)


def _before(viewer: Viewer, one: Meeting) -> Meeting | None:
    """The meeting of the same sort, kept by the same agency in one of the same wards, that was last before it."""
    found: Meeting | None = (
        Meeting.objects.visible_to(viewer)
        .filter(_of_this_sort(one))
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by("-starts", "-pk")
        .first()
    )
    return found


def _priorities(one: Meeting | None) -> list[MeetingPriority]:
    return list(MeetingPriority.objects.filter(record=one.pk)) if one else []


def _actions(viewer: Viewer, one: Meeting, before: Meeting | None) -> list[AgreedAction]:
    """Of meetings of this sort: what was promised last time, what became of it since, and whatever is still open."""
    earlier = Meeting.objects.visible_to(viewer).filter(_of_this_sort(one))
    relevant = Q(status=AgreedAction.Status.OPEN)
    if before:
        relevant |= Q(source=before.pk) | Q(changed_at__gte=before.starts)
    return list(tracker.actions(viewer).filter(relevant, source__in=earlier.values("pk")))


def _days(viewer: Viewer, codes: list[str]) -> Any:
    return (
        DayOfAction.objects.visible_to(viewer)
        .select_related("owner")
        .filter(area_codes__overlap=codes)
        .exclude(status=DayOfAction.Status.CANCELLED)
        .order_by("starts", "pk")
    )
