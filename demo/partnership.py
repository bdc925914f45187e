"""The made-up partnership of the demonstration: agencies, a person of every role, agreements, ward teams, activity.

People do it all by the product's own actions, so the audit trail shows how it came about. Names say that they are made
up; dates are told from today, as agreements must be in force and patrols be planned on the day that somebody looks.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from demo import borough, places, town, work
from hotspots.models import Area
from hotspots.teams import actions as teams
from partners.actions import agencies, invitations, keys, people, sharing
from partners.models import Agency, SharingAgreement, User
from partners.roles import Marking, Role, Scope
from partners.visibility import Viewer

PLACE = borough.MAIN
SEED = 20260901
# Name in the code -> (name, kind, what it is a part of).
AGENCIES: dict[str, tuple[str, Agency.Kind, str | None]] = {
    "council": (f"{PLACE.name} Council", Agency.Kind.COUNCIL, None),
    "safety": ("Community Safety (synthetic)", Agency.Kind.COMMUNITY_SAFETY, "council"),
    "licensing": ("Licensing (synthetic)", Agency.Kind.COUNCIL_LICENSING, "council"),
    "sleeping": ("Rough Sleeping Team (synthetic)", Agency.Kind.ROUGH_SLEEPING, "council"),
    "bcu": ("East Area BCU (synthetic)", Agency.Kind.POLICE_BCU, None),
    "snt": (f"{PLACE.name} SNT", Agency.Kind.POLICE_SNT, "bcu"),
    "cid": ("East Area CID (synthetic)", Agency.Kind.POLICE_CID, "bcu"),
    "transport": ("Transport Police, East (synthetic)", Agency.Kind.TRANSPORT_POLICE, None),
    "housing": ("Harbour Homes (synthetic)", Agency.Kind.HOUSING, None),
    "treatment": ("Turnstone Drug and Alcohol Service (synthetic)", Agency.Kind.DRUG_TREATMENT, None),
    "pastors": ("Lantern Street Pastors (synthetic)", Agency.Kind.STREET_PASTORS, None),
}
# (e-mail before the @, name, agency, role, wards to which the role is narrowed): the most useful to sign in as first.
PEOPLE: tuple[tuple[str, str, str, Role, tuple[str, ...]], ...] = (
    ("analyst", "Ana Lyst", "council", Role.ANALYST, ()),
    ("sergeant", "Sam Sergeant", "snt", Role.SNT_LEAD, ()),
    ("manager", "Morgan Manager", "council", Role.MANAGER, ()),
    ("admin", "Addie Ministrator", "council", Role.ADMINISTRATOR, ()),
    ("partnership", "Pat Nership", "council", Role.PARTNERSHIP, ()),
    ("viewer", "Vic Viewer", "safety", Role.VIEWER, ()),
    ("outreach", "Ollie Outreach", "sleeping", Role.CONTRIBUTOR, ()),
    ("licensing", "Liz Ensing", "licensing", Role.CONTRIBUTOR, ()),
    ("two-wards", "Tua Wards", "snt", Role.SNT_LEAD, ("Gooshays", "Heaton")),
    ("inspector", "Ina Spector", "bcu", Role.MANAGER, ()),
    ("police-admin", "Polly Ceadmin", "bcu", Role.ADMINISTRATOR, ()),
    ("detective", "Dee Tective", "cid", Role.MANAGER, ()),
    ("transport", "Rae L. Way", "transport", Role.MANAGER, ()),
    ("housing", "Hugo S. Ing", "housing", Role.MANAGER, ()),
    ("estates", "Esther Tates", "housing", Role.CONTRIBUTOR, ()),
    ("housing-admin", "Kay Keeper", "housing", Role.ADMINISTRATOR, ()),
    ("treatment", "Trea T. Ment", "treatment", Role.MANAGER, ()),
    ("pastor", "Pas Tor", "pastors", Role.MANAGER, ()),
)
# (who invites, to which agency, e-mail before the @, role): nobody has followed these links yet.
INVITED = (
    ("admin", "council", "newcomer", Role.ANALYST),
    ("admin", "licensing", "new-licensing", Role.VIEWER),
    ("partnership", "pastors", "new-pastor", Role.ADMINISTRATOR),
)
# What council and police share of their work; orders on people have an agreement of their own.
SHARED = (
    *("intervention", "ward-team", "hotspot", "candidate-set", "pspo", "pspo-action", "dispersal", "direction"),
    *("closure", "community-protection", "plan", "day-of-action", "year-plan", "meeting"),
)
GATEWAY = "Crime and Disorder Act 1998, section 115"
# Volunteers are no relevant authority of section 115.
GATEWAY_OF_SUPPORT = "UK GDPR, Article 6(1)(e) (public task). Numbers, times and places of sessions, no personal data"


@dataclass
class _Made:
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    wards: list[Area] = field(default_factory=list)
    sign_ins: list[str] = field(default_factory=list)

    def viewer(self, email: str) -> Viewer:
        return Viewer.of_user(self.people[email])


@transaction.atomic
def make() -> list[str]:
    """Makes the partnership where nobody has an account yet; the lines that say how to sign in, else none."""
    if User.objects.exists():
        return []
    made = _Made()
    wards = Area.objects.filter(parent__code=PLACE.code, kind=Area.Kind.WARD, valid_to=None)
    made.wards = list(wards.order_by("name"))
    _people(made)
    _agreements(made)
    _teams(made)
    whose = {email: made.agencies[agency] for email, _, agency, _, _ in PEOPLE}
    narrowed = {email: names for email, _, _, _, names in PEOPLE if names}
    work.make(made.viewer, whose, narrowed, made.wards)
    places.make(made.viewer, whose, made.agencies, made.wards)
    town.make(made.viewer, whose, made.agencies, made.wards)
    _keys(made)
    return made.sign_ins


def _people(made: _Made) -> None:
    """The partnership's administrator comes first and adds the agencies; then everybody else."""
    wards = {ward.name: ward.code for ward in made.wards}
    lines = {}
    for email, full_name, agency, role, narrowed in sorted(PEOPLE, key=lambda one: one[3] != Role.PARTNERSHIP):
        title, kind, _ = AGENCIES[agency]
        address = f"{email}@demo.example"
        made.people[email], password = people.make_user(
            email=address, full_name=full_name, agency_name=title, agency_kind=kind, role=role
        )
        only = f", {' and '.join(narrowed)} only" if narrowed else ""
        lines[email] = f"{address}  {password}  ({full_name}, {role.label}{only}, {title})"
        if role == Role.PARTNERSHIP:
            _agencies(made, email)
    made.sign_ins = [lines[email] for email, *_ in PEOPLE]
    for email, _, agency, role, narrowed in PEOPLE:
        if narrowed:
            people.change_role(
                by=made.viewer("police-admin"),
                membership=made.people[email].memberships.get(agency=made.agencies[agency]),
                role=role,
                area_codes=[wards[name] for name in narrowed],
            )
    for by, agency, email, role in INVITED:
        invitations.invite_person(
            by=made.viewer(by), agency=made.agencies[agency], email=f"{email}@demo.example", role=role
        )


def _agencies(made: _Made, email: str) -> None:
    by = made.viewer(email)
    for name, (title, kind, part_of) in AGENCIES.items():
        whole = made.agencies[part_of] if part_of else None
        there = Agency.objects.filter(name=title).first()
        said: dict[str, Any] = {"by": by, "name": title, "kind": kind, "part_of": whole, "area_codes": [PLACE.code]}
        made.agencies[name] = agencies.change_agency(agency=there, **said) if there else agencies.add_agency(**said)


def _agreements(made: _Made) -> None:
    """Two in force, one suspended, one lapsed, one that waits to be accepted."""

    def propose(
        by: str, title: str, purpose: str, both: Iterable[str], receiving: Iterable[str] = (), *,
        withheld: tuple[str, ...] = (), hidden: tuple[str, ...] = (), types: tuple[str, ...] = ("intervention",),
        days: int = 300, gateway: str = GATEWAY,
    ) -> SharingAgreement:  # fmt: skip
        ids = [made.agencies[name].pk for name in both]
        now = timezone.now()
        terms = sharing.Terms(
            title=title, purpose=purpose, legal_gateway=gateway, giving=ids,
            receiving=[*ids, *(made.agencies[name].pk for name in receiving)], types=types,
            withheld=[*hidden, *(f"intervention.{name}" for name in withheld)],
            areas=[PLACE.code], highest=Marking.OFFICIAL,
            valid_from=now - timedelta(days=65), valid_until=now + timedelta(days=days),
            review_on=timezone.localdate(now + timedelta(days=days // 2)),
        )  # fmt: skip
        return sharing.propose_agreement(by=made.viewer(by), terms=terms)

    def accept(agreement: SharingAgreement, *people: str) -> None:
        for person in people:
            sharing.accept_agreement(by=made.viewer(person), agreement=agreement)

    accept(
        propose("manager", "Hotspot work of council and police", "To plan patrols, visits and outreach together.",
                ("council", "bcu"), types=SHARED),
        "inspector",
    )  # fmt: skip
    accept(
        propose("treatment", "Outreach and treatment", "To know when support is on offer, and how many it reaches.",
                ("treatment",), ("council", "pastors"), withheld=("contact", "details"),
                gateway=GATEWAY_OF_SUPPORT),
        "manager", "pastor",
    )  # fmt: skip
    accept(
        propose("police-admin", "Orders on people", "To keep to orders, and to offer support before they are broken.",
                ("bcu", "council", "housing"), types=("cbo", "order"), hidden=("cbo.subject", "order.subject")),
        "manager", "housing",
    )  # fmt: skip
    accept(
        propose("manager", "Town centre together", "To act on the town centre together, and to see what each does.",
                ("council", "bcu", "transport", "housing", "pastors"),
                types=("hotspot", "pspo", "pspo-action", "day-of-action", "year-plan", "meeting"),
                gateway=GATEWAY),
        "inspector", "transport", "housing", "pastor",
    )  # fmt: skip
    estates = propose("housing", "Estates", "To keep patrols and estate work apart in time.", ("housing", "bcu"))
    accept(estates, "inspector")
    sharing.suspend_agreement(
        by=made.viewer("housing"), agreement=estates, reason="Our board is reviewing who may read these records."
    )
    station = propose("transport", "Station approach, last year", "To cover the station together.",
                      ("transport", "council"), days=30)  # fmt: skip
    accept(station, "manager")
    # Nobody can agree to what is over already: it was made a year ago and has lapsed since.
    until = timezone.now() - timedelta(days=12)
    SharingAgreement.objects.filter(pk=station.pk).update(
        valid_from=until - timedelta(days=365), valid_until=until, review_on=until.date() - timedelta(days=30)
    )
    propose("transport", "Stations and trains", "To cover stations and the streets around them together.",
            ("transport", "bcu", "council"), withheld=("contact",))  # fmt: skip


def _teams(made: _Made) -> None:
    """A team in every ward, some with vacancies; one had fewer posts once; days abstracted in the last two months."""
    by, owner, drawn = made.viewer("sergeant"), made.agencies["snt"], random.Random(SEED)  # noqa: S311 - nothing secret
    today = timezone.localdate()
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    months = ((last_month - timedelta(days=1)).replace(day=1), last_month)
    for index, ward in enumerate(made.wards):
        details = teams.Details(
            officers_established=2,
            officers_in_post=1 if index % 4 == 1 else 2,
            pcsos_established=2 if index % 3 == 0 else 1,
            pcsos_in_post=0 if index % 7 == 3 else 1,
            sergeants_in_post=0 if index == 5 else 1,
            contact_email=f"{ward.code.lower()}.snt@demo.example",
            contact_phone=f"020 7946 {100 + index:04d}",
        )
        team = teams.add_team(by=by, owner=owner, ward=ward, valid_from=date(today.year - 1, 4, 1), details=details)
        if index == 0:
            more = replace(details, officers_established=3)
            team = teams.change_team(by=by, team=team, valid_from=date(today.year, 1, 1), details=more)
        for month in months:
            days = Decimal(drawn.randrange(0, 25)) / 2
            teams.record_abstraction(by=by, team=team, month=month, days=days)


def _keys(made: _Made) -> None:
    """A key for each agency that is part of no other."""
    for name, (title, _, part_of) in AGENCIES.items():
        if part_of is None:
            _, shown = keys.make_api_key(
                agency=made.agencies[name],
                name="Demonstration",
                days=90,
                scopes=[Scope.FIGURES, Scope.RECORDS, Scope.WRITE],
            )
            made.sign_ins.append(f"API key of {title}: {shown}")
