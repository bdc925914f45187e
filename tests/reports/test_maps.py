from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reports import maps
from reports.maps import Region
from reports.shapes import Drawing, Shape


def drawing(*names: str) -> Drawing:
    """Squares side by side, with pks from 0."""
    made = {index: Shape(f"M{100 * index} 0l99 0 0 99-99 0z", 50 + 100 * index, 50, 49) for index in range(len(names))}
    return Drawing(400, 100, 0.5, 0.3, 1000, made, "")


def region(area: int, name: str, value: float | None) -> Region:
    label = "not known" if value is None else f"{value:.0f}"
    return Region(area, name, f"/wards/{name[0]}/", value, label)


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
    regions = [region(0, "Aldgate", 3), region(1, "Bow & <Bromley>", 40), region(2, "Cann Hall", None)]
    svg = maps.choropleth(drawing("a", "b", "c"), regions, title="Crime", description="By ward")
    root = ElementTree.fromstring(svg)
    assert [link.get("href") for link in root.iter("a")] == ["/wards/A/", "/wards/B/", "/wards/C/"]
    said = ["Aldgate: 3", "Bow & <Bromley>: 40", "Cann Hall: not known"]
    assert [link.findtext("title") for link in root.iter("a")] == said
    shades = [path.get("fill") for link in root.iter("a") for path in link.iter("path")]
    assert shades == [maps.SHADES[0], maps.SHADES[-1], maps.UNKNOWN]
    assert [text.text for text in root.iter("text")] == ["3", "40", "–"]


def test_an_area_without_a_shape_is_left_out_and_a_small_one_has_no_label() -> None:
    found = drawing("a")
    found.shapes[1] = Shape("M0 0l9 0 0 9z", 3, 3, 3)
    regions = [region(index, f"Ward {index}", 12345) for index in range(3)]
    root = ElementTree.fromstring(maps.choropleth(found, regions, title="t", description="d"))
    assert [link.findtext("title") for link in root.iter("a")] == ["Ward 0: 12345", "Ward 1: 12345"]
    assert len(list(root.iter("text"))) == 1
