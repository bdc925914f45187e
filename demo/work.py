"""What the agencies of the demonstration do: about sixty pieces of work, of many kinds, done and planned."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from shapely.geometry import shape

from hotspots.models import Area
from interventions import actions
from interventions.models import Intervention, LicensingVisit
from partners.models import Agency
from partners.roles import Marking
from partners.visibility import Viewer

SEED = 20260902
_K, _S, _A = Intervention.Kind, Intervention.Strand, Intervention.Audience


@dataclass(frozen=True)
class Work:
    """A kind of work that somebody of an agency does again and again: `times` in three months."""

    by: str
    kind: str
    strand: str
    titles: tuple[str, ...]
    times: int
    hours: tuple[int, int]
    details: str
    place: str = ""
    contact: str = ""
    marking: str = Marking.OFFICIAL
    audience: str = _A.AGREEMENTS
    reached: tuple[int, int] | None = None
    particulars: Mapping[str, Any] = field(default_factory=dict)


WORK = (
    Work(
        "sergeant",
        _K.PATROL,
        _S.PURSUE,
        ("Evening patrol of the shops", "Patrol after closing time", "School run patrol"),
        12,
        (15, 21),
        "High visibility, on foot, two officers.",
        "The parade of shops",
        "SNT desk",
    ),
    Work(
        "two-wards",
        _K.WALK,
        _S.PREPARE,
        ("Walk with residents: lighting and hedges", "Walk with the ward panel"),
        5,
        (10, 14),
        "List of lamps out and of hedges over paths, sent to the council.",
        "From the library",
        marking=Marking.OPEN,
        audience=_A.EVERYONE,
        reached=(4, 18),
    ),
    Work(
        "outreach",
        _K.OUTREACH,
        _S.PREVENT,
        ("Early outreach to people sleeping rough", "Outreach with the day centre"),
        8,
        (9, 11),
        "Offers of a bed and of a meeting with the treatment service.",
        "Station approach",
        "Outreach worker on duty",
        reached=(2, 9),
    ),
    Work(
        "licensing",
        _K.LICENSING,
        _S.PROTECT,
        ("Licensing visit: conditions of the licence", "Visit after a complaint of noise"),
        6,
        (18, 22),
        "Incident book read, cameras seen working.",
        "Off-licences in the ward",
        "Duty licensing officer",
    ),
    Work(
        "licensing",
        _K.TEST_PURCHASE,
        _S.PURSUE,
        ("Test purchase: alcohol",),
        3,
        (14, 17),
        "With two volunteers, by the code of practice.",
        "Four shops",
        audience=_A.AGENCY,
        particulars={"sort": LicensingVisit.Sort.PURCHASE, "sales_attempted": 4, "sales_made": 1},
    ),
    Work(
        "estates",
        _K.COMMUNITY,
        _S.PREPARE,
        ("Clean-up day on the estate", "Door knocking on the estate"),
        5,
        (10, 15),
        "With residents; keys of the bin stores changed.",
        "The estate",
        "Estate office",
        reached=(10, 60),
    ),
    Work(
        "treatment",
        _K.TREATMENT,
        _S.PREVENT,
        ("Drop-in session", "Session at the hostel"),
        7,
        (11, 15),
        "Numbers only: no personal data of patients is shared.",
        "The hub",
        "Duty worker",
        reached=(3, 14),
    ),
    Work(
        "pastor",
        _K.OUTREACH,
        _S.PROTECT,
        ("Night out with the street pastors",),
        6,
        (20, 22),
        "Flip-flops, water, taxis called.",
        "The High Street",
        "Team leader",
        marking=Marking.OPEN,
        audience=_A.EVERYONE,
        reached=(15, 80),
    ),
    Work(
        "transport",
        _K.PATROL,
        _S.PROTECT,
        ("Patrol of trains and platforms",),
        5,
        (15, 20),
        "Two officers, last trains included.",
        "The station",
        "Control room",
    ),
    Work(
        "analyst",
        _K.SCHOOL,
        _S.PREVENT,
        ("Assembly about knives",),
        3,
        (9, 11),
        "With a mentor; head teacher asked for it.",
        "A secondary school",
        reached=(120, 240),
    ),
)


def make(
    viewer_of: Callable[[str], Viewer],
    whose: dict[str, Agency],
    narrowed: dict[str, tuple[str, ...]],
    wards: list[Area],
) -> None:
    """What was done in the last ten weeks and what is planned for the next three, most of it in the middle wards."""
    drawn = random.Random(SEED)  # noqa: S311 - nothing secret
    for work in WORK:
        names = narrowed.get(work.by)
        near = [ward for ward in wards if not names or ward.name in names]
        viewer = viewer_of(work.by)
        for step in range(work.times):
            # The last quarter of them lies ahead.
            day = round(-70 + 90 * (step + drawn.random()) / work.times)
            actions.add_intervention(by=viewer, owner=whose[work.by], content=_content(work, drawn, near, day))
    detective = Work(
        "detective",
        _K.WARRANT,
        _S.PURSUE,
        ("Drugs warrant",),
        1,
        (6, 6),
        "Entry team of eight; briefing at five.",
        "Flat over the shops",
        "Officer in the case",
        marking=Marking.SENSITIVE,
        audience=_A.TEAM,
    )
    joint = Work(
        "inspector",
        _K.JOINT,
        _S.PURSUE,
        ("Day of action: council, police, street pastors",),
        1,
        (14, 14),
        "Meet at the town hall; tabards are there.",
        "Town hall",
        "Ops room",
        reached=None,
    )
    for work, days in ((detective, (9, -24)), (joint, (13, -37))):
        for day in days:
            content = _content(work, drawn, wards, day)
            actions.add_intervention(by=viewer_of(work.by), owner=whose[work.by], content=content)


def _content(work: Work, drawn: random.Random, wards: list[Area], day: int) -> actions.Content:
    ward = wards[min(int(abs(drawn.gauss(0, 0.4)) * len(wards)), len(wards) - 1)]
    starts = _at(day, drawn.randint(*work.hours))
    planned = starts > timezone.now()
    cancelled = drawn.random() < 0.07
    past = Intervention.Status.CANCELLED if cancelled else Intervention.Status.DONE
    point = shape(ward.boundaries.order_by("-valid_from")[0].outline).representative_point()
    return actions.Content(
        kind=work.kind,
        title=f"{drawn.choice(work.titles)}, {ward.name}"[:150],
        strand=work.strand,
        starts=starts,
        ends=starts + timedelta(hours=drawn.choice((1, 2, 3))),
        wards=(ward,),
        status=Intervention.Status.PLANNED if planned else past,
        place=f"{work.place}, {ward.name}" if work.place else "",
        longitude=round(point.x, 5),
        latitude=round(point.y, 5),
        details=work.details,
        contact=work.contact,
        people_reached=drawn.randint(*work.reached) if work.reached and not planned and not cancelled else None,
        marking=work.marking,
        audience=work.audience,
        particulars=work.particulars,
    )


def _at(day: int, hour: int) -> datetime:
    """An hour of local time, so many days from today."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=day), time(hour)))
