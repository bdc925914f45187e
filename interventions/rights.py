"""Who may add and change records, as pages ask before they show a form."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from interventions import queries
from interventions.models import Intervention
from partners.access import viewer
from partners.roles import Permission
from partners.visibility import Viewer

NOT_HERE = "There is no such record of activity, or it is not shared with you."


def who_adds(request: HttpRequest, what: str = "add activity") -> Viewer:
    """Who asks, where that is somebody who may add. Raises PermissionDenied, which says who does `what`."""
    asks = viewer(request)
    if not asks.may(Permission.ADD):
        raise PermissionDenied(
            "Nothing can be added while you look as somebody else."
            if asks.looking_as
            else f"Contributors, analysts, SNT leads and managers of an agency {what}. Ask its administrator."
        )
    return asks


def to_change(asks: Viewer, pk: int) -> Intervention:
    """A record, whole, that is this reader's to change. Raises Http404 where it is not shown at all, PermissionDenied
    where it is another's."""
    found = queries.changeable(asks, pk)
    if found is None:
        if queries.record(asks, pk) is None:
            raise Http404(NOT_HERE)
        raise PermissionDenied("Only the agency whose record this is can change it: those who added it, and its leads.")
    return found
