"""Saved views: what people see of them, and the addresses that they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import TooManyFieldsSent
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from partners.access import viewer
from partners.roles import Permission
from partners.visibility import Viewer
from reports.models import SavedView, SavedViewQuerySet


@dataclass(frozen=True, slots=True)
class Row:
    """A saved view in a list. `agency` is "" for the person's own; `may_change` says whether it is theirs to change."""

    pk: int
    name: str
    page: str
    href: str
    agency: str
    made_by: str
    made_at: datetime
    may_change: bool


def rows(viewer: Viewer) -> list[Row]:
    """The views that a person sees: the own ones first, then each agency's; by name. One query."""
    found = (
        SavedView.objects.visible_to(viewer)
        .annotate(may_change=Exists(changeable_by(viewer).filter(pk=OuterRef("pk"))))
        .values_list("pk", "name", "page", "query", "agency__name", "created_by__full_name", "created_at", "may_change")
    )
    made = [
        Row(pk, name, SavedView.Page(page).label, address(page, query), agency or "", by, at, may_change)
        for pk, name, page, query, agency, by, at, may_change in found
    ]
    return sorted(made, key=lambda row: (row.agency.casefold(), row.name.casefold()))


def changeable_by(viewer: Viewer) -> SavedViewQuerySet:
    """The views that a person may rename and delete: those of the own making, and those of an agency whose views the
    person keeps."""
    if viewer.looking_as:
        return SavedView.objects.none()
    keeps = viewer.agencies(Permission.SHARE_VIEWS)
    return SavedView.objects.visible_to(viewer).filter(Q(created_by=viewer.user) | Q(agency__in=keeps))


def address(page: str, query: str) -> str:
    """Where a view leads: always a page of ours, whatever the query says."""
    path = path_of(page)
    return f"{path}?{query}" if query else path


def path_of(page: str) -> str:
    """The address of a page whose views can be saved."""
    return reverse(f"reports:{SavedView.Page(page).value}")


def canonical(query: str) -> str:
    """A query string written anew from its parts, so that it is a query string and nothing else.

    Raises TooManyFieldsSent for more parts than an address may have.
    """
    return QueryDict(query.removeprefix("?")).urlencode(safe=",")


def saved_as(request: HttpRequest) -> list[Row]:
    """The views by which the reader may have come to this very address, and may delete. One query at most."""
    pages = {path_of(page): page for page in SavedView.Page}
    if request.path not in pages:
        return []
    try:
        here = address(pages[request.path], request.GET.urlencode(safe=","))
    except TooManyFieldsSent:  # no saved view is that long, and this stands on the page that says so
        return []
    return [row for row in rows(viewer(request)) if row.may_change and row.href == here]
