"""The map's downloads: the drawing with title, key, date and source in it, and its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from partners import csvs
from reports import images
from reports.exports import PICTURE_WIDTH, PNG, SVG, download, today
from reports.presenters.map import MapPage


def csv(made: MapPage) -> HttpResponseBase:
    """The table: a row for each area, in the order shown, and for the borough."""
    changes = "More than a year before"
    header = [changes if heading.text == "Change" else heading.text for heading in made.headings]
    return csvs.response(f"{_name(made)}.csv", ["Code", *header, "Reported in part", "Converted"], _rows(made))


def svg(made: MapPage) -> HttpResponse:
    """The map as a drawing."""
    return download(_picture(made).encode(), SVG, f"{_name(made)}.svg")


def png(made: MapPage) -> HttpResponse:
    """The same as a picture."""
    return download(images.to_png(_picture(made), width=PICTURE_WIDTH), PNG, f"{_name(made)}.png")


DOWNLOADS: dict[str, Callable[[MapPage], HttpResponseBase]] = {"csv": csv, "svg": svg, "png": png}


def _name(made: MapPage) -> str:
    return f"map-{made.chosen['borough']}-{made.chosen['by']}-{made.chosen['category']}-{made.month}"


def _picture(made: MapPage) -> str:
    title = f"{made.heading}: {made.caption}"
    return images.standalone(
        made.picture,
        title=title,
        subtitle=made.map_title,
        lines=[f"{made.source}. Drawn {today()}.", *made.attribution],
        width=900,
    )


def _rows(made: MapPage) -> Iterator[list[Any]]:
    for row in [*made.rows, *([made.total] if made.total else [])]:
        within = [row.spot.within] if made.within else []
        marks = ["yes" if row.cell.partial else "", "yes" if row.cell.converted else ""]
        yield [row.spot.code, row.spot.name, *within, *row.values, *marks]
