"""What the rules of access cost: among 50,000 records, for a reader to whom 200 agreements give some of them.

The same question without the rules, and a bare view, are asked in turns with them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import count, islice
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import london
from benchmarks.ground import Report, timed
from benchmarks.pages import Page, Visitor, browsing, measure_page

if TYPE_CHECKING:
    from partners.models import Agency

RECORDS = 50_000
AGENCIES = 40
AGREEMENTS = 200
TURNS = 30
# Each question, the rules included, beside the same question without them.
TIMES_PLAIN = 10
# The rules of 200 agreements, the records of a page and its audit events, beside a view without any.
TIMES_BARE = 60
QUERIES = 18


def measure(report: Report) -> None:
    """The rules' questions, pages with restricted records, and writing the audit trail."""
    fill()
    _measure_questions(report)
    _measure_pages(report)
    _measure_writes(report)


def fill() -> None:
    """Agencies, agreements in force, and records; the benchmark's own agency receives what agreements give."""
    from django.db import connection

    from partners.models import Agency

    choose = random.Random(4)
    reader, _ = Agency.objects.get_or_create(name="Benchmark", kind=Agency.Kind.COUNCIL)
    agencies = Agency.objects.bulk_create(
        Agency(name=f"Agency {number:02d}", kind=choose.choice(Agency.Kind.values)) for number in range(AGENCIES)
    )
    _agree(choose, reader, agencies)
    _record(choose, [reader, *agencies])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _agree(choose: random.Random, reader: Agency, agencies: list[Agency]) -> None:
    from django.utils import timezone

    from partners.models import AgreementParty, SharingAgreement

    now = timezone.now()
    parts = ["place", "details", "contact", "people_reached"]
    boroughs = [f"SYNB{number:05d}" for number in range(london.BOROUGHS)]
    agreements = SharingAgreement.objects.bulk_create(
        SharingAgreement(
            title=f"Agreement {number}",
            purpose="Measuring",
            legal_gateway="None",
            record_types=["intervention"],
            withheld_fields=[f"intervention.{part}" for part in choose.sample(parts, choose.randrange(3))],
            area_codes=choose.sample(boroughs, choose.choice([0, 1, 3])),
            valid_from=now - timedelta(days=1),
            valid_until=now + timedelta(days=365),
            review_on=now.date(),
            status=SharingAgreement.Status.IN_FORCE,
        )
        for number in range(AGREEMENTS)
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=one, agency=party)
        for one in agreements
        for party in [reader, *choose.sample(agencies, 2)]
    )


def _record(choose: random.Random, agencies: list[Agency]) -> None:
    from django.utils import timezone

    from hotspots.models import Area
    from interventions.models import Intervention

    wards = list(Area.objects.filter(kind=Area.Kind.WARD).select_related("parent"))
    now = timezone.now()
    places: list[list[Area]] = [choose.sample(wards, choose.choice([1, 1, 2])) for _ in range(RECORDS)]

    def records() -> Any:
        for number, its in enumerate(places):
            starts = now - timedelta(minutes=20 * number)
            yield Intervention(
                owner=choose.choice(agencies),
                kind=choose.choice([kind for kind in Intervention.Kind.values if kind != "warrant"]),
                title=f"Patrol {number} of the station approach",
                strand=choose.choice(Intervention.Strand.values),
                status="done",
                starts=starts,
                ends=starts + timedelta(hours=2),
                place="By the market",
                details="Two officers on foot spoke to the shops about what was taken.",
                contact="Desk sergeant",
                longitude=0.2,
                latitude=51.6,
                marking=choose.choice(["official", "official", "official-sensitive"]),
                audience=choose.choice(["agency", "agreements", "agreements", "agreements"]),
                area_codes=sorted(
                    {code for ward in its for code in (ward.code, ward.parent.code if ward.parent else "")}
                ),
            )

    made: list[Intervention] = []
    rows = records()
    while batch := list(islice(rows, 5_000)):
        made += Intervention.objects.bulk_create(batch)
    through: Any = Intervention.wards.through
    through.objects.bulk_create(
        (
            through(intervention_id=record.pk, area_id=ward.pk)
            for record, its in zip(made, places, strict=True)
            for ward in its
        ),
        batch_size=10_000,
    )


def _turns(*actions: Callable[[], object]) -> list[float]:
    """Median seconds of each action, in turns; the first turn does not count."""
    taken = [[timed(action) for action in actions] for _ in range(TURNS + 1)][1:]
    return [median(times) for times in zip(*taken, strict=True)]


def _measure_questions(report: Report) -> None:
    from django.db.models import Q

    from interventions.models import Intervention
    from partners.models import Agency
    from partners.roles import Role
    from partners.visibility import Viewer

    agency = Agency.objects.get(name="Benchmark")
    plain = Intervention.objects.all()

    def seen() -> Any:
        return Intervention.objects.visible_to(Viewer.of_agency(agency, Role.MANAGER))

    def newest(rows: Any) -> Any:
        return list(rows.order_by("-starts", "-pk")[:50])

    words = Q(details__icontains="officers") | Q(title__icontains="officers")
    for name, with_rules, without in (
        ("the newest 50", lambda: newest(seen()), lambda: newest(plain)),
        ("how many", lambda: seen().count(), plain.count),
        ("the newest 50 with a word", lambda: newest(seen().matching("officers")), lambda: newest(plain.filter(words))),
    ):
        ours, others = _turns(with_rules, without)
        report.add(
            f"{name} of {RECORDS:,} records by {AGREEMENTS} agreements",
            f"{ours * 1000:.1f} ms = {ours / others:.1f} x the same without rules ({others * 1000:.1f} ms)",
            f"<= {TIMES_PLAIN} x",
            ours <= TIMES_PLAIN * others,
        )


def _measure_pages(report: Report) -> None:
    """A manager reads restricted records: each answer is in the audit trail."""
    from interventions.models import Intervention

    with browsing():
        visitor = Visitor("manager")
        own = Intervention.objects.filter(owner__name="Benchmark").values_list("pk", flat=True)[:33]
        for name, addresses in (
            ("list with 50 restricted records", ["/activity/", "/activity/?kind=patrol"]),
            ("page with a restricted record", [f"/activity/{pk}/" for pk in own]),
            ("API list with 100 restricted records", ["/api/v1/interventions/"]),
        ):
            page = Page(name, addresses, kept=False, times_bare=TIMES_BARE, queries=QUERIES)
            measure_page(page, visitor, report)


def _measure_writes(report: Report) -> None:
    """One event of the trail, beside one plain row: each in a transaction of its own."""
    from interventions.models import Intervention
    from partners import audit
    from partners.models import IdempotentRequest, User
    from partners.visibility import Viewer

    viewer = Viewer.of_user(User.objects.get(email="manager@example.org"))
    records = list(Intervention.objects.visible_to(viewer).order_by("-starts")[:50])
    numbers = count()

    def plain() -> None:
        IdempotentRequest.objects.create(caller="bench", key=str(next(numbers)), method="GET", path="/", body_hash="")

    event, reads, row = _turns(
        lambda: audit.write("bench", by=viewer), lambda: audit.read(records, by=viewer, how="list"), plain
    )
    for name, seconds, times in (("one event", event, 3), (f"reading {len(records)} records", reads, 10)):
        report.add(
            f"audit trail: {name}, written",
            f"{seconds * 1000:.2f} ms = {seconds / row:.1f} x a plain row ({row * 1000:.2f} ms)",
            f"<= {times} x",
            seconds <= times * row,
        )
