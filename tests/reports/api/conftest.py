"""A small place with every kind of figure, and callers of the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from hotspots import categories
from hotspots.models import (
    AbstractedDays,
    Boundary,
    GateQuestion,
    Hotspot,
    ImportedFile,
    PhasePeriod,
    Source,
    WardTeam,
)
from interventions.models import Intervention, Patrol
from partners.actions.keys import make_api_key
from partners.models import Agency, AgreementParty, Job, SharingAgreement, User, record_types
from partners.roles import Scope
from reports.counting import leaves
from reports.models import CandidateSet, PlaceCount, PlaceRecount
from tests.factories import (
    COMPLETE,
    PARTIAL,
    BoroughFactory,
    BoundaryFactory,
    ForceFactory,
    ImportedFileFactory,
    ImportRunFactory,
    LsoaFactory,
    PopulationFactory,
    PublisherFactory,
    SliceFactory,
    WardFactory,
    make_place,
    next_data_version,
    summarise,
)

LOADED = datetime(2026, 11, 2, 6, 12, 44, tzinfo=UTC)
# Text of a record: what the agreement of `shared` shows a partner, and what it withholds.
SHARED, WITHHELD = "shared-9f2c", "withheld-71ab"


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """Two wards of a borough with figures of three schemes, an import with every state, two publishers."""
    force = ForceFactory(code="metropolitan", name="Metropolitan Police")
    borough = BoroughFactory(code="E09800016", name="Havering", parent=force)
    ward = WardFactory(
        code="E05800308", name="Gooshays", parent=borough, valid_from=date(2002, 5, 2), valid_to=date(2022, 5, 5)
    )
    other = WardFactory(code="E05800311", name="=Heaton", parent=borough)
    LsoaFactory(code="E01800001", parent=None, name="Havering 001A")
    BoundaryFactory(area=ward, valid_from=None, valid_to=date(2022, 5, 5), box_of=(0.2, 51.5, 0.3, 51.6))
    BoundaryFactory(area=ward, valid_from=date(2022, 5, 5), box_of=(0.2, 51.5, 0.3, 51.7))
    PopulationFactory(area=ward, year=2015, residents=16131)
    since = date(2016, 4, 1)
    counts = [12, 9, None, 14, 0, *[5] * 12]
    summarise(
        ward, "burglary", counts, since=since, residents=16131, coverage={since: PARTIAL}, converted=[date(2016, 5, 1)]
    )
    summarise(ward, "violent-crime", counts, since=since)
    summarise(other, "burglary", counts, since=since)
    summarise(ward, "controlled-drugs", [3, 2], since=since, scheme="search")
    summarise(ward, "charged", [1], since=since, scheme="outcome")
    summarise(ward, "arson", [1], since=since, scheme="mps")

    job = Job.objects.create(kind="import", title="April", state=Job.State.FAILED, unique_key="april")
    run = ImportRunFactory(title="+April", started=LOADED, finished=LOADED, job=job)
    stored = ImportedFileFactory(run=run, rows_read=10, rows_kept=8, rows_rejected=2, quality={"notes": ["One."]})
    ImportedFileFactory(run=run, state=ImportedFile.State.UNCHANGED, rows_read=0, rows_kept=0)
    ImportedFileFactory(
        run=run, state=ImportedFile.State.REFUSED, message="It is a PNG picture.", rows_read=0, rows_kept=0
    )
    running = ImportRunFactory(title="May")
    met = PublisherFactory(slug="metropolitan", area=force)
    for month in (4, 6):
        SliceFactory(publisher=met, month=date(2016, month, 1), file=stored, loaded=LOADED, rows=100)
    btp = PublisherFactory(slug="btp", area=None)
    SliceFactory(publisher=btp, month=date(2016, 4, 1), file=stored, only_categories=["burglary"])
    SliceFactory(publisher=met, source=Source.OUTCOMES, month=date(2016, 4, 1), file=stored)
    next_data_version()
    return SimpleNamespace(borough=borough, ward=ward, other=other, run=run, running=running, file=stored)


@pytest.fixture
def shared(world: SimpleNamespace) -> SimpleNamespace:
    """Records of Havering Council, and an agreement in force that shows Peabody a part of them."""
    council = make_agency("Havering Council")
    partner = make_agency("Peabody", Agency.Kind.HOUSING)
    now = timezone.now()
    agreement = SharingAgreement.objects.create(
        title="Work in Havering",
        purpose="To plan work at hotspots together.",
        legal_gateway="Crime and Disorder Act 1998, section 115",
        record_types=sorted(record_types()),
        withheld_fields=["intervention.contact", "ward-team.abstracted", "hotspot.reasons", "hotspot.gates"],
        valid_from=now - timedelta(days=10),
        valid_until=now + timedelta(days=300),
        review_on=(now + timedelta(days=200)).date(),
        status=SharingAgreement.Status.IN_FORCE,
    )
    AgreementParty.objects.create(agreement=agreement, agency=council, receives=False)
    AgreementParty.objects.create(agreement=agreement, agency=partner, gives=False)
    team = WardTeam.objects.create(
        owner=council,
        ward=world.other,
        valid_from=date(2026, 4, 1),
        officers_established=2,
        officers_in_post=2,
        pcsos_established=1,
        area_codes=[world.other.code, world.borough.code],
    )
    AbstractedDays.objects.create(team=team, month=date(2026, 8, 1), days=9)
    # Routes of one thing are tried with the number of the import run.
    work = Patrol.objects.create(
        id=world.run.pk,
        owner=council,
        kind=Intervention.Kind.PATROL,
        title="=Patrol",
        strand=Intervention.Strand.PROTECT,
        starts=now - timedelta(days=2),
        ends=now - timedelta(days=2),
        place=f"Market {SHARED}",
        contact=f"Desk {WITHHELD}",
        longitude=0.2,
        latitude=51.6,
        area_codes=[world.other.code, world.borough.code],
    )
    work.wards.set([world.other])
    summarise(world.other, "burglary", [9] * 12, since=date(now.year - 1, 1, 1))
    place = make_place_of(council, world)
    return SimpleNamespace(council=council, partner=partner, agreement=agreement, team=team, work=work, place=place)


def make_place_of(council: Agency, world: SimpleNamespace) -> Hotspot:
    """A place with a phase, a gate that was decided, and figures; and a set of candidates."""
    BoundaryFactory(area=world.other, box_of=(0.2, 51.55, 0.25, 51.65))
    for model in (Hotspot, PhasePeriod, CandidateSet):
        _number_from(model, world.run.pk)
    place = make_place(
        council,
        name=f"=Hilldene {SHARED}",
        identified_note=f"Reasons {WITHHELD}",
        problems=("burglary",),
        baseline_from=date(2016, 1, 1),
        baseline_to=date(2017, 12, 1),
    )
    # A test without a transaction takes away those that the migrations made.
    GateQuestion.objects.create(phase="clear", text="Who leads?", position=99)
    period = PhasePeriod.objects.create(hotspot=place, phase="clear", starts=date(2026, 6, 1), objectives=SHARED)
    decision = period.decisions.create(
        outcome="stay", decided_on=date(2026, 9, 1), chair=WITHHELD, meeting=WITHHELD, data_version=1
    )
    decision.answers.create(question="Is it quiet?", position=0, answer="partly", evidence=WITHHELD)
    decision.evidence.create(name="x", position=0, value=None, sentence="It cannot be told.", source="police.uk")
    for boundary in Boundary.objects.filter(area__in=[place.area_id, place.ring_id]):
        PlaceRecount.objects.create(boundary=boundary)
        PlaceCount.objects.bulk_create(
            PlaceCount(
                boundary=boundary,
                category_id=one.number,
                month=date(2016 + index // 12, index % 12 + 1, 1),
                count=12,
                low=9,
                high=15,
                coverage=COMPLETE,
            )
            for index in range(24)
            for one in leaves(categories.POLICE_UK)
        )
    found = CandidateSet.objects.create(
        owner=council,
        name=f"=Set {SHARED}",
        borough=world.borough,
        categories=["burglary"],
        first_month=date(2016, 4, 1),
        last_month=date(2017, 3, 1),
        method="1",
        alpha=0.05,
        data_version=1,
        area_codes=[world.borough.code],
    )
    found.candidates.create(
        rank=1,
        lsoa_code="E01800001",
        name="Havering 001A",
        square_metres=90_000,
        count=41,
        low=29.4,
        high=55.6,
        is_hot=True,
        hot_class="new",
        hotspot=place,
    )
    found.repeat_locations.create(rank=1, longitude=0.21, latitude=51.6, street="A", count=20, months_active=11)
    return place


def _number_from(model: type[Model], number: int) -> None:
    """The next row gets this number: routes of one thing are tried with that of the import run."""
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s, false)", [number])


def make_agency(name: str, kind: str = Agency.Kind.COUNCIL) -> Agency:
    return Agency.objects.get_or_create(name=name, defaults={"kind": kind})[0]


def with_key(agency: str, *scopes: Scope, **narrowed: Any) -> Client:
    """A system of an agency with a live key and no session."""
    _, key = make_api_key(agency=make_agency(agency), name="Power BI", days=30, scopes=scopes, **narrowed)
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def by_key(db: None) -> Client:
    """A partner's system that reads figures."""
    make_agency("Peabody", Agency.Kind.HOUSING)
    return with_key("Peabody", Scope.FIGURES)


@pytest.fixture
def api(client: Client, analyst: User) -> Client:
    """A signed-in analyst of Havering Council."""
    client.force_login(analyst)
    return client
