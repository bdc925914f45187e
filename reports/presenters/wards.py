"""The wards page in rows and words, made of what `pages` answered, without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst

from hotspots.coverage import back
from hotspots.models import Area
from reports import maps, notes, sentences
from reports.forms import MEASURES, SCHEMES
from reports.links import Link, address, month_choices, month_value, same_figures, set_name, with_query
from reports.notes import Note
from reports.pages.wards import Wards
from reports.presenters.small_map import SmallMap, small_map
from reports.presenters.ward_table import Row, WardTable, row_of, ward_table
from reports.queries import Place
from reports.schemes import category_choices, sources_of
from reports.sentences import PARTIAL
from reports.words import listed, month_name, rate


@dataclass(frozen=True, slots=True)
class WardsPage:
    """Everything the wards template prints."""

    heading: str
    caption: str
    words: list[str]
    table: WardTable
    map: SmallMap | None
    notes: list[Note]
    source: str
    schemes: list[Link]
    sets: list[Link]
    boroughs: list[tuple[str, str]]
    months: list[tuple[str, str]]
    measures: list[tuple[str, str]]
    category_choices: list[tuple[str, list[tuple[str, str]]]]
    chosen: dict[str, str]
    month_name: str
    profile_href: str


def wards(found: Wards, *, show: str, sort: str, asked: Mapping[str, str]) -> WardsPage:
    """The wards page. `asked` is the query of its address, which links carry over."""
    month = found.month
    rows = [_row(found, ward) for ward in found.ward_set.wards]
    total = _row(found, found.borough)
    nouns = sentences.noun(found.category)
    now_months = [row.now for row in rows]
    carried = {key: value for key, value in asked.items() if value}
    day = found.ward_set.day
    measure = _measure(found, show)
    return WardsPage(
        heading=f"Wards of {found.borough.name}",
        caption=f"{found.category.name}, {month_name(month)}",
        words=[
            sentences.recorded(total.now, found.category, found.borough.name)
            + sentences.against_last_year(total.now, total.before),
            _most(rows, nouns),
            _moved(rows, month),
            _outside(rows, total, nouns, found.borough.name),
        ],
        table=ward_table(
            rows,
            total,
            month,
            caption=f"Wards of {found.borough.name}: {found.category.name}, {month_name(month)}",
            sort=sort,
            address=lambda column: _address({**carried, "sort": column}),
        ),
        map=small_map(
            found.drawing,
            _regions(found, rows, show),
            heading=capfirst(measure),
            title=f"{found.category.name}, {measure}, by ward",
            description=f"Wards of {found.borough.name} shaded by {measure}. The table below has the same figures.",
            is_rate=show == "rate",
        ),
        notes=[
            *notes.ward_set_notes(found.ward_set.valid_from, found.ward_set.valid_to, now_months, month),
            *notes.gap_notes(found.reporting.gaps),
            *([notes.RATES] if show == "rate" else []),
        ],
        source=sentences.source_line(found.releases, sources_of(found.scheme, Area.Kind.WARD)),
        schemes=[
            Link(name, _address({"borough": found.borough.code, "scheme": scheme}), scheme == found.scheme)
            for scheme, name in SCHEMES.items()
            if scheme in found.spans
        ],
        sets=[
            Link(
                f"{len(one.wards)} {set_name(one)}",
                _address({**carried, "wards": one.day.isoformat() if one.day else ""}),
                one is found.ward_set,
            )
            for one in found.sets
        ],
        boroughs=[(borough.code, borough.name) for borough in found.boroughs],
        months=month_choices(found.spans[found.scheme].first, found.spans[found.scheme].last),
        measures=list(MEASURES.items()),
        category_choices=category_choices(found.scheme),
        chosen={
            "borough": found.borough.code,
            "category": found.category.slug,
            "month": month_value(month),
            "scheme": found.scheme,
            "show": show,
            "wards": day.isoformat() if asked.get("wards") and day else "",
        },
        month_name=month_name(month),
        profile_href=total.href,
    )


def _address(query: Mapping[str, str]) -> str:
    return with_query(reverse("reports:wards"), query)


def _row(found: Wards, place: Place) -> Row:
    carried = same_figures(found.scheme, found.category.slug, found.month, found.spans[found.scheme].newest)
    href = address(place.kind, place.code, **carried)
    return row_of(place, found.figures.get(place.pk, {}), found.month, href)


def _measure(found: Wards, show: str) -> str:
    name = month_name(found.month)
    return {"month": f"count in {name}", "year": f"count of the 12 months to {name}", "rate":
            f"rate per 1,000 residents in {name}"}[show]  # fmt: skip


def _regions(found: Wards, rows: Sequence[Row], show: str) -> list[maps.Region]:
    column = {"month": "count", "year": "year", "rate": "rate"}[show]
    made = []
    for row in rows:
        if found.drawing is None or row.place.pk not in found.drawing.shapes:
            continue
        value = row.value(column)
        label = "not known" if value is None else rate(value) if show == "rate" else f"{value:,.0f}"
        partial = row.now.coverage == PARTIAL and show != "year"
        made.append(maps.Region(row.place.pk, row.place.name, row.href, value, label, partial=partial))
    return made


def _most(rows: Sequence[Row], nouns: tuple[str, str]) -> str:
    """The three wards with most in a whole month."""
    if any(row.now.coverage == PARTIAL for row in rows):
        return ""
    known = sorted(
        ((row.now.count, row.place.name) for row in rows if row.now.count), key=lambda item: (-item[0], item[1])
    )
    top = sentences.most(known, lambda count: f"{count:,.0f}")
    return f"The wards with most {nouns[1]} were {top}." if top else ""


def _moved(rows: Sequence[Row], month: date) -> str:
    """The wards that rose and fell most against the same month a year before, with all that did so alike; "" where no
    two months can be compared."""
    changes = [(int(change), row) for row in rows if (change := row.value("change")) is not None]
    said = []
    for sign, verb in ((1, "rose"), (-1, "fell")):
        most = max((sign * change for change, _ in changes), default=0)
        alike = [row for change, row in changes if most > 0 and sign * change == most]
        if len(alike) == 1:
            now, was = alike[0].now.count, alike[0].now.last_year
            said.append(f"{alike[0].place.name} {verb} most (by {most:,}, from {was:,} to {now:,})")
        elif 1 < len(alike) <= 3:
            said.append(f"{listed([row.place.name for row in alike])} {verb} most (by {most:,} each)")
    chance = sentences.by_chance(len(changes), "wards")
    return f"Against {month_name(back(month, 12))}, {listed(said)}. {chance}" if said else ""


def _outside(rows: Sequence[Row], total: Row, nouns: tuple[str, str], borough: str) -> str:
    """How many of the borough's rows fit no ward."""
    counts = [row.now.count for row in rows]
    if total.now.count is None or None in counts:
        return ""
    rest = total.now.count - sum(count for count in counts if count is not None)
    if rest <= 0:
        return ""
    one, many = nouns
    return f"{rest:,} {one if rest == 1 else many} could be placed in {borough} but in none of its wards."
