"""Makes what would keep readers waiting, before they come: the index of the search, the shapes of wards."""

from __future__ import annotations

from datetime import date

from django.core.cache import cache
from django.utils import timezone

from reports import queries, search
from reports.pages.map import CITY_WIDTH
from reports.queries import set_in_force
from reports.shapes import drawing

KEEP_SECONDS = 24 * 60 * 60


def warm() -> None:
    """Makes all of it, where it is not kept already. Imports end with this."""
    search.index()
    today = timezone.localdate()
    city: list[int] = []
    for sets in queries.ward_sets_of([borough.pk for borough in queries.boroughs()]).values():
        for one in sets:
            drawing([ward.pk for ward in one.wards], one.day or date.max)
        city += [ward.pk for ward in set_in_force(sets, today).wards]
    drawing(city, today, width=CITY_WIDTH)


def keep_warm() -> None:
    """The same, where nobody has done so for this version of the figures or the shared cache has lost it."""
    key = f"warm:{queries.data_version()}"
    if not cache.get(key):
        warm()
        cache.set(key, True, KEEP_SECONDS)
