"""The places of the demonstration: eight hotspots in different phases, and a watch place.

Three stand where the figures have something planted (`demo/truths.json`): one that fell, one whose crimes moved to its
ring, one that nothing helped. Phases are dated by the figures; gates and reviews that are due, from today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import shapely
from django.utils import timezone

from demo import borough
from demo.files import TRUTHS
from hotspots.calc.metres import circle
from hotspots.comparisons.actions import accept_comparison_place
from hotspots.models import Area, Boundary, GateAnswer, GateDecision, GateQuestion, Hotspot, Phase, Slice
from hotspots.phases import actions as phases
from hotspots.phases.actions import Answered, Plan
from hotspots.register import actions as register
from hotspots.register.actions import Content, Drawn
from hotspots.register.boundaries import shape_of
from partners.models import Agency
from partners.roles import Marking
from partners.visibility import Viewer
from reports import place_counts, queries
from reports.comparing import compared
from reports.evidence import evidence
from reports.finding import Asked
from reports.forms.find import usual
from reports.models import Candidate
from reports.sets.actions import promote, save_set

_P, _O, _I = Phase, GateDecision.Outcome, Hotspot.IdentifiedBy
DRAWN_FROM = date(2025, 7, 1)
SELECTED = (date(2024, 10, 1), date(2025, 9, 1))
MEETING = "Tactical group"
PLACE_CODE = borough.MAIN.code


@dataclass(frozen=True)
class Gate:
    """A decision at the end of the phase that went on: what, which phase follows, when, and who disagreed."""

    outcome: str
    to_phase: str
    day: date
    dissent: str = ""
    keep_going: bool = False


@dataclass(frozen=True)
class Place:
    """A place: who leads it, where it lies, what it is about, how it went."""

    name: str
    by: str
    problems: tuple[str, ...]
    objective: str
    metric: str
    starts: date
    # A planted hotspot's name, or a ward in whose middle a circle is drawn.
    at: str
    metres: int = 400
    public_name: str = ""
    partners: tuple[str, ...] = ()
    identified_by: str = _I.ANALYSIS
    why: str = ""
    first: str = _P.PREPARE
    gates: tuple[Gate, ...] = ()
    # Days from today to the gate of the phase that goes on, and to the next review; negative = overdue.
    gate_in: int = 45
    review_in: int = 30
    kind: str = Hotspot.Kind.HOTSPOT
    expectations: str = ""
    # Crimes of the metric in the year of the selection, and at most so many in a year from now on.
    counts: tuple[int, int] | None = None


PLACES = (
    Place(
        "Gooshays shops", "sergeant", ("shoplifting", "violent-crime", "anti-social-behaviour"),
        "Fewer crimes around the parade, and shops that stay open in the evening", "all-crime", date(2025, 7, 1),
        "Gooshays shops", 450, "Gooshays together", ("council", "housing", "pastors"),
        why="First of the analysis of October 2024 to September 2025; the ward panel named the same parade.",
        gates=(
            Gate(_O.PROCEED, _P.CLEAR, date(2025, 10, 1)),
            Gate(_O.PROCEED, _P.HOLD, date(2026, 2, 2)),
            Gate(_O.PROCEED, _P.BUILD, date(2026, 6, 8), keep_going=True),
        ),
        gate_in=24, review_in=12,
        expectations="SNT: two patrols a day. Housing: door entry repaired. Street pastors: two nights a week.",
        counts=(560, 450),
    ),
    Place(
        "Market Place", "sergeant", ("violent-crime", "robbery", "theft-from-the-person"),
        "A town centre that people cross at night without fear", "all-crime", date(2025, 7, 1),
        "Market Place", 400, "", ("council", "transport"),
        why="Second of the analysis; stallholders complained of robberies.",
        gates=(
            Gate(_O.PROCEED, _P.CLEAR, date(2025, 10, 1)),
            Gate(_O.PROCEED, _P.HOLD, date(2026, 2, 2), "Transport Police: the streets around were not looked at."),
            Gate(_O.REGRESS, _P.CLEAR, date(2026, 7, 6)),
        ),
        gate_in=9, review_in=-6,
        expectations="SNT and Transport Police: joint patrols. Council: CCTV room on the side streets.",
        counts=(836, 700),
    ),
    Place(
        "Station Parade", "manager", ("violent-crime", "drugs", "public-order"),
        "Fewer violent crimes between the station and the bus stands", "violent-crime", date(2025, 7, 1),
        "Station Parade", 450, "", ("snt", "transport", "treatment"), _I.INTELLIGENCE,
        "Named by the intelligence team; third of the analysis.",
        gates=(
            Gate(_O.PROCEED, _P.CLEAR, date(2025, 10, 1)),
            Gate(_O.STAY, "", date(2026, 4, 13), "Council licensing: more of the same will not change it."),
        ),
        gate_in=-12, review_in=40,
        counts=(278, 240),
    ),
    Place(
        "Elm Park parade", "sergeant", ("shoplifting",), "Shop thefts back to the level of 2024", "shoplifting",
        date(2026, 9, 1), "Elm Park", 350, "", ("licensing",), _I.COMPLAINTS, "Shop staff wrote to the ward panel.",
        gate_in=14, review_in=20,
        counts=(254, 220),
    ),
    Place(
        "Harrow Lodge edge", "manager", ("anti-social-behaviour", "criminal-damage-arson"),
        "A park that families use again", "anti-social-behaviour", date(2025, 11, 3), "Hylands & Harrow Lodge", 500, "",
        ("snt", "sleeping"), _I.WARD_PANEL, "The ward panel's first promise two years running.",
        gates=(Gate(_O.PROCEED, _P.CLEAR, date(2026, 1, 12)), Gate(_O.PROCEED, _P.HOLD, date(2026, 5, 4))),
        gate_in=60, review_in=75,
    ),
    Place(
        "Heaton flats", "housing", ("drugs", "burglary"), "No flat in the blocks used by dealers", "burglary",
        date(2025, 9, 1), "Heaton", 400, "Heaton homes", ("snt", "council", "treatment"), _I.INTELLIGENCE,
        "Neighbours reported people who came and went at night.",
        gates=(
            Gate(_O.PROCEED, _P.CLEAR, date(2025, 11, 10)),
            Gate(_O.PROCEED, _P.HOLD, date(2026, 2, 9)),
            Gate(_O.PROCEED, _P.BUILD, date(2026, 6, 1)),
        ),
        gate_in=120, review_in=50,
    ),
    Place(
        "Upminster bus station", "manager", ("anti-social-behaviour", "robbery"),
        "Pupils who get home without trouble", "robbery", date(2025, 1, 6), "Upminster", 350, "", ("snt", "transport"),
        _I.COMPLAINTS, "Two schools wrote of robberies after lessons.",
        gates=(
            Gate(_O.PROCEED, _P.CLEAR, date(2025, 3, 3)),
            Gate(_O.PROCEED, _P.HOLD, date(2025, 6, 2)),
            Gate(_O.PROCEED, _P.BUILD, date(2025, 10, 6)),
            Gate(_O.PROCEED, _P.SUSTAIN, date(2026, 4, 20)),
        ),
        gate_in=150, review_in=90,
    ),
    Place(
        "Rainham industrial estate", "sergeant", ("vehicle-crime", "burglary"), "Fewer vans broken into",
        "vehicle-crime",
        date(2026, 2, 2), "Rainham & Wennington", 500, "", ("council",), _I.ANALYSIS, "Tenth of the analysis.",
        gates=(Gate(_O.PROCEED, _P.CLEAR, date(2026, 4, 7)), Gate(_O.STOP, "", date(2026, 8, 3))),
        review_in=100,
    ),
    Place(
        "St Alban's high road", "analyst", ("shoplifting",), "", "", date(2026, 6, 1), "St Alban's", 350,
        kind=Hotspot.Kind.WATCH, why="Shop thefts rose this spring; too few to start anything.",
    ),
)  # fmt: skip


def make(
    viewer: Callable[[str], Viewer], whose: Mapping[str, Agency], agencies: Mapping[str, Agency], wards: list[Area]
) -> None:
    """Makes the places, counts them, and moves them through their phases; nothing where no figures are loaded.

    `whose` is by who keeps it."""
    if not Slice.objects.current().exists():
        return
    candidates = _selection(viewer("sergeant"), whose["sergeant"])
    made = {}
    for place in PLACES:
        by, shape = viewer(place.by), _shape(place, wards)
        candidate = next((one for one in candidates if one.lsoa_code == _lsoa_at(shape)), None)
        said: dict[str, Any] = {
            "by": by,
            "owner": whose[place.by],
            "content": _content(place, agencies),
            "drawn": Drawn(shape, "drawn"),
            "valid_from": min(place.starts, DRAWN_FROM),
        }
        promoted = candidate is not None and place.by == "sergeant" and place.starts <= DRAWN_FROM
        made[place.name] = promote(candidate=candidate, **said) if promoted else register.add_hotspot(**said)
    place_counts.recount([pk for one in made.values() for pk in (one.area_id, one.ring_id) if pk])
    for place in PLACES:
        by, record = viewer(place.by), made[place.name]
        register.set_status(by=by, pk=record.pk, status=Hotspot.Status.ACTIVE)
        if place.kind == Hotspot.Kind.HOTSPOT:
            _compare(record, by)
            _phases(place, record, by)
            phases.set_trigger(by=by, place=record.pk, category=place.metric, months=2)


def _selection(by: Viewer, owner: Agency) -> list[Candidate]:
    """The search by which places were picked, kept as a set."""
    borough = queries.place(Area.Kind.BOROUGH, PLACE_CODE)
    assert borough is not None  # noqa: S101 - for the type checker
    kept = save_set(
        by=by,
        owner=owner,
        name="Selection of hotspots, year to September 2025",
        asked=Asked(borough, usual(), SELECTED[1], 12),
        marking=Marking.OFFICIAL,
        audience=Hotspot.Audience.AGREEMENTS,
    )
    return list(kept.candidates.all())


def _lsoa_at(shape: shapely.Geometry) -> str:
    """The code of the LSOA that the middle of a shape lies in; "" in none."""
    middle = shape.centroid
    near = Boundary.objects.filter(
        area__kind=Area.Kind.LSOA, west__lte=middle.x, east__gte=middle.x, south__lte=middle.y, north__gte=middle.y
    )
    return next((row.area.code for row in near.select_related("area") if shape_of(row).covers(middle)), "")


def _compare(record: Hotspot, by: Viewer) -> None:
    """Accepts the first three places that are proposed."""
    for one in compared(record, [], by, timezone.localdate(), propose=True).proposals[:3]:
        accept_comparison_place(
            by=by,
            pk=record.pk,
            name=one.name,
            lsoa_codes=one.codes,
            level_ratio=one.likeness.level_ratio,
            trend_difference=one.likeness.trend_difference,
            mix_difference=one.likeness.mix_difference,
            reason="Nearest in level and trend, no operation there.",
        )


def _content(place: Place, agencies: Mapping[str, Agency]) -> Content:
    watched = place.kind == Hotspot.Kind.WATCH
    return Content(
        name=place.name,
        kind=place.kind,
        public_name=place.public_name,
        partners=tuple(agencies[name] for name in place.partners),
        identified_by=place.identified_by,
        identified_note=place.why,
        problems=place.problems,
        objective=place.objective,
        objective_category=place.metric,
        objective_baseline=place.counts[0] if place.counts else None,
        objective_target=place.counts[1] if place.counts else None,
        objective_by=None if watched else date(2027, 3, 31),
        selected_from=None if watched else SELECTED[0],
        selected_to=None if watched else SELECTED[1],
        review_on=timezone.localdate() + timedelta(days=place.review_in),
        equality_people="" if watched else "Families and older people in rented homes; many languages; two schools.",
        equality_balance="" if watched else "Of twelve planned actions seven support people and five enforce.",
        equality_other="" if watched else "Street lights were off for weeks; one shop began to report every theft.",
    )


def _shape(place: Place, wards: list[Area]) -> shapely.Geometry:
    truths = json.loads(TRUTHS.read_text())
    planted = {one["name"]: one for one in truths["hotspots"]} | {"Elm Park": truths["shop_cluster"]}
    if place.at in planted:
        return circle(planted[place.at]["longitude"], planted[place.at]["latitude"], place.metres)
    ward = next(one for one in wards if one.name == place.at)
    middle = shape_of(Boundary.objects.get(area=ward)).point_on_surface()
    return circle(middle.x, middle.y, place.metres)


def _phases(place: Place, record: Hotspot, by: Viewer) -> None:
    plan = Plan(starts=place.starts, objectives=place.objective, expectations=place.expectations)
    phases.start_phase(by=by, place=record.pk, phase=place.first, plan=plan)
    for gate in place.gates:
        open_one = record.phases.filter(ends=None).order_by("-starts").first()
        assert open_one is not None  # noqa: S101 - for the type checker
        answers = {
            question.pk: Answered(GateAnswer.Answer.YES if index % 3 else GateAnswer.Answer.PARTLY)
            for index, question in enumerate(GateQuestion.objects.filter(phase=open_one.phase, is_asked=True))
        }
        phases.decide_gate(
            by=by,
            period=open_one.pk,
            outcome=gate.outcome,
            to_phase=gate.to_phase,
            decided_on=gate.day,
            chair="Ina Spector",
            meeting=MEETING,
            reasons="See the minutes.",
            dissent=gate.dissent,
            answers=answers,
            evidence=evidence(record, gate.day),
            keep_going=gate.keep_going,
            planned_end=gate.day + timedelta(days=90) if gate.to_phase or gate.outcome == _O.STAY else None,
        )
    for period in record.phases.filter(ends=None):
        planned = timezone.localdate() + timedelta(days=place.gate_in)
        phases.change_period(by=by, pk=period.pk, seen=None, planned_end=max(planned, period.starts))
