import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import maps
from reports.maps import Region


def square(name: str, west: float, value: float | None) -> Region:
    ring = [[west, 51.5], [west + 0.1, 51.5], [west + 0.1, 51.6], [west, 51.6], [west, 51.5]]
    label = "not known" if value is None else f"{value:.0f}"
    return Region(name, f"/wards/{name[0]}/", value, label, {"type": "Polygon", "coordinates": [ring]})


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_every_value_lies_in_one_class_and_the_key_counts_them_all(values: list[int]) -> None:
    made = maps.classes(values)
    assert 1 <= len(made) <= 5
    assert sum(one.areas for one in made) == len(values)
    assert all(sum(one.low <= value <= one.high for one in made) == 1 for value in values)
    assert len({one.shade for one in made}) == len(made)


def test_no_values_no_classes() -> None:
    assert maps.classes([]) == []


def test_a_map_links_names_and_labels_its_areas() -> None:
    regions = [square("Aldgate", 0.1, 3), square("Bow & <Bromley>", 0.2, 40), square("Cann Hall", 0.3, None)]
    svg = maps.choropleth(regions, title="Crime", description="By ward")
    root = ElementTree.fromstring(svg)
    assert [link.get("href") for link in root.iter("a")] == ["/wards/A/", "/wards/B/", "/wards/C/"]
    assert [link.findtext("title") for link in root.iter("a")] == [
        "Aldgate: 3", "Bow & <Bromley>: 40", "Cann Hall: not known"
    ]  # fmt: skip
    shades = [path.get("fill") for path in root.iter("path")]
    assert shades == [maps.SHADES[0], maps.SHADES[4], maps.UNKNOWN]
    assert [text.text for text in root.iter("text")] == ["3", "40", "–"]


def test_shapes_keep_their_proportions_at_this_latitude() -> None:
    svg = maps.choropleth([square("A", 0.1, 1)], title="t", description="d")
    found = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", svg)]
    width = max(x for x, _ in found) - min(x for x, _ in found)
    height = max(y for _, y in found) - min(y for _, y in found)
    assert width / height == pytest.approx(0.6218, abs=0.002)  # the cosine of 51.55 degrees


def test_a_map_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        maps.choropleth([], title="t", description="d")
