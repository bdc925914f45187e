"""What the explore page's form offers, and views to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from hotspots import categories
from reports.forms.explore import ALL_BOROUGHS, COMPARE, MEASURES, PERIODS, SCALES, SCHEMES, VIEWS
from reports.links import Link, explore, month_choices, month_value
from reports.pages.explore import Explored
from reports.presenters import explore_words
from reports.presenters.area_chooser import choose_from_all, chosen_alone
from reports.queries import Place
from reports.schemes import HEADLINE, category_choices
from reports.words import month_name


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose one from: (value, text) of each, and the one chosen."""

    name: str
    label: str
    options: Iterable[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The form: what can be chosen, and what is."""

    # All areas; of a view, those that it shows, and `all_areas` is where to choose from all.
    areas: SafeString
    all_areas: str
    areas_chosen: str
    categories: list[tuple[str, list[tuple[str, str]]]]
    categories_chosen: str
    categories_usual: str
    ticked: set[str]
    selects: list[Select]
    schemes: list[Link]
    # For the address: "" where it is the usual one.
    scheme: str


@dataclass(frozen=True, slots=True)
class Start:
    """A view to begin with, and what it is good for."""

    text: str
    href: str
    why: str


def choices(asked: Mapping[str, Any], found: Explored | None) -> Choices:
    """The form, for a view or, without one, for nothing chosen yet."""
    scheme = asked["scheme"]
    offered = category_choices(scheme)
    names = {slug: name for _, options in offered for slug, name in options}
    usual = f"{names[HEADLINE[scheme]]}, unless you tick others"
    carried = {"from": asked["from"], "view": asked["view"]}
    return Choices(
        areas=chosen_alone(found) if found else choose_from_all(()),
        all_areas=explore((), asked["cat"], scheme=scheme, **carried) if found else "",
        areas_chosen=explore_words.area_words(found) if found else "none chosen yet",
        categories=offered,
        categories_chosen=explore_words.category_words(found) if found else usual,
        categories_usual=usual,
        # Nothing is ticked unasked: whoever ticks one type wants that type alone.
        ticked=set(asked["cat"]),
        selects=_selects(asked, found),
        schemes=[
            Link(name, explore(asked["areas"], scheme=other, **carried), other == scheme)
            for other, name in SCHEMES.items()
        ],
        scheme=scheme if scheme != categories.POLICE_UK else "",
    )


def _selects(asked: Mapping[str, Any], found: Explored | None) -> list[Select]:
    """The lists; those that mean something to one measure or drawing only with it."""
    months = month_choices(found.first, found.last) if found else []
    newest = "Newest whole month"
    if found and not asked["to"]:
        newest += f" ({month_name(found.window[-1])})"
    periods = [(key, name if key == "all" else f"Last {name}") for key, name in PERIODS.items()]
    beginnings = [(value, f"From {name}") for value, name in months]
    made = [Select("measure", "Measure", MEASURES.items(), asked["measure"])]
    if asked["measure"] == "index":
        made.append(Select("base", "Base month", [("", "First month shown"), *months], _value(asked["base"])))
    made.append(Select("from", "Months", [*periods, *beginnings], _value(asked["from"])))
    made.append(Select("to", "Until", [("", newest), *months], _value(asked["to"])))
    made.append(Select("view", "Shown as", VIEWS.items(), asked["view"]))
    if found and min(len(found.chosen), len(found.areas)) > 1 and asked["view"] in ("line", "bar"):
        made.append(Select("compare", "Compare", COMPARE.items(), asked["compare"]))
    if asked["view"] == "multiples":
        made.append(Select("scale", "Scales", SCALES.items(), asked["scale"]))
    return made


def _value(asked: date | str | None) -> str:
    return month_value(asked) if isinstance(asked, date) else asked or ""


def starts(borough: Place, *, has_others: bool) -> list[Start]:
    """Good views to begin with, of one borough; `has_others` where there are boroughs to compare it with."""
    wards, whole, name = [f"{borough.code}.wards"], [borough.code], borough.name
    year, three_years = {"from": "12"}, {"from": "36"}
    three = ["burglary", "robbery", "vehicle-crime"]
    made = [
        Start(
            f"All wards of {name}, all crime, last 24 months",
            explore(wards, view="multiples"),
            "A small chart for each ward, on one scale.",
        ),
        Start(
            f"Which wards of {name} have most burglary",
            explore(wards, ["burglary"], view="bar", **year),
            "One bar for each ward, 12 months added up.",
        ),
        Start(
            f"Burglary, robbery and vehicle crime in {name}, 36 months",
            explore(whole, three, **three_years),
            "Three lines in one drawing.",
        ),
        Start(
            f"Shoplifting in the wards of {name}, month by month",
            explore(wards, ["shoplifting"], view="heat", **year),
            "A table with shades: where and when.",
        ),
        Start(
            f"Violence per 1,000 residents in the wards of {name}",
            explore(wards, ["violent-crime"], measure="rate", view="bar", **year),
            "A rate is to be read beside the count.",
        ),
        Start(
            f"Which wards of {name} changed most against last year",
            explore(wards, measure="change", view="bar", **year),
            "All crime, 12 months less the 12 before.",
        ),
    ]
    if has_others:
        href = explore([ALL_BOROUGHS], measure="rolling", view="multiples")
        made.append(Start("All boroughs, 12 months' count", href, "The long run of each borough."))
    return made
