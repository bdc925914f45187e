"""Boundaries: what is stored, and what is refused with which words."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely
from django.db import transaction

from hotspots.importers import boundaries
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.models import Area, Boundary

pytestmark = pytest.mark.django_db
MAY_2022 = date(2022, 5, 5)


def source(content: bytes | dict[str, Any], name: str = "wards.geojson") -> SourceFile:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SourceFile(name, data, hashlib.sha256(data).hexdigest())


def load(content: bytes | dict[str, Any], valid_from: date | None = None, name: str = "wards.geojson") -> Quality:
    quality = Quality()
    file = source(content, name)
    assert boundaries.recognises(Head(file.name, file.content[:4096]))
    with transaction.atomic():
        boundaries.load(file, quality, Options(valid_from=valid_from))
    return quality


def feature(
    code: str | None, west: float, south: float = 51.5, size: float = 0.01, **properties: Any
) -> dict[str, Any]:
    shape = shapely.box(west, south, west + size, south + size)
    return {
        "type": "Feature",
        "properties": {"WD22CD": code, "WD22NM": f"Ward {code}", **properties},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def collection(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


TWO = collection(
    feature("E05000001", 0.10, LAD22CD="E09000016", LAD22NM="Havering"),
    feature("E05000002", 0.11, LAD22CD="E09000016", LAD22NM="Havering"),
)


def test_wards_boroughs_shapes_and_outlines_are_stored() -> None:
    quality = load(TWO)
    wards = Area.objects.filter(kind="ward").order_by("code")
    assert [(w.code, w.name, w.parent.code if w.parent else "") for w in wards] == [
        ("E05000001", "Ward E05000001", "E09000016"),
        ("E05000002", "Ward E05000002", "E09000016"),
    ]
    borough = Area.objects.get(kind="borough")
    assert (borough.name, quality.rows_read, quality.rows_kept) == ("Havering", 2, 2)
    row = Boundary.objects.get(area=wards[0])
    assert shapely.from_wkb(bytes(row.shape)).equals(shapely.box(0.10, 51.5, 0.11, 51.51))
    assert (row.west, row.south, row.east, row.north, row.source) == (0.10, 51.5, 0.11, 51.51, "wards.geojson")
    assert row.outline["type"] == "Polygon"


def test_names_hold_nothing_that_cannot_be_printed() -> None:
    """A picture or a spreadsheet with a control character in it does not open."""
    file = collection(feature("E05000001", 0.1, WD22NM="Elm\x0b \x1fPark\u202e"))
    load(json.dumps(file).encode())
    assert Area.objects.get(code="E05000001").name == "Elm Park"
    assert "nothing changed" in str(load(json.dumps(file).encode()).notes)


def test_the_same_file_again_changes_nothing_and_says_so() -> None:
    load(TWO)
    ids = set(Boundary.objects.values_list("id", flat=True))
    quality = Quality()
    assert boundaries.load(source(TWO), quality, Options()) is False
    assert quality.notes == ["All of these boundaries were stored already: nothing changed."]
    assert set(Boundary.objects.values_list("id", flat=True)) == ids


def test_national_grid_is_stored_as_longitude_and_latitude() -> None:
    to_grid = pyproj.Transformer.from_crs(4326, 27700, always_xy=True).transform
    moved = json.loads(json.dumps(TWO))
    for item in moved["features"]:
        item["geometry"]["coordinates"] = [[list(to_grid(*point)) for point in item["geometry"]["coordinates"][0]]]
    moved["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    load(moved)
    row = Boundary.objects.get(area__code="E05000001")
    assert (row.west, row.south) == pytest.approx((0.10, 51.5), abs=1e-7)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (collection(), "no features"),
        (collection(feature("E05000001", 0.1), feature("E05000001", 0.2)), "E05000001 stands at more than one feature"),
        (collection(feature("E05000001", 0.1), feature(None, 0.2)), "Feature 2 has no code"),
        (
            collection(feature("E05000001", 0.1), feature("E05000003", 0.3), feature("Cranham", 0.2)),
            "Feature 3 has the code 'Cranham', which is not that of a Ward",
        ),
        (collection(feature("E02000464", 0.1)), "MSOAs, which are not used here"),
        (collection(feature("hello", 0.1)), "No column holds codes of wards"),
        (
            collection(feature("E05000001", 0.1), feature("E05000002", 0.105)),
            "E05000001 (Ward E05000001) and E05000002 (Ward E05000002) overlap by",
        ),
        (collection(feature("E05000001", 51.5, south=0.1)), "latitude and longitude are swapped"),
        (collection(feature("E05000001", 12.0, south=41.9)), "outside the United Kingdom"),
        (collection(feature("E05000001", 550000, south=180000, size=1000)), "look like metres (British National Grid)"),
        (
            collection(feature("E05000001", 0.1), crs={"type": "name", "properties": {"name": "EPSG:27700"}}),
            "look like degrees, but the file says",
        ),
        (collection(feature("E05000001", 0.1), crs={"type": "name", "properties": {"name": "moon"}}), "'moon'"),
        (
            collection({**feature("E05000001", 0.1), "geometry": {"type": "Point", "coordinates": [0.1, 51.5]}}),
            "is a Point, not a polygon",
        ),
        (collection({**feature("E05000001", 0.1), "geometry": None}), "has no shape"),
        (
            collection({**feature("E05000001", 0.1), "geometry": {"type": "Polygon", "coordinates": [[[0.1, 51.5]]]}}),
            "Feature 1 has a geometry that cannot be read",
        ),
    ],
)
def test_refused_with_the_feature_and_the_reason(content: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        load(content)
    assert words in str(refused.value)
    assert not Area.objects.exists()


def test_an_invalid_ring_is_named_and_not_repaired() -> None:
    bow_tie = feature("E05000001", 0.1)
    bow_tie["geometry"]["coordinates"] = [[[0.1, 51.5], [0.2, 51.6], [0.2, 51.5], [0.1, 51.6], [0.1, 51.5]]]
    with pytest.raises(Refused, match=r"E05000001 \(Ward E05000001\) has an invalid ring: Self-intersection"):
        load(collection(bow_tie))


def test_a_gap_between_areas_is_refused_and_its_neighbours_named() -> None:
    ring = [feature(f"E0500000{n}", 0.1 + 0.01 * (n % 3), 51.5 + 0.01 * (n // 3)) for n in range(9) if n != 4]
    with pytest.raises(Refused, match=r"a gap of .* m² that belongs to no area, between E05000000"):
        load(collection(*ring))


def test_slivers_of_generalised_boundaries_pass() -> None:
    # about 3.5 m wide: 0.00005 degrees of longitude
    load(collection(feature("E05000001", 0.1), feature("E05000002", 0.10995)))
    assert Boundary.objects.count() == 2


def test_topojson_and_bare_shapefiles_are_explained() -> None:
    with pytest.raises(Refused, match="save it as GeoJSON"):
        boundaries.recognises(Head("wards.json", b'{"type":"Topology","objects":{}'))
    with pytest.raises(Refused, match="into one zip file"):
        boundaries.recognises(Head("wards.shp", b"\0\0\x27\x0a\0\0"))
    assert not boundaries.recognises(Head("answer.json", b'[{"category":"burglary"}]'))


def test_cut_off_json_is_explained() -> None:
    with pytest.raises(Refused, match="not whole or not JSON"):
        load(json.dumps(TWO).encode()[:-20])


# --- Dates ----------------------------------------------------------------------------------------------------------

OLD = collection(feature("E05000306", 0.1, size=0.02, LAD18CD="E09000016", LAD18NM="Havering"))
NEW = collection(feature("E05013967", 0.1, size=0.02, LAD22CD="E09000016", LAD22NM="Havering"))


def days(code: str) -> tuple[date | None, date | None]:
    area, shape = Area.objects.get(code=code), Boundary.objects.get(area__code=code)
    assert (area.valid_from, area.valid_to) == (shape.valid_from, shape.valid_to)
    return area.valid_from, area.valid_to


def test_a_later_set_ends_the_earlier_one() -> None:
    load(OLD)
    quality = load(NEW, MAY_2022)
    assert (days("E05000306"), days("E05013967")) == ((None, MAY_2022), (MAY_2022, None))
    assert quality.notes == ["Wards E05000306 end on 2022-05-05, when wards E05013967 came into force."]


def test_the_sets_may_come_in_any_order() -> None:
    load(NEW, MAY_2022)
    load(OLD)
    assert (days("E05000306"), days("E05013967")) == ((None, MAY_2022), (MAY_2022, None))


def test_an_undated_set_can_be_dated_later() -> None:
    load(NEW)
    with pytest.raises(Refused, match="newer codes"):
        load(OLD, date(2018, 5, 3))
    load(NEW, MAY_2022)
    load(OLD, date(2018, 5, 3))
    assert (days("E05000306"), days("E05013967")) == ((date(2018, 5, 3), MAY_2022), (MAY_2022, None))


def test_a_wrong_day_is_put_right_by_importing_again() -> None:
    load(OLD)
    load(NEW, date(2022, 5, 9))
    load(NEW, MAY_2022)
    assert (days("E05000306"), days("E05013967")) == ((None, MAY_2022), (MAY_2022, None))
    load(NEW, date(2022, 5, 7))
    assert days("E05000306") == (None, date(2022, 5, 7))


def test_two_sets_in_force_at_once_are_refused() -> None:
    load(OLD)
    with pytest.raises(Refused, match="Say from which day"):
        load(NEW)
    load(OLD, date(2018, 5, 3))
    with pytest.raises(Refused, match="from the same day"):
        load(NEW, date(2018, 5, 3))


def test_the_file_may_say_the_day_itself() -> None:
    load(OLD)
    load(collection(feature("E05013967", 0.1, valid_from="2022-05-05")))
    assert days("E05013967") == (MAY_2022, None)


def test_wards_without_a_borough_column_get_the_borough_around_them() -> None:
    load(collection(feature("E05000001", 0.1)))
    assert Area.objects.get(kind="ward").parent is None
    borough = feature("E09000016", 0.09, south=51.49, size=0.05)
    borough["properties"] = {"gss_code": "E09000016", "name": "Havering"}
    load(collection(borough), name="boroughs.geojson")
    assert str(Area.objects.get(kind="ward").parent) == "Havering"


def test_a_very_different_shape_is_noted() -> None:
    load(collection(feature("E05000001", 0.1)))
    quality = load(collection(feature("E05000001", 0.108)))
    assert quality.notes == [
        "E05000001 (Ward E05000001): the new shape shares less than half of the one stored before.",
        "Shapes that took the place of those stored before: 1.",
    ]


# --- Real files -----------------------------------------------------------------------------------------------------


def zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"shapes/{path.name}")
    return buffer.getvalue()


def test_real_wards_of_2018_and_2022(real_data: Path) -> None:
    folder = real_data / "boundaries"
    load((folder / "london_boroughs.gpkg").read_bytes(), name="london_boroughs.gpkg")
    load((folder / "havering_wards_2018.geojson").read_bytes())
    load((folder / "havering_wards_2022_APPROX_from_lsoa21.geojson").read_bytes(), MAY_2022)
    havering = Area.objects.get(code="E09000016")
    assert havering.name == "Havering"
    assert Area.objects.filter(kind="borough").count() == 33
    assert Area.objects.filter(parent=havering, valid_to=MAY_2022).count() == 18
    assert Area.objects.filter(parent=havering, valid_from=MAY_2022).count() == 20
    outline = shapely.from_geojson(json.dumps(Boundary.objects.get(area=havering).outline))
    full = shapely.from_wkb(bytes(Boundary.objects.get(area=havering).shape))
    assert outline.is_valid
    assert shapely.get_num_coordinates(outline) < 0.5 * shapely.get_num_coordinates(full)
    assert outline.symmetric_difference(full).area < 0.01 * full.area


def test_real_lsoas_are_the_same_from_geojson_and_from_a_shapefile(real_data: Path) -> None:
    folder = real_data / "boundaries"
    load((folder / "havering_lsoa2021.geojson").read_bytes())
    first = {b.area.code: shapely.from_wkb(bytes(b.shape)) for b in Boundary.objects.select_related("area")}
    assert len(first) == 153
    load(zipped(folder / "lsoa2021_havering_shp"), name="lsoa.zip")
    for row in Boundary.objects.select_related("area"):
        shape = shapely.from_wkb(bytes(row.shape))
        assert shape.intersection(first[row.area.code]).area > 0.97 * shape.area
    assert Area.objects.get(code="E01002287").name == "Havering 023A"
    assert Area.objects.get(code="E01002287").parent == Area.objects.get(code="E09000016")


def test_real_census_2011_files(real_data: Path) -> None:
    folder = real_data / "boundaries" / "havering_2011"
    load((folder / "wards_by_lad.E09000016.json").read_bytes())
    load((folder / "lsoa_by_lad.E09000016.json").read_bytes())
    assert Area.objects.filter(kind="ward").count() == 18
    assert Area.objects.filter(kind="lsoa").count() == 150
    with pytest.raises(Refused, match="MSOAs"):
        load((folder / "msoa_by_lad.E09000016.json").read_bytes())
    topology = (folder / "wards_by_lad.topo_E09000016.json").read_bytes()
    with pytest.raises(Refused, match="TopoJSON"):
        boundaries.recognises(Head("x.json", topology[:4096]))


# --- Security -------------------------------------------------------------------------------------------------------

VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'


def test_only_three_drivers_are_registered() -> None:
    script = (
        "from hotspots.importers import vector; import pyogrio\n"
        "print(set(pyogrio.list_drivers()) == vector.ALLOWED_DRIVERS)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("True", "")


def test_a_vrt_in_the_place_of_a_shapefile_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in ("shp", "dbf", "shx"):
            archive.writestr(f"layer.{part}", VRT)
    with pytest.raises(Refused, match="is not a shapefile, whatever its name"):
        load(buffer.getvalue(), name="layer.zip")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"SQLite format 3\0" + b"\0" * 2000, "but not a GeoPackage"),
        (
            b"SQLite format 3\0" + b"\0" * 44 + (10200).to_bytes(4, "big") + b"\0" * 4 + b"GPKG" + b"\0" * 2000,
            "GeoPackage cannot be read",
        ),
        (b"PK\x03\x04 nothing", "zip"),
    ],
)
def test_broken_binary_files_are_explained(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        load(content, name="x.gpkg")


def test_a_zip_without_all_parts_is_explained(real_data: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(real_data / "boundaries/lsoa2021_havering_shp/Havering.shp", "Havering.shp")
    with pytest.raises(Refused, match=r"its \.dbf and \.shx is missing"):
        load(buffer.getvalue(), name="x.zip")


@pytest.mark.parametrize(
    ("name", "sentence"), [("A\0B", "zero characters"), ("x" * 151, "The name of E05000001 has 151 characters")]
)
def test_names_that_cannot_be_kept_are_refused(name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        load(collection(feature("E05000001", 0.1, WD22NM=name)))
