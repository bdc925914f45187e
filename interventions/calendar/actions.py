"""What a person sets up: addresses for calendar programs, reminders by e-mail."""

from __future__ import annotations

import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from interventions.models import CalendarFeed, Digest
from partners import audit
from partners.models import User
from partners.refusals import checked_text
from partners.visibility import Viewer

MOST_FEEDS = 10


def hash_of(token: str) -> str:
    """SHA-256 in hex. The token has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, by: Viewer, name: str) -> tuple[CalendarFeed, str]:
    """A new address for one's own calendar program, and its token, which can be shown only now.

    Raises ValueError for a blank or too long name and where there are too many addresses; PermissionDenied.
    """
    user = _self(by)
    name = checked_text("name", name, 60, one_line=True)
    if not name:
        raise ValueError("Say what the address is for, such as “Outlook at work”.")
    # The person's own row is the lock: two forms sent at once do not exceed the limit.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if CalendarFeed.objects.filter(user=user, revoked_at=None).count() >= MOST_FEEDS:
        raise ValueError(f"You have {MOST_FEEDS} addresses already. Revoke one that is no longer used.")
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=user, created_by=user, name=name, token_hash=hash_of(token))
    audit.write("calendarfeed.created", by=by, about=[feed], after={"name": name})
    return feed, token


@transaction.atomic
def revoke_feed(*, by: Viewer, pk: int) -> CalendarFeed:
    """Ends one of one's own addresses at once. Raises ValueError where it has ended; CalendarFeed.DoesNotExist."""
    user = _self(by)
    feed = CalendarFeed.objects.select_for_update().get(pk=pk, user=user)
    if feed.revoked_at:
        raise ValueError("This address was revoked already.")
    feed.revoked_at, feed.revoked_by = timezone.now(), user
    feed.save(update_fields=["revoked_at", "revoked_by"])
    audit.write("calendarfeed.revoked", by=by, about=[feed], after={"name": feed.name})
    return feed


@transaction.atomic
def set_reminders(*, by: Viewer, frequency: str) -> Digest:
    """How often one is reminded by e-mail. Raises ValueError for what is no frequency; PermissionDenied."""
    user = _self(by)
    if frequency not in Digest.Frequency.values:
        raise ValueError(f"How often is one of: {', '.join(Digest.Frequency.values)}.")
    digest, _ = Digest.objects.select_for_update().get_or_create(user=user)
    before = digest.frequency
    if before != frequency:
        digest.frequency, digest.changed_at, digest.changed_by = frequency, timezone.now(), user
        digest.save(update_fields=["frequency", "changed_at", "changed_by"])
        audit.write("digest.set", by=by, about=[digest], before={"frequency": before}, after={"frequency": frequency})
    return digest


def _self(by: Viewer) -> User:
    """The person: keys have no calendar, and nobody changes anything while looking as somebody else."""
    if by.user is None or by.looking_as:
        raise PermissionDenied("Each person sets up the own calendar, not while looking as somebody else.")
    return by.user
