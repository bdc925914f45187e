"""Places of the register in words: rows of the list and its file, what is said of one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hotspots import categories
from hotspots.models import Area, Hotspot, HotspotStatus, PhasePeriod
from hotspots.phases.presenters import day_of
from hotspots.register.filters import is_overdue
from hotspots.register.queries import Recorded
from hotspots.words import day_name, plural, span
from partners.markings import WITHHELD, Tag, marking_tag

STATUS_COLOURS = {
    Hotspot.Status.PROPOSED: "light-blue",
    Hotspot.Status.ACTIVE: "green",
    Hotspot.Status.CLOSED: "grey",
    Hotspot.Status.ARCHIVED: "grey",
}
# What can be withheld, as people call it.
PARTS = {
    "reasons": "why it was chosen",
    "equality": "the equality answers",
    "documents": "documents",
    "gates": "gate decisions",
}
COLUMNS = (
    *("id", "name", "public_name", "kind", "status", "lead_agency", "lead", "phases", "wards", "area_codes"),
    *("problems", "identified_by", "identified_note", "objective", "objective_category", "objective_baseline"),
    *("objective_target", "objective_by", "selected_from", "selected_to", "baseline_from", "baseline_to"),
    *("review_on", "marking", "audience", "withheld"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register. `review` is "" where none is planned, `overdue` "" where it is not."""

    pk: int
    href: str
    name: str
    public_name: str
    kind: str
    phases: str
    status: Tag
    marking: Tag
    is_covert: bool
    agency: str
    lead: str
    where: str
    review: str
    overdue: str
    withheld: str


@dataclass(frozen=True, slots=True)
class Part:
    """One line of what is said: `text` is "" where nothing is said."""

    name: str
    text: str


def row(record: Hotspot, periods: Sequence[PhasePeriod], areas: Mapping[str, Area], today: date) -> Row:
    """One place as a line; its owner and lead must be at hand."""
    names = [PARTS[name] for name in record.WITHHOLDABLE if name in record.withheld]
    return Row(
        pk=record.pk,
        href=reverse("reports:place", args=[record.pk]),
        name=record.name,
        public_name=record.public_name,
        kind=record.get_kind_display(),
        phases=phase_words(periods, today),
        status=status_tag(record),
        marking=marking_tag(record.marking),
        is_covert=record.audience == record.Audience.TEAM,
        agency=record.owner.name,
        lead=str(record.lead or ""),
        where=where(record, areas),
        review=day_name(record.review_on) if record.review_on else "",
        overdue=overdue(record, today),
        withheld=f"{WITHHELD}: {', '.join(names)}" if names else "",
    )


def status_tag(record: Hotspot) -> Tag:
    status = Hotspot.Status(record.status)
    return Tag(str(status.label), STATUS_COLOURS[status])


def phase_words(periods: Sequence[PhasePeriod], today: date) -> str:
    """ "Clear (day 41) and Hold (day 1)"; "" of none."""
    return " and ".join(f"{one.get_phase_display()} ({day_of(one, today)})" for one in periods)


def where(record: Hotspot, areas: Mapping[str, Area]) -> str:
    """The wards that a place lies in, by name; each with its borough where there are several, else its boroughs."""
    known = [areas[code] for code in record.area_codes if code in areas]
    wards = sorted((one for one in known if one.kind == Area.Kind.WARD), key=lambda one: (one.name, one.code))
    boroughs = sorted(one.name for one in known if one.kind == Area.Kind.BOROUGH)
    if len(boroughs) > 1:
        return ", ".join(f"{one.name} ({one.parent.name})" if one.parent else one.name for one in wards)
    return ", ".join(one.name for one in wards) or ", ".join(boroughs)


def overdue(record: Hotspot, today: date) -> str:
    """ "12 days overdue"; "" where the review is to come, none is planned, or the place is closed."""
    if record.review_on is None or not is_overdue(record, today):
        return ""
    return f"{plural((today - record.review_on).days, 'day')} overdue"


def counted(total: int, overdue: int) -> str:
    """ "8 places, 2 with an overdue review." """
    if not total:
        return "No places."
    late = f", {overdue:,} with an overdue review" if overdue else ""
    return f"{plural(total, 'place')}{late}."


def history(statuses: Iterable[HotspotStatus]) -> list[dict[str, object]]:
    """The changes of a status as rows, in their order."""
    return [
        {
            "at": one.changed_at,
            "status": one.get_status_display(),
            "reason": one.reason,
            "by": str(one.changed_by or ""),
        }
        for one in statuses
    ]


def recorded(months: Sequence[date], rows: Sequence[Recorded]) -> dict[str, object]:
    """What a shape held, for the form: the period in words, and (type of crime, "41 (38 to 57)")."""
    known = categories.by_slug(categories.POLICE_UK)
    return {
        "period": span(months[0], months[-1]) if months else "",
        "rows": [(known[one.slug].name, f"{one.count:,} ({one.low:,} to {one.high:,})") for one in rows],
    }


def parts(record: Hotspot) -> list[Part]:
    """All that a whole place says, in the order of its form: to set beside what somebody else wrote."""
    known = categories.by_slug(categories.POLICE_UK)
    target = record.objective_target
    return [
        Part("Kind", record.get_kind_display()),
        Part("Name", record.name),
        Part("Public name", record.public_name),
        Part("Who leads", str(record.lead or "")),
        Part("Partners", ", ".join(one.name for one in record.partners.order_by("name", "pk"))),
        Part("How it was found", record.get_identified_by_display()),
        Part("Why it was chosen", record.identified_note or ""),
        Part("Problems", ", ".join(known[slug].name for slug in record.problems)),
        Part("Objective", record.objective),
        Part("Counted", known[record.objective_category].name if record.objective_category else ""),
        Part("From, to", f"{_number(record.objective_baseline)} to {_number(target)}" if target is not None else ""),
        Part("By", day_name(record.objective_by) if record.objective_by else ""),
        Part("Picked by figures of", _period(record.selected_from, record.selected_to)),
        Part("Baseline", _period(record.baseline_from, record.baseline_to)),
        Part("Next review", day_name(record.review_on) if record.review_on else ""),
        Part("Who lives here", record.equality_people or ""),
        Part("Support and enforcement", record.equality_balance or ""),
        Part("What else could explain it", record.equality_other or ""),
        Part("Marking", record.get_marking_display()),
        Part("Who may see it", record.get_audience_display()),
    ]


def _number(count: int | None) -> str:
    return "not said" if count is None else f"{count:,}"


def _period(first: date | None, last: date | None) -> str:
    return span(first, last) if first and last else ""


def line(record: Hotspot, periods: Sequence[PhasePeriod], areas: Mapping[str, Area]) -> list[object]:
    """One place as a line of the file, in the order of COLUMNS; what is withheld is empty, and named."""
    made: dict[str, object] = {
        "id": record.pk,
        "kind": record.get_kind_display(),
        "status": record.get_status_display(),
        "lead_agency": record.owner.name,
        "lead": str(record.lead or ""),
        "phases": "; ".join(f"{one.get_phase_display()} since {one.starts}" for one in periods),
        "wards": where(record, areas),
        "area_codes": " ".join(record.area_codes),
        "problems": " ".join(record.problems),
        "identified_by": record.get_identified_by_display(),
        "marking": record.get_marking_display(),
        "withheld": " ".join(sorted(record.withheld)),
    }
    made |= {name: _month(getattr(record, name)) for name in COLUMNS if name.startswith(("selected_", "baseline_"))}
    return [made[name] if name in made else getattr(record, name) for name in COLUMNS]


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""
