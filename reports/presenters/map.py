"""The map in rows and words, made of what `pages` answered, without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from hotspots import categories
from hotspots.coverage import back
from hotspots.models import Area
from reports import maps, sentences
from reports.calc import classes as calc
from reports.forms import SCHEMES
from reports.forms.map import ALL, COUNT, LEVELS, LSOA, MEASURES, METHODS, NUMBERS, PERIODS, RATE, YEAR, limits_text
from reports.links import Link, address, month_choices, month_value, same_figures, with_query
from reports.maps import tiles_below
from reports.notes import Note
from reports.pages.map import Cell, Map, Spot
from reports.presenters import map_words
from reports.schemes import category_choices, sources_of
from reports.shapes import Drawing
from reports.sorting import Heading, heading, in_order
from reports.words import month_name, thousands

# More areas than these have no figures written on them: they would be a jumble.
MOST_LABELS = 60
_KEPT = "kept"  # classes of another month


@dataclass(frozen=True, slots=True)
class View:
    """How the map's address wants the figures shown: see `reports.forms.map`. `query` is that address."""

    measure: str
    method: str
    number: int
    limits: tuple[float, ...]
    sort: str
    at: str
    query: Mapping[str, str]


class Row(NamedTuple):
    """One area's line in the table: the texts of its cells and what each sorts by (None = unknown)."""

    spot: Spot
    cell: Cell
    href: str
    texts: tuple[str, str, str, str]
    values: tuple[float | None, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class MapPage:
    """Everything the map's template prints, and its data answer."""

    heading: str
    caption: str
    words: list[str]
    marked: str
    drawing: Drawing
    regions: list[maps.Region]
    limits: tuple[float, ...]
    has_labels: bool
    mark: int | None
    map_title: str
    key: list[tuple[SafeString, str]]
    key_words: str
    headings: list[Heading]
    rows: list[Row]
    total: Row | None
    within: str
    notes: list[Note]
    source: str
    attribution: list[str]
    schemes: list[Link]
    choices: dict[str, list[tuple[str, str]]]
    category_choices: list[tuple[str, list[tuple[str, str]]]]
    chosen: dict[str, str]
    month: str
    month_name: str
    query: str
    pinned: str
    profile_query: str
    has_partial: bool
    has_converted: bool
    shapes: int

    @property
    def svg(self) -> SafeString:
        """The map."""
        return self._draw(tiles_below(self.drawing))

    @property
    def picture(self) -> str:
        """The map with its key, without tiles: to be kept outside the product."""
        return maps.with_key(self._draw([]), self.drawing, [(str(swatch), text) for swatch, text in self.key])

    def _draw(self, tiles: Sequence[maps.Tile]) -> SafeString:
        return maps.choropleth(
            self.drawing,
            self.regions,
            title=f"{self.caption}: {self.map_title}",
            description=f"{self.heading}, shaded by their figure. The table has the same figures.",
            limits=self.limits,
            labels=self.has_labels,
            tiles=tiles,
            marked=self.mark,
        )

    @property
    def body(self) -> SafeString:
        """The table's rows."""
        marked = self.chosen["at"]
        return mark_safe("".join([_line(row, self.within, marked) for row in self.rows]))  # noqa: S308 - made below

    @property
    def foot(self) -> SafeString:
        """The borough's row."""
        return mark_safe(_line(self.total, self.within, "") if self.total else "")  # noqa: S308 - made below


def map_page(found: Map, view: View) -> MapPage:
    """The map, its key, its table and its words."""
    query = with_query("", _same(found))
    rows = [_row(spot, found.cells[spot.pk], _profile(found, spot) + query) for spot in found.spots]
    known = [value for row in rows if (value := _shown(row.cell, view)) is not None]
    limits = view.limits or tuple(calc.tops(known, view.method, view.number))
    unknown = len(rows) - len(known)
    measure = _measure(found, view)
    at = next((row for row in rows if row.spot.code == view.at), None)
    what = "LSOAs" if found.by == LSOA else "Wards"
    where = found.borough.name if found.borough else "all boroughs"
    cells = [row.cell for row in rows]
    last = month_value(found.month)
    span = found.spans[found.scheme]
    code = found.borough.code if found.borough else ALL
    pinned = {"borough": code, **view.query, "month": last} | {"borough": code}
    return MapPage(
        heading=f"{what} of {where}",
        caption=f"{found.category.name}, {map_words.when(found)}",
        words=map_words.sentences_of(found, view.measure),
        marked=f"{at.spot.name}: {map_words.said(found, at.cell)}." if at else "",
        drawing=found.drawing,
        regions=[_region(found, row, view) for row in rows],
        limits=limits,
        has_labels=len(rows) <= MOST_LABELS,
        mark=at.spot.pk if at else None,
        map_title=capfirst(measure),
        key=_key(found, view, known, limits, cells, unknown),
        key_words=_key_words(view),
        headings=_headings(found, view),
        rows=in_order(rows, view.sort, name=lambda row: (row.spot.name, row.spot.within), value=_sorts_by),
        total=_total(found),
        within="Ward" if found.by == LSOA else "" if found.borough else "Borough",
        notes=map_words.notes_of(found, view.measure),
        source=sentences.source_line(found.releases, sources_of(found.scheme, Area.Kind.WARD)),
        attribution=map_words.attribution(found),
        schemes=[
            Link(name, _path({**view.query, "scheme": one, "category": "", "limits": ""}), one == found.scheme)
            for one, name in SCHEMES.items()
            if one in found.spans and not (found.by == LSOA and one == categories.MPS)
        ],
        choices={
            "borough": [(one.code, one.name) for one in found.boroughs]
            + ([(ALL, "All boroughs (wards)")] if len(found.boroughs) > 1 else []),
            "month": month_choices(span.first, span.last),
            "by": [(key, text) for key, text in LEVELS.items() if key != LSOA or found.scheme == categories.POLICE_UK],
            "period": list(PERIODS.items()),
            "measure": list(MEASURES.items()),
            "classes": list(METHODS.items()),
            "number": list(NUMBERS.items()),
        },
        category_choices=category_choices(found.scheme),
        chosen={
            "borough": found.borough.code if found.borough else ALL,
            "by": found.by,
            "scheme": found.scheme,
            "category": found.category.slug,
            "month": last,
            "period": found.period,
            "measure": view.measure,
            "classes": view.method,
            "number": str(view.number),
            "at": view.at,
            "sort": view.sort,
        },
        month=last,
        month_name=month_name(found.month),
        query=with_query("", pinned).lstrip("?"),
        pinned=with_query("", {**pinned, "wards": found.day.isoformat(), "limits": limits_text(limits)}).lstrip("?"),
        profile_query=with_query("", _same(found)).lstrip("?"),
        has_partial=any(cell.partial for cell in cells),
        has_converted=any(cell.is_converted for cell in cells),
        shapes=sum(spot.pk in found.drawing.shapes for spot in found.spots),
    )


def _path(query: Mapping[str, str]) -> str:
    return with_query(reverse("reports:map"), query)


def _measure(found: Map, view: View) -> str:
    what = "count" if view.measure == COUNT else "rate per 1,000 residents"
    return f"{what} of the {map_words.when(found)}" if found.period == YEAR else f"{what} in {map_words.when(found)}"


def _shown(cell: Cell, view: View) -> float | None:
    """What an area is shaded by."""
    return cell.value if view.measure == COUNT else cell.rate


def _row(spot: Spot, cell: Cell, href: str) -> Row:
    marks = "" if cell.value is None else "*" * cell.partial + "†" * cell.converted
    was = "" if cell.before is None else "†" * cell.before_converted
    rate = None if cell.rate is None else round(cell.rate, 3)
    return Row(
        spot,
        cell,
        href,
        (
            thousands(cell.value) + marks,
            thousands(cell.before) + was,
            map_words.change_text(cell),
            map_words.rate_text(cell),
        ),
        (cell.value, cell.before, map_words.changed(cell), rate),
    )


def _total(found: Map) -> Row | None:
    if found.borough is None or found.total is None:
        return None
    spot = Spot(found.borough.pk, found.borough.code, f"All of {found.borough.name}", "", "")
    return _row(spot, found.total, address(found.borough.kind, found.borough.code, **_same(found)))


def _same(found: Map) -> dict[str, str]:
    return same_figures(found.scheme, found.category.slug, found.month, found.spans[found.scheme].newest)


def _profile(found: Map, spot: Spot) -> str:
    """The path of the area's profile, that of an LSOA's ward; the borough's where no ward is known."""
    if spot.profile_code:
        return address(Area.Kind.WARD, spot.profile_code)
    assert found.borough is not None  # noqa: S101 - LSOAs are of one borough
    return address(found.borough.kind, found.borough.code)


def _region(found: Map, row: Row, view: View) -> maps.Region:
    value = _shown(row.cell, view)
    label = "not known" if value is None else row.texts[3] if view.measure == RATE else f"{value:,.0f}"
    is_plain = found.by != LSOA and found.borough is not None
    name = row.spot.name if is_plain or not row.spot.within else f"{row.spot.name}, {row.spot.within}"
    return maps.Region(row.spot.pk, name, row.href, value, label, map_words.said(found, row.cell), row.cell.partial)


def _key(
    found: Map, view: View, known: Sequence[float], limits: Sequence[float], cells: Sequence[Cell], unknown: int
) -> list[tuple[SafeString, str]]:
    """(swatch, text) of every class with its number of areas, then of what is unknown and what is partial."""
    one, many = ("LSOA", "LSOAs") if found.by == LSOA else ("ward", "wards")
    method = _KEPT if view.limits else view.method
    made = []
    found_classes = calc.classes(known, limits, method=method)
    whole = view.measure == COUNT
    places = 0 if whole else maps.rate_places(limits)
    for index, (each, shade) in enumerate(zip(found_classes, maps.shades(len(limits)), strict=True)):
        low, high = (f"{end:,.{places}f}" for end in (each.low, each.high))
        over = "over " if index and not whole and method != calc.QUANTILE else ""
        text = low if low == high else f"{over}{low} to {high}"
        made.append((maps.swatch(shade), f"{text} ({each.areas:,} {one if each.areas == 1 else many})"))
    if unknown:
        made.append((maps.swatch(maps.UNKNOWN), f"not known ({unknown:,} {one if unknown == 1 else many})"))
    partial = sum(cell.partial for cell in cells)
    if partial:
        made.append((maps.swatch(maps.SHADES[1], partial=True), f"hatched: reported in part ({partial:,})"))
    return made


def _key_words(view: View) -> str:
    if view.limits:
        return "The classes stay as they are while the month changes."
    return {
        calc.QUANTILE: "Each class has about equally many areas, as far as equal figures allow.",
        calc.EQUAL: "The classes are about equally wide.",
        calc.FIXED: "The classes are equally wide, in round numbers from 0.",
    }[view.method]


def _headings(found: Map, view: View) -> list[Heading]:
    year = found.period == YEAR
    now, before = found.month, back(found.month, 12)
    names = {
        "name": "LSOA" if found.by == LSOA else "Ward",
        "within": "Ward" if found.by == LSOA else "" if found.borough else "Borough",
        "figure": f"12 months to {now:%b %Y}" if year else f"{now:%b %Y}",
        "before": f"to {before:%b %Y}" if year else f"{before:%b %Y}",
        "change": "Change",
        "rate": "Per 1,000",
    }
    return [
        heading(
            column,
            text,
            view.sort,
            lambda turned: _path({**view.query, "sort": turned}),
            numeric=column not in ("name", "within"),
        )
        for column, text in names.items()
        if text
    ]


def _sorts_by(row: Row, column: str) -> float | str | None:
    if column == "within":
        return row.spot.within
    return row.values[("figure", "before", "change", "rate").index(column)]


def _line(row: Row, within: str, marked: str) -> str:
    """One row of the table; every text in it is escaped here."""
    spot = row.spot
    cells = "".join(
        f'<td data-v="{value:g}">{text}</td>' if value is not None else f"<td>{text}</td>"
        for text, value in zip(row.texts, row.values, strict=True)
    )
    mark = ' class="app-map-table__marked"' if spot.code == marked else ""
    lies_in = f'<td class="app-map-table__text">{escape(spot.within)}</td>' if within else ""
    return (
        f'<tr data-area="{spot.pk}"{mark}><th scope="row"><a class="govuk-link" href="{escape(row.href)}">'
        f"{escape(spot.name)}</a></th>{lies_in}{cells}</tr>"
    )


def answer(page: MapPage) -> dict[str, Any]:
    """What the slider fetches: fills, texts and words of another month for the shapes that are there.

    `areas` are by pk: [fill, what is said, the texts of the cells, what each sorts by (None = unknown)].
    """
    by_pk = {row.spot.pk: row for row in page.rows}
    areas = {}
    for region in page.regions:
        row = by_pk[region.area]
        fill = maps.fill(region.value, page.limits, partial=region.partial)
        areas[str(region.area)] = [fill, f"{region.name}: {region.said}", row.texts, row.values]
    return {
        "month": page.month,
        "name": page.month_name,
        "title": f"{page.heading}: {page.caption}",
        "caption": page.caption,
        "mapTitle": page.map_title,
        "query": page.query,
        "profile": page.profile_query,
        "headings": [heading.text for heading in page.headings],
        "labels": maps.write(page.drawing, page.regions, page.limits) if page.has_labels else "",
        "areas": areas,
        "total": page.total.texts if page.total else None,
    }
