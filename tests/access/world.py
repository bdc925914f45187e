"""The world of which the table is asked: four agencies with a person of every role each, and a record of each kind.

Whatever must not leak carries a marked text, by which an answer that shows it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from hotspots.models import Area, RejectedRow, WardTeam
from interventions.models import Intervention
from partners.models import Agency, AgreementParty, ApiKey, Job, Membership, SharingAgreement, User
from partners.roles import Role, Scope
from reports.models import SavedView
from tests.access.table import RELATIONS
from tests.factories import BoundaryFactory, ImportedFileFactory, PublisherFactory, SliceFactory, WardFactory, summarise

# Of everybody; its hash is made once, as that takes long by intent.
PASSWORD = make_password("correct horse battery staple")
# Name -> a text that occurs nowhere else.
TEXTS = {
    "shared": "Zaffre patrol",
    "withheld": "Zibeline corner",
    "covert": "Zircon warrant",
    "sensitive": "Zinnia visit",
    "team": "0199 496 0777",
    "agreement": "Zephyr protocol",
    "view": "Zebrano view",
    "people": "zenobia.owner@example.org",
    "invitation": "zachary.invited@example.org",
    "key": "Zeolite feed",
    "glass": "Zodiac reason",
}


@dataclass
class World:
    # (relation, role), ("nobody", None)
    people: dict[tuple[str, Role | None], User] = field(default_factory=dict)
    # "owner_key" -> what the Authorization header holds
    keys: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    # The beginning of a path, or a name -> the arguments, in order.
    things: dict[str, tuple[Any, ...]] = field(default_factory=dict)


def build() -> World:
    """All rows, in the transaction at hand."""
    world = World()
    now = timezone.now()
    kinds = (Agency.Kind.COUNCIL, Agency.Kind.HOUSING, Agency.Kind.FIRE, Agency.Kind.SCHOOL)
    for relation, kind in zip(RELATIONS, kinds, strict=True):
        agency = world.agencies[relation] = Agency.objects.create(name=f"The {relation} agency", kind=kind)
        for role in Role:
            email = f"{role.value}@{relation}.example"
            if (relation, role) == ("owner", Role.CONTRIBUTOR):
                email = TEXTS["people"]
            world.people[relation, role] = _person(email, f"{relation} {role.value}")
            Membership.objects.create(user=world.people[relation, role], agency=agency, role=role)
        scopes = [Scope.FIGURES, Scope.RECORDS, Scope.SENSITIVE, Scope.WRITE]
        world.keys[f"{relation}_key"] = _key(agency, TEXTS["key"] if relation == "owner" else relation, scopes)
    world.people["nobody", None] = _person("nobody@example.org", "nobody")
    owner, by = world.agencies["owner"], world.people["owner", Role.MANAGER]
    world.keys["public_key"] = _key(owner, "public", [Scope.PUBLIC])
    world.keys["revoked_key"] = _key(owner, "revoked", [Scope.FIGURES, Scope.RECORDS], revoked_at=now, revoked_by=by)
    _figures(world)
    _records(world, owner, by)
    _sharing(world, owner, by)
    return world


def _person(email: str, name: str) -> User:
    return User.objects.create(email=email, full_name=name.title(), password=PASSWORD)


def _key(agency: Agency, name: str, scopes: list[Scope], **more: Any) -> str:
    prefix, secret, secret_hash = ApiKey.new_secret()
    expires = timezone.now() + timedelta(days=100)
    made = {"prefix": prefix, "secret_hash": secret_hash, "scopes": scopes, "expires": expires, **more}
    ApiKey.objects.create(agency=agency, name=name, **made)
    return f"Bearer {prefix}.{secret}"


def _figures(world: World) -> None:
    ward = WardFactory()
    BoundaryFactory(area=ward)
    borough = ward.parent
    publisher = PublisherFactory(area=borough.parent)
    for area in (ward, borough, borough.parent):
        for category in ("burglary", "all-crime", "all-crime-and-asb"):
            summarise(area, category, list(range(14)), since=date(2016, 4, 1))
    file = ImportedFileFactory(rows_rejected=1)
    RejectedRow.objects.create(file=file, row=7, reason="unknown crime type")
    of = SliceFactory(publisher=publisher, file=file)
    world.things |= {
        "/wards/": (ward.code,),
        "/boroughs/": (borough.code,),
        "/forces/": (borough.parent.code,),
        "/api/v1/areas/": (ward.code,),
        "/api/v1/imports/": (file.run_id,),
        "/data/upload/": ("00000000-0000-4000-8000-000000000000",),
        "/data/imports/": (file.run_id,),
        "/data/imports/files/": (file.pk,),
        "/data/releases/": (of.pk,),
        "/account/confirm-email/": ("x",),
        "/account/password/reset/key/": ("1", "x"),
    }


def _records(world: World, owner: Agency, by: User) -> None:
    now = timezone.now()
    ward = Area.objects.get(code=world.things["/wards/"][0])
    codes = [ward.code, *world.things["/boroughs/"]]
    common: dict[str, Any] = {"owner": owner, "area_codes": codes, "created_by": by, "changed_by": by}

    def intervention(title: str, **more: Any) -> Intervention:
        made = {"kind": "patrol", "strand": "protect", "starts": now, "ends": now + timedelta(hours=1), **more}
        record = Intervention.objects.create(title=title, **common, **made)
        record.wards.add(ward)
        return record

    withheld = dict.fromkeys(("place", "details", "contact"), TEXTS["withheld"])
    shared = intervention(TEXTS["shared"], **withheld)
    sensitive = intervention(TEXTS["sensitive"], marking="official-sensitive", audience="agency")
    covert = intervention(TEXTS["covert"], kind="warrant", audience="team", marking="official-sensitive")
    team = WardTeam.objects.create(
        ward=ward,
        valid_from=date(2020, 1, 1),
        officers_established=2,
        pcsos_established=1,
        contact_phone=TEXTS["team"],
        **common,
    )
    job = Job.objects.create(kind="import", unique_key="a", title="Import", requested_by=by)
    server_job = Job.objects.create(kind="import", unique_key="b", title="Nightly fetch")
    view = SavedView.objects.create(
        name=TEXTS["view"], page=SavedView.Page.EXPLORE, query="", agency=owner, created_by=by
    )
    world.things |= {
        "/activity/": (shared.pk,),
        "/api/v1/interventions/": (shared.pk,),
        "sensitive": (sensitive.pk,),
        "covert": (covert.pk,),
        "/teams/": (team.pk,),
        "/jobs/": (job.pk,),
        "server job": (server_job.pk,),
        "/views/": (view.pk,),
        "/agencies/": (owner.pk,),
    }


def _sharing(world: World, owner: Agency, by: User) -> None:
    now = timezone.now()
    for relation, until in (("partner", now + timedelta(days=100)), ("lapsed", now - timedelta(days=1))):
        agreement = SharingAgreement.objects.create(
            title=TEXTS["agreement"] if relation == "partner" else "An agreement that lapsed",
            purpose="To plan patrols together.",
            legal_gateway="Crime and Disorder Act 1998, section 115",
            record_types=["intervention", "ward-team"],
            withheld_fields=[f"intervention.{name}" for name in ("place", "details", "contact")],
            valid_from=now - timedelta(days=200),
            valid_until=until,
            review_on=date(2030, 1, 1),
            status=SharingAgreement.Status.IN_FORCE,
            proposed_by=by,
        )
        AgreementParty.objects.create(agreement=agreement, agency=owner, receives=False, accepted_at=now)
        AgreementParty.objects.create(
            agreement=agreement, agency=world.agencies[relation], gives=False, accepted_at=now
        )
        world.things["/agreements/" if relation == "partner" else "lapsed agreement"] = (agreement.pk,)
