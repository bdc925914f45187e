"""Whatever people change about access is in the audit trail: no row differs after an action of which no event tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners import audit
from partners.actions import agencies, invitations, keys, people, sharing
from partners.models import (
    Agency,
    AgreementParty,
    ApiKey,
    AuditEvent,
    Invitation,
    Membership,
    Role,
    SharingAgreement,
    User,
)
from partners.roles import Marking
from tests.partners.people import acting, agency, member, role_of

pytestmark = pytest.mark.django_db
TOLD_OF = (Agency, User, Membership, Invitation, ApiKey, SharingAgreement, AgreementParty)


def rows() -> dict[str, dict[str, Any]]:
    """ "agency:7" -> its fields as the trail writes them."""
    return {audit.named(one): audit.snapshot(one) for model in TOLD_OF for one in model.objects.all()}


@contextmanager
def told(*actions: str) -> Iterator[None]:
    """What is done inside writes these events and no others, and changes nothing of which they do not tell."""
    before = rows()
    last = AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    yield
    events = list(AuditEvent.objects.filter(number__gt=last).order_by("number"))
    assert sorted(event.action for event in events) == sorted(actions)
    for name, now in rows().items():
        was = before.get(name, {})
        differing = {field for field in now if now[field] != was.get(field)}
        telling = [event for event in events if name in event.objects_named]
        assert differing <= {field for event in telling for field in event.after or {}}, name


@pytest.fixture
def partnership() -> User:
    return member(agency("The partnership"), Role.PARTNERSHIP, "petra@example.org")


@pytest.fixture
def council() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def administrator(council: Agency) -> User:
    return member(council, Role.ADMINISTRATOR, "kim@example.org")


def test_agencies(partnership: User, council: Agency, administrator: User) -> None:
    by = acting(partnership)
    with told("agency.created"):
        part = agencies.add_agency(by=by, name="Licensing", kind="council-licensing", part_of=council)
    said: dict[str, Any] = {"kind": "council-licensing", "part_of": None, "area_codes": ["SYN1"]}
    with told("agency.changed"):
        agencies.change_agency(by=acting(partnership), agency=part, name="Licences", **said)
    keys.make_api_key(agency=part, name="Feed", days=9)
    with told("agency.changed", "apikey.changed", "agency.left"):
        agencies.remove_agency(by=acting(partnership), agency=part, reason="They asked to leave.")
    with told("agency.changed"):
        agencies.readmit_agency(by=acting(partnership), agency=part)


def test_people_and_invitations(partnership: User, council: Agency, administrator: User) -> None:
    def invite(role: str, email: str = "ana@example.org", **said: Any) -> tuple[Invitation, str]:
        return invitations.invite_person(by=acting(administrator), agency=council, email=email, role=role, **said)

    with told("invitation.created"):
        invitation, _ = invite(Role.VIEWER)
    with told("invitation.changed"):
        invite(Role.VIEWER, area_codes=["SYN1"])
    with told("invitation.changed"):
        invitations.renew_invitation(by=acting(administrator), invitation=invitation)
    with told("invitation.changed", "membership.created", "user.created"):
        ana = invitations.join(invitation=invitation, full_name="Ana Lyst", password="correct horse battery staple")
    again, _ = invite(Role.ANALYST)
    # Given the role meanwhile, in another way: accepting changes its areas.
    Membership.objects.create(user=ana, agency=council, role=Role.ANALYST, area_codes=["SYN2"])
    with told("invitation.changed", "membership.changed"):
        invitations.accept_invitation(again, by=ana)
    other, _ = invite(Role.VIEWER, "bo@example.org")
    with told("invitation.changed"):
        invitations.withdraw_invitation(by=acting(administrator), invitation=other)
    role = Membership.objects.get(user=ana, agency=council, role=Role.VIEWER)
    with told("membership.changed"):
        people.change_role(by=acting(administrator), membership=role, role=Role.CONTRIBUTOR, area_codes=[])
    with told("membership.changed", "membership.ended"):
        people.end_role(by=acting(administrator), membership=role)
    with told("membership.changed", "user.changed"):
        people.deactivate_person(by=acting(partnership), user=ana)
    with told("user.changed"):
        people.activate_person(by=acting(partnership), user=ana)
    with told("agency.created", "membership.created", "user.created"):
        people.make_user(
            email="cy@example.org", full_name="Cy Pher", agency_name="Peabody", agency_kind="housing", role="viewer"
        )
    assert role_of(User.objects.get(email="cy@example.org"), Agency.objects.get(name="Peabody")).role == "viewer"


def test_keys(council: Agency, administrator: User) -> None:
    with told("apikey.created"):
        key, _ = keys.make_api_key(by=acting(administrator), agency=council, name="Feed", days=90)
    with told("apikey.created", "apikey.changed"):
        new, _ = keys.rotate_api_key(by=acting(administrator), key=key, days=90, overlap_days=1)
    with told("apikey.changed"):
        keys.revoke_api_key(by=acting(administrator), key=new)


def test_agreements(council: Agency, administrator: User, partnership: User) -> None:
    peabody = agency("Peabody")
    manager = member(peabody, Role.MANAGER, "mia@example.org")

    def terms(starts: timedelta = timedelta()) -> sharing.Terms:
        now = timezone.now()
        return sharing.Terms(
            title="To plan together",
            purpose="Reduce crime",
            legal_gateway="Crime and Disorder Act 1998, section 115",
            types=["intervention"],
            withheld=[],
            areas=[],
            highest=Marking.OFFICIAL,
            giving=[council.pk],
            receiving=[peabody.pk],
            valid_from=now + starts,
            valid_until=now + timedelta(days=300),
            review_on=(now + timedelta(days=100)).date(),
        )

    with told("sharingagreement.created", *2 * ["agreementparty.created"], "agreementparty.changed"):
        agreement = sharing.propose_agreement(by=acting(administrator), terms=terms())
    with told("agreementparty.changed", "sharingagreement.changed"):
        sharing.accept_agreement(by=acting(manager), agreement=agreement)
    with told("sharingagreement.changed"):
        sharing.suspend_agreement(by=acting(manager), agreement=agreement, reason="We look at it again.")
    # The status stays: two have suspended it.
    with told("sharingagreement.said"):
        sharing.suspend_agreement(by=acting(administrator), agreement=agreement, reason="So do we, from today.")
    with told("sharingagreement.said"):
        sharing.resume_agreement(by=acting(administrator), agreement=agreement)
    with told("sharingagreement.changed"):
        sharing.resume_agreement(by=acting(manager), agreement=agreement)
    later = sharing.propose_agreement(by=acting(administrator), terms=terms(timedelta(days=9)), replaces=agreement)
    # The old one ends when the new one begins.
    with told("agreementparty.changed", "sharingagreement.changed", "sharingagreement.changed"):
        sharing.accept_agreement(by=acting(manager), agreement=later)
    with told("sharingagreement.changed"):
        sharing.end_agreement(by=acting(manager), agreement=agreement, reason="No longer needed.")
    with told("sharingagreement.changed"):
        sharing.suspend_agreements_of(by=acting(partnership), agency=peabody, reason="They leave.")
