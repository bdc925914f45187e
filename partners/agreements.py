"""Agreements as pages show them: in what state they are, and what each means in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from partners import areas
from partners.models import Agency, AgreementParty, AgreementStatus, BreakGlass, SharingAgreement, record_types
from partners.roles import Marking, Permission
from partners.visibility import Viewer

Status = SharingAgreement.Status
# State -> what its tag says and its colour, in the order of the list.
STATES = {
    "in-force": ("In force", "green"),
    "starts-later": ("Starts later", "light-blue"),
    "proposed": ("Proposed", "blue"),
    "suspended": ("Suspended", "orange"),
    "lapsed": ("Lapsed", "grey"),
    "ended": ("Ended", "grey"),
}
# By what law agencies may share; the form offers these.
GATEWAYS = {
    "cda-115": "Crime and Disorder Act 1998, section 115 (power to disclose for that Act's purposes)",
    "cda-17a": "Crime and Disorder Act 1998, section 17A (duty to share prescribed depersonalised information)",
    "dpa-3": "Data Protection Act 2018, Part 3 (law enforcement purposes of competent authorities)",
    "gdpr-6-1-e": "UK GDPR, Article 6(1)(e) (public task)",
    "gdpr-6-1-f": "UK GDPR, Article 6(1)(f) (legitimate interests; for parties that are no public authorities)",
}
_OF_HEALTH = (Agency.Kind.HEALTH, Agency.Kind.DRUG_TREATMENT)
HEALTH = (
    "A health agency shares under this agreement. Section 16 of the Police, Crime, Sentencing and Courts Act 2022 "
    "gives no power to share patient information or personal data of health authorities: share counts only, never "
    "about a person."
)


@dataclass(frozen=True, slots=True)
class Party:
    """One party. `accepted` is None while it has not; `suspends` says that it holds the agreement up."""

    agency: int
    name: str
    does: str
    accepted: datetime | None
    suspends: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One agreement in the list, and at the top of its page."""

    pk: int
    title: str
    state: str
    tag: str
    colour: str
    parties: list[str]
    types: str
    first_day: date
    last_day: date
    review_on: date
    review_overdue: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One line of an agreement's history."""

    at: datetime
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Detail:
    """The whole of one agreement. `may` names what the reader can do with it: accept, suspend, resume, end, change."""

    row: Row
    means: list[str]
    parties: list[Party]
    withheld: list[str]
    areas: list[str]
    marking: str
    purpose: str
    legal_gateway: str
    health: str
    history: list[Said]
    may: frozenset[str]
    # Whose step it waits for, and which: "Harbour Homes to accept"; "" where it waits for nobody.
    waits_for: str
    document: bool
    replaces: Row | None


def state_of(agreement: SharingAgreement, now: datetime) -> str:
    """One of `STATES`: an agreement past its end has lapsed, unless it was ended before."""
    if agreement.status == Status.ENDED:
        return "ended"
    if agreement.valid_until <= now:
        return "lapsed"
    if agreement.status == Status.IN_FORCE and now < agreement.valid_from:
        return "starts-later"
    return str(agreement.status)


def listed(viewer: Viewer) -> list[tuple[str, list[Row]]]:
    """What the viewer may know of, grouped by state. Three queries, however many there are."""
    found = SharingAgreement.objects.visible_to(viewer).prefetch_related(_PARTIES)
    rows = [row_of(agreement, viewer.now) for agreement in found]
    groups = [(label, [row for row in rows if row.state == state]) for state, (label, _) in STATES.items()]
    return [(label, group) for label, group in groups if group]


def find(viewer: Viewer, pk: int) -> SharingAgreement | None:
    """One agreement with its parties; None where there is none that the viewer may know of."""
    return (
        SharingAgreement.objects.visible_to(viewer)
        .select_related("replaces")
        .prefetch_related(_PARTIES)
        .filter(pk=pk)
        .first()
    )


_PARTIES = Prefetch("parties", AgreementParty.objects.select_related("agency").order_by("agency__name"))


def row_of(agreement: SharingAgreement, now: datetime) -> Row:
    """An agreement whose parties are read already."""
    state = state_of(agreement, now)
    tag, colour = STATES[state]
    last = timezone.localdate(agreement.valid_until - timedelta(microseconds=1))
    live = state in ("in-force", "suspended", "starts-later")
    return Row(
        agreement.pk,
        agreement.title,
        state,
        tag,
        colour,
        [party.agency.name for party in agreement.parties.all()],
        _listing(type_name(name) for name in agreement.record_types),
        timezone.localdate(agreement.valid_from),
        last,
        agreement.review_on,
        live and agreement.review_on < timezone.localdate(now),
    )


def detail_of(agreement: SharingAgreement, viewer: Viewer) -> Detail:
    """An agreement whose parties are read already. Two queries more, and one for the names of its areas."""
    suspending = agreement.suspended_by()
    parties = list(agreement.parties.all())
    names = areas.names(agreement.area_codes)
    replaced = agreement.replaces
    known = replaced is not None and find(viewer, replaced.pk)
    history = agreement.statuses.select_related("agency", "changed_by")
    health = any(party.gives and party.agency.kind in _OF_HEALTH for party in parties)
    return Detail(
        row=row_of(agreement, viewer.now),
        means=sentences(agreement, names),
        parties=[
            Party(
                party.agency_id,
                party.agency.name,
                "shares and sees" if party.gives and party.receives else "shares" if party.gives else "sees",
                party.accepted_at,
                party.agency_id in suspending,
            )
            for party in parties
        ],
        withheld=[part_name(name) for name in agreement.withheld_fields],
        areas=names,
        marking=Marking(agreement.highest_marking).label,
        purpose=agreement.purpose,
        legal_gateway=agreement.legal_gateway,
        health=HEALTH if health else "",
        history=[_said(status) for status in history],
        may=_may(agreement, viewer, suspending),
        waits_for=_waits_for(state_of(agreement, viewer.now), parties, suspending),
        document=bool(agreement.document) and is_party(agreement, viewer),
        replaces=row_of(known, viewer.now) if known else None,
    )


def sentences(agreement: SharingAgreement, names: list[str]) -> list[str]:
    """What it means, for each party that sees something. `names` are those of its areas."""
    parties = list(agreement.parties.all())
    types = _listing(type_name(name) for name in agreement.record_types)
    where = f" in {_listing(names)}" if names else ""
    without = [part_name(name) for name in agreement.withheld_fields]
    rest = f", without: {', '.join(without)}" if without else ""
    found = []
    for receiver in parties:
        givers = [party.agency.name for party in parties if party.gives and party.agency_id != receiver.agency_id]
        if receiver.receives and givers:
            found.append(
                f"{receiver.agency.name} sees {types} of {_listing(givers)}{where} "
                f"up to {Marking(agreement.highest_marking).label}{rest}."
            )
    return found


def waiting(viewer: Viewer) -> list[SharingAgreement]:
    """The proposals that wait for an agency whose agreements the viewer looks after. One query."""
    mine = viewer.agencies_with_parts(Permission.MANAGE_AGREEMENTS)
    if not mine:
        return []
    parties = AgreementParty.objects.filter(agency__in=mine, accepted_at=None)
    return list(
        SharingAgreement.objects.filter(
            status=Status.PROPOSED, valid_until__gt=viewer.now, pk__in=parties.values("agreement")
        ).order_by("pk")
    )


def opened_lately(viewer: Viewer) -> list[BreakGlass]:
    """Who broke the glass, within a week, of records of agencies whose audit trail the viewer reads. One query."""
    mine = viewer.agencies_with_parts(Permission.READ_AUDIT)
    if not mine:
        return []
    since = viewer.now - timedelta(days=7)
    found = BreakGlass.objects.filter(owner__in=mine, opened_at__gte=since).exclude(opened_by=viewer.user)
    return list(found.select_related("opened_by").order_by("-opened_at"))


def is_party(agreement: SharingAgreement, viewer: Viewer) -> bool:
    """Whether one of the viewer's agencies, or what they are parts of or have as parts, is a party."""
    around = viewer.agencies_around()
    return any(party.agency_id in around for party in agreement.parties.all())


def type_name(name: str) -> str:
    """What people call a type of record: "activity records"."""
    model = record_types().get(name)
    return model.CALLED if model else name


def part_name(field: str) -> str:
    """What people call a part that can be withheld: "intervention.people_reached" is "people reached"."""
    return field.split(".", 1)[-1].replace("_", " ")


def parts_to_withhold() -> list[tuple[str, str]]:
    """ "type.name" and what people call it, of everything that an agreement can withhold."""
    return [
        (f"{name}.{part}", f"{type_name(name).capitalize()}: {part_name(part)}")
        for name, model in sorted(record_types().items())
        for part in model.WITHHOLDABLE
    ]


def _may(agreement: SharingAgreement, viewer: Viewer, suspending: set[int]) -> frozenset[str]:
    mine = [
        party for party in agreement.parties.all() if viewer.may(Permission.MANAGE_AGREEMENTS, agency=party.agency_id)
    ]
    if not mine or agreement.status == Status.ENDED:
        return frozenset()
    lapsed = agreement.valid_until <= viewer.now
    running = agreement.status in (Status.IN_FORCE, Status.SUSPENDED)
    able = {
        "accept": agreement.status == Status.PROPOSED and not lapsed and any(not party.accepted_at for party in mine),
        "suspend": running and not lapsed and any(party.agency_id not in suspending for party in mine),
        "resume": agreement.status == Status.SUSPENDED and any(party.agency_id in suspending for party in mine),
        "end": True,
        "change": True,
    }
    return frozenset(name for name, possible in able.items() if possible)


def _waits_for(state: str, parties: list[AgreementParty], suspending: set[int]) -> str:
    if state == "proposed":
        return f"{_listing(party.agency.name for party in parties if not party.accepted_at)} to accept"
    if state == "suspended" and suspending:
        return f"{_listing(party.agency.name for party in parties if party.agency_id in suspending)} to resume it"
    return ""


_VERBS = {
    Status.PROPOSED: "proposed it",
    Status.IN_FORCE: "resumed it",
    Status.SUSPENDED: "suspended it",
    Status.ENDED: "ended it",
}


def _said(status: AgreementStatus) -> Said:
    who = str(status.changed_by) if status.changed_by else "The server"
    if status.agency:
        sentence = f"{status.agency}: {who} {_VERBS[Status(status.status)]}"
    elif status.status == Status.IN_FORCE:
        sentence = f"Accepted by all parties, last by {who}"
    else:
        sentence = f"{who} {_VERBS[Status(status.status)]}"
    return Said(status.changed_at, sentence, status.reason)


def _listing(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
