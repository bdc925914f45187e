"""Boundaries of wards, LSOAs and boroughs: GeoJSON, zipped shapefiles and GeoPackages in any coordinate system.

A file is taken whole or refused with the feature and the reason. Shapes are never repaired: what is stored is what was
published. Published boundaries are often generalised one by one, which leaves slivers between neighbours; overlaps and
gaps up to `SLIVER` metres wide are such slivers and are let pass.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from hotspots.importers import areas, vector
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.models import Area, Boundary

NAME = "Boundaries"
SLIVER = 5.0  # metres
SIMPLIFY: dict[str, float] = {Area.Kind.LSOA: 10.0, Area.Kind.WARD: 20.0, Area.Kind.BOROUGH: 20.0}  # metres
WGS84, BRITISH_GRID = pyproj.CRS(4326), pyproj.CRS(27700)
UNITED_KINGDOM = shapely.box(-9.0, 49.0, 2.5, 61.5)

Shapes = NDArray[np.object_]


def recognises(head: Head) -> bool:
    """GeoJSON features, a GeoPackage, or a zipped shapefile. Refuses TopoJSON and a bare .shp.

    The only zips that get here are those and office documents: the others are opened before.
    """
    start = head.start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(vector.SHAPEFILE):
        raise Refused(
            "A shapefile is several files: put the .shp, .dbf, .shx and .prj into one zip file and send that."
        )
    if start.startswith(b"{") and b'"Topology"' in start[:200]:
        raise Refused("This is TopoJSON: save it as GeoJSON and send that.")
    if start.startswith(vector.ZIP):
        return b"[Content_Types].xml" not in start
    return start.startswith(vector.GPKG) or (start.startswith(b"{") and b'"Feature' in start)


def load(file: SourceFile, quality: Quality, options: Options) -> bool:
    """Stores the file's areas and shapes. True if anything changed. Raises Refused."""
    features = vector.read(file.content)
    quality.rows_read = len(features.shapes)
    kind, codes, names, boroughs = _identify(features)
    labels = [f"{code} ({name})" if name else code for code, name in zip(codes, names, strict=True)]
    _check_shapes(features.shapes, labels)
    shapes, metric = _project(features)
    _check_coverage(metric, labels)
    outlines = _transform(shapely.coverage_simplify(metric, SIMPLIFY[kind]), BRITISH_GRID, WGS84)

    changed = False
    parents: dict[str, int | None] = {}
    if boroughs:
        by_code, _, changed = areas.save(Area.Kind.BOROUGH, dict(boroughs))
        parents = {code: by_code[borough].id for code, (borough, _) in zip(codes, boroughs, strict=True)}
    by_code, _, saved = areas.save(kind, dict(zip(codes, names, strict=True)), parents)
    stored = [by_code[code] for code in codes]
    changed |= saved
    if kind == Area.Kind.WARD:
        valid_from = _day(features, options)
        shaped = set(Boundary.objects.filter(area__in=stored).values_list("area_id", flat=True))
        new = {area.code for area in stored if area.id not in shaped}
        changed |= areas.put_in_force(stored, new, valid_from, _same_ground(stored, shapes), quality)
    changed |= _store(stored, shapes, outlines, options.valid_from, file.name, quality)
    for finer in (Area.Kind.WARD, Area.Kind.LSOA):
        changed |= areas.adopt_orphans(finer)
    quality.rows_kept = len(codes)
    if not changed:
        quality.note("All of these boundaries were stored already: nothing changed.")
    return changed


def _identify(features: vector.Features) -> tuple[str, list[str], list[str], list[tuple[str, str]]]:
    """(kind, codes, names, (code, name) of each one's borough or empty), from whatever columns have them."""
    columns = {name: [areas.text(value) for value in values] for name, values in features.columns.items()}
    found = areas.code_columns(columns)
    if not found:
        if any(sum(map(bool, map(areas.MSOA.fullmatch, values))) for values in columns.values()):
            raise Refused("The file holds MSOAs, which are not used here: send wards, LSOAs or boroughs.")
        raise Refused(
            "No column holds codes of wards (E05...), LSOAs (E01...) or boroughs (E09..., E08..., E07..., E06...). "
            f"The columns are: {', '.join(columns) or 'none'}."
        )
    kind, column = next(iter(found.items()))
    codes = columns[column]
    for number, code in enumerate(codes, 1):
        if areas.kind_of(code) != kind:
            problem = (
                f"has the code {code!r}, which is not that of a {Area.Kind(kind).label}" if code else "has no code"
            )
            raise Refused(f"Feature {number} {problem} (column {column}).")
    if repeated := [code for code, times in Counter(codes).items() if times > 1]:
        raise Refused(f"The code {repeated[0]} stands at more than one feature (column {column}).")
    name = areas.name_column(column, columns)
    names = columns[name] if name else [""] * len(codes)
    borough = found.get(Area.Kind.BOROUGH) if kind != Area.Kind.BOROUGH else None
    if borough is None:
        return kind, codes, names, []
    borough_name = areas.name_column(borough, columns)
    borough_names = columns[borough_name] if borough_name else [""] * len(codes)
    for number, code in enumerate(columns[borough], 1):
        if areas.kind_of(code) != Area.Kind.BOROUGH:
            raise Refused(f"Feature {number} ({codes[number - 1]}) has no borough code (column {borough}).")
    return kind, codes, names, list(zip(columns[borough], borough_names, strict=True))


def _day(features: vector.Features, options: Options) -> date | None:
    """The first day of the file's wards: the sender's word, else a `valid_from` property that all features share."""
    said = {
        areas.text(value)
        for name, values in features.columns.items()
        if name.lower() == "valid_from"
        for value in values
    }
    if options.valid_from or not said:
        return options.valid_from
    try:
        (day,) = said
        return date.fromisoformat(day[:10])
    except ValueError:
        raise Refused("The features' valid_from must be one and the same day, written YYYY-MM-DD.") from None


# --- Checks ---------------------------------------------------------------------------------------------------------


def _check_shapes(shapes: Shapes, labels: Sequence[str]) -> None:
    for shape, label in zip(shapes, labels, strict=True):
        if shape is None or shape.is_empty:
            raise Refused(f"{label} has no shape.")
        if shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise Refused(f"{label} is a {shape.geom_type}, not a polygon.")
    valid = shapely.is_valid(shapes)
    if not valid.all():
        first = int(np.flatnonzero(~valid)[0])
        more = f" ({(~valid).sum() - 1} more are invalid too)" if (~valid).sum() > 1 else ""
        raise Refused(f"{labels[first]} has an invalid ring: {shapely.is_valid_reason(shapes[first])}{more}.")


def _project(features: vector.Features) -> tuple[Shapes, Shapes]:
    """The shapes in WGS84 and in metres of the British National Grid."""
    shapes, crs = shapely.force_2d(features.shapes), features.crs
    degrees = np.abs(shapely.total_bounds(shapes)).max() <= 180
    if crs.is_geographic and not degrees:
        raise Refused("The coordinates look like metres (British National Grid), but the file says they are degrees.")
    if not crs.is_geographic and degrees:
        raise Refused(f"The coordinates look like degrees, but the file says its coordinate system is {crs.name}.")
    wgs84 = _transform(shapes, crs, WGS84)
    bounds = shapely.box(*shapely.total_bounds(wgs84))
    if not UNITED_KINGDOM.contains(bounds):
        swapped = UNITED_KINGDOM.contains(shapely.transform(bounds, lambda points: points[:, ::-1]))
        reason = ": latitude and longitude are swapped" if swapped else f" (by its coordinate system, {crs.name})"
        raise Refused(f"The shapes lie outside the United Kingdom{reason}.")
    return wgs84, _transform(shapes, crs, BRITISH_GRID)


def _transform(shapes: Shapes, source: pyproj.CRS, target: pyproj.CRS) -> Shapes:
    if source.equals(target):
        return shapes
    transform = pyproj.Transformer.from_crs(source, target, always_xy=True).transform
    moved: Shapes = shapely.transform(shapes, lambda points: np.column_stack(transform(points[:, 0], points[:, 1])))
    return moved


def _check_coverage(metric: Shapes, labels: Sequence[str]) -> None:
    """Refuses overlaps and enclosed gaps that are wider than a sliver."""
    tree = shapely.STRtree(metric)
    one, other = tree.query(metric, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(metric[one], metric[other])
    wide = np.flatnonzero(~shapely.is_empty(shapely.buffer(shared, -SLIVER / 2)))
    if len(wide):
        worst = wide[np.argmax(shapely.area(shared[wide]))]
        more = f" ({len(wide) - 1} more pairs overlap too)" if len(wide) > 1 else ""
        raise Refused(
            f"{labels[one[worst]]} and {labels[other[worst]]} overlap by {shapely.area(shared[worst]):,.0f} m²{more}."
        )
    # Grown by half a sliver on each side, the areas close every sliver: a hole that is left is wider.
    grown = shapely.buffer(shapely.union_all(metric), SLIVER / 2)
    for ring in (ring for part in shapely.get_parts(grown) for ring in part.interiors):
        gap = shapely.Polygon(ring).buffer(SLIVER / 2)
        around = [labels[index] for index in sorted(tree.query(gap, predicate="dwithin", distance=SLIVER))]
        raise Refused(f"There is a gap of {gap.area:,.0f} m² that belongs to no area, between {', '.join(around[:6])}.")


# --- Storing --------------------------------------------------------------------------------------------------------


def _same_ground(stored: Sequence[Area], shapes: Shapes) -> list[Area]:
    """Stored wards that are not in the file and lie where it does; of the same boroughs, also those without a shape."""
    rest = Area.objects.filter(kind=Area.Kind.WARD).exclude(id__in=[area.id for area in stored])
    found = list(rest.filter(boundaries=None, parent__in={area.parent_id for area in stored} - {None}))
    shaped = list(Boundary.objects.filter(area__in=rest).select_related("area"))
    if shaped:
        middles = shapely.point_on_surface(shapely.from_wkb([bytes(boundary.shape) for boundary in shaped]))
        hit = np.unique(shapely.STRtree(shapes).query(middles, predicate="intersects")[0])
        found += [shaped[index].area for index in hit]
    return found


def _store(
    stored: Sequence[Area], shapes: Shapes, outlines: Shapes, valid_from: date | None, source: str, quality: Quality
) -> bool:
    """Writes the boundaries that are new or different. Wards' shapes have their ward's dates."""
    days = [(area.valid_from, area.valid_to) if area.kind == Area.Kind.WARD else (valid_from, None) for area in stored]
    known = {(row.area_id, row.valid_from): row for row in Boundary.objects.filter(area__in=stored)}
    rounded = shapely.transform(outlines, lambda points: np.round(points, 5))
    written = []
    for area, shape, outline, (since, until) in zip(stored, shapes, rounded, days, strict=True):
        wkb: bytes = shapely.to_wkb(shape)
        row = known.get((area.id, since))
        if row and bytes(row.shape) == wkb:
            continue
        if row and (old := shapely.from_wkb(bytes(row.shape))).intersection(shape).area < 0.5 * old.area:
            quality.note(f"{area.code} ({area.name}): the new shape shares less than half of the one stored before.")
        west, south, east, north = shape.bounds
        geometry: Any = json.loads(shapely.to_geojson(outline))
        written.append(
            Boundary(area=area, valid_from=since, valid_to=until, shape=wkb, outline=geometry, west=west, south=south,
                     east=east, north=north, source=source[:200])
        )  # fmt: skip
    replaced = [known[key].id for row in written if (key := (row.area_id, row.valid_from)) in known]
    Boundary.objects.filter(id__in=replaced).delete()
    Boundary.objects.bulk_create(written)
    if replaced:
        quality.note(f"Shapes that took the place of those stored before: {len(replaced)}.")
    return bool(written)
