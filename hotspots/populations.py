"""Residents of areas, the denominator of rates: published where there is a figure, else summed from LSOAs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from hotspots.calc.populations import figure, weighted
from hotspots.models import Area, AreaMembership, Population


def residents(area_ids: Collection[int], years: Collection[int]) -> dict[tuple[int, int], int | None]:
    """(area id, year) -> usual residents; None where they cannot be known.

    An area's own figure of the latest year not after the year (else the earliest later one). Without any of its own: a
    ward has the residents of its LSOAs by the newest lookup whose LSOAs all have figures, times the lookup's weights; a
    borough those of its LSOAs if all have figures, else those of its newest ward set whose wards all have.
    """
    own: dict[int, dict[int, int]] = defaultdict(dict)
    for area, year, people in Population.objects.values_list("area_id", "year", "residents"):
        own[area][year] = people
    wards = _lookups([area for area in area_ids if area not in own])
    boroughs = set(Area.objects.filter(id__in=area_ids, kind=Area.Kind.BOROUGH).values_list("id", flat=True))
    parts = _parts(boroughs)
    known_wards = own.keys() | wards.keys()
    wards |= _lookups([ward for sets in parts.values() for areas in sets for ward in areas if ward not in known_wards])
    result = {}
    for year in set(years):
        known = {area: figure(figures, year) for area, figures in own.items()}
        for ward, lookups in wards.items():
            known[ward] = next((n for shares in lookups if (n := weighted(shares, known)) is not None), None)
        for borough in boroughs - own.keys():
            known[borough] = next((n for areas in parts[borough] if (n := weighted(areas, known)) is not None), None)
        result.update({(area, year): known.get(area) for area in area_ids})
    return result


def _lookups(ward_ids: Collection[int]) -> dict[int, list[dict[int, float]]]:
    """ward -> its lookups, newest first, each as LSOA -> share."""
    found: dict[int, dict[tuple[date, str], dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for ward, lsoa, weight, since, source in AreaMembership.objects.filter(
        parent__in=ward_ids, weight__gt=0, child__kind=Area.Kind.LSOA
    ).values_list("parent_id", "child_id", "weight", "valid_from", "source"):
        found[ward][since or date.min, source][lsoa] = weight
    return {ward: [lookups[key] for key in sorted(lookups, reverse=True)] for ward, lookups in found.items()}


def _parts(boroughs: Collection[int]) -> dict[int, list[dict[int, float]]]:
    """borough -> what it is made of, best first, each as area -> 1: all its LSOAs, then its ward sets, newest first."""
    found: dict[int, dict[tuple[bool, date], dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    children = Area.objects.filter(parent__in=boroughs, kind__in=[Area.Kind.LSOA, Area.Kind.WARD])
    for area, parent, kind, since in children.values_list("id", "parent_id", "kind", "valid_from"):
        if parent is not None:
            found[parent][kind == Area.Kind.LSOA, since or date.min][area] = 1.0
    return {borough: [found[borough][key] for key in sorted(found[borough], reverse=True)] for borough in boroughs}
