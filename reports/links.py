"""Addresses of the ward pages, and the choices that they offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.urls import reverse
from django.utils.http import urlencode

from hotspots import categories
from hotspots.coverage import months_between
from hotspots.models import Area
from reports.forms.explore import canonical
from reports.queries import Place, WardSet
from reports.schemes import HEADLINE
from reports.words import month_name

ROUTES = {Area.Kind.WARD: "reports:ward", Area.Kind.BOROUGH: "reports:borough", Area.Kind.FORCE: "reports:force"}


@dataclass(frozen=True, slots=True)
class Link:
    """A choice: `current` marks the one shown."""

    text: str
    href: str
    current: bool = False


@lru_cache(maxsize=1024)
def month_value(month: date) -> str:
    """2017-03, as addresses write it."""
    return f"{month:%Y-%m}"


def address(place_kind: str, code: str, **query: str) -> str:
    """A profile's address; empty values are left out."""
    return with_query(_path(place_kind, code), query)


@lru_cache(maxsize=4096)  # a page has dozens of these
def _path(place_kind: str, code: str) -> str:
    return reverse(ROUTES[Area.Kind(place_kind)], args=[code])


def same_figures(scheme: str, category: str, month: date, newest: date) -> dict[str, str]:
    """What a link to a profile carries over of the figures shown; `newest` is the month that it shows by itself, which
    is left out, as all is that is usual."""
    return {
        "scheme": scheme if scheme != categories.POLICE_UK else "",
        "category": category if category != HEADLINE[scheme] else "",
        "month": month_value(month) if month != newest else "",
    }


def with_query(path: str, query: Mapping[str, str]) -> str:
    """An address with a query; empty values are left out."""
    if not query:
        return path
    text = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{text}" if text else path


def month_choices(first: date, last: date) -> list[tuple[str, str]]:
    """(value, name) of every month, newest first."""
    return [(month_value(month), month_name(month)) for month in reversed(months_between(first, last))]


def crumbs(place: Place) -> list[tuple[str, str]]:
    """The way back from a profile."""
    steps = [("Wards", reverse("reports:wards"))]
    if place.kind == Area.Kind.WARD and place.parent_code:
        steps.append((place.parent_name, with_query(reverse("reports:wards"), {"borough": place.parent_code})))
    return steps


def set_name(ward_set: WardSet) -> str:
    """How people tell ward sets apart: "wards from May 2022", "wards until May 2022"."""
    if ward_set.valid_to:
        return f"wards until {month_name(ward_set.valid_to - timedelta(days=1))}"
    return f"wards from {month_name(ward_set.valid_from)}" if ward_set.valid_from else "wards"


def explore(areas: Sequence[str], slugs: Sequence[str] = (), **asked: str) -> str:
    """An address of the explore page. `areas` are codes, or words such as "E09000016.wards", `slugs` categories; the
    rest is as in `reports.forms.explore`: scheme, from ("12", "24", "36", "all" or 2017-03), to, measure, view, ..."""
    query = canonical({**asked, "areas": areas, "cat": slugs})
    return f"{reverse('reports:explore')}?{query}" if query else reverse("reports:explore")
