"""What the analysis proposes for a twelve-month plan, each with its reason. A person says what of it is kept.

Looks back, and predicts nothing: "was highest in November (31 of 210)". What other readers of the plan may not know is
left out: a line says of an order that one ends, never which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from hotspots import categories
from hotspots.categories import Definition
from hotspots.models import Boundary, Hotspot
from hotspots.words import day_name, month_name
from interventions.calc.periods import months_after
from interventions.calendar import dates
from interventions.calendar.dates import Due, Group
from interventions.law.year_plan import months_of
from interventions.models import CriminalBehaviourOrder, Intervention, YearPlan, YearPlanItem
from partners.models import Record
from partners.visibility import Viewer
from reports import place_figures, queries
from reports.calc import cube
from reports.calc.year_peaks import YEARS, Peak, peak_of
from reports.counting import leaves
from reports.queries import Want

Lane, Strand = YearPlanItem.Lane, Intervention.Strand
_STRANDS = {
    "drugs": Strand.PURSUE,
    "robbery": Strand.PURSUE,
    "possession-of-weapons": Strand.PURSUE,
    "violent-crime": Strand.PURSUE,
    "anti-social-behaviour": Strand.PREVENT,
    "public-order": Strand.PREVENT,
}
_DATED = (Group.EXPIRY, Group.REVIEW, Group.RENEWAL, Group.GATE)
_SHARED = (Record.Audience.AGREEMENTS, Record.Audience.EVERYONE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line that could be in the plan. `month` is the first day of one of its months."""

    month: date
    lane: str
    strand: str
    text: str
    reason: str
    # The category whose highest month it is about, "Burglary"; "" = none.
    peak: str = ""

    @property
    def key(self) -> str:
        """By which a form names it: the same for the same line."""
        return hashlib.sha256(f"{self.month}|{self.lane}|{self.text}".encode()).hexdigest()[:16]


def proposals(viewer: Viewer, plan: YearPlan, items: Sequence[YearPlanItem]) -> list[Proposal]:
    """All that is proposed for a plan with these lines, by month and lane. A fixed number of queries.

    A month that has a joint day of action is proposed no other.
    """
    months = months_of(plan.first_day)
    found = [
        *(_of_peak(one, peak, last, months) for one, peak, last in peaks(viewer, plan)),
        *_of_dates(viewer, plan, months),
        *(_of_event(day, name) for day, name in events(months[0], months_after(months[-1], 1))),
    ]
    joint = {one.month for one in items if one.lane == Lane.JOINT and one.status != YearPlanItem.Status.DROPPED}
    found += _joint_days(found, [month for month in months if month not in joint])
    order = list(Lane)
    return sorted(found, key=lambda one: (one.month, order.index(Lane(one.lane)), one.text))


# --- Figures ----------------------------------------------------------------------------------------------------------


def peaks(viewer: Viewer, plan: YearPlan) -> list[tuple[Definition, Peak, date]]:
    """By category of police.uk, the month of the year with most, and the last month that was looked at.

    Of the hotspot where the plan names one that the reader sees, else of its wards together.
    """
    wanted = list(leaves(categories.POLICE_UK))
    named = list(plan.hotspots.through.objects.filter(intervention=plan.pk).values_list("hotspot", flat=True))
    places = list(Hotspot.objects.visible_to(viewer).filter(pk__in=named)) if named else []
    if len(named) == 1 and places:
        counted = _of_place(places[0], wanted)
    else:
        counted = _of_wards([ward.pk for ward in plan.wards.all()], wanted)
    found = []
    for one in wanted:
        months, counts = counted.get(one.slug, ([], []))
        if (peak := peak_of(months, counts)) is not None:
            found.append((one, *peak))
    return found


_Counted = dict[str, tuple[list[date], list[int | None]]]


def _of_place(place: Hotspot, wanted: Sequence[Definition]) -> _Counted:
    """Two queries."""
    boundary = Boundary.objects.filter(area=place.area_id, valid_to=None).values_list("pk", flat=True).first()
    if boundary is None:
        return {}
    found = place_figures.all_series([boundary], wanted)
    return {slug: (by_pk[boundary].months, by_pk[boundary].comparable()) for slug, by_pk in found.items()}


def _of_wards(wards: Sequence[int], wanted: Sequence[Definition]) -> _Counted:
    """The wards' counts together, None where one of them is unknown. Two queries at most."""
    spans = queries.spans_by_area(wards, categories.POLICE_UK) if wards else {}
    if not spans or len(spans) < len(wards):
        return {}
    last = min(span.newest for span in spans.values())
    months = [months_after(last, number - 12 * YEARS + 1) for number in range(12 * YEARS)]
    figures = queries.figures(Want(wards, [one.number for one in wanted], months[0], last))
    found: _Counted = {}
    for one in wanted:
        counts: list[int | None] = []
        for month in months:
            of_month = [figures.get((ward, one.number), {}).get(month) for ward in wards]
            known = [row.count for row in of_month if row and row.count is not None and row.coverage > cube.PARTIAL]
            counts.append(sum(known) if len(known) == len(wards) else None)
        found[one.slug] = (months, counts)
    return found


def _of_peak(category: Definition, peak: Peak, last: date, months: Sequence[date]) -> Proposal:
    month = next(one for one in months if one.month == peak.month)
    return Proposal(
        month,
        Lane.USUAL,
        _STRANDS.get(category.slug, Strand.PROTECT),
        f"{category.name}: work before and in this month",
        f"{category.name} was highest in {month_name(month).split()[0]}: {peak.count:,} of {peak.total:,} in "
        f"{peak.years} whole years to {month_name(last)}; if all months were alike it would be {peak.even:,.0f}.",
        peak=category.name,
    )


# --- What has a day ---------------------------------------------------------------------------------------------------


def _of_dates(viewer: Viewer, plan: YearPlan, months: Sequence[date]) -> Iterator[Proposal]:
    """Orders that end, reviews, renewal steps and gates in the plan's areas and months, restricted ones left out."""
    last = months_after(months[-1], 1) - timedelta(days=1)
    codes = {ward.code for ward in plan.wards.all()}
    for due in dates.collect(viewer, months[0], last, groups=_DATED):
        record = due.record
        if record is None or record.pk == plan.pk or not codes.intersection(record.area_codes):
            continue
        if _may_be_told(due, plan):
            yield Proposal(
                due.day.replace(day=1),
                Lane.USUAL,
                Strand.PREPARE,
                f"{due.kind}: {due.words}, {day_name(due.day)}",
                f"It is on {day_name(due.day)} in the calendar.",
            )


def _may_be_told(due: Due, plan: YearPlan) -> bool:
    """Whether all who read the plan may know that there is such a thing."""
    record = due.record
    if record is None or due.is_restricted:
        return False
    if due.group == Group.REVIEW and record.type == CriminalBehaviourOrder.TYPE and plan.audience in _SHARED:
        # Reviews are of under-18s: that one is due says how old somebody is, which agreements withhold.
        return False
    if record.owner_id == plan.owner_id:
        return record.audience in _SHARED or plan.audience not in _SHARED
    return record.audience in _SHARED


# --- The year's own days ----------------------------------------------------------------------------------------------


def events(first: date, until: date) -> list[tuple[date, str]]:
    """Days of the year that change who is about, from the first day until before the last: those that a rule gives.

    Terms and half-terms are each council's own, so none are here.
    """
    found = [day for year in range(first.year, until.year + 1) for day in _events_of(year)]
    return sorted(one for one in found if first <= one[0] < until)


def _events_of(year: int) -> list[tuple[date, str]]:
    august = date(year, 8, 31)
    return [
        (date(year, 2, 14), "Valentine’s Day: evening economy"),
        (date(year, 3, 17), "St Patrick’s Day: evening economy"),
        (easter(year) - timedelta(days=2), "Easter bank holidays"),
        (_monday_from(date(year, 5, 1)), "Early May bank holiday"),
        (_monday_from(date(year, 5, 25)), "Spring bank holiday"),
        (august - timedelta(days=august.weekday()), "Summer bank holiday"),
        (date(year, 10, 31), "Halloween"),
        (date(year, 11, 5), "Bonfire Night"),
        (date(year, 12, 1), "Christmas markets and late shopping"),
        (date(year, 12, 31), "New Year’s Eve"),
    ]


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _of_event(day: date, name: str) -> Proposal:
    return Proposal(day.replace(day=1), Lane.PARTNERSHIP, Strand.PREVENT, name, f"On or from {day_name(day)}.")


def _joint_days(found: Sequence[Proposal], months: Sequence[date]) -> Iterator[Proposal]:
    """One joint day of action a month."""
    for month in months:
        about = [one.peak for one in found if one.month == month and one.peak]
        words = f"Joint day of action: {about[0].lower()}" if about else "Joint day of action"
        why = f"{about[0]} was highest in this month." if about else "One joint day of action a month."
        yield Proposal(month, Lane.JOINT, Strand.PURSUE if about else Strand.PREPARE, words, why)
