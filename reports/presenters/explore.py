"""The explore page in drawings, rows and words, made of what `pages` answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from reports.charts.heat import BELOW, SHADES, steps
from reports.forms.explore import canonical
from reports.links import Link
from reports.notes import Note
from reports.pages.explore import Explored
from reports.presenters import explore_notes, explore_words
from reports.presenters.explore_choices import Choices, choices
from reports.presenters.explore_drawings import Drawing, drawings
from reports.presenters.explore_table import table

DOWNLOADS = {"xlsx": "Excel with notes", "csv": "CSV", "png": "Picture (PNG)", "svg": "Drawing (SVG)"}

# Up to so many columns a table stands beside its drawing where the screen is wide.
BESIDE = 3


@dataclass(frozen=True, slots=True)
class ExplorePage:
    """Everything that the template prints of a view."""

    heading: str
    caption: str
    sentence: str
    drawings: list[Drawing]
    is_small: bool
    is_beside: bool
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


def explored(found: Explored) -> ExplorePage:
    """A view of the figures."""
    query, made = canonical(found.asked), drawings(found)
    return ExplorePage(
        heading=explore_words.heading(found),
        caption=f"{capfirst(explore_words.measure_words(found))}, {explore_words.span(found)}",
        sentence=explore_words.sentence(found),
        drawings=made,
        is_small=found.asked["view"] == "multiples",
        is_beside=found.asked["view"] in ("line", "bar") and len(found.series) <= BESIDE,
        table=table(found),
        heat_key=_heat_key(found) if found.asked["view"] == "heat" else [],
        suggestion=_suggestion(found, made),
        notes=explore_notes.all_notes(found),
        anchor=explore_notes.ANCHORS[found.asked["measure"]],
        source=explore_words.source(found),
        choices=choices(found.asked, found),
        query=query,
        downloads=[
            Link(text, f"{reverse('reports:explore-file', kwargs={'kind': kind})}?{query}")
            for kind, text in DOWNLOADS.items()
        ],
        has_partial=any(any(one.partial) for one in found.series),
        has_converted=any(any(one.converted) for one in found.series),
    )


def _suggestion(found: Explored, made: list[Drawing]) -> Link | None:
    """Small charts, where lines are too many to tell apart."""
    if not any(drawing.line for drawing in made):
        return None
    return Link("Show each line in a small chart of its own", _changed(found, view="multiples"))


def _changed(found: Explored, **changes: Any) -> str:
    return f"{reverse('reports:explore')}?{canonical({**found.asked, **changes})}"


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
