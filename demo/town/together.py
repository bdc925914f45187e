"""Working together: a problem-solving plan, twelve days of action, the year, meetings, promises."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from demo.town.town import KIND, STATUS, STRAND, Town, whole_days
from interventions.calc.periods import months_after
from interventions.days.actions import answer_day
from interventions.models import (
    AgreedAction,
    Bid,
    DayAgency,
    DayResult,
    Meeting,
    MeetingPriority,
    ProblemSolvingPlan,
    YearPlanItem,
)
from interventions.tracker import actions as tracker


def tell(town: Town) -> None:
    _plan(town)
    _days_of_action(town)
    _year_plan(town)
    _meetings(town)
    _promises(town)


def _plan(town: Town) -> None:
    """The problem-solving plan that the repeated dispersals asked for."""
    town.made["plan"] = town.add(
        "sergeant",
        KIND.PLAN,
        "Fights at the bus stands after closing time",
        **whole_days(town.day(-100), None),
        strand=STRAND.PREPARE,
        particulars={
            "stage": ProblemSolvingPlan.Stage.RESPONSE,
            "objective": "A quarter fewer violent crimes around the square over a year",
            "metric": "Violent crimes in twelve months",
            "baseline": 210,
            "target": 158,
            "target_by": town.day(265),
            "scanning": "Calls to the police, street pastors’ counts, bus drivers’ reports.",
            "who_cares": "Bus passengers, traders, night workers",
            "victim": "People who wait for the night bus.",
            "offender": "Small groups who leave three premises at once.",
            "location": "One stand, dark, beside the cash machine.",
            "hypotheses": "All premises close within ten minutes, and there is no bus for twenty-five.",
            "review_on": town.day(18),
        },
        parts={
            "responses": [
                {
                    "text": "Closing times a quarter of an hour apart",
                    "strand": STRAND.PREVENT,
                    "agency": town.agencies["licensing"],
                    "due_on": town.day(-20),
                    "done_on": town.day(-24),
                },
                {
                    "text": "A later bus on Fridays",
                    "strand": STRAND.PROTECT,
                    "agency": town.agencies["council"],
                    "due_on": town.day(40),
                },
                {
                    "text": "Street pastors at the stand until three",
                    "strand": STRAND.PREVENT,
                    "agency": town.agencies["pastors"],
                    "due_on": town.day(-40),
                    "done_on": town.day(-41),
                },
                {
                    "text": "Exclusion areas of two orders",
                    "strand": STRAND.PURSUE,
                    "agency": town.agencies["snt"],
                    "due_on": town.day(-60),
                    "done_on": town.day(-95),
                },
            ]
        },
    )


def _days_of_action(town: Town) -> None:
    """Twelve, one a month: nine were held, results of one are missing, three lie ahead."""
    topics = (
        "Shop thefts",
        "Street drinking and outreach",
        "Buses and the station",
        "Doors, lights and locks",
        "Night-time economy",
        "Untaxed and stolen vehicles",
        "Knives",
        "Begging and support",
        "Shop thefts again",
        "Dark nights",
        "Christmas market",
        "Bicycles",
    )
    town.made["days"] = []
    for number, topic in enumerate(topics):
        starts = town.at(-264 + 30 * number, 14)
        held = starts < town.at(0, 0)
        parts: dict[str, list[dict[str, Any]]] = {
            "agencies": [
                {"agency": town.agencies[name], "role": role, "people": people, "hours": 5}
                for name, role, people in (
                    ("snt", "Patrols and arrests", 8),
                    ("council", "Licensing, cleansing, outreach", 5),
                    ("transport", "Station and buses", 4),
                )
            ],
            "items": [
                {"at_time": time(14), "what": "Briefing", "where": "Town hall", "agency": town.agencies["snt"]},
                {"at_time": time(15), "what": "Visits to shops", "where": "Square", "agency": town.agencies["council"]},
                {
                    "at_time": time(18),
                    "what": "Knife arch",
                    "where": "Bus stands",
                    "agency": town.agencies["transport"],
                },
            ],
        }
        if held and number != 8:
            parts["results"] = [
                {"agency": town.agencies[name], "measure": measure, "value": town.drawn.randint(low, high)}
                for name, measure, low, high in (
                    ("snt", DayResult.Measure.ARRESTS, 1, 6),
                    ("snt", DayResult.Measure.SEARCHES, 8, 22),
                    ("council", DayResult.Measure.VISITS, 10, 30),
                    ("council", DayResult.Measure.CONTACTS, 3, 14),
                    ("transport", DayResult.Measure.WARNINGS, 5, 25),
                )
            ]
        town.made["days"].append(
            town.add(
                "sergeant",
                KIND.DAY,
                f"Day of action: {topic if topic.startswith('Christmas') else topic.lower()}",
                starts=starts,
                ends=starts + timedelta(hours=8),
                status=STATUS.DONE if held else STATUS.PLANNED,
                zone=town.zone(420),
                place="Market Place",
                particulars={
                    "objective": f"{topic}: every premises around the square visited, support offered to everybody met",
                    "briefing": "Meet at two at the town hall. Support first; enforcement where it is not taken up.",
                    "risk": "Crowds after six; traffic at the bus stands.",
                    "comms_plan": "Posters a week before, results within a week.",
                    "went_well": "Shops say that they were heard." if held and number != 8 else "",
                    "went_badly": "Too few people for the evening." if held and number % 3 == 0 else "",
                    "debriefed_on": timezone.localtime(starts).date() + timedelta(days=6)
                    if held and number != 8
                    else None,
                    "public_summary": "Thank you to everybody who stopped to talk." if held and number != 8 else "",
                },
                parts=parts,
                reasons={"day.results-due": "Asked for again; they come next week."} if number == 8 else {},
            )
        )
        # Nobody has answered for the last one yet.
        answers = (("sergeant", "snt", 8), ("manager", "council", 5), ("transport", "transport", 4))
        for by, agency, people in answers[: 3 if number < 10 else 11 - number]:
            answer_day(
                by=town.viewer(by),
                pk=town.made["days"][-1].pk,
                agency=town.agencies[agency],
                answer=DayAgency.Answer.ACCEPTED,
                people=people,
                hours=Decimal(5),
            )


def _year_plan(town: Town) -> None:
    """The year by month: business as usual, what partners can add, and the joint days."""
    first = months_after(town.today.replace(day=1), -9)
    lane, state = YearPlanItem.Lane, YearPlanItem.Status
    items: list[dict[str, Any]] = []
    for number, one in enumerate(town.made["days"]):
        month = months_after(first, number)
        past = one.status == STATUS.DONE
        items += [
            {
                "month": month,
                "lane": lane.USUAL,
                "text": "Patrols between five and eight",
                "strand": STRAND.PROTECT,
                "agency": town.agencies["snt"],
                "status": state.DONE if past else state.PLANNED,
            },
            {
                "month": month,
                "lane": lane.JOINT,
                "text": one.title,
                "strand": STRAND.PURSUE,
                "day": one,
                "agency": town.agencies["snt"],
                "status": state.DONE if past else state.PLANNED,
            },
        ]
        if number % 2 == 0:
            items.append(
                {
                    "month": month,
                    "lane": lane.PARTNERSHIP,
                    "text": "Outreach with the treatment service",
                    "strand": STRAND.PREVENT,
                    "agency": town.agencies["treatment"],
                    "status": state.DONE if past else state.PLANNED,
                    "reason": "Drug offences were highest in these months of the year before.",
                }
            )
    town.add(
        "analyst",
        KIND.YEAR_PLAN,
        f"Town centre, {first:%B %Y} to {months_after(first, 11):%B %Y}",
        **whole_days(first, months_after(first, 12) - timedelta(days=1)),
        status=STATUS.PLANNED,
        strand=STRAND.PREPARE,
        particulars={
            "objective": "One joint day a month, and as much support as enforcement",
            "analysis": "Violence peaks on Friday and Saturday nights; shop thefts in November and December.",
        },
        parts={"items": items},
    )


def _meetings(town: Town) -> None:
    """Ward panels each quarter, and the Monthly Intelligence Meeting with a bid for officers."""
    town.made["meetings"] = []
    for number, (days, following) in enumerate(pairwise((-280, -190, -100, -12, 48, 138))):
        starts = town.at(days, 19)
        held = days < 0
        parts: dict[str, list[dict[str, Any]]] = (
            {
                "attendance": [{"body": "Residents", "people": 11}, {"body": town.agencies["snt"].name, "people": 2}],
                "priorities": [
                    {
                        "text": "Fights at the bus stands",
                        "measure": "Violent crimes around the square",
                        "starts_on": town.day(days),
                        "ends_on": town.day(days + 60),
                        "outcome": MeetingPriority.Outcome.PARTLY if number < 3 else MeetingPriority.Outcome.OPEN,
                        "report": "Fewer on Fridays, not on Saturdays" if number < 3 else "",
                    },
                ],
            }
            if held
            else {}
        )
        town.made["meetings"].append(
            town.add(
                "sergeant",
                KIND.MEETING,
                "Ward panel",
                starts=starts,
                ends=starts + timedelta(hours=2),
                status=STATUS.DONE if held else STATUS.PLANNED,
                strand=STRAND.PREPARE,
                place="Library",
                particulars={
                    "sort": Meeting.Sort.WARD_PANEL,
                    "chair": "Chair of the panel",
                    "next_on": town.day(following),
                },
                parts=parts,
            )
        )
    for days, answer, reason in (
        (-45, Bid.Answer.PARTLY, "Half of them: another ward has the rest"),
        (-15, Bid.Answer.GRANTED, "First call"),
    ):
        starts = town.at(days, 10)
        town.made["meetings"].append(
            town.add(
                "inspector",
                KIND.MEETING,
                "Monthly Intelligence Meeting",
                starts=starts,
                ends=starts + timedelta(hours=2),
                strand=STRAND.PREPARE,
                particulars={"sort": Meeting.Sort.INTELLIGENCE, "chair": "Chief inspector, neighbourhoods"},
                parts={
                    "bids": [
                        {
                            "asked_for": "Eight officers for two weekends",
                            "agency": town.agencies["snt"],
                            "why": "Third authorisation in four weeks",
                            "answer": answer,
                            "reason": reason,
                        }
                    ],
                    "decisions": [{"text": "The square stays the first place for patrols until the next meeting."}],
                },
            )
        )


def _promises(town: Town) -> None:
    """Who promised what: some done in time, some late, some overdue."""
    panel = town.made["meetings"][3]
    for by, title, agency, due, done in (
        ("sergeant", "Mend the two lamps in the south passage", "council", -60, -66),
        ("sergeant", "Door of the flats: new closer", "housing", -21, None),
        ("sergeant", "Figures of the night buses", "council", -10, -4),
        ("sergeant", "Patrol at the stand on both Fridays", "snt", 6, None),
        ("sergeant", "Posters of the support line in all bars", "licensing", 20, None),
        ("sergeant", "Nights of the street pastors until spring", "pastors", -3, None),
        ("sergeant", "Clean the painted sign", "safety", 12, None),
    ):
        action: AgreedAction = tracker.promise_action(
            by=town.viewer(by),
            title=title,
            agency=town.agencies[agency],
            asked_by=town.whose[by],
            due_on=town.day(due),
            source=panel.pk,
            hotspot=town.hotspot.pk,
        )
        if done is not None:
            tracker.finish_action(
                by=town.viewer(by), pk=action.pk, evidence="Seen by the team.", done_on=town.day(done)
            )
