"""A small place with every kind of figure, and callers of the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotspots.models import AbstractedDays, ImportedFile, Source, WardTeam
from interventions.models import Intervention
from partners.actions.keys import make_api_key
from partners.models import Agency, AgreementParty, Job, SharingAgreement, User, record_types
from partners.roles import Scope
from tests.factories import (
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
        withheld_fields=["intervention.contact", "ward-team.abstracted"],
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
    work = Intervention.objects.create(
        pk=world.run.pk,
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
    return SimpleNamespace(council=council, partner=partner, agreement=agreement, team=team, work=work)


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
