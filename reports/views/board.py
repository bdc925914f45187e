"""The board of hotspots by phase, and the same as the agenda of a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hotspots.register.filters import REVIEWED, PlaceFilter
from hotspots.register.queries import places
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking
from partners.roles import Permission
from reports.pages import board as page
from reports.pages.board import BoardPlace
from reports.presenters import board as presenter

# What the register filters by, and a board has no use for.
_NOT_HERE = ("q", "phase", "kind", "status", "overdue")


class BoardFilter(PlaceFilter):
    """By agency, ward and problem."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in _NOT_HERE:
            self.filters.pop(name, None)

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(queryset).filter(status__in=REVIEWED)


@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Hotspots as cards by phase."""
    return _answer(request, "reports/board.html", columns=presenter.columns, without=presenter.without_phase)


@require_safe
@never_cache
def agenda(request: HttpRequest) -> HttpResponse:
    """The tactical meeting's agenda, for paper."""
    return _answer(request, "reports/agenda.html", items=presenter.items)


def _answer(request: HttpRequest, template: str, **shows: Callable[[list[BoardPlace], date], Any]) -> HttpResponse:
    """The page with, by name, what each of `shows` makes of the places as of today."""
    asks, today = viewer(request), timezone.localdate()
    asked = BoardFilter(request.GET, queryset=places(asks))
    context: dict[str, Any] = {
        "form": asked.form,
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "query": request.GET.urlencode(),
        "today": today,
        "may_add": asks.may(Permission.CHANGE),
    }
    if not asked.form.is_valid():
        return render(request, template, context, status=400)
    found = page.board(asked.qs, today)
    shown = [one.place for one in found]
    context |= {
        "places": len(shown),
        **{name: make(found, today) for name, make in shows.items()},
        "words": [f"{field.label}: {_chosen(asked.form, name)}" for name, field in asked.form.fields.items()
                  if request.GET.get(name)],
        "marking": highest_marking(shown),
    }  # fmt: skip
    audit.read(shown, by=asks, how="list")
    return render(request, template, context)


def _chosen(form: Any, name: str) -> str:
    """What was chosen of a list, as the list calls it."""
    value = form.cleaned_data[name]
    for choice, words in form.fields[name].choices:
        for code, said in words if isinstance(words, list | tuple) else [(choice, words)]:
            if str(code) == str(value):
                return str(said)
    return str(value)
