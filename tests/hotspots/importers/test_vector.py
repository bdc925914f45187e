"""Whatever stands in a file, it is read or refused with a sentence."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotspots.importers import vector
from hotspots.importers.base import Refused

SQUARE = [[[0.1, 51.5], [0.2, 51.5], [0.2, 51.6], [0.1, 51.5]]]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(-9, 60)
    | st.sampled_from(["Polygon", "Feature", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "properties", "name", "geometries"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
@example({"type": "Polygon", "coordinates": SQUARE}, {"code": "E05000001"}, None)
@example("Polygon", "properties", {"type": "name", "properties": "EPSG:4326"})
@example({"type": "GeometryCollection", "geometries": []}, None, {"properties": {}})
def test_any_json_is_read_or_refused(geometry: Any, properties: Any, crs: Any) -> None:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    for document in ({"features": [feature], "crs": crs}, {"features": [geometry]}, geometry, [feature]):
        with suppress(Refused):
            assert len(vector.read(json.dumps(document).encode()).shapes) == 1


@given(st.binary(max_size=200))
@example(
    b'{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[1e999, 0], [1, 1], [0, 1], [1e999, 0]]]}}]}'
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", vector.ZIP):
        with pytest.raises(Refused):
            vector.read(start + content)
