"""Polygons with attributes out of GeoJSON, a zipped shapefile or a GeoPackage.

The two binary formats are read by GDAL, whose many other drivers follow references to files and addresses: an uploaded
"shapefile" that is really a VRT would show files of this server. So only three drivers are ever registered, and the
first bytes decide what a file is, not its name.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyproj
import shapely
from numpy.typing import NDArray

from hotspots.importers import archives
from hotspots.importers.base import Refused

GPKG, SHAPEFILE, ZIP = b"SQLite format 3\0", b"\0\0\x27\x0a", b"PK\x03\x04"
_SHAPEFILE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
# GDAL reads this once, when pyogrio is first imported (below, and nowhere else). ALLOWED_DRIVERS is what is left.
ALLOWED_DRIVERS = {"ESRI Shapefile", "GPKG", "GeoJSON"}
os.environ["OGR_SKIP"] = (
    "MEM,PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,MapInfo File,LVBAG,S57,DGN,OGR_VRT,CSV,GML,GPX,LIBKML,KML,"
    "GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,OpenFileGDB,DXF,FlatGeobuf,GeoRSS,VFK,PGDUMP,OSM,GPSBabel,"
    "OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,Elasticsearch,Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,VDV,MVT,NGW,"
    "MapML,GTFS,PMTiles,JSONFG,MiraMonVector,ADBC,AVCBin,AVCE00,AIVector,HTTP"
)
_NAMED_CRS = re.compile(r"(urn:ogc:def:crs:)?(EPSG|OGC)(:[\d.]*)?:\w+")


@dataclass(frozen=True)
class Features:
    """The features of one layer: a list of values per property, and a shape per feature, in `crs` (x, y)."""

    columns: dict[str, list[Any]]
    shapes: NDArray[np.object_]
    crs: pyproj.CRS


def read(content: bytes, *, most: int | None = None) -> Features:
    """The features of a file of any of the three formats, at most so many: more are refused before any is made.

    Raises Refused.
    """
    if content.startswith(GPKG):
        if content[68:70] != b"GP":  # the application id of every version of the format
            raise Refused("The file is an SQLite database, but not a GeoPackage.")
        return _read_binary(content, ".gpkg", "GeoPackage", most)
    if content.startswith(ZIP):
        return _read_zip(content, most)
    return _read_geojson(content, most)


def _crs(definition: Any) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(definition)
    except pyproj.exceptions.CRSError:
        raise Refused(f"The file's coordinate system {str(definition)[:80]!r} is not one we know.") from None


def _check_number(features: int, most: int | None) -> None:
    if most is not None and features > most:
        raise Refused(
            f"The file has {features:,} features; at most {most:,} can be chosen from. Save the wanted alone."
        )


def _read_geojson(content: bytes, most: int | None) -> Features:
    if b"\\u0000" in content:  # the database stores no such character
        raise Refused("The GeoJSON file has zero characters (\\u0000) in its texts: it is damaged.")
    try:
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Refused(f"The file is not whole or not JSON: line {error.lineno}, {error.msg}.") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise Refused("The GeoJSON file has no features: a FeatureCollection with at least one polygon was expected.")
    _check_number(len(features), most)
    named = document.get("crs") or "OGC:CRS84"
    while isinstance(named, dict):  # {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
        named = named.get("properties") or named.get("name")
    if not _NAMED_CRS.fullmatch(str(named)):  # what else PROJ would take for one can be a path
        raise Refused(f"The file's coordinate system {str(named)[:80]!r} is not one we know.")
    crs = _crs(named)
    shapes = []
    columns: dict[str, list[Any]] = {}
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict):
            raise Refused(f"Feature {number} is not a GeoJSON feature.")
        geometry, properties = feature.get("geometry"), feature.get("properties")
        try:
            shapes.append(None if geometry is None else shapely.from_geojson(orjson.dumps(geometry)))
        except (shapely.errors.GEOSException, orjson.JSONEncodeError) as error:  # the latter: nested too deep
            raise Refused(f"Feature {number} has a geometry that cannot be read: {error}.") from None
        for name, value in properties.items() if isinstance(properties, dict) else ():
            columns.setdefault(name, [None] * len(features))[number - 1] = value
    return Features(columns, np.array(shapes, dtype=object), crs)


def _read_zip(content: bytes, most: int | None) -> Features:
    with tempfile.TemporaryDirectory() as folder:
        upload = Path(folder) / "upload.zip"
        upload.write_bytes(content)
        found = []
        # Only parts of a shapefile are written, under names of our own.
        for name, read_member in archives.open_members(upload, wanted=lambda n: n.lower().endswith(_SHAPEFILE_PARTS)):
            suffix = Path(name).suffix.lower()
            if suffix in found:
                raise Refused(f"The zip file holds several {suffix} files: send one shapefile in each zip file.")
            found.append(suffix)
            data = read_member()
            if suffix == ".shp" and not data.startswith(SHAPEFILE):
                raise Refused(f"{name} is not a shapefile, whatever its name.")
            (Path(folder) / f"layer{suffix}").write_bytes(data)
        if not found:
            raise Refused("The zip file holds no shapefile. A zip inside a zip is not opened: send the inner one.")
        if missing := [part for part in (".shp", ".dbf", ".shx") if part not in found]:
            raise Refused(f"The zip file holds no whole shapefile: its {' and '.join(missing)} is missing.")
        return _read_gdal(Path(folder) / "layer.shp", "shapefile", most)


def _read_binary(content: bytes, suffix: str, what: str, most: int | None) -> Features:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"layer{suffix}"
        path.write_bytes(content)
        return _read_gdal(path, what, most)


def _read_gdal(path: Path, what: str, most: int | None) -> Features:
    import pyogrio

    try:
        layers = pyogrio.list_layers(path)
        if len(layers) != 1:
            raise Refused(f"The {what} holds {len(layers)} layers: send one with the boundaries alone.")
        if most is not None:
            _check_number(pyogrio.read_info(path, force_feature_count=True)["features"], most)
        meta, _, wkb, values = pyogrio.raw.read(path, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise Refused(f"The {what} cannot be read: {str(error).replace(str(path), 'it')}.") from None
    if wkb is None or not len(wkb):
        raise Refused(f"The {what} has no features.")
    if not meta["crs"]:
        raise Refused(f"The {what} does not say its coordinate system (a shapefile says it in its .prj file).")
    columns = {name: column.tolist() for name, column in zip(meta["fields"], values, strict=True)}
    try:
        shapes = shapely.from_wkb(wkb)
    except NotImplementedError:
        raise Refused(f"The {what} holds outlines with curves: save them as polygons.") from None
    return Features(columns, shapes, _crs(meta["crs"]))
