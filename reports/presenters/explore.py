"""The explore page in drawings, rows and words, made of what `pages` answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from hotspots import categories
from reports import explore_notes, explore_words
from reports.charts.heat import BELOW, SHADES, steps
from reports.charts.lines import MOST
from reports.explore_form import COMPARE, MEASURES, PERIODS, SCALES, SCHEMES, VIEWS, canonical
from reports.links import Link, explore, month_choices, month_value
from reports.notes import Note
from reports.pages.explore import Explored
from reports.presenters.area_chooser import chooser
from reports.presenters.explore_drawings import Drawing, drawings
from reports.presenters.explore_table import table
from reports.queries import Place
from reports.schemes import HEADLINE, category_choices
from reports.words import month_name


@dataclass(frozen=True, slots=True)
class Choices:
    """The form: what can be chosen, and what is."""

    areas: SafeString
    areas_chosen: str
    categories: list[tuple[str, list[tuple[str, str]]]]
    categories_chosen: str
    ticked: set[str]
    lists: list[tuple[str, str, list[tuple[str, str]], str]]
    schemes: list[Link]
    scheme: str


@dataclass(frozen=True, slots=True)
class ExplorePage:
    """Everything that the template prints of a view."""

    heading: str
    caption: str
    sentence: str
    drawings: list[Drawing]
    is_small: bool
    table: SafeString
    heat_key: list[tuple[str, str, str]]
    suggestion: Link | None
    notes: list[Note]
    anchor: str
    source: str
    choices: Choices
    query: str
    downloads: list[Link]
    has_partial: bool
    has_converted: bool


@dataclass(frozen=True, slots=True)
class Start:
    """A view to begin with, and what it is good for."""

    text: str
    href: str
    why: str


def explored(found: Explored) -> ExplorePage:
    """A view of the figures."""
    query = canonical(found.asked)
    return ExplorePage(
        heading=f"{explore_words.category_words(found)}, {explore_words.area_words(found)}",
        caption=f"{_capital(explore_words.measure_words(found))}, {explore_words.span(found)}",
        sentence=explore_words.sentence(found),
        drawings=drawings(found),
        is_small=found.asked["view"] == "multiples",
        table=table(found),
        heat_key=_heat_key(found) if found.asked["view"] == "heat" else [],
        suggestion=_suggestion(found),
        notes=explore_notes.all_notes(found),
        anchor=explore_notes.ANCHORS[found.asked["measure"]],
        source=explore_words.source(found),
        choices=choices(found.asked, found),
        query=query,
        downloads=[
            Link("Excel with notes", f"/explore/download.xlsx?{query}"),
            Link("CSV", f"/explore/download.csv?{query}"),
            Link("Picture (PNG)", f"/explore/download.png?{query}"),
            Link("Drawing (SVG)", f"/explore/download.svg?{query}"),
        ],
        has_partial=any(any(one.partial) for one in found.series),
        has_converted=any(any(one.converted) for one in found.series),
    )


def choices(asked: Mapping[str, Any], found: Explored | None) -> Choices:
    """The form, for a view or for nothing chosen yet."""
    scheme = asked["scheme"]
    listed_choices = category_choices(scheme)
    names = {slug: name for _, options in listed_choices for slug, name in options}
    since = month_value(asked["from"]) if isinstance(asked["from"], date) else asked["from"]
    until = month_value(asked["to"]) if asked["to"] else ""
    months = month_choices(found.first, found.last) if found else []
    newest = f"Newest whole month ({month_name(found.window[-1])})" if found and not until else "Newest whole month"
    lists = [
        ("measure", "Measure", list(MEASURES.items()), asked["measure"]),
        *([("base", "Base month", [("", "First month shown"), *months], _month(asked["base"]))] if asked["measure"] == "index" else []),
        ("from", "Months", [*((key, name if key == "all" else f"Last {name}") for key, name in PERIODS.items()), *((value, f"From {name}") for value, name in months)], since),
        ("to", "Until", [("", newest), *months], until),
        ("view", "Shown as", list(VIEWS.items()), asked["view"]),
        *([("compare", "Compare", list(COMPARE.items()), asked["compare"])] if found and len(found.chosen) > 1 and asked["view"] in ("line", "bar") else []),
        *([("scale", "Scales", list(SCALES.items()), asked["scale"])] if asked["view"] == "multiples" else []),
    ]  # fmt: skip
    return Choices(
        areas=chooser(asked["areas"]),
        areas_chosen=explore_words.area_words(found) if found else "none chosen yet",
        categories=listed_choices,
        categories_chosen=explore_words.category_words(found) if found else names[HEADLINE[scheme]],
        ticked=set(asked["cat"]) or {HEADLINE[scheme]},
        lists=lists,
        schemes=[
            Link(
                name,
                explore(asked["areas"], scheme=key, **{"from": asked["from"], "view": asked["view"]}),
                key == scheme,
            )
            for key, name in SCHEMES.items()
        ],
        scheme=scheme if scheme != categories.POLICE_UK else "",
    )


def starts(borough: Place, neighbours: bool) -> list[Start]:
    """Good views to begin with, of one borough; `neighbours` where there are others to compare it with."""
    wards, name = f"{borough.code}.wards", borough.name
    made = [
        Start(f"All wards of {name}, all crime, last 24 months", explore([wards], view="multiples"), "A small chart for each ward, on one scale."),
        Start(f"Which wards of {name} have most burglary", explore([wards], ["burglary"], view="bar", **{"from": "12"}), "One bar for each ward, 12 months added up."),
        Start(f"Burglary, robbery and vehicle crime in {name}, 36 months", explore([borough.code], ["burglary", "robbery", "vehicle-crime"], **{"from": "36"}), "Three lines in one chart."),
        Start(f"Shoplifting in the wards of {name}, month by month", explore([wards], ["shoplifting"], view="heat", **{"from": "12"}), "A table with shades: where and when."),
        Start(f"Violence per 1,000 residents in the wards of {name}", explore([wards], ["violent-crime"], measure="rate", view="bar", **{"from": "12"}), "A rate beside the counts: read both."),
        Start(f"All crime in {name} against last year", explore([borough.code], measure="change"), "Each month less the same month a year before."),
    ]  # fmt: skip
    if neighbours:
        made.append(
            Start(
                "All boroughs, 12 months' count",
                explore(["boroughs"], measure="rolling", view="multiples"),
                "The long run of each borough.",
            )
        )
    return made


def _month(month: date | None) -> str:
    return month_value(month) if month else ""


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _suggestion(found: Explored) -> Link | None:
    """Small charts, where lines are too many to tell apart."""
    together = len(found.chosen) if found.asked["compare"] == "categories" else len(found.areas)
    if found.asked["view"] != "line" or together <= MOST:
        return None
    return Link("Show each line in a small chart of its own", _changed(found, view="multiples"))


def _changed(found: Explored, **changes: Any) -> str:
    return f"/explore/?{canonical({**found.asked, **changes})}"


def _heat_key(found: Explored) -> list[tuple[str, str, str]]:
    """(class, shade, what it stands for) of each shade, smallest first."""
    values = [value for one in found.series for value in one.values if value is not None]
    step, text = steps(values), explore_words.number(found.asked["measure"])
    if not step:
        return []
    made = []
    if min(values) < 0:
        made += [(f"app-heat-below-{i}", BELOW[i], f"to {text(-step * (i + 1))}") for i in reversed(range(len(BELOW)))]
    made += [(f"app-heat-{i}", SHADES[i], f"to {text(step * (i + 1))}") for i in range(len(SHADES))]
    return made
