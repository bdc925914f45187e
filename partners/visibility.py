"""Who sees which rows and fields of records: the one place that knows.

The rules. A record has an owner, a marking, an audience, and the areas in which it lies.
- *Own*: people and keys of the owner, or of an agency that the owner is a part of, see it whole. A record for the
  owning team alone (covert) is seen by the owner's own people and keys, and by nobody else on any other ground.
- *Agreed*: a record meant for partners is seen by those whom an agreement in force now gives it: by owner, type, area
  and marking. Each party that receives, receives from every other party that gives, while both are in the partnership.
  Fields that the agreement withholds read None. Several agreements add up.
- *Open*: an OPEN record for everyone is seen whole by all who sign in and by keys that read records.
- *Asked*: a record meant for partners in which an agency was asked to take part is seen whole by that agency, while
  its keeper asks it, with or without an agreement (`Record.asked_of`). It shows that one record.
- *Opened*: a manager who broke the glass sees whole, until the hour is over, one record that an agreement gives in
  part. It shows what is withheld of a record, never another record; and it ends with the agreement and with the role.
- A role or key never sees above its marking, nor outside the areas to which it is narrowed, on any of these grounds.
  What it sees in one agency adds nothing to what it sees in another.
- Looking as somebody else shows what both would see, and nothing can be changed meanwhile.
Everything else does not exist for the reader: not in lists, counts, searches, files or feeds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, CharField, Func, JSONField, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils import timezone

from partners.models.people import Agency, User
from partners.models.sharing import AgreementParty, BreakGlass, SharingAgreement
from partners.roles import PERMISSIONS, Marking, Permission, Role, Scope, least, up_to

if TYPE_CHECKING:
    from partners.models.keys import ApiKey
    from partners.models.records import Record

NOTHING = Q(pk__in=[])
_OF_SCOPES = {
    Scope.RECORDS: {Permission.SEE},
    Scope.SENSITIVE: {Permission.SEE, Permission.SEE_SENSITIVE},
    Scope.WRITE: {Permission.ADD, Permission.CHANGE},
}


# What is still allowed while looking as somebody else.
_OF_LOOKING = (Permission.SEE, Permission.SEE_SENSITIVE, Permission.LOOK_AS)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do in one agency. `areas` narrows it to codes; empty = everywhere."""

    agency: int
    agency_name: str
    permissions: frozenset[Permission]
    areas: frozenset[str] = frozenset()
    # Where the agency itself works; empty = everywhere.
    agency_areas: frozenset[str] = frozenset()

    @property
    def highest(self) -> Marking | None:
        """The most sensitive marking it sees; None where it sees no records."""
        if Permission.SEE_SENSITIVE in self.permissions:
            return Marking.SENSITIVE
        return Marking.OFFICIAL if Permission.SEE in self.permissions else None


@dataclass(frozen=True, slots=True)
class Grant:
    """What one agreement in force gives one standing: of which owners' records, and what of them it withholds."""

    owners: frozenset[int]
    types: frozenset[str]
    withheld: frozenset[str]
    areas: frozenset[str]
    standing: Standing
    highest: Marking


class Viewer:
    """Who looks, at one moment: a person, a key, or somebody looking as another. Made for each request anew.

    At most four queries, each when it is first needed.
    """

    def __init__(
        self,
        standings: Iterable[Standing],
        *,
        user: User | None = None,
        key: ApiKey | None = None,
        looking_as: Viewer | None = None,
        now: datetime | None = None,
    ) -> None:
        self.standings = tuple(standings)
        self.user = user
        self.key = key
        self.looking_as = looking_as
        self.now = now or timezone.now()

    @classmethod
    def of_user(cls, user: User, *, looking_as: Viewer | None = None) -> Viewer:
        """A person, in every agency and role that the person has now. One query; none for who asks in this request."""
        rows: Iterable[Any] | None = user.roles_now
        if rows is None:
            held = user.current_memberships().order_by("agency__name", "role")
            rows = held.values_list("agency_id", "agency__name", "role", "area_codes", "agency__area_codes")
        return cls(
            (
                Standing(agency, name, PERMISSIONS[Role(role)], frozenset(areas), frozenset(works_in))
                for agency, name, role, areas, works_in in rows
            ),
            user=user,
            looking_as=looking_as,
        )

    @classmethod
    def of_key(cls, key: ApiKey) -> Viewer:
        """A key, in its agency, with what its scopes allow; nothing where the key or its agency is no longer live."""
        if not key.is_live:
            return cls((), key=key)
        allowed = frozenset(one for scope in key.scopes for one in _OF_SCOPES.get(Scope(scope), ()))
        areas = frozenset(key.area_codes)
        return cls(
            [Standing(key.agency_id, key.agency.name, allowed, areas, frozenset(key.agency.area_codes))], key=key
        )

    @classmethod
    def of_agency(cls, agency: Agency, role: Role) -> Viewer:
        """Somebody with a role in an agency, nobody in particular."""
        works_in = frozenset(agency.area_codes)
        return cls([Standing(agency.pk, agency.name, PERMISSIONS[role], agency_areas=works_in)])

    # --- Permissions ----------------------------------------------------------------------------------------------

    def may(
        self, permission: Permission, *, agency: int | None = None, area: str | Collection[str] | None = None
    ) -> bool:
        """Whether a role allows it, in this agency or one it is a part of, and for this area, where they are given.

        `area` is a code, or all codes of one place: a ward's own and its borough's, as roles are narrowed to either.
        Reading aside, nothing is allowed while looking as somebody else.
        """
        place = frozenset({area} if isinstance(area, str) else area or ())
        if self.looking_as and permission not in _OF_LOOKING:
            return False
        return any(
            permission in standing.permissions
            and (agency is None or self._reaches(standing, agency))
            and (area is None or all(not codes or codes & place for codes in (standing.areas, standing.agency_areas)))
            for standing in self.standings
        )

    def keeps(self, owner: int, writer: int | None) -> bool:
        """Whether it may change what somebody (the number of a user; None = a key) added for an agency, areas apart."""
        is_own = self.user is not None and self.user.pk == writer
        return self.may(Permission.CHANGE, agency=owner) or (is_own and self.may(Permission.ADD, agency=owner))

    def _reaches(self, standing: Standing, agency: int) -> bool:
        everywhere = Permission.MANAGE_AGENCIES in standing.permissions
        return everywhere or standing.agency == agency or agency in self.parts_of(standing.agency)

    def narrowed_to(self, permission: Permission, *, agency: int) -> frozenset[str]:
        """The codes to which the roles that allow something in an agency are narrowed; empty where one of them is not.

        Empty as well where none allows it: ask `may` first.
        """
        areas = [
            standing.areas
            for standing in self.standings
            if permission in standing.permissions and self._reaches(standing, agency)
        ]
        return frozenset[str]().union(*areas) if all(areas) else frozenset()

    def agencies(self, permission: Permission | None = None) -> frozenset[int]:
        """The agencies that it is a member of, where given only with this permission; their parts not included.

        As `may`: while looking as somebody else, none for anything but reading.
        """
        if self.looking_as and permission is not None and permission not in _OF_LOOKING:
            return frozenset()
        return frozenset(
            standing.agency for standing in self.standings if permission is None or permission in standing.permissions
        )

    def agencies_with_parts(self, permission: Permission) -> frozenset[int]:
        """The agencies in which it has a permission, and all their parts."""
        return frozenset(part for agency in self.agencies(permission) for part in self.parts_of(agency))

    @property
    def is_of_partnership(self) -> bool:
        """Whether a role looks after the whole partnership; for reading, so while looking as somebody else too."""
        return any(Permission.MANAGE_AGENCIES in standing.permissions for standing in self.standings)

    @property
    def agency_names(self) -> list[str]:
        """The names of its agencies, each once, in order."""
        return list(dict.fromkeys(standing.agency_name for standing in self.standings))

    # --- Agencies as parts of others ------------------------------------------------------------------------------

    @cached_property
    def _agencies(self) -> list[tuple[int, int | None, datetime | None]]:
        return list(Agency.objects.order_by().values_list("pk", "part_of_id", "left_at"))

    @cached_property
    def _part_of(self) -> dict[int, int | None]:
        return {agency: whole for agency, whole, _ in self._agencies}

    @cached_property
    def _left(self) -> frozenset[int]:
        return frozenset(agency for agency, _, left_at in self._agencies if left_at)

    @cached_property
    def _parts(self) -> dict[int, frozenset[int]]:
        parts: dict[int, set[int]] = defaultdict(set)
        for agency in self._part_of:
            for whole in self.wholes_of(agency):
                parts[whole].add(agency)
        return {whole: frozenset(all_parts) for whole, all_parts in parts.items()}

    def wholes_of(self, agency: int) -> list[int]:
        """The agency and what it is a part of, upwards."""
        found: list[int] = []
        at: int | None = agency
        while at is not None and at not in found:
            found.append(at)
            at = self._part_of.get(at)
        return found

    def parts_of(self, agency: int) -> frozenset[int]:
        """The agency and all its parts."""
        return self._parts.get(agency, frozenset({agency}))

    def agencies_around(self) -> frozenset[int]:
        """The agencies that it is a member of, what they are parts of, and their parts: whose agreements concern it."""
        return frozenset(
            near for agency in self.agencies() for near in (*self.wholes_of(agency), *self.parts_of(agency))
        )

    # --- Agreements and broken glass ------------------------------------------------------------------------------

    @cached_property
    def grants(self) -> list[Grant]:
        """What agreements in force now give. Nothing of a suspended, lapsed or not yet accepted one. One query."""
        readers = [standing for standing in self.standings if standing.highest]
        if not readers:
            return []
        receiving = {standing: set(self.wholes_of(standing.agency)) for standing in readers}
        parties = AgreementParty.objects.filter(
            agreement__in=SharingAgreement.objects.in_force(self.now), agency__left_at=None
        ).values_list(
            "agreement_id",
            "agency_id",
            "gives",
            "receives",
            "agreement__record_types",
            "agreement__withheld_fields",
            "agreement__area_codes",
            "agreement__highest_marking",
        )
        terms: dict[int, tuple[list[str], list[str], list[str], str]] = {}
        givers: dict[int, set[int]] = defaultdict(set)
        receivers: dict[int, set[int]] = defaultdict(set)
        for agreement, agency, gives, receives, *of_agreement in parties:
            terms[agreement] = tuple(of_agreement)  # type: ignore[assignment]
            if gives:
                givers[agreement].add(agency)
            if receives:
                receivers[agreement].add(agency)
        found = []
        for agreement, (types, withheld, areas, highest) in terms.items():
            for standing in readers:
                through = receivers[agreement] & receiving[standing]
                # Nobody gives to itself, and what an agency shared stops when it leaves.
                giving = [giver for giver in givers[agreement] if through - {giver}]
                owners = frozenset(part for giver in giving for part in self.parts_of(giver)) - self._left
                if owners and standing.highest:
                    found.append(
                        Grant(
                            owners,
                            frozenset(types),
                            frozenset(withheld),
                            frozenset(areas),
                            standing,
                            least(highest, standing.highest),
                        )
                    )
        return found

    @cached_property
    def opened(self) -> dict[str, list[int]]:
        """Record type -> ids of the records that this person has opened by breaking the glass. One query."""
        found: dict[str, list[int]] = defaultdict(list)
        if self.user and self.agencies(Permission.BREAK_GLASS):
            for kind, pk in BreakGlass.objects.filter(
                opened_by=self.user, opened_at__lte=self.now, expires__gt=self.now
            ).values_list("record_type", "record_id"):
                found[kind].append(pk)
        return found


# --- Rows and fields ----------------------------------------------------------------------------------------------


def rows_of(model: type[Record], viewer: Viewer) -> Q:
    """The rows that a viewer sees, in part or whole."""
    seen = any_of([_whole(viewer), _granted(model, _grants_of(model, viewer)), _asked(model, viewer)])
    return seen & rows_of(model, viewer.looking_as) if viewer.looking_as else seen


def shown(model: type[Record], viewer: Viewer, name: str) -> Q:
    """Of the rows that a viewer sees, those of which this withholdable part is shown."""
    grants = _grants_of(model, viewer)
    seen = any_of([_whole(viewer), _granted(model, grants, name), _asked(model, viewer), _opened(model, viewer)])
    return seen & shown(model, viewer.looking_as, name) if viewer.looking_as else seen


def withheld_from(model: type[Record], viewer: Viewer) -> Combinable:
    """An array of the names of what each row withholds from a viewer, with nulls for what it shows."""
    names: list[Combinable] = [
        Case(When(shown(model, viewer, name), then=Value(None)), default=Value(name), output_field=CharField())
        for name in model.WITHHOLDABLE
        if is_withheld(model, viewer, name)
    ]
    return Func(
        *(names or [Value(None, output_field=CharField())]),
        function="ARRAY",
        template="(%(function)s[%(expressions)s])::text[]",
        output_field=ArrayField(CharField(null=True)),
    )


def changeable_by(viewer: Viewer) -> Q:
    """The rows that a viewer may change: the agency's where a role allows it, else those added oneself."""
    if viewer.looking_as:
        return NOTHING
    found = []
    for standing in viewer.standings:
        if Permission.CHANGE in standing.permissions:
            found.append(_own(viewer, standing))
        elif Permission.ADD in standing.permissions and viewer.user:
            found.append(_own(viewer, standing) & Q(created_by=viewer.user))
    return any_of(found)


def _whole(viewer: Viewer) -> Q:
    """The rows that a viewer sees whole as its own, or as everybody does; looking as nobody else."""
    found = [_own(viewer, standing) for standing in viewer.standings]
    found += _open(viewer)
    return any_of(found)


def _asked(model: type[Record], viewer: Viewer) -> Q:
    """The rows in which an agency of a viewer was asked to take part."""
    found = []
    for standing in viewer.standings:
        if standing.highest and (rows := model.asked_of(viewer.parts_of(standing.agency))) is not None:
            within = Q(audience="agreements", marking__in=up_to(standing.highest)) & _within(standing.areas)
            found.append(rows & within)
    return any_of(found)


def _opened(model: type[Record], viewer: Viewer) -> Q:
    """Of the rows that agreements give a manager, those of which the manager has opened the withheld parts."""
    opened = [pk for kind in types_of(model) for pk in viewer.opened.get(kind, ())]
    if not opened:
        return NOTHING
    return Q(pk__in=opened) & openable_by(model, viewer)


def openable_by(model: type[Record], viewer: Viewer) -> Q:
    """The rows of which a viewer could open withheld parts by breaking the glass, as far as there are any."""
    return _granted(
        model,
        [
            grant
            for grant in _grants_of(model, viewer)
            if Permission.BREAK_GLASS in grant.standing.permissions and not viewer.looking_as
        ],
    )


def is_withheld(model: type[Record], viewer: Viewer, name: str) -> bool:
    """Whether this part can be withheld from the viewer at all: else no row need be asked."""
    looking = viewer.looking_as
    names = {f"{kind}.{name}" for kind in types_of(model)}
    return any(names & grant.withheld for grant in _grants_of(model, viewer)) or (
        looking is not None and is_withheld(model, looking, name)
    )


def own_to(model: type[Record], viewer: Viewer) -> Q:
    """The rows of the very agencies that a viewer is a member of, as far as it sees them there: for what stands on busy
    pages. No query, unless it looks as somebody else, who may see only parts of them."""
    seen = any_of(
        Q(owner=standing.agency, marking__in=up_to(standing.highest)) & _within(standing.areas)
        for standing in viewer.standings
        if standing.highest
    )
    return seen & rows_of(model, viewer.looking_as) if viewer.looking_as else seen


def open_to(viewer: Viewer) -> Q:
    """Of the rows that a viewer sees, those that are OPEN for everyone: for what stands on busy pages."""
    seen = any_of(_open(viewer))
    return seen & open_to(viewer.looking_as) if viewer.looking_as else seen


def _open(viewer: Viewer) -> list[Q]:
    return [
        Q(audience="everyone", marking=Marking.OPEN) & _within(standing.areas)
        for standing in viewer.standings
        if standing.highest
    ]


def _own(viewer: Viewer, standing: Standing) -> Q:
    if standing.highest is None:
        return NOTHING
    whose = Q(owner__in=viewer.parts_of(standing.agency)) & ~Q(audience="team") | Q(owner=standing.agency)
    return whose & Q(marking__in=up_to(standing.highest)) & _within(standing.areas)


def _granted(model: type[Record], grants: Iterable[Grant], shows: str = "") -> Q:
    """The rows that some agreements give, with `shows` only where they do not withhold this part: hundreds of them are
    one question for each ceiling of a role and marking, and for each choice of kinds where a table holds several."""
    # (the most sensitive marking, the areas of the role, the kinds) -> owner -> the areas given of it; None = all
    given: dict[tuple[Marking, frozenset[str], Kinds], dict[int, frozenset[str] | None]] = defaultdict(dict)
    for grant in grants:
        types = {kind for kind in types_of(model) & grant.types if f"{kind}.{shows}" not in grant.withheld}
        if not types:
            continue
        of = given[grant.highest, grant.standing.areas, _kinds(model, types)]
        for owner in grant.owners:
            before = of.get(owner, frozenset())
            of[owner] = before | grant.areas if grant.areas and before is not None else None
    found = []
    for (highest, reach, kinds), of in given.items():
        parts = {owner: areas for owner, areas in of.items() if areas is not None}
        whole = sorted(of.keys() - parts.keys())
        whose = any_of(
            [
                Q(owner__in=whole) if whole else NOTHING,
                Q(_in_given(parts), owner__in=sorted(parts)) if parts else NOTHING,
            ]
        )
        among = Q() if kinds is None else Q(kind__in=sorted(kinds))
        found.append(whose & among & Q(audience="agreements", marking__in=up_to(highest)) & _within(reach))
    return any_of(found)


# Values of the column `kind`; None = all of them, or there is no such column.
Kinds = frozenset[str] | None


def types_of(model: type[Record]) -> frozenset[str]:
    """The types of which a model's rows are: its own, or those of its kinds."""
    return frozenset(model.types_of_kinds().values()) or frozenset({model.TYPE})


def _kinds(model: type[Record], types: Collection[str]) -> Kinds:
    """The kinds of a model's rows that are of some of its types."""
    of_kinds = model.types_of_kinds()
    kinds = frozenset(kind for kind, of in of_kinds.items() if of in types)
    return None if len(kinds) == len(of_kinds) else kinds


def _in_given(areas: Mapping[int, Collection[str]]) -> Func:
    """Whether a row lies in one of the areas given of its owner's, which the statement names once, in one value."""
    given = orjson.dumps({str(owner): sorted(codes) for owner, codes in areas.items()}).decode()
    of_owner = Func(
        Value(given),
        Cast("owner", TextField()),
        template="(%(expressions)s)",
        arg_joiner="::jsonb -> ",
        output_field=JSONField(),
    )
    return Func(
        of_owner,
        Cast("area_codes", ArrayField(TextField())),
        template="coalesce(jsonb_exists_any(%(expressions)s), false)",
        output_field=BooleanField(),
    )


def _grants_of(model: type[Record], viewer: Viewer) -> list[Grant]:
    return [grant for grant in viewer.grants if types_of(model) & grant.types]


def _within(areas: frozenset[str]) -> Q:
    return Q(area_codes__overlap=sorted(areas)) if areas else Q()


def any_of(conditions: Iterable[Q]) -> Q:
    """Where one of the conditions holds; nowhere where there is none. What holds nowhere is left out."""
    some = [condition for condition in conditions if condition is not NOTHING]
    return reduce(or_, some) if some else NOTHING
