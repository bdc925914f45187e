"""The world of which the table is asked: four agencies with a person of every role each, and a record of each kind.

Whatever must not leak carries a marked text, by which an answer that shows it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from hotspots import facts
from hotspots.models import Area, RejectedRow, Source, WardTeam
from interventions.models import (
    Attachment,
    CalendarFeed,
    Intervention,
    LegalParameter,
    OrderType,
    RenewalStep,
    YearPlanItem,
)
from interventions.registers import register_of
from partners import audit
from partners.models import Agency, ApiKey, BreakGlass, Invitation, Job, Membership, SharingAgreement, User
from partners.roles import Role, Scope
from reports.models import SavedView
from tests.access import joint, places
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
    "webhook": "https://zither.example/told",
    # Places: the parts of one that partners are given, one text each, and what is withheld from them.
    "place": "Zemstvo parade",
    "phase": "Zeppelin objectives",
    "comparison": "Zeugma match",
    "alert": "Zebu alert",
    "place reasons": "Zoltan reasons",
    "equality": "Zouave equality",
    "document": "Zoetrope dossier",
    "file": "Zinnia photograph",
    "gate": "Zuccotto board",
    "covert place": "Zanzibar yard",
    "sensitive place": "Zinc lane",
    "set": "Zirconia set",
    "candidate": "Zorilla triangle",
    "covert set": "Zumba set",
    "action": "Zapote promise",
    "renewal": "Zigzag minute",
    "line": "Zingara bikes",
}


@dataclass
class World:
    # (relation, role), ("nobody", None)
    people: dict[tuple[str, Role | None], User] = field(default_factory=dict)
    # Persona -> the key of a session in which it is signed in.
    sessions: dict[str, str] = field(default_factory=dict)
    # Persona -> what that session holds.
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
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
        name = TEXTS["key"] if relation == "owner" else f"Feed of {relation}"
        world.keys[f"{relation}_key"] = _key(agency, name, scopes)
    world.people["nobody", None] = _person("nobody@example.org", "nobody")
    owner, by = world.agencies["owner"], world.people["owner", Role.MANAGER]
    _key(owner, "Figures", [Scope.FIGURES])
    _key(owner, "Records", [Scope.FIGURES, Scope.RECORDS])
    world.keys["public_key"] = _key(owner, "public", [Scope.PUBLIC])
    world.keys["revoked_key"] = _key(owner, "revoked", [Scope.FIGURES, Scope.RECORDS], revoked_at=now, revoked_by=by)
    _figures(world)
    _records(world, owner, by)
    _sharing(world, owner, by)
    places.build(world.things, owner, by, TEXTS)
    joint.build(world.things, world.agencies, by, TEXTS)
    for (relation, held), user in world.people.items():
        client = Client()
        client.force_login(user)
        persona = f"{relation} {held.value}" if held else relation
        world.sessions[persona] = client.cookies[settings.SESSION_COOKIE_NAME].value
        world.kept[persona] = dict(client.session.items())
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
    BoundaryFactory(area=ward, box_of=places.WARD)
    borough = ward.parent
    publisher = PublisherFactory(area=borough.parent)
    for area in (ward, borough, borough.parent):
        for category in ("burglary", "all-crime", "all-crime-and-asb"):
            summarise(area, category, list(range(14)), since=date(2016, 4, 1))
    file = ImportedFileFactory(rows_rejected=1)
    RejectedRow.objects.create(file=file, row=7, reason="unknown crime type")
    nothing = facts.write(Source.STREET, pl.DataFrame(schema=facts.SCHEMA[Source.STREET]))
    of = SliceFactory(publisher=publisher, file=file, path=nothing)
    world.things |= {
        "/wards/": (ward.code,),
        "/boroughs/": (borough.code,),
        "/forces/": (borough.parent.code,),
        "/api/v1/areas/": (ward.code,),
        "/api/v1/imports/": (file.run_id,),
        "/data/upload/": ("00000000-0000-4000-8000-000000000000",),
        "/data/templates/": ("fire",),
        "/data/imports/": (file.run_id,),
        "/data/imports/files/": (file.pk,),
        "/data/releases/": (of.pk,),
        "/account/second-factor/webauthn/keys/": (1,),
        "/account/sso/": ("oidc",),
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
        record: Intervention = register_of(made["kind"]).model._base_manager.create(title=title, **common, **made)
        record.wards.add(ward)
        return record

    withheld = dict.fromkeys(("place", "details", "contact"), TEXTS["withheld"])
    shared = intervention(TEXTS["shared"], **withheld)
    file = Attachment(record=shared, title=TEXTS["file"])
    file.file.save("photo.jpg", ContentFile(TEXTS["file"].encode()))
    sensitive = intervention(TEXTS["sensitive"], marking="official-sensitive", audience="agency")
    covert = intervention(TEXTS["covert"], kind="warrant", audience="team")
    order = intervention("An order that partners see", kind="pspo", stage="in-force")
    step = RenewalStep(record=order, step="evidence", expires_on=order.last_day or now.date(), due_on=now.date())
    step.note = TEXTS["renewal"]
    step.save()
    year = intervention("A plan of a year", kind="year-plan", audience="agency")
    line = YearPlanItem(record_id=year.pk, month=now.date().replace(day=1), lane="usual", text=TEXTS["line"])
    line.save()
    feed = CalendarFeed(user=by, created_by=by, name="Outlook", token_hash=ApiKey.hash_secret("token"))
    feed.save()
    audit.created(shared, by=by)
    audit.created(covert, by=by)
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
        "/activity/registers/": ("patrols",),
        "/activity/new/": ("patrols",),
        "/api/v1/interventions/": (shared.pk,),
        "shared": (f"intervention:{shared.pk}",),
        "file": (shared.pk, file.pk),
        "renewal": (order.pk, step.pk),
        "year": (year.pk, line.pk),
        "/activity/calendar/feeds/": (feed.pk,),
        "/calendar/": ("token",),
        "covert glass": (f"intervention:{covert.pk}",),
        "sensitive": (sensitive.pk,),
        "covert": (covert.pk,),
        "/teams/": (team.pk,),
        "/jobs/": (job.pk,),
        "server job": (server_job.pk,),
        "/views/": (view.pk,),
        "/agencies/": (owner.pk, ApiKey.objects.get(name=TEXTS["key"]).pk),
        "key of figures": (owner.pk, ApiKey.objects.get(name="Figures").pk),
        "key of records": (owner.pk, ApiKey.objects.get(name="Records").pk),
    }


def _sharing(world: World, owner: Agency, by: User) -> None:
    now = timezone.now()

    def agreement(
        relation: str, title: str, until: int = 100, status: str = SharingAgreement.Status.IN_FORCE
    ) -> SharingAgreement:
        made = SharingAgreement.objects.create(
            title=title,
            purpose="To plan patrols together.",
            legal_gateway="Crime and Disorder Act 1998, section 115",
            record_types=["intervention", "ward-team", "hotspot", "candidate-set", "pspo"],
            withheld_fields=[
                *(f"intervention.{name}" for name in ("place", "details", "contact")),
                *(f"hotspot.{name}" for name in ("reasons", "equality", "documents", "gates")),
            ],
            valid_from=now - timedelta(days=200),
            valid_until=now + timedelta(days=until),
            review_on=date(2030, 1, 1),
            status=status,
            proposed_by=by,
        )
        accepted = None if status == SharingAgreement.Status.PROPOSED else now
        made.parties.create(agency=owner, receives=False, accepted_at=accepted)
        made.parties.create(agency=world.agencies[relation], gives=False, accepted_at=accepted)
        made.statuses.create(status=status, agency=owner, changed_by=by)
        return made

    in_force = agreement("partner", TEXTS["agreement"])
    in_force.document.save("signed.pdf", ContentFile(b"%PDF-1.7"))
    world.things |= {
        "/agreements/": (in_force.pk,),
        "lapsed agreement": (agreement("lapsed", "Lapsed protocol", until=-1).pk,),
        "proposed": (agreement("partner", TEXTS["agreement"], status=SharingAgreement.Status.PROPOSED).pk,),
        "suspended": (agreement("partner", TEXTS["agreement"], status=SharingAgreement.Status.SUSPENDED).pk,),
    }
    glass = BreakGlass.objects.create(
        record_type="intervention",
        record_id=world.things["/activity/"][0],
        owner=owner,
        reason=TEXTS["glass"],
        opened_by=world.people["partner", Role.SNT_LEAD],
        expires=now + timedelta(hours=1),
    )
    left = Agency.objects.create(name="An agency that left", kind=Agency.Kind.OTHER, left_at=now, left_by=by)
    contributor = world.people["owner", Role.CONTRIBUTOR]
    invitation = Invitation.objects.create(
        email=TEXTS["invitation"],
        agency=owner,
        role=Role.VIEWER,
        secret_hash=ApiKey.hash_secret("secret"),
        invited_by=by,
        expires=now + timedelta(days=7),
    )
    world.things |= {
        "/law/": (LegalParameter.objects.create(instrument="cbo", key="adult-min", value=2, unit="years").pk,),
        "/law/order-types/": (OrderType.objects.create(slug="of-old", name="Old order", law="An Act").pk,),
        "/glass/": (glass.pk,),
        "left": (left.pk,),
        "role": (owner.pk, contributor.memberships.get().pk),
        "/agencies/people/": (contributor.pk,),
        "invitation": (owner.pk, invitation.pk),
        "/invitations/": ("secret",),
        "/audit/of/": ("intervention", world.things["/activity/"][0]),
        "covert audit": ("intervention", world.things["covert"][0]),
    }
