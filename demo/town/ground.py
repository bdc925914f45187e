"""Work on the ground: licensing visits, searches, walks, patrols, referrals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from demo.town.town import KIND, STATUS, STRAND, Town, moment, whole_days
from interventions.calc.periods import months_after
from interventions.models import (
    LicensingVisit,
    Observation,
    ReferralCount,
    SearchCount,
    Walk,
)


def tell(town: Town) -> None:
    _licensing(town)
    _searches(town)
    _walks(town)
    _patrols(town)
    _referrals(town)


def _licensing(town: Town) -> None:
    """A visit every three or four weeks: pub watch, swabs, door supervisors, test purchases."""
    for number, sort in enumerate(
        (
            LicensingVisit.Sort.ON,
            LicensingVisit.Sort.LATE,
            LicensingVisit.Sort.SWAB,
            LicensingVisit.Sort.SIA,
            LicensingVisit.Sort.MAKESAFE,
            LicensingVisit.Sort.PUB_WATCH,
            LicensingVisit.Sort.SWAB,
            LicensingVisit.Sort.PURCHASE,
        )
        * 2
    ):
        starts = town.at(-350 + 22 * number, 20)
        purchase = sort == LicensingVisit.Sort.PURCHASE
        said: dict[str, Any] = {
            "sort": sort,
            "premises_name": ("The Kestrel Arms", "Corner Off-licence", "Club Lantern")[number % 3],
            "licence_number": f"SYN/{1200 + number % 3}",
            "joint_with": town.agencies["snt"].name,
            "cctv_ok": number % 4 != 1,
            "incident_book_ok": True,
            "dps_present": number % 3 != 2,
            "advice_given": number % 2 == 0,
            "warning_given": number % 5 == 4,
            "follow_up_on": town.day(-350 + 22 * number + 30) if number % 5 == 4 else None,
        }
        if purchase:
            said |= {"sales_attempted": 6, "sales_made": number % 2}
        if sort == LicensingVisit.Sort.SIA:
            said["sia_checked"] = 7
        swabs = [
            {"spot": spot, "taken": 6, "positive": town.drawn.randint(0, 3), "substance": "Cocaine"}
            for spot in ("Bar", "Toilets")
        ]
        town.add(
            "licensing",
            KIND.TEST_PURCHASE if purchase else KIND.LICENSING,
            f"{LicensingVisit.Sort(sort).label}: {said['premises_name']}",
            starts=starts,
            ends=starts + timedelta(hours=1),
            strand=STRAND.PROTECT,
            **town.point(200),
            particulars=said,
            parts={"swabs": swabs} if sort == LicensingVisit.Sort.SWAB else {},
        )


def _searches(town: Town) -> None:
    """Three operations, in numbers."""
    for days, searches, found in ((-260, 20, 6), (-140, 34, 9), (-33, 26, 9)):
        starts = town.at(days, 16)
        groups = (("White", 11), ("Black", 5), ("Asian", 2), ("Not stated", searches - 18))
        town.add(
            "sergeant",
            KIND.SEARCHES,
            "Weapons operation at the bus stands",
            starts=starts,
            ends=starts + timedelta(hours=6),
            particulars={
                "operation": "Operation Heron",
                "searches": searches,
                "found": found,
                "found_object": found - 3,
                "no_action": searches - found,
                "arrests": 3,
                "strip_searches": 0,
                "complaints": 0,
            },
            parts={
                "counts": [
                    {"dimension": SearchCount.Dimension.ETHNICITY, "value": group, "count": count}
                    for group, count in groups
                ]
            },
        )


def _walks(town: Town) -> None:
    """A walk after dark with residents, and the one that looked again."""
    council, housing = town.agencies["council"], town.agencies["housing"]
    for days, seen in (
        (
            -240,
            (
                (Observation.Category.LIGHTING, 4, "Two lamps out in the south passage", council, -200, -190),
                (Observation.Category.DECAY, 3, "Bins left in the passage", council, -210, -205),
                (Observation.Category.ACCESS, 5, "Door of the flats stands open", housing, -180, None),
            ),
        ),
        (
            -30,
            (
                (Observation.Category.ACCESS, 5, "Door of the flats stands open still", housing, -5, None),
                (Observation.Category.SECURITY, 2, "Shutter of the corner shop is bent", None, 30, None),
            ),
        ),
    ):
        starts = town.at(days, 20)
        town.add(
            "sergeant",
            KIND.WALK,
            "Walk with residents after dark",
            starts=starts,
            ends=starts + timedelta(hours=2),
            strand=STRAND.PREPARE,
            people_reached=9,
            **town.point(100),
            particulars={
                "light": Walk.Light.NIGHT,
                "weather": "Dry",
                "took_part": "Ward panel, council, housing, SNT",
                "repeat_on": town.day(days + 180),
            },
            parts={
                "observations": [
                    {
                        "category": category,
                        "severity": severity,
                        "text": text,
                        "agency": agency,
                        "due_on": town.day(due),
                        "done_on": None if done is None else town.day(done),
                    }
                    for category, severity, text, agency, due, done in seen
                ]
            },
        )


def _patrols(town: Town) -> None:
    """Hotspot patrols month by month: planned, and what was delivered of it."""
    for month in range(12):
        first = months_after(town.today.replace(day=1), month - 11)
        last = months_after(first, 1) - timedelta(days=1)
        stints = [
            {
                "starts": moment(first + timedelta(days=3 * step), 17),
                "minutes": 90,
                "officers": 2,
                "agency": town.agencies["transport" if step % 4 == 3 else "snt"],
            }
            for step in range(town.drawn.randint(5, 9))
            if first + timedelta(days=3 * step) < town.today
        ]
        over = last < town.today
        town.add(
            "sergeant",
            KIND.PATROL,
            f"Hotspot patrols, {first:%B %Y}",
            starts=moment(first),
            ends=moment(last + timedelta(days=1)),
            status=STATUS.DONE if over else STATUS.PLANNED,
            strand=STRAND.PROTECT,
            particulars={"purpose": "Be seen between five and eight", "planned_minutes": 1440},
            parts={"stints": stints},
        )


def _referrals(town: Town) -> None:
    """Each quarter's counts."""
    for quarter in range(4):
        first = months_after(town.today.replace(day=1), -12 + 3 * quarter)
        town.add(
            "sergeant",
            KIND.REFERRALS,
            f"Referrals, {first:%B} to {months_after(first, 2):%B %Y}",
            **whole_days(first, months_after(first, 3) - timedelta(days=1)),
            strand=STRAND.PREVENT,
            parts={
                "counts": [
                    {"scheme": scheme, "count": town.drawn.randint(low, low + 9)}
                    for scheme, low in (
                        (ReferralCount.Scheme.IOM, 3),
                        (ReferralCount.Scheme.DIP, 6),
                        (ReferralCount.Scheme.MARAC, 5),
                        (ReferralCount.Scheme.MASH, 14),
                        (ReferralCount.Scheme.YOS, 2),
                    )
                ]
            },
        )
