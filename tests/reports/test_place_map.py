"""Tests of the map of one drawn place."""

from __future__ import annotations

import shapely

from reports.place_map import place_map


def test_what_lies_outside_of_the_frame_is_no_broken_path() -> None:
    here, far = shapely.box(0.10, 51.50, 0.11, 51.51), shapely.box(0.40, 51.80, 0.41, 51.81)
    svg = place_map(here, frame=[here], others=[("Far away", far)], key="m", title="Map", description="A place")
    assert "MZ" not in svg
    assert svg.count('d=""') == 2  # nothing around it, nothing of the other place
    assert "Far away" not in svg
