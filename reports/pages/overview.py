"""What the overview shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hotspots import categories, coverage
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Area
from reports import moves
from reports.moves import Move
from reports.pages import shown_month
from reports.queries import Figure, Place, Reporting, Span, Want, WardSet, figures, reporting, set_in_force, spans
from reports.schemes import choose_scheme, definition, sources_of
from reports.shapes import Drawing, drawing

# How many months a tile's line shows.
WINDOW = 24


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the overview shows. `figures` are by area and category number: the tiles' of the borough over `window`,
    and the headline's of the wards over the twelve months to `month` and the month a year before."""

    borough: Place
    boroughs: list[Place]
    scheme: str
    month: date
    window: list[date]
    spans: dict[str, Span]
    headline: Definition
    # The fixed tiles first; `priorities` are among them too where they are chosen.
    tiles: list[Definition]
    priorities: list[Definition]
    other_priorities: list[Definition]
    ward_set: WardSet
    figures: dict[tuple[int, int], dict[date, Figure]]
    compared: list[date]
    moves: list[Move]
    drawing: Drawing | None
    reporting: Reporting


def overview(
    borough: Place, choices: list[Place], sets: list[WardSet], *, month: date | None, chosen: Sequence[int]
) -> Overview:
    """One month of a borough, whose wards are `sets`: `month` None is its newest that bears comparison, `chosen` are
    the numbers of its partnership's priorities. police.uk where there is any, else the Metropolitan Police's tables.

    Raises NoFigures. 5 queries; one more when its map is drawn for the first time.
    """
    has = spans(borough.pk)
    scheme = choose_scheme(has, "")
    last = shown_month(borough, has, scheme, month)
    ward_set = set_in_force(sets, last)
    wards = [ward.pk for ward in ward_set.wards]
    every = [categories.by_number()[number] for number in chosen]
    own = [one for one in every if one.scheme == scheme]
    tiles = list(dict.fromkeys([*fixed(scheme), *own]))
    window = coverage.months_between(back(last, WINDOW - 1), last)
    headline = tiles[0]
    found = figures(
        Want([borough.pk], [one.number for one in tiles], window[0], last),
        Want(wards, [headline.number], back(last, 12), last),
    )
    compared = moves.comparable_months(found.get((borough.pk, headline.number), {}), last)
    return Overview(
        borough=borough,
        boroughs=choices,
        scheme=scheme,
        month=last,
        window=window,
        spans=has,
        headline=headline,
        tiles=tiles,
        priorities=own,
        other_priorities=[one for one in every if one.scheme != scheme],
        ward_set=ward_set,
        figures=found,
        compared=compared,
        moves=moves.moves(wards, scheme, compared) if len(compared) == moves.MONTHS else [],
        drawing=drawing(wards, ward_set.day or last),
        reporting=reporting(
            sources_of(scheme, Area.Kind.BOROUGH)[0],
            coverage.months_between(back(has[scheme].last, WINDOW - 1), has[scheme].last),
            borough,
        ),
    )


def fixed(scheme: str) -> list[Definition]:
    """The tiles that every overview of a scheme has: all crime, violence, victim-reported."""
    violence = categories.GROUP_ALIASES[scheme, "violence"]
    return [definition(scheme, slug) for slug in ("", violence, "victim-reported")]
