"""Small worlds of agencies that share: made by hand, or at random."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hotspots.models import Area, Hotspot, WardTeam
from interventions.models import Intervention
from interventions.registers import register_of
from partners.models import (
    Agency,
    AgreementParty,
    ApiKey,
    BreakGlass,
    Membership,
    Record,
    SharingAgreement,
    User,
)
from reports.models import CandidateSet
from tests.factories import BoroughFactory, BoundaryFactory, WardFactory
from tests.reference.access import World

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AREAS = ["E05000001", "E05000002", "E05000003"]
_numbers = itertools.count(1)


def agency(name: str = "", **fields: Any) -> Agency:
    return Agency.objects.create(name=name or f"Agency {next(_numbers)}", **{"kind": "council", **fields})


def person(of: Agency, role: str = "analyst", areas: Iterable[str] = (), **fields: Any) -> User:
    number = next(_numbers)
    user = User.objects.create_user(f"p{number}@example.org", None, full_name=f"Person {number}", **fields)
    join(user, of, role, areas)
    return user


def join(user: User, of: Agency, role: str, areas: Iterable[str] = (), **fields: Any) -> Membership:
    return Membership.objects.create(user=user, agency=of, role=role, area_codes=list(areas), **fields)


def api_key(of: Agency, scopes: Iterable[str] = ("records",), **fields: Any) -> ApiKey:
    prefix, _, secret_hash = ApiKey.new_secret()
    values = {"name": "System", "expires": NOON + 30 * DAY, **fields}
    return ApiKey.objects.create(agency=of, prefix=prefix, secret_hash=secret_hash, scopes=list(scopes), **values)


def agreement(giver: Agency, receiver: Agency, **fields: Any) -> SharingAgreement:
    """In force for a year around NOON, of activity records, up to OFFICIAL, one way."""
    values: dict[str, Any] = {
        "title": f"Agreement {next(_numbers)}",
        "purpose": "Reduce crime",
        "legal_gateway": "Crime and Disorder Act 1998, section 115",
        "record_types": ["intervention"],
        "valid_from": NOON - 180 * DAY,
        "valid_until": NOON + 180 * DAY,
        "review_on": (NOON + 90 * DAY).date(),
        "status": SharingAgreement.Status.IN_FORCE,
        **fields,
    }
    made = SharingAgreement.objects.create(**values)
    AgreementParty.objects.create(agreement=made, agency=giver, gives=True, receives=False, accepted_at=NOON)
    AgreementParty.objects.create(agreement=made, agency=receiver, gives=False, receives=True, accepted_at=NOON)
    return made


def intervention(owner: Agency, **fields: Any) -> Intervention:
    """A patrol whose every part carries a word or number that stands nowhere else."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "owner": owner,
        "title": f"title{number}q",
        "place": f"place{number}q",
        "details": f"details{number}q",
        "contact": f"contact{number}q",
        "people_reached": 1_700_000 + number,
        # Pages show five decimals; no second of a time is 61.
        "longitude": round(0.18 + number / 1e5, 5),
        "latitude": round(61.57 + number / 1e5, 5),
        "kind": Intervention.Kind.PATROL,
        "strand": Intervention.Strand.PROTECT,
        "starts": NOON,
        "ends": NOON + HOUR,
        "area_codes": [AREAS[0]],
        **fields,
    }
    made = register_of(values["kind"]).model._base_manager.create(**values)
    return Intervention._base_manager.get(pk=made.pk)


def place(owner: Agency, **fields: Any) -> Hotspot:
    """A place whose every part carries a word that stands nowhere else: drawn, in a phase, with a decision at its gate
    and a document."""
    number = next(_numbers)
    area = Area.objects.create(kind=Area.Kind.HOTSPOT, code=f"hotspot-{number}", name="A drawn place")
    equality = dict.fromkeys(("equality_people", "equality_balance", "equality_other"), f"equality{number}q")
    made = {"name": f"place{number}q", "identified_note": f"reasons{number}q", "status": "active", **equality, **fields}
    record = Hotspot.objects.create(owner=owner, area=area, ring_m=0, **made)
    BoundaryFactory(area=area, valid_from=date(2024, 1, 1), box_of=(0.212, 51.602, 0.216, 51.605), source="drawn")
    period = record.phases.create(phase="clear", starts=date(2025, 6, 1))
    period.decisions.create(
        outcome="stay", decided_on=date(2026, 1, 5), chair=f"gate{number}q", meeting="Tactical group", data_version=1
    )
    record.documents.create(title=f"document{number}q", file="hotspots/none.pdf")
    return record


def candidate_set(owner: Agency, **fields: Any) -> CandidateSet:
    """A search that was kept; its name stands nowhere else."""
    made = {"name": f"set{next(_numbers)}q", "borough": BoroughFactory(parent=None), "categories": ["burglary"]}
    months = {"first_month": date(2025, 1, 1), "last_month": date(2025, 12, 1)}
    return CandidateSet.objects.create(
        owner=owner, method="1", alpha=0.05, data_version=1, **{**made, **months, **fields}
    )


class RandomWorld:
    """Agencies with parts, people with roles, keys, agreements, records and broken glasses, drawn from `random`."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.agencies: list[Agency] = []
        self.givers: list[Agency] = []
        for _ in range(random.randint(2, 5)):
            whole = random.choice([None, *self.agencies])
            left_at = NOON if random.random() < 0.1 else None
            self.agencies.append(agency(part_of=whole, left_at=left_at))
        self.people = [self._person() for _ in range(random.randint(1, 3))]
        self.keys = [self._key() for _ in range(random.randint(0, 2))]
        self.agreements = [self._agreement() for _ in range(random.randint(1, 4))]
        self.records: list[Record] = [self._intervention() for _ in range(random.randint(3, 9))]
        self.records += [self._team() for _ in range(random.randint(0, 2))]
        self.glasses = [self._glass() for _ in range(random.randint(0, 6))]
        self.records += [self._drawn(place) for _ in range(random.randint(0, 2))]
        self.records += [self._drawn(candidate_set) for _ in range(random.randint(0, 1))]
        self.glasses += [self._glass() for _ in range(random.randint(0, 3))]

    def reference(self) -> World:
        return World(
            {one.pk: one for one in Agency.objects.all()},
            list(SharingAgreement.objects.all()),
            list(AgreementParty.objects.all()),
            list(BreakGlass.objects.all()),
        )

    def moments(self) -> list[datetime]:
        """Now, and the moments about which something begins or ends."""
        edges = [at for one in self.agreements for at in (one.valid_from, one.valid_until)]
        edges += [one.expires for one in self.glasses]
        moments = [NOON, *(at + timedelta(microseconds=shift) for at in edges for shift in (-1, 0, 1))]
        return self.random.sample(moments, min(3, len(moments)))

    def _some(self, of: Iterable[Any], least: int = 0) -> list[Any]:
        of = list(of)
        return self.random.sample(of, self.random.randint(min(least, len(of)), len(of)))

    def _areas(self) -> list[str]:
        return self._some(AREAS) if self.random.random() < 0.4 else []

    def _person(self) -> User:
        roles = list(Membership.role.field.choices or [])
        made = person(self.random.choice(self.agencies), self._role(roles), self._areas())
        for _ in range(self.random.randint(0, 2)):
            ended_at = NOON if self.random.random() < 0.2 else None
            where, role = self.random.choice(self.agencies), self._role(roles)
            if not made.memberships.filter(agency=where, role=role).exists():
                join(made, where, role, self._areas(), ended_at=ended_at)
        if self.random.random() < 0.05:
            made.is_active = False
            made.save()
        return made

    def _role(self, roles: list[Any]) -> str:
        return "manager" if self.random.random() < 0.3 else str(self.random.choice(roles)[0])

    def _key(self) -> ApiKey:
        scopes = self._some(["figures", "records", "records-sensitive", "records-write", "public"])
        return api_key(
            self.random.choice(self.agencies),
            scopes,
            area_codes=self._areas(),
            expires=NOON + self.random.choice([-1, 1, 400]) * DAY,
        )

    def _agreement(self) -> SharingAgreement:
        draw = self.random
        # Mostly somebody receives who has people here.
        receiver = draw.choice(self.people).memberships.order_by("pk")[0].agency
        giver = draw.choice([one for one in self.agencies if one != receiver])
        self.givers.append(giver)
        types = ["intervention"] if draw.random() < 0.5 else self._some(["intervention", "ward-team"], least=1)
        parts = ["place", "details", "contact", "people_reached"]
        withheld = [f"intervention.{one}" for one in self._some(parts)] if "intervention" in types else []
        if draw.random() < 0.5:
            types = [*types, "hotspot", *self._some(["candidate-set"])]
            withheld += [f"hotspot.{one}" for one in self._some(["reasons", "equality", "documents", "gates"])]
        if "ward-team" in types:
            withheld += [f"ward-team.{one}" for one in self._some(["in_post", "abstracted"])]
        statuses = ["in-force", "in-force", "in-force", "in-force", "suspended", "ended", "proposed"]
        made = agreement(
            giver,
            receiver,
            record_types=types,
            withheld_fields=withheld,
            area_codes=self._areas(),
            highest_marking=draw.choice(["open", "official", "official", "official-sensitive"]),
            status=draw.choice(statuses),
            valid_from=NOON - draw.choice([0, 1, 48]) * HOUR,
            valid_until=NOON + draw.choice([1, 24, 9000]) * HOUR,
        )
        for party in self._some([one for one in self.agencies if one not in (giver, receiver)]):
            gives = draw.random() < 0.5
            receives = draw.random() < 0.5 or not gives
            AgreementParty.objects.create(agreement=made, agency=party, gives=gives, receives=receives)
        if draw.random() < 0.5:
            made.parties.update(gives=True, receives=True)
        return made

    def _carried(self) -> dict[str, Any]:
        """What every record carries."""
        marking = self.random.choice(["open", "official", "official", "official-sensitive"])
        audiences = ["team", "agency", "agreements", "agreements", "agreements"]
        return {
            "owner": self.random.choice([*self.agencies, *self.givers]),
            "marking": marking,
            "audience": self.random.choice([*audiences, "everyone"] if marking == "open" else audiences),
            "area_codes": self._some(AREAS),
        }

    def _intervention(self) -> Intervention:
        carried = self._carried()
        return intervention(carried.pop("owner"), **carried)

    def _team(self) -> WardTeam:
        day = NOON.date()
        return WardTeam.objects.create(
            ward=WardFactory(parent=None),
            valid_from=day,
            officers_established=2,
            officers_in_post=2,
            pcsos_established=1,
            pcsos_in_post=1,
            sergeants_in_post=1,
            **self._carried(),
        )

    def _drawn(self, made: Callable[..., Record]) -> Record:
        carried = {**self._carried(), "area_codes": self._some(AREAS, least=1)}
        return made(carried.pop("owner"), **carried)

    def _glass(self) -> BreakGlass:
        shared = [one for one in self.records if one.audience == Record.Audience.AGREEMENTS]
        record = self.random.choice(shared or self.records)
        managers = [one for one in self.people if one.memberships.filter(role="manager").exists()]
        opened_at = NOON - self.random.choice([0, 1, 3]) * HOUR
        return BreakGlass.objects.create(
            record_type=record.TYPE,
            record_id=record.pk,
            owner=record.owner,
            reason="Somebody is in danger",
            opened_at=opened_at,
            opened_by=self.random.choice(managers or self.people),
            expires=opened_at + HOUR,
        )
