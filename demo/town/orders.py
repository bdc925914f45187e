"""Orders: the Public Spaces Protection Order and its use, orders on people with the help that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from demo.town.town import AGE, AUDIENCE, KIND, STATUS, STRAND, Town, whole_days
from interventions.calc.periods import last_day_of, months_after
from interventions.models import (
    Condition,
    Consultation,
    CriminalBehaviourOrder,
    OrderType,
    PspoAction,
    Publication,
    PublicSpacesOrder,
    Support,
    Variation,
)
from interventions.renewal import actions as renewal
from partners.roles import Marking


def tell(town: Town) -> None:
    _order(town)
    _renewal(town)
    _use_of_the_order(town)
    _orders_on_people(town)


# Days from today to the end of the order’s term: its renewal is being prepared, and its consultation late.
EXPIRES_IN = 130


def _order(town: Town) -> None:
    """A Public Spaces Protection Order in its second term."""
    last = town.day(EXPIRES_IN)
    second = months_after(last + timedelta(days=1), -36)
    first = months_after(second, -36)
    town.made["pspo"] = town.add(
        "manager",
        KIND.PSPO,
        "Town centre: alcohol and begging",
        **whole_days(second, last),
        zone=town.zone(450),
        place="Market Place and the streets around it",
        marking=Marking.OPEN,
        audience=AUDIENCE.EVERYONE,
        strand=STRAND.PROTECT,
        particulars={
            "stage": PublicSpacesOrder.Stage.IN_FORCE,
            "number": f"No 1 of {first.year}",
            "activities": "Drinking in the street, open containers, aggressive begging, urinating in public.",
            "grounds": "Persistent since the year before the order; residents and traders avoid the square at night.",
            "rights_statement": "Processions and protests with notice are left alone.",
            "equality_statement": "People without a home are offered outreach first; support is recorded.",
            "decided_by": "Cabinet",
            "decided_on": second - timedelta(days=40),
            "minute_ref": "C/31",
            "sealed_on": second - timedelta(days=20),
            "first_in_force": first,
            "published_on": second - timedelta(days=14),
            "published_url": "https://council.example/pspo/town-centre",
            "penalty": 100,
            "penalty_early": 75,
            "penalty_early_days": 10,
            "enforced_by": [town.agencies["snt"].name, town.agencies["safety"].name],
        },
        parts={
            "conditions": [
                {
                    "number": 1,
                    "sort": Condition.Sort.PROHIBITION,
                    "text": "Have an open container of alcohol with you.",
                    "exceptions": "Licensed premises and their pavement seats.",
                },
                {
                    "number": 2,
                    "sort": Condition.Sort.REQUIREMENT,
                    "text": "Stop drinking and hand alcohol over when asked.",
                },
                {"number": 3, "sort": Condition.Sort.PROHIBITION, "text": "Urinate or spit in the street."},
                {"number": 4, "sort": Condition.Sort.PROHIBITION, "text": "Beg beside a cash machine."},
                {
                    "number": 5,
                    "sort": Condition.Sort.PROHIBITION,
                    "text": "Ride a motor scooter on the square.",
                    "times": "9 am to 6 pm",
                },
            ],
            "consultations": [
                {
                    "consultee": one,
                    "opened_on": second - timedelta(days=150),
                    "closed_on": second - timedelta(days=122),
                    "in_favour": yes,
                    "against": no,
                    "summary": summary,
                }
                for one, yes, no, summary in (
                    (Consultation.Consultee.POLICE, 1, 0, "Supports it."),
                    (Consultation.Consultee.POLICING_BODY, 1, 0, "Supports it, and asks for yearly figures of use."),
                    (Consultation.Consultee.COMMUNITY, 11, 2, "Ward panel, traders, the mosque and two churches."),
                    (Consultation.Consultee.PUBLIC, 139, 24, "Most against name the condition on begging."),
                )
            ],
            "publications": [
                {"sort": Publication.Sort.WEBSITE, "published_on": second - timedelta(days=14), "of_what": "Extension"},
                {"sort": Publication.Sort.NOTICES, "published_on": second - timedelta(days=10), "of_what": "Extension"},
            ],
            "signs": [
                {
                    "location": where,
                    "installed_on": second - timedelta(days=9),
                    "checked_on": town.day(-days),
                    "is_ok": ok,
                    "note": note,
                }
                for where, days, ok, note in (
                    ("North entrance of the market", 40, True, ""),
                    ("Bus stands", 40, True, ""),
                    ("South passage", 38, False, "Painted over"),
                )
            ],
            "variations": [
                {
                    "sort": Variation.Sort.EXTENSION,
                    "decided_on": second - timedelta(days=40),
                    "decided_by": "Cabinet",
                    "starts_on": second,
                    "ends_on": last,
                    "summary": "Extended unchanged.",
                    "minute_ref": "C/31",
                }
            ],
        },
    )


def _renewal(town: Town) -> None:
    """The renewal is planned; the first step is done, the consultation late."""
    order = town.made["pspo"]
    steps = renewal.begin_renewal(by=town.viewer("manager"), pk=order.pk)
    first = min(steps, key=lambda one: one.due_on)
    renewal.keep_step(
        by=town.viewer("manager"),
        pk=order.pk,
        step=first.pk,
        done_on=first.due_on,
        note="With the year’s figures.",
    )


def _use_of_the_order(town: Town) -> None:
    """A year of warnings first: three in four are said, one in twelve is a penalty. Condition 5 is never used."""
    order = town.made["pspo"]
    conditions = {one.number: one for one in order.conditions.all()}
    done = (
        [PspoAction.Action.VERBAL] * 9
        + [PspoAction.Action.ADVICE] * 6
        + [PspoAction.Action.SURRENDER] * 4
        + [PspoAction.Action.WRITTEN] * 2
        + [PspoAction.Action.REFERRAL] * 2
        + [PspoAction.Action.FPN] * 2
    )
    for number in range(150):
        action = done[number % len(done)]
        by = "transport" if number % 7 == 3 else "sergeant"
        starts = town.at(-2 - round(363 * (number / 150)), town.drawn.choice((12, 15, 17, 18, 20, 21, 22)), number % 60)
        said: dict[str, Any] = {
            "order": order,
            "condition": conditions[town.drawn.choice((1, 1, 1, 2, 2, 3, 4))],
            "action": action,
            "team": "Town centre team",
            "age_band": town.drawn.choice((AGE.FROM_18, AGE.FROM_25, AGE.FROM_25, AGE.FROM_35, AGE.FROM_50)),
            "vulnerability_seen": number % 3 == 0,
            "support_offered": number % 3 == 0,
            "support_accepted": number % 9 == 0,
        }
        if action == PspoAction.Action.FPN:
            said |= {"fpn_number": f"TC-{number:04d}", "fpn_amount": 100}
            if number % 2 and starts < town.at(-40, 0):
                said["paid_on"] = timezone.localtime(starts).date() + timedelta(days=9)
        town.add(
            by,
            KIND.PSPO_ACTION,
            f"{action.label}, condition {said['condition'].number}",
            strand=STRAND.PROTECT,
            starts=starts,
            ends=starts,
            **town.point(280),
            particulars=said,
        )


@dataclass(frozen=True)
class _Person:
    """An order on somebody: when it began (days from today), how many years it lasts (None = indefinite)."""

    ref: str
    title: str
    began: int
    years: float | None
    age: str = AGE.FROM_25
    support: tuple[tuple[str, str, str], ...] = ()
    breached: tuple[int, ...] = ()
    turns_18: int | None = None
    last: int | None = None


_SUPPORT, _ANSWER = Support.Sort, Support.Answer
PEOPLE = (
    _Person(
        "SNT-1042",
        "Shop thefts around the square",
        -700,
        2,
        support=((_SUPPORT.TREATMENT, "treatment", _ANSWER.ACCEPTED), (_SUPPORT.HOUSING, "sleeping", _ANSWER.ACCEPTED)),
        last=30,
    ),
    _Person(
        "SNT-1077",
        "Robberies of pupils at the bus stands",
        -330,
        2,
        AGE.FROM_16,
        ((_SUPPORT.WORK, "council", _ANSWER.ACCEPTED),),
        turns_18=250,
    ),
    _Person(
        "SNT-1101",
        "Assaults on shop staff",
        -250,
        3,
        breached=(-120, -44),
        support=((_SUPPORT.TREATMENT, "treatment", _ANSWER.REFUSED),),
    ),
    _Person(
        "SNT-1113",
        "Threats at cash machines",
        -200,
        None,
        AGE.FROM_35,
        ((_SUPPORT.OUTREACH, "sleeping", _ANSWER.WAITING),),
    ),
    _Person(
        "SNT-1130",
        "Street drinking with violence",
        -95,
        2,
        AGE.FROM_35,
        ((_SUPPORT.TREATMENT, "treatment", _ANSWER.ACCEPTED), (_SUPPORT.HEALTH, "treatment", _ANSWER.WAITING)),
    ),
)


def _orders_on_people(town: Town) -> None:
    """Five Criminal Behaviour Orders with their support, one in preparation; an injunction."""
    for one in PEOPLE:
        first = town.day(one.began)
        last = None
        if one.years is not None:
            last = town.day(one.last) if one.last else last_day_of(first, years=int(one.years))
        young = one.age == AGE.FROM_16
        parts: dict[str, list[dict[str, Any]]] = {
            "conditions": [
                {
                    "number": 1,
                    "sort": Condition.Sort.PROHIBITION,
                    "text": "Enter the area on the map.",
                    "area": "Town centre",
                    "times": "Between 10 am and 8 pm",
                },
                {
                    "number": 2,
                    "sort": Condition.Sort.REQUIREMENT,
                    "text": "Meet the support worker every week.",
                    "provider": town.agencies["treatment"].name,
                    "supervisor": "Duty worker",
                    "is_suitable": True,
                },
            ],
            "support": [
                {
                    "sort": sort,
                    "offered_on": first + timedelta(days=7 + 20 * index),
                    "offered_by": town.agencies[by].name,
                    "answer": answer,
                }
                for index, (sort, by, answer) in enumerate(one.support)
            ],
            "briefings": [{"team": town.agencies["snt"].name, "briefed_on": first + timedelta(days=1)}],
            "breaches": [
                {
                    "happened_on": town.day(day),
                    "condition_number": 1,
                    "place": "Market Place",
                    "arrested": True,
                    "charged": True,
                    "outcome": "Guilty",
                    "sentence": "Eight weeks in custody",
                }
                for day in one.breached
            ],
        }
        town.add(
            "sergeant",
            KIND.CBO,
            one.title,
            **whole_days(first, last),
            zone=town.zone(350),
            place="Town centre",
            marking=Marking.OFFICIAL,
            particulars={
                "stage": CriminalBehaviourOrder.Stage.MADE,
                "court": "Magistrates’ court",
                "applicant": town.agencies["snt"].name,
                "applied_on": first - timedelta(days=30),
                "made_on": first,
                "is_indefinite": one.years is None,
                "subject_ref": one.ref,
                "age_band": one.age,
                "turns_18_on": town.day(one.turns_18) if one.turns_18 else None,
                "youth_team_consulted_on": first - timedelta(days=45) if young else None,
                "conviction_group": "Theft and violence",
                "exclusion_times": "10 am to 8 pm every day",
                "publicity": CriminalBehaviourOrder.Publicity.NONE,
                "publicity_reason": "It would get in the way of the support.",
            },
            parts=parts,
        )
    town.add(
        "sergeant",
        KIND.CBO,
        "Bicycle thefts at the station",
        **whole_days(town.day(20), last_day_of(town.day(20), years=2)),
        status=STATUS.PLANNED,
        particulars={
            "stage": CriminalBehaviourOrder.Stage.PREPARING,
            "subject_ref": "SNT-1144",
            "age_band": AGE.FROM_18,
        },
    )
    injunction = OrderType.objects.get(slug="injunction")
    town.add(
        "housing",
        KIND.ORDER,
        "Noise and threats in the flats over the shops",
        **whole_days(town.day(-60), town.day(304)),
        particulars={
            "order_type": injunction,
            "stage": "made",
            "court": "County court",
            "made_on": town.day(-60),
            "subject_ref": "HH-220",
            "age_band": AGE.FROM_25,
            "power_of_arrest": True,
        },
        parts={
            "conditions": [{"number": 1, "sort": Condition.Sort.PROHIBITION, "text": "Threaten neighbours or staff."}],
            "support": [
                {
                    "sort": _SUPPORT.HOUSING,
                    "offered_on": town.day(-50),
                    "offered_by": "Harbour Homes",
                    "answer": _ANSWER.ACCEPTED,
                }
            ],
        },
    )
