"""Looking at the product as somebody else would see it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partners import audit
from partners.models import Agency, ApiKey, Role
from partners.roles import Permission
from partners.visibility import Viewer


@transaction.atomic
def look_as(*, by: Viewer, agency: Agency | None = None, role: str = "", key: ApiKey | None = None) -> dict[str, Any]:
    """What the session keeps (`partners.access.LOOKING_AS`): a role in an agency, or a key.

    Raises ValueError (a sentence) for a person who may not, for an agency that has left, and for a key that is not one
    of the person's agencies' or does not work any more.
    """
    if not by.may(Permission.LOOK_AS):
        raise ValueError("Only managers and administrators can look as somebody else.")
    about: Agency | ApiKey
    if key is not None:
        if key.pk not in keys_of(by).values_list("pk", flat=True) or not key.is_live:
            raise ValueError("There is no such key of your agencies, or it does not work any more.")
        about, found = key, {"key": key.pk, "label": f"the key “{key.name}” of {key.agency}"}
    elif agency is not None and agency.left_at is None and role in Role:
        about, found = agency, {"agency": agency.pk, "role": role, "label": f"{Role(role).label} of {agency}"}
    else:
        raise ValueError("Choose an agency of the partnership and a role in it, or a key.")
    audit.write("looking-as.started", by=by, about=[about], summary=f"Started looking as {found['label']}"[:300])
    return found


@transaction.atomic
def stop_looking(*, by: Viewer, label: str) -> None:
    """Writes down that somebody looks as themselves again."""
    audit.write("looking-as.stopped", by=by, summary=f"Stopped looking as {label}"[:300])


def keys_of(viewer: Viewer) -> Any:
    """The keys as which somebody may look: of the own agencies and their parts; of partnership administrators, all."""
    keys = ApiKey.objects.select_related("agency").filter(revoked_at=None, agency__left_at=None).order_by("name")
    if viewer.is_of_partnership:
        return keys
    return keys.filter(agency__in=viewer.agencies_with_parts(Permission.LOOK_AS))
