"""What a search for hotspots found, in rows and words: without the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from hotspots import categories
from hotspots.points import Point
from reports import maps, sentences
from reports.calc import concentration
from reports.charts.concentration import curve
from reports.charts.shares import share
from reports.finding import Found, Spot
from reports.forms.find import FOUND_BY_POLICE, PERIODS, SHOWN, VICTIM_REPORTED, choices
from reports.links import month_choices, month_value, with_query
from reports.models import Candidate
from reports.notes import Note
from reports.presenters import map_words
from reports.presenters.find_words import concentrated, count_text, data_notes, period, short, types, words
from reports.queries import Place, Release, Span
from reports.schemes import sources_of
from reports.shapes import Drawing
from reports.words import plural, thousands

FIRST = 25
NUMBERED = 10
# What each class says of the twelve quarters, for the key below the table.
CLASSES: dict[str, str] = {
    Candidate.HotClass.NEW: "hot in the last quarter, never before",
    Candidate.HotClass.CONSECUTIVE: "hot in the last quarters on end, never before them",
    Candidate.HotClass.INTENSIFYING: "hot in at least 11 of 12 quarters and now, and rising",
    Candidate.HotClass.PERSISTENT: "hot in at least 11 of 12 quarters and now, neither rising nor falling",
    Candidate.HotClass.DIMINISHING: "hot in at least 11 of 12 quarters and now, and falling",
    Candidate.HotClass.SPORADIC: "hot now and before, on and off",
    Candidate.HotClass.OSCILLATING: "hot now, but in an earlier quarter colder than chance",
    Candidate.HotClass.HISTORICAL: "hot in at least 11 of 12 quarters, but not in the last",
}


@dataclass(frozen=True, slots=True)
class Curve:
    """The concentration curve with its table, as `components/chart_with_table.html` wants it."""

    key: str
    title: str
    line: str
    chart: SafeString
    table: SafeString


class Box(NamedTuple):
    """One type of crime to tick; `why` says what to hold against it, "" of what victims report."""

    slug: str
    name: str
    ticked: bool
    why: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a search found, for its page and for that of a saved set."""

    words: list[str]
    svg: SafeString
    key: list[tuple[SafeString, str]]
    body: SafeString
    shown: int
    total: int
    classes: list[tuple[str, str]]
    curve: Curve | None
    repeat: list[tuple[str, str, str, str, str]]
    notes: list[Note]
    attribution: list[str]
    has_actions: bool


@dataclass(frozen=True, slots=True)
class FindPage:
    """Everything that the search's template prints."""

    heading: str
    caption: str
    ranking: Ranking
    source: str
    choices: dict[str, list[tuple[str, str]]]
    chosen: dict[str, str]
    boxes: list[tuple[str, list[Box]]]
    query: str
    all_href: str
    save_href: str


def find_page(
    found: Found,
    drawing: Drawing,
    releases: Sequence[Release],
    boroughs: Sequence[Place],
    span: Span,
    query: Mapping[str, str],
    *,
    show_all: bool,
    may_keep: bool,
) -> FindPage:
    """The search's page; `query` is its address, written anew."""
    asked = found.asked
    pinned = {**query, "borough": asked.borough.code, "month": month_value(asked.last)}

    def promote(spot: Spot) -> str:
        return with_query(reverse("reports:promote-found"), {**pinned, "lsoa": spot.code})

    all_href = with_query(reverse("reports:find"), {**pinned, "show": "all"})
    return FindPage(
        heading=f"Find hotspots: {asked.borough.name}",
        caption=f"{types(asked.slugs)}, {period(asked)}",
        ranking=ranking(found, drawing, show_all=show_all, all_href=all_href, promote=promote if may_keep else None),
        source=sentences.source_line(releases, sources_of(categories.POLICE_UK, "borough")),
        choices={
            "borough": [(one.code, one.name) for one in boroughs],
            "month": month_choices(span.first, span.last),
            "months": list(PERIODS.items()),
            "show": list(SHOWN.items()),
        },
        chosen={
            "borough": asked.borough.code,
            "month": month_value(asked.last),
            "months": str(asked.months),
            "show": "all" if show_all else "first",
        },
        boxes=boxes(asked.slugs),
        query=with_query("", pinned).lstrip("?"),
        all_href=all_href,
        save_href=with_query(reverse("reports:save-set"), pinned) if may_keep else "",
    )


def ranking(
    found: Found,
    drawing: Drawing | None,
    *,
    show_all: bool,
    all_href: str,
    promote: Callable[[Spot], str] | None = None,
) -> Ranking:
    """The ranking in words, map, table and curve. `all_href` is the page with all rows, `promote` gives the address
    that makes a hotspot of a row."""
    shown = found.spots if show_all else found.spots[:FIRST]
    regions = [_region(spot, "" if show_all or spot.rank <= FIRST else all_href) for spot in found.spots]
    regions += [_unranked(one.pk, one.name) for one in found.codes_changed]
    classes = maps.classes([spot.density for spot in found.spots])
    key = [(maps.swatch(one.shade), f"{_span(one)} ({plural(one.areas, 'LSOA', 'LSOAs')})") for one in classes]
    if found.codes_changed:
        key.append((maps.swatch(maps.UNKNOWN), f"not known ({len(found.codes_changed)})"))
    if found.hot:
        key.append((_HOT_SWATCH, f"dotted: stands out with its neighbours ({len(found.hot)})"))
    return Ranking(
        words=words(found),
        svg=_map(found, drawing, regions) if drawing else mark_safe(""),
        key=key,
        body=mark_safe("".join([_line(spot, found, promote) for spot in shown])),  # noqa: S308 - escaped below
        shown=len(shown),
        total=len(found.spots),
        classes=[
            (str(Candidate.HotClass(one).label), text)
            for one, text in CLASSES.items()
            if any(spot.hot_class == one for spot in shown)
        ],
        curve=_curve(found),
        repeat=[_location(rank, point) for rank, point in enumerate(found.repeat, start=1)],
        notes=data_notes(found),
        attribution=map_words.attribution_of(found.asked.borough.code),
        has_actions=promote is not None,
    )


def boxes(slugs: Sequence[str]) -> list[tuple[str, list[Box]]]:
    """The types of crime to tick, by who brings them to light."""
    groups: dict[str, list[Box]] = {"Victims report": [], "Depend on reporting": [], "Found by the police": []}
    for one in choices():
        name, why = (
            ("Victims report", "")
            if VICTIM_REPORTED in one.flags
            else ("Found by the police", "left out unless ticked: counts follow where the police search")
            if FOUND_BY_POLICE in one.flags
            else ("Depend on reporting", "left out unless ticked: how much is recorded depends on who reports")
        )
        groups[name].append(Box(one.slug, one.name, one.slug in slugs, why))
    return list(groups.items())


# --- Map, table, curve --------------------------------------------------------------------------------------------

_HOT_SWATCH = mark_safe(
    '<svg width="16" height="16" aria-hidden="true" focusable="false"><rect x="1" y="1" width="14" height="14" '
    'fill="#ffffff" stroke="#0b0c0c" stroke-width="2"/><path d="M5 5h.01M11 5h.01M8 8h.01M5 11h.01M11 11h.01" '
    'stroke="#0b0c0c" stroke-width="2.5" stroke-linecap="round"/></svg>'
)


def _region(spot: Spot, page: str) -> maps.Region:
    """`page` is the address of the page that has the row; "" = this one."""
    out = "; stands out with its neighbours" if spot.is_hot else ""
    said = f"{count_text(spot)} crimes; rank {spot.rank}{out}"
    name = f"{spot.name}, {spot.ward_name}" if spot.ward_name else spot.name
    return maps.Region(spot.pk, name, f"{page}#rank-{spot.rank}", spot.density, "", said)


def _unranked(pk: int, name: str) -> maps.Region:
    return maps.Region(pk, name, "#ranking", None, "not known", "not ranked: its code changed within these months")


def _map(found: Found, drawing: Drawing, regions: Sequence[maps.Region]) -> SafeString:
    """The map, with dots and a thick edge on those that stand out, and the ranks of the first."""
    svg = maps.choropleth(
        drawing,
        regions,
        title=f"Crimes for each square kilometre, {period(found.asked)}",
        description="LSOAs shaded by crimes for each square kilometre. Dotted ones stand out with their neighbours; "
        "numbers are ranks. The table has the same figures.",
        labels=False,
    )
    unit, spots = drawing.width / 400, found.spots
    side = 6 * unit
    hot = "".join([drawing.shapes[spot.pk].path for spot in spots if spot.is_hot and spot.pk in drawing.shapes])
    numbers = "".join(
        f'<circle cx="{at.x}" cy="{at.y}" r="{7 * unit:g}" fill="#ffffff" stroke="{maps.MARK}" '
        f'stroke-width="{unit:g}"/><text x="{at.x}" y="{at.y + 3.5 * unit:g}">{spot.rank}</text>'
        for spot in spots[:NUMBERED]
        if (at := drawing.shapes.get(spot.pk))
    )
    return mark_safe(  # noqa: S308 - a map of ours, and numbers
        svg.removesuffix("</svg>")
        + f'<defs><pattern id="hot" width="{side:g}" height="{side:g}" patternUnits="userSpaceOnUse">'
        f'<circle cx="{side / 2:g}" cy="{side / 2:g}" r="{1.5 * unit:g}" fill="#ffffff"/>'
        f'<circle cx="{side / 2:g}" cy="{side / 2:g}" r="{unit:g}" fill="{maps.MARK}"/></pattern></defs>'
        f'<path d="{hot}" fill="url(#hot)" fill-rule="evenodd" stroke="{maps.MARK}" stroke-width="{2 * unit:g}" '
        f'stroke-linejoin="round" pointer-events="none"/>'
        f'<g text-anchor="middle" font-size="{9.5 * unit:g}" font-weight="700" pointer-events="none" '
        f'aria-hidden="true">{numbers}</g></svg>'
    )


def _line(spot: Spot, found: Found, promote: Callable[[Spot], str] | None) -> str:
    """One row of the table; every text in it is escaped here."""
    z = "–" if spot.z is None else f"{'<strong>Yes</strong>' if spot.is_hot else 'No'} ({spot.z:z.1f})"
    pattern = "–" if spot.hot_class == Candidate.HotClass.NONE else Candidate.HotClass(spot.hot_class).label
    href = promote(spot) if promote else ""
    action = (
        f'<a class="govuk-link" href="{escape(href)}">Make it a hotspot<span class="govuk-visually-hidden">: '
        f"{escape(spot.name)}</span></a>"
        if href
        else ""
    )
    action = f'<td class="app-screen-only">{action}</td>' if promote else ""
    return (
        f'<tr id="rank-{spot.rank}"><td>{spot.rank}</td>'
        f'<th scope="row" class="app-map-table__text">{escape(short(spot.name, found))}</th>'
        f'<td class="app-map-table__text">{escape(spot.ward_name)}</td><td>{count_text(spot)}</td>'
        f"<td>{share(spot.count, found.total) if found.total else '–'}</td><td>{spot.density:,.0f}</td>"
        f'<td>{z}</td><td class="app-map-table__text">{pattern}</td>{action}</tr>'
    )


def _span(one: maps.Class) -> str:
    return f"{one.low:,.0f}" if one.low == one.high else f"{one.low:,.0f} to {one.high:,.0f}"


def _curve(found: Found) -> Curve | None:
    if not found.total or len(found.spots) < 2:
        return None
    held = concentration.lorenz(found.counts)
    steps = sorted({max(round(len(found.spots) * part), 1) for part in (0.05, 0.1, 0.2, 0.25, 0.5)})
    title = "How concentrated it is"
    rows = "".join(
        f'<tr><th scope="row">{plural(step, "LSOA", "LSOAs")}</th><td>{step / len(found.spots):.0%}</td>'
        f"<td>{held[step]:.0%}</td></tr>"
        for step in steps
    )
    table = mark_safe(  # noqa: S308 - numbers and our own words
        '<table class="app-months"><caption class="govuk-visually-hidden">Share of the crimes in the busiest LSOAs'
        '</caption><thead><tr><th scope="col">Busiest</th><th scope="col">Of all LSOAs</th>'
        f'<th scope="col">Of all crimes</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    line = " ".join(concentrated(found))
    return Curve(
        "concentration", title, line, curve(held.tolist(), key="concentration", title=title, description=line), table
    )


def _location(rank: int, point: Point) -> tuple[str, str, str, str, str]:
    """(rank, street, count, share, months active)."""
    return (
        str(rank),
        f"On or near {point.street}" if point.street else f"No name ({point.latitude:.5f}, {point.longitude:.5f})",
        thousands(point.count),
        share(point.count, round(point.count / point.share)) if point.share else "–",
        str(point.months_active),
    )
