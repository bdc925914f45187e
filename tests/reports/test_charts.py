import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import charts
from reports.charts import Break, Point
from tests.factories import months_from

COUNTS = st.none() | st.integers(0, 10**6)
SVG = "{http://www.w3.org/2000/svg}"


def points(*counts: int | None, last_year: int | None = None) -> list[Point]:
    return [
        Point(month, n, last_year) for month, n in zip(months_from(date(2016, 1, 1), len(counts)), counts, strict=True)
    ]


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def line(svg: str) -> str:
    """What the solid line draws."""
    found = re.search(r'<path d="([^"]*)" fill="none" stroke="#1d70b8" stroke-width="2" stroke-linecap', svg)
    return found[1] if found else ""


@given(st.lists(st.tuples(COUNTS, COUNTS, st.booleans(), st.booleans()), min_size=1, max_size=48))
def test_any_series_is_valid_and_inside_its_frame(rows: list[tuple[int | None, int | None, bool, bool]]) -> None:
    months = months_from(date(2011, 1, 1), len(rows))
    svg = charts.series(
        [Point(month, *row) for month, row in zip(months, rows, strict=True)],
        key="k",
        title="Theft & <robbery>",
        breaks=[Break(date(2013, 5, 1), "A")],
    )
    root = drawn(svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert title.text == "Theft & <robbery>"
    assert description is not None
    assert description.text
    assert "style=" not in svg
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", svg):
        assert 0 <= float(x) <= charts.SMALL.width
        assert 0 <= float(y) <= charts.SMALL.height


def test_the_axis_starts_at_zero() -> None:
    svg = charts.series(points(90, 95, 100), key="k", title="t")
    labels = [text.text for text in drawn(svg).iter(f"{SVG}text")]
    assert labels[:2] == ["0", "50"]
    assert "100" in labels


@pytest.mark.parametrize(
    ("largest", "top", "step"), [(0, 2, 1), (1, 2, 1), (3, 3, 3), (4, 4, 2), (9, 10, 5), (52, 60, 20), (94, 100, 50)]
)
def test_the_axis_ends_with_a_round_number(largest: int, top: int, step: int) -> None:
    assert charts.ceiling(largest) == (top, step)


def test_an_unknown_month_is_a_gap_and_a_cross_never_zero() -> None:
    svg = charts.series(points(5, 6, None, 7, 8), key="k", title="t")
    assert line(svg).count("M") == 2
    assert line(svg).count("L") == 2
    assert svg.count("l4 -4m-4 0l4 4") == 1
    assert "1 month has no figures." in svg
    assert "l4 -4m" not in charts.series(points(5, 0, 7), key="k", title="t")


def test_a_month_between_unknown_ones_is_a_dot() -> None:
    assert line(charts.series(points(None, 6, None), key="k", title="t")).endswith("h0")


def test_last_year_is_the_grey_shape_behind() -> None:
    assert charts.GREY_FILL in charts.series(points(5, 6, last_year=4), key="k", title="t")
    assert charts.GREY_FILL not in charts.series(points(5, 6), key="k", title="t")


def test_months_in_part_are_hatched_and_converted_ones_dashed() -> None:
    first, second, third = points(5, 6, 7)
    partial = Point(third.month, 7, None, partial=True)
    converted = Point(first.month, 5, None, converted=True)
    svg = charts.series([converted, second, partial], key="k", title="t")
    assert svg.count('fill="url(#k-part)"') == 1
    assert svg.count("stroke-dasharray") == 1
    plain = charts.series([first, second, third], key="k", title="t")
    assert "url(#" not in plain
    assert "stroke-dasharray" not in plain


def test_a_break_is_marked_inside_the_window_only() -> None:
    assert ">A</text>" in charts.series(points(1, 2, 3), key="k", title="t", breaks=[Break(date(2016, 2, 1), "A")])
    assert ">A</text>" not in charts.series(points(1, 2), key="k", title="t", breaks=[Break(date(2019, 2, 1), "A")])


def test_shares_add_up_and_say_so() -> None:
    svg = charts.shares([("Charged", 75), ("No suspect", 25)], key="o", title="Outcomes")
    assert [text.text for text in drawn(svg).iter(f"{SVG}text")] == ["Charged", "75%", "No suspect", "25%"]
    assert "75%" in svg
    few = charts.shares([("Charged", 3), ("No suspect", 1)], key="o", title="Outcomes")
    assert "%" not in few
    assert ">3</text>" in few
    assert charts.share(1, 1000) == "under 1%"
    assert charts.share(0, 1000) == "0%"
    with pytest.raises(ValueError, match="above zero"):
        charts.shares([("Charged", 0)], key="o", title="Outcomes")


@given(st.lists(st.tuples(COUNTS, st.booleans(), st.booleans()), min_size=1, max_size=96))
def test_any_years_are_valid_inside_their_frame_and_named_apart(rows: list[tuple[int | None, bool, bool]]) -> None:
    months = months_from(date(2011, 1, 1), len(rows))
    points = [Point(month, n, None, *marks) for month, (n, *marks) in zip(months, rows, strict=True)]
    svg = charts.years(points, key="k", title="Theft & <robbery>")
    root = drawn(svg)
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", svg):
        assert 0 <= float(x) <= charts.LARGE.width
        assert 0 <= float(y) <= charts.LARGE.height
    names = [text for text in root.iter(f"{SVG}text") if re.fullmatch(r"20\d\d", text.text or "")]
    known = {month.year for month, (n, *_) in zip(months, rows, strict=True) if n is not None}
    assert {int(name.text or "") for name in names} >= known
    heights = sorted(float(name.get("y") or 0) for name in names if name.get("x") == str(charts.LARGE.width - 41))
    assert all(above + charts.LARGE.font <= below for above, below in pairwise(heights))
    assert all(0 <= height <= charts.LARGE.height for height in heights)


def test_years_are_grey_but_for_the_last_and_begin_with_january() -> None:
    months = months_from(date(2015, 1, 1), 30)
    svg = charts.years([Point(month, 10 + index, None) for index, month in enumerate(months)], key="k", title="t")
    assert svg.count('stroke="#1d70b8" stroke-width="2.5"') == 1
    assert svg.index('stroke="#6f777b" stroke-width="1.5"') < svg.index('stroke="#4a5256" stroke-width="1.5"')
    assert 'font-weight="700" fill="#383f43" stroke="#fff" stroke-width="4" paint-order="stroke">2017</text>' in svg
    assert "2016: 22 (Jan) to 33 (Dec)" in svg
    with pytest.raises(ValueError, match="January"):
        charts.years([Point(date(2015, 2, 1), 1, None)], key="k", title="t")


def test_drawings_may_share_a_scale() -> None:
    svg = charts.series(points(1, 2, 3), key="k", title="t", largest=400)
    assert [text.text for text in drawn(svg).iter(f"{SVG}text")][:3] == ["0", "100", "200"]
