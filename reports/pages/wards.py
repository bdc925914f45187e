"""What the wards page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Area
from reports.pages import NoFigures, shown_month
from reports.queries import (
    Figure,
    Place,
    Release,
    Reporting,
    Span,
    Want,
    WardSet,
    figures,
    releases,
    reporting,
    set_in_force,
    spans,
    ward_sets,
)
from reports.schemes import choose_scheme, definition, sources_of
from reports.shapes import Drawing, drawing


@dataclass(frozen=True, slots=True)
class Wards:
    """All that the wards page shows. `figures` are of the wards and the borough: the twelve months to `month` and the
    month a year before."""

    borough: Place
    boroughs: list[Place]
    ward_set: WardSet
    sets: list[WardSet]
    scheme: str
    category: Definition
    month: date
    spans: dict[str, Span]
    figures: dict[int, dict[date, Figure]]
    drawing: Drawing | None
    releases: list[Release]
    reporting: Reporting


def wards(
    borough: Place, choices: list[Place], *, scheme: str, category: str, month: date | None, day: date | None
) -> Wards:
    """One month of a borough's wards; `day` chooses the wards in force then, None those in force in the month.

    Raises NoFigures, and UnknownCategory. At most 6 queries; one more when its map is drawn for the first time.
    """
    has = spans(borough.pk)
    scheme = choose_scheme(has, scheme)
    chosen = definition(scheme, category)
    last = shown_month(borough, has, scheme, month)
    sets = ward_sets(borough.pk)
    if not sets:
        raise NoFigures(borough, {})
    ward_set = set_in_force(sets, day or last)
    pks = [ward.pk for ward in ward_set.wards]
    found = figures(Want([*pks, borough.pk], [chosen.number], back(last, 12), last))
    return Wards(
        borough=borough,
        boroughs=choices,
        ward_set=ward_set,
        sets=sets,
        scheme=scheme,
        category=chosen,
        month=last,
        spans=has,
        figures={pk: by_month for (pk, _), by_month in found.items()},
        drawing=drawing(pks, ward_set.day or last),
        releases=releases(sources_of(scheme, Area.Kind.WARD), last, last),
        reporting=reporting(sources_of(scheme, Area.Kind.WARD)[0], (last,), borough),
    )
