"""What managers do in an emergency: opening what is withheld of one record, for a short time, with a reason."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from partners import audit
from partners.models import Agency, BreakGlass, Membership, Record, Role, record_types
from partners.roles import Permission
from partners.visibility import Viewer, openable_by

SHORTEST_REASON = 10
# How long a record stays open.
MINUTES = 60
logger = logging.getLogger(__name__)
# Why a record cannot be opened: in the same words whether it is not there, covert, or shared by no agreement.
NOTHING_TO_OPEN = (
    "There is no such record that an agreement gives you in part. Check the reference, or ask the agency that holds it."
)


@transaction.atomic
def open_glass(*, by: Viewer, record_type: str, record_id: int, reason: str, page: str) -> BreakGlass:
    """Opens what is withheld of one record for an hour; what is open already stays as it is.

    The owner's managers and administrators are told by e-mail, once the transaction is done: the reference and `page`,
    the address where they see more. Raises ValueError (a sentence) for a person who may not, a short reason, and a
    record of which nothing can be opened.
    """
    if by.user is None or not by.may(Permission.BREAK_GLASS):
        raise ValueError("Only a manager can break the glass.")
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= 500:
        raise ValueError(f"Give a reason of {SHORTEST_REASON} to 500 characters: the owner reads it.")
    record = openable(by, record_type, record_id)
    if record is None:
        raise ValueError(NOTHING_TO_OPEN)
    # Two requests at once open once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('break glass'), %s)", [by.user.pk])
    now = timezone.now()
    already = BreakGlass.objects.filter(
        record_type=record_type, record_id=record_id, opened_by=by.user, expires__gt=now
    ).first()
    if already:
        return already
    if not record.withheld:
        raise ValueError("You see all of this record already.")
    glass = BreakGlass.objects.create(
        record_type=record_type,
        record_id=record_id,
        owner_id=record.owner_id,
        reason=reason,
        opened_at=now,
        opened_by=by.user,
        expires=now + timedelta(minutes=MINUTES),
    )
    vars(by).pop("opened", None)
    transaction.on_commit(lambda: _tell(glass, page))
    audit.write(
        f"{record_type}.opened",
        by=by,
        about=[record],
        reason=reason,
        summary="Broke the glass",
        after={"glass": glass.pk},
    )
    return glass


@transaction.atomic
def end_glass(*, by: Viewer, glass: BreakGlass) -> None:
    """Withholds again what was opened. Raises ValueError but for a manager or administrator of the owner, and for the
    person who opened it."""
    if not may_end(by, glass):
        raise ValueError("Only the owner's managers and administrators, and who opened it, can end this.")
    now = timezone.now()
    if glass.expires <= now:
        return
    before = audit.snapshot(glass)
    glass.expires = now
    glass.save(update_fields=["expires"])
    audit.changed(glass, before, by=by)


def may_end(viewer: Viewer, glass: BreakGlass) -> bool:
    """Whether somebody can end an opening before its time."""
    if viewer.looking_as:
        return False
    return viewer.may(Permission.READ_AUDIT, agency=glass.owner_id) or (
        viewer.user is not None and viewer.user.pk == glass.opened_by_id
    )


def openable(viewer: Viewer, record_type: str, record_id: int) -> Record | None:
    """The record, masked as the viewer sees it, if an agreement gives some of it to this manager; else None."""
    model = record_types().get(record_type)
    if model is None or not 0 < record_id < 2**63:
        return None
    found: Record | None = (
        model.objects.visible_to(viewer).filter(openable_by(model, viewer)).filter(pk=record_id).first()
    )
    return found


def _tell(glass: BreakGlass, page: str) -> None:
    """One e-mail to those who look after the owning agency, or the agency that it is a part of."""
    agency: Agency | None = glass.owner
    to: list[str] = []
    while agency is not None and not to:
        to = sorted(
            set(
                Membership.objects.current()
                .filter(agency=agency, role__in=(Role.MANAGER, Role.ADMINISTRATOR))
                .values_list("user__email", flat=True)
            )
        )
        agency = agency.part_of
    mail = EmailMessage(
        subject="A withheld record of your agency was opened",
        body=(
            f"Somebody broke the glass of {glass.record_type}:{glass.record_id}, a record that your agency shares in "
            f"part.\n\nSign in to see who did, why, and until when; there you can also end it:\n{page}\n"
        ),
        bcc=to,
    )
    try:
        mail.send()
    except (OSError, SMTPException):
        # The opening stands: it is on the owner's pages and in the audit trail.
        logger.exception("The e-mail about the opening %s could not be sent.", glass.pk)
