"""Agencies around one record: its owner, a partner by agreement, one whose agreement lapsed, and a stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotspots.models import Area
from interventions.models import Intervention
from interventions.registers import register_of
from partners.models import Agency, AgreementParty, Membership, SharingAgreement, User
from partners.roles import Role
from partners.visibility import Viewer
from tests.factories import BoroughFactory, WardFactory

PARTS = ["intervention.place", "intervention.details", "intervention.contact", "intervention.people_reached"]


def agree(giver: Agency, receiver: Agency, *, withheld: list[str], ended: bool = False) -> SharingAgreement:
    """An agreement by which one gives its activity to another; `ended` = lapsed an hour ago."""
    now = timezone.now()
    agreement = SharingAgreement.objects.create(
        title=f"{giver} gives {receiver}",
        purpose="Crime and disorder",
        legal_gateway="CDA 1998 s.115",
        record_types=["intervention"],
        withheld_fields=withheld,
        valid_from=now - timedelta(days=10),
        valid_until=now + (timedelta(hours=-1) if ended else timedelta(days=10)),
        review_on=now.date(),
        status=SharingAgreement.Status.IN_FORCE,
    )
    AgreementParty.objects.create(agreement=agreement, agency=giver, receives=False)
    AgreementParty.objects.create(agreement=agreement, agency=receiver, gives=False)
    return agreement


@pytest.fixture
def make_activity(world: SimpleNamespace) -> Callable[..., Intervention]:
    """A record of the owner's in the first ward, straight into the database: make_activity(title="Patrol")."""

    def make(*, wards: list[Area] | None = None, **said: Any) -> Intervention:
        starts = said.pop("starts", timezone.now() - timedelta(days=1))
        wards = wards or [world.ward]
        fields: dict[str, Any] = {
            "owner": world.owner,
            "created_by": world.people["owner"],
            "changed_by": world.people["owner"],
            "kind": Intervention.Kind.PATROL,
            "title": "Evening patrol",
            "strand": Intervention.Strand.PROTECT,
            "status": Intervention.Status.DONE,
            "starts": starts,
            "ends": starts + timedelta(hours=2),
            "place": "Behind the Kestrel Arms",
            "longitude": 0.21874,
            "latitude": 51.60312,
            "details": "Two officers on foot, via Zebra Passage",
            "contact": "Sgt Quill, 020 7946 0000",
            "people_reached": 417,
            "area_codes": sorted({code for ward in wards for code in (ward.code, world.borough.code)}),
            **said,
        }
        record: Intervention = register_of(fields["kind"]).model._base_manager.create(**fields)
        record.wards.set(wards)
        return record

    return make


@pytest.fixture
def world(make_user: Callable[..., User]) -> SimpleNamespace:
    """Two wards of a borough; agencies `owner`, `partner` (all that can be is withheld), `lapsed`, `stranger`; and
    `people`, a manager of each, by the same names."""
    borough = BoroughFactory(code="E09800016", name="Havering")
    ward = WardFactory(code="E05800308", name="Gooshays", parent=borough)
    other = WardFactory(code="E05800311", name="Heaton", parent=borough)
    names = ("owner", "partner", "lapsed", "stranger")
    people = {
        name: make_user(f"{name}@example.org", role=Role.MANAGER, agency=f"{name.title()} Agency") for name in names
    }
    agencies = {name: Agency.objects.get(name=f"{name.title()} Agency") for name in names}
    agreement = agree(agencies["owner"], agencies["partner"], withheld=PARTS)
    agree(agencies["owner"], agencies["lapsed"], withheld=[], ended=True)
    return SimpleNamespace(borough=borough, ward=ward, other=other, people=people, agreement=agreement, **agencies)


@pytest.fixture
def contributor(world: SimpleNamespace, make_user: Callable[..., User]) -> User:
    """Somebody who may add for the owner, and change what is the contributor's own."""
    return make_user("contributor@example.org", role=Role.CONTRIBUTOR, agency=world.owner.name)


@pytest.fixture
def as_person() -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def clients(world: SimpleNamespace, as_person: Callable[[User], Client]) -> dict[str, Client]:
    """A signed-in browser of each of `world.people`."""
    return {name: as_person(user) for name, user in world.people.items()}


def seen_by(user: User) -> Viewer:
    return Viewer.of_user(user)


def narrowed(user: User, *codes: str) -> None:
    """Narrows all roles of somebody to some areas."""
    Membership.objects.filter(user=user).update(area_codes=list(codes))


def at(text: str) -> datetime:
    """A moment in UTC: at("2026-10-25 01:30")."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
