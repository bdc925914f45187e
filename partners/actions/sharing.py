"""What people do about sharing: proposing, accepting, suspending and ending agreements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from partners import audit, uploads
from partners.actions.rights import check_within, require_of_partnership
from partners.models import Agency, AgreementParty, AgreementStatus, SharingAgreement, record_types
from partners.roles import Marking, Permission
from partners.visibility import Viewer

Status = SharingAgreement.Status


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says. Agencies by id; `areas` empty = all; the moments as `SharingAgreement` has them."""

    title: str
    purpose: str
    legal_gateway: str
    giving: Collection[int]
    receiving: Collection[int]
    types: Collection[str]
    withheld: Collection[str]
    areas: Collection[str]
    highest: Marking
    valid_from: datetime
    valid_until: datetime
    review_on: date


@transaction.atomic
def propose_agreement(
    *, by: Viewer, terms: Terms, document: UploadedFile | None = None, replaces: SharingAgreement | None = None
) -> SharingAgreement:
    """A proposed agreement, accepted already by those of its parties that the proposer looks after.

    With `replaces` it takes over: the old agreement ends when the new one begins. Raises ValueError (a sentence) where
    the terms make no sense, or the proposer looks after no party.
    """
    _check(terms)
    parties = {*terms.giving, *terms.receiving}
    if not any(by.may(Permission.MANAGE_AGREEMENTS, agency=agency) for agency in parties):
        raise ValueError("One of the parties must be an agency whose agreements you look after.")
    if Agency.objects.filter(pk__in=parties, left_at=None).count() < len(parties):
        raise ValueError("One of the agencies has left the partnership, or is not known.")
    if replaces is not None:
        _locked(replaces)
        if replaces.status == Status.ENDED:
            raise ValueError("That agreement has ended already: there is nothing to take over.")
        if not parties.issuperset(replaces.parties.values_list("agency_id", flat=True)):
            raise ValueError("An agreement that takes over another has all parties of the other.")
    agreement = SharingAgreement(
        title=terms.title.strip(),
        purpose=terms.purpose.strip(),
        legal_gateway=terms.legal_gateway.strip(),
        record_types=sorted(terms.types),
        withheld_fields=sorted(terms.withheld),
        area_codes=sorted(terms.areas),
        highest_marking=terms.highest,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        review_on=terms.review_on,
        replaces=replaces,
        proposed_by=by.user,
    )
    if document is not None:
        agreement.document.save(uploads.name_to_keep(document.name), document, save=False)
    agreement.save()
    made = AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement, agency_id=agency, gives=agency in terms.giving, receives=agency in terms.receiving
        )
        for agency in sorted(parties)
    )
    AgreementStatus.objects.create(agreement=agreement, status=Status.PROPOSED, changed_by=by.user)
    audit.created(agreement, by=by, owners=parties)
    for party in made:
        audit.created(party, by=by, owners=parties)
    _accept(agreement, by)
    return agreement


@transaction.atomic
def accept_agreement(*, by: Viewer, agreement: SharingAgreement) -> SharingAgreement:
    """Accepts it for those of its parties that the person looks after; with the last one it comes into force.

    Raises ValueError (a sentence) where there is nothing to accept.
    """
    _locked(agreement)
    if agreement.status != Status.PROPOSED:
        raise ValueError("This agreement is not waiting to be accepted.")
    if agreement.valid_until <= timezone.now():
        raise ValueError("The time of this agreement is over. Propose a new one.")
    if not _accept(agreement, by):
        raise ValueError("Only a manager or administrator of a party that has not accepted yet can accept it.")
    return agreement


@transaction.atomic
def suspend_agreement(*, by: Viewer, agreement: SharingAgreement, reason: str) -> SharingAgreement:
    """Stops all sharing under it at once, for the parties that the person looks after. They alone can resume it.

    Raises ValueError (a sentence) without a reason, or where it is neither in force nor suspended by others only.
    """
    reason = _reasoned(reason)
    _locked(agreement)
    if agreement.status not in (Status.IN_FORCE, Status.SUSPENDED):
        raise ValueError("Only an agreement in force can be suspended.")
    suspending = agreement.suspended_by()
    mine = [agency for agency in _mine(agreement, by) if agency not in suspending]
    if not mine:
        raise ValueError("Only a manager or administrator of a party that has not suspended it yet can suspend it.")
    _say(agreement, Status.SUSPENDED, by=by, agencies=mine, reason=reason)
    return agreement


@transaction.atomic
def resume_agreement(*, by: Viewer, agreement: SharingAgreement) -> SharingAgreement:
    """Takes back the suspensions of the parties that the person looks after; it is in force again with the last one.

    Raises ValueError (a sentence) where none of them has suspended it.
    """
    _locked(agreement)
    suspending = agreement.suspended_by()
    mine = [agency for agency in _mine(agreement, by) if agency in suspending]
    if agreement.status != Status.SUSPENDED or not mine:
        raise ValueError("Only the party that suspended an agreement can resume it.")
    for agency in mine:
        check_within(by, Permission.MANAGE_AGREEMENTS, agency, agreement.area_codes)
    left = suspending - set(mine)
    _say(agreement, Status.SUSPENDED if left else Status.IN_FORCE, by=by, agencies=mine, said=Status.IN_FORCE)
    return agreement


@transaction.atomic
def end_agreement(*, by: Viewer, agreement: SharingAgreement, reason: str) -> SharingAgreement:
    """Ends it for good, at once. Raises ValueError (a sentence) without a reason, or where it has ended already."""
    reason = _reasoned(reason)
    _locked(agreement)
    mine = _mine(agreement, by)
    if agreement.status == Status.ENDED or not mine:
        raise ValueError("Only a manager or administrator of a party can end an agreement, once.")
    _say(agreement, Status.ENDED, by=by, agencies=mine, reason=reason)
    return agreement


@transaction.atomic
def suspend_agreements_of(*, by: Viewer, agency: Agency, reason: str) -> int:
    """Suspends what an agency that leaves the partnership is party to; how many that were.

    Raises ValueError (a sentence) but for partnership administrators.
    """
    reason = _reasoned(reason)
    require_of_partnership(by)
    found = SharingAgreement.objects.select_for_update().filter(
        pk__in=AgreementParty.objects.filter(agency=agency).values("agreement"),
        status__in=(Status.IN_FORCE, Status.SUSPENDED),
    )
    suspended = [agreement for agreement in found if agency.pk not in agreement.suspended_by()]
    for agreement in suspended:
        _say(agreement, Status.SUSPENDED, by=by, agencies=[agency.pk], reason=reason)
    return len(suspended)


def _accept(agreement: SharingAgreement, by: Viewer) -> bool:
    """Whether there was anything to accept. The last party's puts the agreement in force, and ends what it replaces."""
    waiting = list(agreement.parties.filter(accepted_at=None).select_related("agency"))
    mine = [party for party in waiting if by.may(Permission.MANAGE_AGREEMENTS, agency=party.agency_id)]
    for party in mine:
        check_within(by, Permission.MANAGE_AGREEMENTS, party.agency_id, agreement.area_codes)
    now = timezone.now()
    for party in mine:
        before = audit.snapshot(party)
        party.accepted_at, party.accepted_by = now, by.user
        party.save(update_fields=["accepted_at", "accepted_by"])
        audit.changed(party, before, by=by, owners=_parties(agreement))
    if mine and len(mine) == len(waiting):
        _say(agreement, Status.IN_FORCE, by=by, agencies=[])
        _take_over(agreement, by)
    return bool(mine)


def _take_over(agreement: SharingAgreement, by: Viewer) -> None:
    """Ends what an agreement replaces, when it begins: now, or on its first day."""
    old = agreement.replaces
    if old is None:
        return
    _locked(old)
    if old.status == Status.ENDED:
        return
    if agreement.valid_from <= timezone.now() or agreement.valid_from <= old.valid_from:
        _say(old, Status.ENDED, by=by, agencies=[], reason=f"Replaced by “{agreement.title}”"[:500])
    elif agreement.valid_from < old.valid_until:
        before = audit.snapshot(old)
        old.valid_until = agreement.valid_from
        old.save(update_fields=["valid_until"])
        audit.changed(old, before, by=by, owners=_parties(old))


def _say(
    agreement: SharingAgreement,
    status: str,
    *,
    by: Viewer,
    agencies: Collection[int],
    said: str = "",
    reason: str = "",
) -> None:
    """Gives an agreement a status, with what these parties (none: nobody in particular) said about it."""
    before = audit.snapshot(agreement)
    agreement.status = status
    agreement.save(update_fields=["status"])
    AgreementStatus.objects.bulk_create(
        AgreementStatus(agreement=agreement, status=said or status, agency_id=agency, reason=reason, changed_by=by.user)
        for agency in (agencies or (None,))
    )
    owners = _parties(agreement)
    if audit.changed(agreement, before, by=by, owners=owners, reason=reason) is None:
        # Another party's suspension keeps the status as it is.
        audit.write("sharingagreement.said", by=by, about=[agreement], owners=owners, reason=reason, summary=said)


def _mine(agreement: SharingAgreement, by: Viewer) -> list[int]:
    return [agency for agency in _parties(agreement) if by.may(Permission.MANAGE_AGREEMENTS, agency=agency)]


def _parties(agreement: SharingAgreement) -> list[int]:
    return sorted(agreement.parties.values_list("agency_id", flat=True))


def _locked(agreement: SharingAgreement) -> None:
    """Reads the agreement's row again, and keeps others from changing it meanwhile."""
    agreement.refresh_from_db(from_queryset=SharingAgreement.objects.select_for_update())


def _reasoned(reason: str) -> str:
    reason = reason.strip()
    if not 10 <= len(reason) <= 500:
        raise ValueError("Give a reason of 10 to 500 characters: all parties read it.")
    return reason


def _check(terms: Terms) -> None:
    """Raises ValueError (a sentence) where terms make no sense."""
    known = record_types()
    if not terms.title.strip() or not terms.purpose.strip() or not terms.legal_gateway.strip():
        raise ValueError("An agreement has a title, a purpose and a legal gateway.")
    if not any(giver != receiver for giver in terms.giving for receiver in terms.receiving):
        raise ValueError("Choose who shares and who sees it: at least two agencies.")
    if not terms.types or not set(terms.types) <= set(known):
        raise ValueError("Choose what is shared.")
    possible = {f"{name}.{part}" for name in terms.types for part in known[name].WITHHOLDABLE}
    if not set(terms.withheld) <= possible:
        raise ValueError("Something is withheld of records that are not shared by this agreement.")
    if terms.valid_until <= max(terms.valid_from, timezone.now()):
        raise ValueError("The last day must come after the first one, and may not be over.")
    if not timezone.localdate() <= terms.review_on <= timezone.localdate(terms.valid_until):
        raise ValueError("The review lies between today and the last day.")
