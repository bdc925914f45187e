"""The reader's cards on the overview: each appears when it has something to say.

A card is one function in `CARDS`, which costs at most one query. What stands in cards is the reader's own, or changes
without the figures: the rest of the overview is kept and shared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from hotspots.access import IMPORTERS
from hotspots.models import ImportedFile, ImportRun
from partners.models import User
from reports import saved
from reports.links import Link
from reports.models import SavedView
from reports.words import plural

VIEWS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """What the overview shows. `gaps` says which publishers' months are missing or in part, a sentence each."""

    borough: int
    code: str
    name: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: a link, and what stands behind it."""

    link: Link
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A few lines under a title; `more` leads to all of them. `key` is its id in the page."""

    key: str
    title: str
    lines: list[Line]
    more: Link | None = None


def data_waiting(user: User, shown: Shown) -> Card | None:
    """To those who may import: files that the last import refused, and months that are missing or in part."""
    runs = ImportRun.objects.all()
    if not user.is_staff:
        runs = runs.filter(Exists(user.memberships.filter(role__in=IMPORTERS)))
    refused = ImportedFile.objects.filter(run=OuterRef("pk"), state=ImportedFile.State.REFUSED).order_by()
    count = Coalesce(Subquery(refused.values("run").values_list(Count("pk"))), 0)
    last = runs.order_by("-pk").values_list("pk", "title", count).first()
    if last is None:
        return None
    pk, title, files = last
    lines = [Line(Link(gap, reverse("hotspots:coverage"))) for gap in shown.gaps]
    if files:
        link = Link(f"{plural(files, 'file was', 'files were')} refused", reverse("hotspots:import", args=[pk]))
        lines.insert(0, Line(link, f"in the last import, {title}"))
    return Card("data", "Data waiting for attention", lines) if lines else None


def saved_views(user: User, shown: Shown) -> Card | None:
    """The views that the reader and the reader's agencies have saved: the own ones first, then by name."""
    rows = SavedView.objects.visible_to(user).order_by(F("agency").asc(nulls_first=True), "name")
    views = list(rows.values_list("name", "page", "query", "agency__name")[:VIEWS_SHOWN])
    if not views:
        return None
    lines = [Line(Link(name, saved.address(page, query)), agency or "yours") for name, page, query, agency in views]
    return Card("views", "Saved views", lines, Link("All saved views", reverse("reports:saved-views")))


CARDS: tuple[Callable[[User, Shown], Card | None], ...] = (data_waiting, saved_views)


def cards(user: User, shown: Shown) -> list[Card]:
    """The cards that have something to say to the reader, in order."""
    return [card for make in CARDS if (card := make(user, shown))]
