"""Pages of a programme of 20 hotspots at London's size: with phases, gates, comparison places, a set, and the longest
history that police.uk has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import london, places
from benchmarks.ground import Report, run_import
from benchmarks.pages import Page, Visitor, browsing, measure_page

# Of each page in a turn; people open these far less often than the public pages.
REQUESTS = 40
# From December 2010, police.uk's first month, to the city's last.
MONTHS = 181

if TYPE_CHECKING:
    from hotspots.models import Hotspot
    from partners.visibility import Viewer
    from reports.models import CandidateSet


def measure(city: Path, report: Report, only: Sequence[str] = ()) -> None:
    """Every page, or those named."""
    found, kept = fill(city)
    with browsing():
        visitor = Visitor("manager")
        for page in pages(found, kept):
            if not only or page.name in only:
                measure_page(page, visitor, report)


def pages(found: Sequence[Hotspot], kept: CandidateSet) -> list[Page]:
    """What is measured. What a reader may see is made for each reader anew; the search is public and kept."""
    keys = [one.pk for one in found]
    gates = [f"/hotspots/{one.pk}/gates/{one.phases.get(ends=None).pk}/" for one in found]
    fours = ["&".join(f"place={pk}" for pk in keys[at : at + 4]) for at in range(len(keys) - 3)]
    codes = [f"SYNB{number:05d}" for number in range(london.BOROUGHS)]
    mine: dict[str, Any] = {"kept": False, "requests": REQUESTS}
    return [
        Page("board of 20 hotspots", ["/hotspots/board/"] * 8, **mine),
        Page("agenda of 20 hotspots", ["/hotspots/agenda/"] * 8, **mine),
        Page("register of 20 hotspots", ["/hotspots/"] * 8, **mine),
        Page("profile of a hotspot", [f"/hotspots/{pk}/" for pk in keys], **mine),
        Page("gate of a hotspot", gates, **mine),
        Page("phases of a hotspot", [f"/hotspots/{pk}/phases/" for pk in keys], **mine),
        Page("four hotspots compared", [f"/hotspots/compare/?{four}" for four in fours], **mine),
        Page("comparison places proposed", [f"/hotspots/{pk}/comparison/" for pk in keys], kept=False, requests=8),
        Page("find hotspots", [f"/hotspots/find/?borough={code}" for code in codes], requests=REQUESTS),
        Page("set of candidates", [f"/hotspots/sets/{kept.pk}/"] * 8, **mine),
    ]


def fill(city: Path) -> tuple[list[Hotspot], CandidateSet]:
    """The places of `places.fill`, counted, and all that a programme keeps of them."""
    from django.db import connection

    from hotspots.models import Area, PhasePeriod
    from partners.models import Agency
    from partners.roles import Marking, Role
    from partners.visibility import Viewer
    from reports import place_counts, queries
    from reports.finding import Asked
    from reports.forms.find import usual
    from reports.models import CandidateSet
    from reports.sets.actions import save_set

    run_import([london.lsoas(city)])
    found = places.fill()
    by = Viewer.of_agency(Agency.objects.get(name="Benchmark"), Role.MANAGER)
    if not PhasePeriod.objects.filter(hotspot__in=found).exists():
        place_counts.recount([pk for one in found for pk in (one.area_id, one.ring_id) if pk])
        for number, one in enumerate(found):
            _run(one, number, by)
        lengthen()
    borough = queries.place(Area.Kind.BOROUGH, "SYNB00010")
    if not CandidateSet.objects.exists() and borough:
        asked = Asked(borough, usual(), date(2025, 12, 1), 12)
        save_set(by=by, owner=found[0].owner, name="Set", asked=asked, marking=Marking.OFFICIAL, audience="agreements")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return found, CandidateSet.objects.get()


def _run(place: Hotspot, number: int, by: Viewer) -> None:
    """A place's year: prepared, cleared, held, with a decision at each gate, three comparison places and a trigger."""
    from django.utils import timezone

    from hotspots.comparisons.actions import accept_comparison_place
    from hotspots.models import GateAnswer, GateDecision, GateQuestion, Hotspot
    from hotspots.phases import actions as phases
    from hotspots.phases.actions import Answered, Plan
    from hotspots.register import actions as register
    from reports.comparing import compared
    from reports.evidence import evidence

    register.set_status(by=by, pk=place.pk, status=Hotspot.Status.ACTIVE)
    today = timezone.localdate()
    for one in compared(place, [], by, today, propose=True).proposals[:3]:
        like = one.likeness
        accept_comparison_place(
            by=by,
            pk=place.pk,
            name=one.name,
            lsoa_codes=one.codes,
            level_ratio=like.level_ratio,
            trend_difference=like.trend_difference,
            mix_difference=like.mix_difference,
            reason="Nearest.",
        )
    plan = Plan(starts=date(2025, 1, 10), objectives="Fewer crimes than in the year before.")
    phases.start_phase(by=by, place=place.pk, phase="prepare", plan=plan)
    for step, to_phase in enumerate(("clear", "hold", "build", "sustain")[: number % 4 + 1]):
        period = place.phases.get(ends=None)
        day = date(2025, 3 * step + 3, 15)
        asked = GateQuestion.objects.filter(phase=period.phase, is_asked=True)
        phases.decide_gate(
            by=by,
            period=period.pk,
            outcome=GateDecision.Outcome.PROCEED,
            to_phase=to_phase,
            decided_on=day,
            chair="Chair",
            meeting="Tactical meeting",
            reasons="See the minutes.",
            dissent="",
            answers={question.pk: Answered(GateAnswer.Answer.YES) for question in asked},
            evidence=evidence(place, day),
            keep_going=False,
            planned_end=today + timedelta(days=number - 5),
        )
    phases.set_trigger(by=by, place=place.pk, category="all-crime", months=2)


def lengthen() -> None:
    """The counts of places again in earlier years, back to December 2010: 181 months. The facts have 24."""
    from django.db import connection

    for table, columns in (
        ("placecount", "boundary_id, category_id, count, low, high, coverage"),
        ("placepoint", "boundary_id, category_id, lon, lat, street, count"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO reports_{table} ({columns}, month) "
                f"SELECT {columns}, (month - make_interval(years => 2 * step))::date FROM reports_{table}, "
                "generate_series(1, 7) AS step WHERE month - make_interval(years => 2 * step) >= '2010-12-01'"
            )
