"""The profile of a drawn place in rows and words, made of what `pages` answered, without the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Area, Hotspot, HotspotDocument, PhasePeriod
from hotspots.phases.presenters import day_of
from hotspots.register.filters import is_overdue
from hotspots.register.presenters import PARTS, status_tag
from partners.markings import Tag, marking_tag
from reports import notes, sentences, words
from reports.calc.similar_places import FEWEST
from reports.notes import Note
from reports.pages.place import PlaceProfile
from reports.place_figures import Series
from reports.presenters import gate, place_timeline, place_words, place_work
from reports.presenters import place_map as maps
from reports.schemes import category_choices, charted, groups, sources_of
from reports.words import change, day_name, hedged, listed, month_name, plural


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One period of a phase. `since` is how long it goes on, "" of a past one; `state` how it ended."""

    name: str
    dates: str
    since: str
    state: str
    lead: str
    objectives: str
    expectations: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known of a place; `text` None = withheld, "" = not said."""

    name: str
    text: str | None


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One type of crime over twelve months and the twelve before, each "41 (38 to 57)" or a dash."""

    name: str
    href: str
    now: str
    before: str
    change: str
    is_total: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One boundary that the place has had, newest first."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Everything that the profile's template prints. What is made of counts is empty while they are made."""

    kind: str
    is_hotspot: bool
    status: Tag
    marking: Tag
    is_covert: bool
    withheld: str
    now: list[PhaseRow]
    periods: list[PhaseRow]
    overdue: list[str]
    alerts: list[str]
    facts: list[Fact]
    people: list[Fact]
    equality: list[Fact]
    documents: list[HotspotDocument] | None
    decisions: list[str] | None
    words: list[str]
    objective: place_words.Objective | None
    timeline: place_timeline.Timeline | None
    work: place_work.WorkHere
    types: list[TypeRow]
    types_note: str
    year: str
    year_before: str
    repeats: maps.Repeated | None
    map: maps.PlaceMap
    comparisons: list[tuple[str, str]]
    few_comparisons: str
    notes: list[Note]
    source: str
    versions: list[Version]
    earlier: str
    category_choices: list[tuple[str, list[tuple[str, str]]]]
    chosen: dict[str, str]
    category_name: str
    month_name: str


def place(found: PlaceProfile, now: datetime) -> PlacePage:
    """The profile of a place."""
    record = found.place
    own = found.series.get(found.category.slug)
    lettered = notes.series_breaks(categories.POLICE_UK, found.window, force=found.reporting.force)
    current = [one for one in found.periods if one.is_current(found.on)]
    hidden = [PARTS[name] for name in record.WITHHOLDABLE if name in record.withheld]
    year = f"12 months to {month_name(found.last)}" if found.last else ""
    return PlacePage(
        kind=str(Hotspot.Kind(record.kind).label),
        is_hotspot=record.kind == Hotspot.Kind.HOTSPOT,
        status=status_tag(record),
        marking=marking_tag(record.marking),
        is_covert=record.audience == Hotspot.Audience.TEAM,
        withheld=listed(hidden),
        now=[_phase(one, found.on) for one in current],
        periods=[_phase(one, found.on) for one in reversed(found.periods)],
        overdue=_overdue(found, current),
        alerts=[one.sentence for one in found.alerts if one.acknowledged_at is None],
        facts=_facts(found),
        people=_people(found),
        equality=_equality(record),
        documents=None if "documents" in record.withheld else found.documents,
        decisions=None if "gates" in record.withheld else [gate.title(one) for one in reversed(found.decisions)],
        words=place_words.said(found, own) if own else [],
        objective=place_words.objective(found),
        timeline=place_timeline.timeline(found, own, lettered, now) if own and found.window else None,
        work=place_work.work_here(record, found.work, now),
        types=_types(found),
        types_note=_types_note(found),
        year=year,
        year_before=f"12 months to {month_name(back(found.last, 12))}" if found.last else "",
        repeats=maps.repeated(found),
        map=maps.of_profile(found),
        comparisons=[(one.name, one.reason) for one in found.comparisons],
        few_comparisons=_few(found),
        notes=_notes(found, lettered) if own else [],
        source=sentences.source_line(found.releases, sources_of(categories.POLICE_UK, Area.Kind.WARD)),
        versions=_versions(found),
        earlier=_earlier(found),
        category_choices=category_choices(categories.POLICE_UK),
        chosen={"category": found.category.slug, "boundary": "" if _is_usual(found) else str(found.boundary.pk)},
        category_name=found.category.name,
        month_name=month_name(found.last) if found.last else "",
    )


def _phase(one: PhasePeriod, on: date) -> PhaseRow:
    dates = f"from {day_name(one.starts)}"
    if one.ends:
        dates = f"{day_name(one.starts)} to {day_name(one.ends)}"
    elif one.planned_end:
        dates += f", planned to end on {day_name(one.planned_end)}"
    going = one.is_current(on)
    state = one.get_ending_display() if one.ending else "" if going else "To come"
    return PhaseRow(
        name=one.get_phase_display(),
        dates=dates,
        since=day_of(one, on) if going else "",
        state=state,
        lead=str(one.lead) if one.lead else "",
        objectives=one.objectives,
        expectations=one.expectations,
    )


def _overdue(found: PlaceProfile, current: Iterable[PhasePeriod]) -> list[str]:
    """What should have been done by now, in sentences."""
    said = []
    review = found.place.review_on
    if review and is_overdue(found.place, found.on):
        said.append(f"The review was due on {day_name(review)}.")
    said += [
        f"The gate of {one.get_phase_display()} was due on {day_name(one.planned_end)}."
        for one in current
        if one.planned_end and one.is_overdue(found.on)
    ]
    return said


def _facts(found: PlaceProfile) -> list[Fact]:
    record = found.place
    baseline = selection = ""
    if record.selected_from and record.selected_to:
        selection = words.month_list([record.selected_from]) if record.selected_from == record.selected_to else ""
        selection = selection or f"{month_name(record.selected_from)} to {month_name(record.selected_to)}"
    if record.baseline_from and record.baseline_to:
        baseline = f"{month_name(record.baseline_from)} to {month_name(record.baseline_to)}"
    known = categories.by_slug(categories.POLICE_UK)
    problems = [known[slug].name for slug in record.problems if slug in known]
    note = None if "reasons" in record.withheld else record.identified_note or ""
    return [
        Fact("Public name", record.public_name),
        Fact("Problems", listed(problems)),
        Fact("Chosen by", f"{record.get_identified_by_display()}{f', from {selection}' if selection else ''}"),
        Fact("Why it was chosen", note),
        Fact("Baseline", baseline),
        Fact("Next review", day_name(record.review_on) if record.review_on else ""),
    ]


def _people(found: PlaceProfile) -> list[Fact]:
    record = found.place
    councils = [one.name for one in found.areas if one.kind == Area.Kind.BOROUGH]
    wards = [one.name for one in found.areas if one.kind == Area.Kind.WARD]
    return [
        Fact("Lead agency", record.owner.name),
        Fact("Lead", str(record.lead) if record.lead else ""),
        Fact("Partners", listed([one.name for one in record.partners.all()])),
        Fact("Council area" if len(councils) == 1 else "Council areas", listed(councils)),
        Fact("Wards", listed(wards)),
    ]


def _equality(record: Hotspot) -> list[Fact]:
    return [
        Fact("Who lives here", record.equality_people),
        Fact("The mix of support and enforcement", record.equality_balance),
        Fact("What else could explain it", record.equality_other),
    ]


def _types(found: PlaceProfile) -> list[TypeRow]:
    """Each type and total over twelve months, the largest types first; the ring last."""
    last = found.last
    if last is None:
        return []
    year_before = back(last, 12)
    shown = [one for one in charted(categories.POLICE_UK, found.category) if one.slug in found.series]

    def year(one: Definition) -> int:
        sums = found.series[one.slug].year_to(last)
        return sums[0] if sums else -1

    def row(name: str, slug: str, series: Series, *, is_total: bool) -> TypeRow:
        now, before = series.year_to(last), series.year_to(year_before)
        return TypeRow(
            name,
            _address(found, slug) if slug else "",
            hedged(*now) if now else "–",
            hedged(*before) if before else "–",
            change(now[0] if now else None, before[0] if before else None),
            is_total,
        )

    rows = [
        row(one.name, one.slug, found.series[one.slug], is_total=False)
        for one in sorted(shown, key=lambda one: (-year(one), one.name))
    ]
    rows += [
        row(one.name, one.slug, found.series[one.slug], is_total=True)
        for one in groups(categories.POLICE_UK)
        if one.slug in found.series
    ]
    if found.ring is not None:
        rows.append(row(f"In the ring: {_lower(found.category)}", "", found.ring, is_total=True))
    return rows


def _lower(category: Definition) -> str:
    return category.name[0].lower() + category.name[1:]


def _types_note(found: PlaceProfile) -> str:
    """What the ring's row counts."""
    if found.ring is None:
        return ""
    return (
        f"The ring is what lies within {found.place.ring_m} m around the {_called(found)}; other hotspots in it are "
        "left out of its counts."
    )


def _called(found: PlaceProfile) -> str:
    return Hotspot.Kind(found.place.kind).label.lower()


def _few(found: PlaceProfile) -> str:
    count = len(found.comparisons)
    if not count:
        return "It is compared with no other place yet."
    if count < FEWEST:
        return f"It is compared with {count} only; three to five make a fairer comparison."
    return ""


def _notes(found: PlaceProfile, lettered: list[Note]) -> list[Note]:
    said = [
        Note(
            "police.uk moves each crime to a nearby map point, so counts of a drawn shape are not exact. The range is "
            f"what the shape holds drawn {maps.SNAPPED} m smaller and {maps.SNAPPED} m larger.",
            "drawn",
        ),
        Note(
            "Day and hour are shown only where a partner gives times: police.uk publishes the month alone, and nobody "
            "gives times here yet. Times of stop and searches are not times of crimes.",
            "anonymisation",
        ),
    ]
    if found.boundary.source.startswith(str(Area.Kind.LSOA.label)):
        said.append(
            Note(
                "It is made of whole LSOAs. Find and comparison places count an LSOA by the code published with each "
                "crime, this page by map points, of which many lie on the roads between two: the two can differ.",
                "drawn",
            )
        )
    if found.baseline and found.baseline.provisional:
        said.append(
            Note(
                f"The baseline has {plural(found.baseline.months, 'month')} with whole figures, fewer than 24: its "
                "range is provisional.",
                "baseline",
            )
        )
    councils = [one.name for one in found.areas if one.kind == Area.Kind.BOROUGH]
    if len(councils) > 1:
        said.append(
            Note(f"It lies in {listed(councils)}. A month is known where it is known in each of them.", "coverage")
        )
    new_codes = [
        note
        for note in notes.area_notes(_as_place(found), categories.POLICE_UK, found.window)
        if note.anchor == "where" and found.comparisons
    ]
    return [*lettered, *notes.gap_notes(found.reporting.gaps), *new_codes, *said]


def _as_place(found: PlaceProfile) -> notes.Place:
    area = found.place.area
    return notes.Place(area.pk, area.kind, area.code, "", None, None)


def _is_usual(found: PlaceProfile) -> bool:
    """Whether the boundary shown is the one in force, which the address does not name."""
    in_force = (one for one in found.versions if one.valid_from is None or one.valid_from <= found.on)
    return found.boundary == next(in_force, found.versions[-1])


def _versions(found: PlaceProfile) -> list[Version]:
    """The boundaries to choose from; empty where there was only one."""
    if len(found.versions) < 2:
        return []
    made = []
    for one in found.versions:
        dates = notes.dates_in_force(one.valid_from, one.valid_to)
        made.append(Version(f"Boundary {dates}" if dates else "Boundary", f"?boundary={one.pk}", one == found.boundary))
    return made


def _earlier(found: PlaceProfile) -> str:
    """That what is shown is not the boundary of today."""
    if _is_usual(found):
        return ""
    dates = notes.dates_in_force(found.boundary.valid_from, found.boundary.valid_to)
    return f"These are the figures of the boundary in force {dates}, for all months."


def _address(found: PlaceProfile, slug: str) -> str:
    boundary = "" if _is_usual(found) else f"&boundary={found.boundary.pk}"
    return f"?category={slug}{boundary}"
