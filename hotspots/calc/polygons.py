"""Polygons that people give as text, and what is wrong with a polygon, in sentences. Longitude and latitude (WGS84)."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import shapely

# What a shape may consist of: more is a mistake, or more than a page can draw.
MOST_CORNERS, MOST_PARTS, LEAST_M2 = 10_000, 20, 500
MOST_LETTERS = 1_000_000
WORLD = shapely.box(-180, -90, 180, 90)
# Eastings and northings of the British National Grid, in metres.
GRID = shapely.box(1_000, 1_000, 700_000, 1_300_000)
_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;\s*", re.IGNORECASE)
_PLACE = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)\]")
_NOT_CLOSED = ("do not form a closed", "must be 0 or")
# More than any outline needs. The reader calls itself at each, and ends the process where they are tens of thousands.
_NESTED = re.compile(r"(?:\([^()]*){8}")


def from_wkt(text: str) -> shapely.Geometry:
    """The geometry of a well-known text, perhaps with SRID=4326 before it. Raises ValueError with a sentence."""
    if srid := _SRID.match(text):
        if srid[1] != "4326":
            raise ValueError(f"The text says coordinate system {srid[1]}; give longitude and latitude (4326).")
        text = text[srid.end() :]
    neither = "This is neither GeoJSON nor well-known text. GeoJSON begins with {, well-known text with POLYGON."
    if _NESTED.search(text):
        raise ValueError(neither)
    try:
        with np.errstate(invalid="ignore"):  # "nan" is a number to it; `problem` says so
            return shapely.from_wkt(text.strip())
    except shapely.errors.GEOSException as error:
        if any(part in str(error) for part in _NOT_CLOSED):
            raise ValueError(
                "An outline needs at least three corners, and its last point must be its first one again."
            ) from None
        raise ValueError(neither) from None
    except NotImplementedError:
        raise ValueError("This is an outline with curves. Give a Polygon or a MultiPolygon.") from None


def flat(shape: shapely.Geometry | None) -> shapely.Geometry:
    """The polygon or polygons without heights. Raises ValueError where there is none or it is something else."""
    if shape is None or shape.is_empty:
        raise ValueError("The shape is empty. Draw an outline around the place.")
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"This is a {shape.geom_type}, not an outline. Give a Polygon or a MultiPolygon.")
    return shapely.force_2d(shape)


def problem(shape: shapely.Geometry, where: Callable[[float, float], str]) -> str:
    """What is wrong with a shape by itself, in a sentence; "" where nothing is.

    `where` says a longitude and latitude in words: "near High Street". Sizes and areas are asked of others.
    """
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all():
        return "The shape has a point without coordinates."
    if len(points) > MOST_CORNERS:
        return (
            f"The shape has {len(points):,} corners; at most {MOST_CORNERS:,} can be kept. Simplify it: map points are "
            "moved by up to 100 m, so a fine outline tells nothing more."
        )
    if (parts := shapely.get_num_geometries(shape)) > MOST_PARTS:
        return f"The shape has {parts:,} separate parts; at most {MOST_PARTS} can be one place."
    bounds = shapely.box(*shape.bounds)
    if not WORLD.covers(bounds):
        if GRID.covers(bounds):
            return (
                "The coordinates are in metres of the British National Grid. Give longitude and latitude (WGS84), or "
                "upload a file that says its coordinate system."
            )
        return "The coordinates are no longitudes (-180 to 180) and latitudes (-90 to 90)."
    if shapely.is_valid(shape):
        return ""
    reason = shapely.is_valid_reason(shape)
    found = _PLACE.search(reason)
    place = f" {where(float(found[1]), float(found[2]))}" if found else ""
    # The words are those of GEOS, whose list is short: anything else is said in general.
    for word, sentence in _INVALID.items():
        if word in reason:
            return sentence.format(place=place)
    return f"The outline is not that of an area{place}. Draw it again."


_INVALID = {
    "Self-intersection": "The outline crosses itself{place}. Move a corner so that it does not: nothing was repaired.",
    "Hole lies outside": "A hole lies outside the outline{place}. Remove it, or move it inside.",
    "Holes are nested": "A hole lies in another hole{place}. Remove one of them.",
    "Nested shells": "One part lies inside another{place}. Remove the inner one, or make it a hole.",
    "Interior is disconnected": "A hole cuts the shape into two{place}. Give it as two parts.",
    "Too few points": "An outline needs at least three corners{place}.",
    "Duplicate Rings": "The same outline is there twice{place}. Remove one.",
}


def swapped(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape with longitude and latitude exchanged."""
    return shapely.transform(shape, lambda points: points[:, ::-1])
