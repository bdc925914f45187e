"""Shapes of places as people give them: drawn, pasted, uploaded, chosen from a list, or around a point; and whether one
can be a place.

Every way ends in `judged`, which raises `Refused` with a sentence. Nothing is repaired: what is kept is what was given.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import orjson
import polars as pl
import pyproj
import shapely
from django.core import signing
from django.db.models import Q

from hotspots import points
from hotspots.calc import polygons
from hotspots.calc.metres import area_m2, circle, grown
from hotspots.importers import base, vector
from hotspots.models import Area, Boundary
from hotspots.places import MICRO
from hotspots.register.actions import Drawn
from hotspots.register.boundaries import in_force, shape_of, touched
from partners.refusals import Refused

MOST_BYTES, MOST_UNPACKED = 5_000_000, 50_000_000
# Polygons of one file that somebody can choose from, and the corners that they have together.
MOST_FEATURES, MOST_CORNERS_TO_CHOOSE = 200, 50_000
LEAST_RADIUS, MOST_RADIUS = 25, 1_500
# Around the map points of a street: about what lies on both sides of it.
STREET_M = 50
# How far off a street may be that a point is said to be near.
NEAR_M = 300
_SALT = "hotspots.drawn"
_WGS84 = pyproj.CRS("OGC:CRS84")


@dataclass(frozen=True, slots=True)
class Found:
    """One polygon of a text or a file, and what it is called there."""

    name: str
    shape: shapely.Geometry


def read(text: str, *, on: date, source: str = "given as coordinates") -> Drawn:
    """The shape that a GeoJSON or well-known text gives (several polygons are one shape), judged. Raises Refused."""
    return judged(together(of_text(text)), source, on=on)


def of_text(text: str, field: str = "shape") -> list[Found]:
    """The polygons of a pasted text: a GeoJSON geometry, feature or collection, or well-known text. Raises Refused."""
    if len(text) > polygons.MOST_LETTERS:
        raise Refused(field, f"The text is longer than {polygons.MOST_LETTERS:,} letters. Upload it as a file.")
    text = text.strip().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text:
        raise Refused(field, "Paste the outline as GeoJSON or well-known text.")
    try:
        if not text.startswith(("{", "[")):
            return [Found("the outline", polygons.flat(polygons.from_wkt(text)))]
    except ValueError as problem:
        raise Refused(field, str(problem)) from None
    return _of_features(_as_collection(text, field), field)


def of_file(content: bytes, field: str = "file") -> list[Found]:
    """The polygons of a GeoJSON, GeoPackage or zipped shapefile, at most `MOST_FEATURES`. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise Refused(field, f"The file is larger than {MOST_BYTES // 1_000_000} MB. Save the wanted polygon alone.")
    if content.startswith(vector.SHAPEFILE):
        raise Refused(field, "A shapefile is several files: put the .shp, .dbf, .shx and .prj into one zip file.")
    if content.startswith(vector.ZIP) and _unpacked(content) > MOST_UNPACKED:
        raise Refused(field, f"What the zip holds is larger than {MOST_UNPACKED // 1_000_000} MB.")
    if content.lstrip()[:1] == b"{":
        try:
            content = _as_collection(content.decode(), field)
        except UnicodeDecodeError:
            raise Refused(field, "The GeoJSON file is not in UTF-8: save it so.") from None
    elif not content.startswith((vector.ZIP, vector.GPKG)):
        raise Refused(field, "Choose a GeoJSON file, a GeoPackage or a zipped shapefile; this is something else.")
    return _of_features(content, field)


def together(found: Sequence[Found]) -> shapely.Geometry:
    """One shape of all these polygons, as they are; those that overlap or touch become one."""
    shapes = [one.shape for one in found]
    if len(shapes) == 1 or not all(shapely.is_valid(one) for one in shapes):
        return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapely.get_parts(shapes).tolist())
    return shapely.union_all(shapes)


def of_areas(areas: Collection[Area], *, on: date, field: str = "lsoas") -> Drawn:
    """The ground of some wards or LSOAs, without the slivers between those published one by one. Raises Refused."""
    if not areas:
        raise Refused(field, "Choose at least one.")
    shapes = {pk: shape_of(row) for pk, row in in_force([one.pk for one in areas], on).items()}
    if missing := [one.name for one in areas if one.pk not in shapes]:
        raise Refused(field, f"No boundary is loaded of {', '.join(missing[:5])}. Choose others, or draw the shape.")
    parts = list(shapes.values())
    whole = parts[0] if len(parts) == 1 else without_slivers(shapely.union_all(parts))
    kind = areas and next(iter(areas)).get_kind_display()
    codes = ", ".join(sorted(one.code for one in areas))
    return judged(whole, f"{kind}{'s' if len(areas) > 1 else ''} {codes}"[:200], on=on, field=field)


def around_point(longitude: float, latitude: float, metres: int, *, on: date) -> Drawn:
    """The circle around a point. Raises Refused."""
    if not LEAST_RADIUS <= metres <= MOST_RADIUS:
        raise Refused("radius", f"The radius is {LEAST_RADIUS} to {MOST_RADIUS:,} m.")
    said = f"{metres} m around {latitude:.5f}, {longitude:.5f}"
    return judged(circle(longitude, latitude, metres), said, on=on, field="point")


def around_streets(names: Sequence[str], at: Iterable[tuple[float, float]], *, on: date) -> Drawn:
    """The hull of streets' map points (longitude, latitude), wider by what lies along a street. Raises Refused."""
    hull = shapely.MultiPoint(list(at)).convex_hull
    if hull.is_empty:
        raise Refused("streets", "No map point of these streets is known. Choose others, or draw the shape.")
    return judged(grown(hull, STREET_M), f"around {', '.join(names)}"[:200], on=on, field="streets")


def judged(shape: shapely.Geometry, source: str, *, on: date, field: str = "shape") -> Drawn:
    """A shape that can be a place among the areas in force on a day. One query.

    Raises Refused, about `field`, where it is invalid, too small or too large, or lies where nothing is loaded.
    """
    try:
        shape = polygons.flat(shape)
    except ValueError as problem:
        raise Refused(field, str(problem)) from None
    if wrong := polygons.problem(shape, where):
        raise Refused(field, wrong)
    size = area_m2(shape)
    if size < polygons.LEAST_M2:
        raise Refused(
            field,
            f"The shape is {size:,.0f} m² large; the least is {polygons.LEAST_M2} m². Map points are moved by up to "
            "100 m, so nothing could be counted in it.",
        )
    lying = touched(shape, on)
    if not lying:
        if touched(polygons.swapped(shape), on):
            raise Refused(field, "Longitude and latitude are swapped: give longitude first, such as 0.21874 51.60312.")
        raise Refused(field, "No borough or ward that is loaded lies there. Draw it where figures are loaded.")
    wards = [pair for pair in lying if pair[0].kind == Area.Kind.WARD]
    largest, most = max(((area, area_m2(its)) for area, its in wards or lying), key=lambda pair: pair[1])
    # A whole ward may be one: a thousandth for the rounding of its edge.
    if size > most * 1.001:
        raise Refused(
            field,
            f"The shape is {hectares(size)} large, larger than all of {largest.name} ({hectares(most)}), the largest "
            f"{largest.get_kind_display().lower()} that it touches. Draw the streets where it happens, or several "
            "places.",
        )
    return Drawn(shape, source[:200])


def where(longitude: float, latitude: float) -> str:
    """A point in words: "near High Street (51.60312, 0.21874)", or the coordinates alone."""
    said = f"{latitude:.5f}, {longitude:.5f}"
    near = points.inside([circle(longitude, latitude, NEAR_M)], points.newest_months(1))[0].filter(
        pl.col("street") != ""
    )
    if near.is_empty():
        return f"near {said}"
    off = (pl.col("lon") / MICRO - longitude).pow(2) + ((pl.col("lat") / MICRO - latitude) * 1.6).pow(2)
    return f"near {near.sort(off)['street'][0]} ({said})"


def hectares(square_metres: float) -> str:
    """ "740 m²", "3.2 hectares", "4.81 km²"."""
    if square_metres < 10_000:
        return f"{square_metres:,.0f} m²"
    if square_metres < 1_000_000:
        return f"{square_metres / 10_000:.1f} hectares"
    return f"{square_metres / 1_000_000:.2f} km²"


# --- Between two pages ----------------------------------------------------------------------------------------------


def seal(drawn: Drawn) -> str:
    """A shape that was judged, as a text that a page keeps until it is saved: nobody can change it meanwhile."""
    return signing.dumps([shapely.to_wkb(drawn.shape, hex=True), drawn.source], salt=_SALT, compress=True)


def unseal(text: str) -> Drawn:
    """What was sealed, unchanged. Raises Refused for anything else."""
    try:
        shape, source = signing.loads(text, salt=_SALT)
        return Drawn(shapely.from_wkb(shape), source)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("accepted", "The shape was not sent whole. Give it again.") from None


def seal_found(found: Sequence[Found]) -> str:
    """The polygons of a file until one is chosen. Raises Refused where they are too many corners."""
    if (corners := sum(shapely.get_num_coordinates(one.shape) for one in found)) > MOST_CORNERS_TO_CHOOSE:
        raise Refused("file", f"The polygons have {corners:,} corners together. Save the wanted one alone.")
    parts = [[one.name, shapely.to_wkb(one.shape, hex=True)] for one in found]
    return signing.dumps(parts, salt=f"{_SALT}.found", compress=True)


def unseal_found(text: str) -> list[Found]:
    """The polygons that were sealed. Raises Refused for anything else."""
    try:
        return [Found(name, shapely.from_wkb(shape)) for name, shape in signing.loads(text, salt=f"{_SALT}.found")]
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("file", "The file was not sent whole. Choose it again.") from None


def as_geojson(shape: shapely.Geometry) -> str:
    """The geometry as browsers draw it, every digit kept."""
    return orjson.dumps(shapely.geometry.mapping(shape)).decode()


# --- Lists to choose from -------------------------------------------------------------------------------------------


def streets_of(ward: Area, on: date) -> dict[str, list[tuple[float, float]]]:
    """The streets of a ward by name, with the map points (longitude, latitude) of their newest twelve months."""
    shapes = [shape_of(row) for row in in_force([ward.pk], on).values()]
    if not shapes:
        return {}
    (rows,) = points.inside(shapes, points.newest_months(12))
    found: dict[str, list[tuple[float, float]]] = {}
    for street, lon, lat in rows.select("street", "lon", "lat").unique().sort("street", "lon", "lat").iter_rows():
        if street and street.casefold() != "no location":
            found.setdefault(street, []).append((lon / MICRO, lat / MICRO))
    return found


def lsoas_of(wards: Collection[Area], on: date) -> list[Area]:
    """The LSOAs with a boundary in force whose middle lies in these wards, by name. Two queries."""
    shapes = [shape_of(row) for row in in_force([one.pk for one in wards], on).values()]
    if not shapes:
        return []
    ground = shapely.union_all(shapes)
    west, south, east, north = ground.bounds
    near = list(
        Boundary.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gt=on),
            Q(area__valid_to=None) | Q(area__valid_to__gt=on),
            area__kind=Area.Kind.LSOA,
            west__lte=east,
            east__gte=west,
            south__lte=north,
            north__gte=south,
        ).select_related("area")
    )
    middles = shapely.point_on_surface([shape_of(row) for row in near])
    shapely.prepare(ground)
    inside = shapely.contains(ground, middles)
    found = {row.area for row, within in zip(near, inside, strict=True) if within}
    return sorted(found, key=lambda one: (one.name, one.code))


# --- Reading --------------------------------------------------------------------------------------------------------


def _as_collection(text: str, field: str) -> bytes:
    """A GeoJSON geometry or feature as a collection of one; a collection as it is."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(
            field, f"The GeoJSON is not whole: line {error.lineno}, column {error.colno}, {error.msg}."
        ) from None
    if not isinstance(document, dict) or "type" not in document:
        raise Refused(field, "The text is JSON but not GeoJSON: a geometry, a feature or a collection was expected.")
    if document["type"] == "FeatureCollection":
        return text.encode()
    feature = document if document["type"] == "Feature" else {"type": "Feature", "geometry": document}
    try:
        return orjson.dumps({"type": "FeatureCollection", "features": [feature]} | _crs_of(document))
    except orjson.JSONEncodeError:
        raise Refused(field, "The GeoJSON is nested deeper than any outline is.") from None


def _crs_of(document: dict[str, object]) -> dict[str, object]:
    return {"crs": document["crs"]} if document.get("crs") else {}


def _of_features(content: bytes, field: str) -> list[Found]:
    try:
        features = vector.read(content, most=MOST_FEATURES)
    except base.Refused as problem:
        text = str(problem)
        if "closed linestring" in text or "must be 0 or" in text:
            text = "An outline needs at least three corners, and its last point must be its first one again."
        raise Refused(field, text) from None
    names = _names(features)
    found = []
    for name, shape in zip(names, _in_degrees(features), strict=True):
        try:
            found.append(Found(name, polygons.flat(shape)))
        except ValueError as problem:
            raise Refused(field, f"{name}: {problem}" if len(names) > 1 else str(problem)) from None
    return found


def _in_degrees(features: vector.Features) -> Iterable[shapely.Geometry | None]:
    if features.crs.equals(_WGS84) or features.crs.to_epsg() == 4326:
        return list(features.shapes)
    change = pyproj.Transformer.from_crs(features.crs, _WGS84, always_xy=True).transform
    return [
        shape if shape is None else shapely.transform(shape, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))
        for shape in shapely.force_2d(features.shapes)
    ]


def _names(features: vector.Features) -> list[str]:
    """Each feature's value of the first column that tells them apart, else its number."""
    number = len(features.shapes)
    numbered = [f"Polygon {index}" for index in range(1, number + 1)]
    for column in sorted(features.columns, key=lambda name: "name" not in name.casefold()):
        values = [" ".join(str(value).split())[:60] for value in features.columns[column]]
        if len(set(values)) == number > 1 and all(values) and all(value.isprintable() for value in values):
            return [f"{value} ({base_name})" for value, base_name in zip(values, numbered, strict=True)]
    return numbered


def _unpacked(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return 0  # `vector.read` says what is wrong with it


def without_slivers(shape: shapely.Geometry) -> shapely.Geometry:
    """Holes too small to be a place are gaps between neighbours that were published one by one."""
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if _is_hole(ring)])
        for part in shapely.get_parts(shape)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _is_hole(ring: shapely.Geometry) -> bool:
    return area_m2(shapely.Polygon(ring)) >= polygons.LEAST_M2
