"""Invitations on their way: the secret of a link, the mail that carries it, and finding the invitation again."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Sequence
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from partners.jobs import Progress, handler
from partners.models import Invitation

log = logging.getLogger(__name__)

OPEN, ACCEPTED, WITHDRAWN, EXPIRED = "open", "accepted", "withdrawn", "expired"


def new_secret() -> tuple[str, str]:
    """(secret of a link, its hash, which is what is kept)."""
    secret = secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    """SHA-256 in hex. The secret has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret_hash: str) -> Invitation | None:
    """The invitation whose link has this secret; None for a link that was replaced by a newer one, or never was."""
    found = Invitation.objects.select_related("agency", "invited_by", "accepted_by")
    return found.filter(secret_hash=secret_hash).first() if secret_hash else None


def state(invitation: Invitation) -> str:
    """Whether its link works, and if not, why."""
    if invitation.accepted_at:
        return ACCEPTED
    if invitation.withdrawn_at or invitation.agency.left_at:
        return WITHDRAWN
    return OPEN if invitation.expires > timezone.now() else EXPIRED


def send(invitation: Invitation, secret: str, *, site: str) -> bool:
    """Sends the mail with the link; whether the mail server took it. Call it when the invitation is committed.

    `site` is the product's own address, such as "https://hotspots.example.org".
    """
    link = f"{site}{reverse('partners:invitation', args=[secret])}"
    text = render_to_string("partners/mail/invitation.txt", {"invitation": invitation, "link": link})
    subject, _, body = text.partition("\n")
    try:
        send_mail(subject.strip(), body.strip() + "\n", None, [invitation.email])
    except (OSError, SMTPException) as problem:
        # Its text may hold the address.
        log.error("The mail of invitation %s could not be sent: %s", invitation.pk, type(problem).__name__)
        return False
    Invitation.objects.filter(pk=invitation.pk, secret_hash=hash_of(secret)).update(sent=timezone.now())
    return True


@handler("send-invitations")
def send_all(progress: Progress, *, invitations: Sequence[int], site: str) -> str:
    """Sends the invitations among these that wait and were not sent yet, each with a new link."""
    waiting = Invitation.objects.waiting().filter(pk__in=invitations, sent=None).order_by("pk")
    progress.stage("Sending invitations", total=len(waiting))
    failed = 0
    for invitation in waiting.select_related("agency", "invited_by"):
        secret, invitation.secret_hash = new_secret()
        invitation.save(update_fields=["secret_hash"])
        failed += not send(invitation, secret, site=site)
        progress.advance()
    done = f"{len(waiting) - failed} invitation{'' if len(waiting) - failed == 1 else 's'} sent."
    if failed:
        return f"{done} {failed} could not be sent: send them again from the agencies' pages, which show them."
    return done
