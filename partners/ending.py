"""What ends together with a role, a person's access, or an agency's part in the partnership.

The page that asks for confirmation lists it, and the action carries out the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from partners import audit, sessions
from partners.models import (
    Agency,
    ApiKey,
    Invitation,
    Membership,
    SharingAgreement,
    User,
    Webhook,
)
from partners.visibility import Viewer


@dataclass(frozen=True)
class Ending:
    """What ends. `signed_out` are the people who have no role left then: their sessions end."""

    memberships: list[Membership]
    keys: list[ApiKey]
    invitations: list[Invitation]
    signed_out: list[User]
    agencies: list[Agency] = field(default_factory=list)
    agreements: list[SharingAgreement] = field(default_factory=list)
    webhooks: list[Webhook] = field(default_factory=list)


def of_membership(membership: Membership) -> Ending:
    """With a role; with the person's last in the agency, the keys, webhooks and invitations that the person made."""
    others = membership.user.current_memberships().exclude(pk=membership.pk)
    stays = others.filter(agency=membership.agency_id).exists()
    made = {"agency": membership.agency_id}
    return Ending(
        memberships=[membership],
        keys=[] if stays else _live_keys(made_by=membership.user, **made),
        invitations=[] if stays else _open_invitations(_of(membership.user), **made),
        signed_out=[] if others.exists() else [membership.user],
        webhooks=[] if stays else _live_webhooks(created_by=membership.user, agency=membership.agency_id),
    )


def of_person(user: User) -> Ending:
    """With a person's account: every role, key, webhook and invitation."""
    memberships = Membership.objects.filter(user=user, ended_at=None).select_related("agency", "user")
    return Ending(
        memberships=list(memberships.order_by("agency__name", "role")),
        keys=_live_keys(made_by=user),
        invitations=_open_invitations(_of(user)),
        signed_out=[user],
        webhooks=_live_webhooks(created_by=user),
    )


def of_agency(agency: Agency) -> Ending:
    """With an agency that leaves: its parts, all roles, keys, webhooks and invitations in them. Its agreements are
    suspended."""
    parts = Viewer(()).parts_of(agency.pk)
    agencies = list(Agency.objects.filter(pk__in=parts, left_at=None))
    memberships = list(
        Membership.objects.current().filter(agency__in=agencies).select_related("agency", "user").order_by("user", "pk")
    )
    elsewhere = set(
        Membership.objects.current().exclude(agency__in=agencies).values_list("user_id", flat=True).distinct()
    )
    people = {membership.user_id: membership.user for membership in memberships}
    in_force = SharingAgreement.objects.in_force(timezone.now()).filter(agencies__in=agencies)
    return Ending(
        memberships=memberships,
        keys=_live_keys(agency__in=agencies),
        invitations=_open_invitations(agency__in=agencies),
        signed_out=[person for pk, person in people.items() if pk not in elsewhere],
        agencies=agencies,
        agreements=list(in_force.distinct().order_by("title", "pk")),
        webhooks=_live_webhooks(agency__in=agencies),
    )


@transaction.atomic
def carry_out(ending: Ending, *, by: Viewer, reason: str = "") -> None:
    """Ends it all now but the agreements, which their own action suspends; sessions once that is committed.

    Each row has its event in the audit trail.
    """
    now = timezone.now()
    done: list[tuple[models.Model, dict[str, Any]]] = []
    for rows, moment in (
        (ending.memberships, "ended"),
        (ending.keys, "revoked"),
        (ending.invitations, "withdrawn"),
        (ending.webhooks, "ended"),
        (ending.agencies, "left"),
    ):
        done += _stamp(rows, moment, by, now)
    for user in ending.signed_out:
        transaction.on_commit(partial(sessions.end_sessions, user))
    for thing, before in done:
        audit.changed(thing, before, by=by, reason=reason)


def _stamp(rows: Iterable[Any], moment: str, by: Viewer, now: datetime) -> list[tuple[models.Model, dict[str, Any]]]:
    """Writes `<moment>_at` and `<moment>_by`; each row with what it was before."""
    found = []
    for row in rows:
        found.append((row, audit.snapshot(row)))
        setattr(row, f"{moment}_at", now)
        setattr(row, f"{moment}_by", by.user)
        row.save(update_fields=[f"{moment}_at", f"{moment}_by"])
    return found


def _live_keys(**which: Any) -> list[ApiKey]:
    live = ApiKey.objects.live(timezone.now()).filter(**which)
    return list(live.select_related("agency").order_by("name", "pk"))


def _live_webhooks(**which: Any) -> list[Webhook]:
    return list(Webhook.objects.filter(ended_at=None, **which).select_related("agency").order_by("url", "pk"))


def _of(user: User) -> models.Q:
    """Invitations that somebody sent, or could still accept."""
    return models.Q(invited_by=user) | models.Q(email__iexact=user.email)


def _open_invitations(*conditions: models.Q, **which: Any) -> list[Invitation]:
    found = Invitation.objects.waiting().filter(*conditions, **which)
    return list(found.select_related("agency").order_by("email", "pk"))
