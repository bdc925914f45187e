"""Powers: dispersals, closures, warnings and notices, warrants."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from demo.town.town import AGE, AUDIENCE, KIND, Town, moment, whole_days
from interventions.calc.periods import last_day_of
from interventions.models import (
    Closure,
    CommunityProtection,
    Condition,
    DispersalAuthorisation,
    DispersalDirection,
    Warrant,
)
from partners.roles import Marking


def tell(town: Town) -> None:
    _dispersals(town)
    _closures(town)
    _notices(town)
    _warrants(town)


def _dispersals(town: Town) -> None:
    """Five authorisations over the year, three of them within four weeks, and directions under them."""
    for number, days in enumerate((-300, -171, -25, -18, -9)):
        starts = town.at(days, 18)
        serial = {"dispersal.serial": "The plan for the square deals with it."} if days == -9 else {}
        authorisation = town.add(
            "sergeant",
            KIND.DISPERSAL,
            f"Town centre, from {town.day(days):%-d %B}",
            starts=starts,
            ends=starts + timedelta(hours=(24, 36, 48)[number % 3]),
            zone=town.zone(320),
            place="Market Place",
            reasons=serial,
            particulars={
                "authorised_rank": DispersalAuthorisation.Rank.INSPECTOR,
                "officer_ref": f"EA-{310 + number}",
                "grounds": "Fights after closing time on the two weekends before; groups gather at the bus stands.",
                "rights_considered": True,
                "displacement_considered": True,
                "community_impact": "Traders were told; street pastors are out.",
                "council_informed": True,
            },
        )
        for step in range(3):
            given = starts + timedelta(hours=2 + 3 * step, minutes=10 * step)
            town.add(
                "sergeant",
                KIND.DIRECTION,
                "Told to leave the town centre",
                starts=given,
                ends=given + timedelta(hours=24),
                zone=town.zone(320),
                **town.point(200),
                particulars={
                    "authorisation": authorisation,
                    "reason": "Fighting",
                    "age_band": AGE.FROM_18 if step else AGE.FROM_16,
                    "ethnicity": town.drawn.choice(("White", "Black", "Asian", "Mixed", "")),
                    "outcome": DispersalDirection.Outcome.ARRESTED
                    if step == 2 and number == 1
                    else DispersalDirection.Outcome.COMPLIED,
                },
            )


def _closures(town: Town) -> None:
    """A flat that was taken over, closed by order of the council: police and council both see it."""
    served = town.at(-50, 10)
    town.add(
        "manager",
        KIND.CLOSURE,
        "Flat over the shops",
        starts=served,
        ends=moment(town.day(40) + timedelta(days=1)),
        **town.point(150),
        place="A flat over the shops",
        marking=Marking.OFFICIAL,
        audience=AUDIENCE.AGREEMENTS,
        particulars={
            "issuer": Closure.Issuer.CHIEF_EXECUTIVE,
            "premises_type": "Flat",
            "tenure": "Social rent",
            "landlord": town.agencies["housing"].name,
            "served": served,
            "notice_hours": 48,
            "consulted": "Police, housing, adult social care",
            "advice_given": True,
            "occupants": 1,
            "children_present": False,
            "vulnerable_adult": True,
            "is_cuckooed": True,
            "safeguarding_referral": "Adult safeguarding, on the day of the notice",
            "court": "Magistrates’ court",
            "hearing": served + timedelta(hours=46),
            "outcome": Closure.Outcome.MADE,
            "order_from": town.day(-48),
            "order_to": town.day(40),
            "extent": Closure.Extent.PARTIAL,
            "relet_plan": "The tenant comes back with support; door entry is repaired.",
        },
        parts={"premises_list": [{"name": "Flat 3", "uprn": "100000000003"}]},
    )


def _notices(town: Town) -> None:
    """Warnings that were heeded, and one that a notice followed."""
    warning: Any = None
    for number, (days, who, conduct) in enumerate(
        (
            (-200, "BUS-12", "Bins in the passage, every night"),
            (-120, "BUS-31", "Music until three"),
            (-90, "BUS-44", "Shutters used as a toilet; no lights at the side"),
        )
    ):
        warning = town.add(
            "licensing",
            KIND.CPW,
            conduct,
            **whole_days(town.day(days), last_day_of(town.day(days), months=6)),
            particulars={
                "subject_ref": who,
                "age_band": AGE.BODY,
                "conduct": conduct,
                "served_how": "By hand",
                "comply_by": town.day(days + 21),
                "informed": "Environmental health",
                "outcome": CommunityProtection.Outcome.KEPT if number < 2 else CommunityProtection.Outcome.BROKEN,
            },
            parts={
                "conditions": [
                    {"number": 1, "sort": Condition.Sort.REQUIREMENT, "text": "Put it right and keep it so."}
                ]
            },
        )
    town.add(
        "licensing",
        KIND.CPN,
        "Lights and shutters at the side passage",
        **whole_days(town.day(-60), last_day_of(town.day(-60), months=12)),
        particulars={
            "warning": warning,
            "subject_ref": "BUS-44",
            "age_band": AGE.BODY,
            "conduct": "Nothing was done after the warning.",
            "served_how": "By hand",
            "comply_by": town.day(-30),
            "informed": "Environmental health, landlord",
        },
        parts={
            "conditions": [
                {"number": 1, "sort": Condition.Sort.REQUIREMENT, "text": "Light the passage from dusk to dawn."}
            ],
            "breaches": [{"happened_on": town.day(-20), "condition_number": 1, "outcome": "Fixed penalty"}],
        },
    )


def _warrants(town: Town) -> None:
    """Two that were executed, and one that nobody outside the owning team may know of."""
    for days, result in ((-150, "Class A found, two charged"), (-70, "Cash and phones seized")):
        starts = town.at(days, 6)
        town.add(
            "detective",
            KIND.WARRANT,
            "Drugs warrant near the square",
            hotspots=(),  # another part of the police keeps the hotspot
            starts=starts,
            ends=starts + timedelta(hours=2),
            marking=Marking.SENSITIVE,
            audience=AUDIENCE.AGREEMENTS,
            particulars={
                "power": Warrant.Power.DRUGS,
                "issued_on": town.day(days - 6),
                "valid_until": town.day(days + 20),
                "executed": starts + timedelta(minutes=10),
                "entry_forced": True,
                "unit": "Proactive team",
                "persons_searched": 3,
                "arrests": 2,
                "charged": 2,
                "drugs": "Class A, wraps",
                "cash": 1450,
                "phones": 5,
                "children_present": False,
                "follow_up": ["Closure", "Tenancy"],
                "result": result,
            },
        )
