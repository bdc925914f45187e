"""Lines, bars, small charts and heat tables: valid, inside their frame, honest about what is not known."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts.axes import ticks
from reports.charts.bars import Bar, bars
from reports.charts.drawing import Break
from reports.charts.heat import BELOW, SHADES, heat, ink, shade, steps
from reports.charts.lines import COLOURS, MOST, PANEL, WIDE, Trace, frame, lines
from reports.charts.multiples import multiples
from tests.factories import months_from

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.none() | st.integers(-1000, 10**6) | st.floats(-1e3, 1e6)


def trace(
    name: str, values: Sequence[float | None], partial: Sequence[int] = (), converted: Sequence[int] = ()
) -> Trace:
    return Trace(name, values, [i in partial for i in range(len(values))], [i in converted for i in range(len(values))])


def draw(*traces: Trace, named: bool = True, breaks: Sequence[Break] = ()) -> str:
    months = months_from(date(2016, 1, 1), len(traces[0].values))
    shown = frame(months, traces, lambda value: f"{value:,.0f}", whole=True)
    size = WIDE if named else PANEL
    return lines(shown, traces, key="k", title="T & <t>", description="d", breaks=breaks, named=named, size=size)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.booleans())
def test_ticks_hold_zero_and_all_values_in_a_few_even_steps(one: float, other: float, whole: bool) -> None:
    low, high = min(one, other), max(one, other)
    made = ticks(low, high, whole=whole)
    slack = 1e-6 + 1e-9 * (made[-1] - made[0])  # of a sum's last digits
    assert made[0] <= min(low, 0) + slack
    assert made[-1] >= max(high, 0) - slack
    assert 0 in made
    assert 2 <= len(made) <= 8
    if whole:
        assert all(tick == int(tick) for tick in made)


@given(st.lists(st.lists(VALUES, min_size=12, max_size=12), min_size=1, max_size=12), st.booleans())
def test_any_lines_are_valid_and_inside_their_frame(rows: list[list[float | None]], named: bool) -> None:
    svg = draw(*[trace(f"W{i} & <b>", row, partial=(3,), converted=(0, 1)) for i, row in enumerate(rows)], named=named)
    parsed(svg)
    assert "style=" not in svg
    size = WIDE if named else PANEL
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", re.sub(r'<path d="[^"]*"/>|<g transform.*?</g>', "", svg)):
        assert -5 <= float(x) <= size.width
        assert -5 <= float(y) <= size.height


def test_lines_are_told_apart_by_colour_marker_and_name() -> None:
    svg = draw(*[trace(f"Ward {i}", [i, i + 1]) for i in range(10)])
    texts = [text.text for text in parsed(svg).iter(f"{SVG}text")]
    for index in range(MOST):
        assert f'stroke="{COLOURS[index]}"' in svg
        assert f"Ward {index}" in texts
    # the others are grey, without a name of their own beside the drawing
    assert "Ward 8" not in texts
    assert "<title>Ward 9</title>" in svg


def test_names_at_the_ends_do_not_lie_on_each_other() -> None:
    svg = draw(*[trace(f"Ward {i}", [50, 50]) for i in range(8)])
    places = sorted(
        float(y) for y in re.findall(r'<g transform="translate\([\d.]+ ([\d.]+)\)" stroke="[^"]+" fill', svg)
    )
    assert len(places) == 8
    assert all(after - before >= WIDE.font for before, after in pairwise(places))
    assert places[-1] <= WIDE.height - WIDE.font


def test_unknown_is_a_gap_partial_is_hatched_and_converted_dashed() -> None:
    svg = draw(trace("A", [5, 6, None, 7, 8, 9], partial=(5,), converted=(0, 1)))
    assert svg.count("l4 -4m-4 0l4 4") == 1
    assert svg.count('fill="url(#k-part)"') == 1
    assert svg.count('stroke-dasharray="4 2.5"') == 1
    plain = draw(trace("A", [5, 6, 0, 7]))
    assert "l4 -4m" not in plain
    assert "url(#" not in plain
    assert 'stroke-dasharray="4 2.5"' not in plain


def test_breaks_and_the_reference_are_drawn() -> None:
    assert ">A</text>" in draw(trace("A", [1, 2, 3]), breaks=[Break(date(2016, 2, 1), "A")])
    months = months_from(date(2016, 1, 1), 2)
    one = [trace("A", [20.0, 30.0])]
    assert frame(months, one, str, whole=True, reference=100).marks[-1] == 100


def test_bars_start_at_zero_and_say_what_is_not_known() -> None:
    svg = bars(
        [Bar("Up", 20, "+20"), Bar("Down", -10, "−10"), Bar("None", None, "not known")],
        key="k", title="t", description="d",
    )  # fmt: skip
    rects = [(float(r.get("x", 0)), float(r.get("width", 0))) for r in parsed(svg).iter(f"{SVG}rect")]
    assert len(rects) == 2
    (up, up_width), (down, down_width) = rects
    assert up == pytest.approx(down + down_width, abs=0.2)  # both end at zero
    assert up_width == pytest.approx(2 * down_width, abs=0.2)
    assert [text.text for text in parsed(svg).iter(f"{SVG}text")] == ["Up", "+20", "Down", "−10", "None", "not known"]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("shades", [SHADES, BELOW])
def test_figures_read_on_every_shade(shades: Sequence[str]) -> None:
    for number, colour in enumerate(shades):
        light, dark = sorted([luminance(colour), luminance(ink(number))], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour
    assert [luminance(one) for one in shades] == sorted((luminance(one) for one in shades), reverse=True)


@given(st.lists(st.none() | st.integers(-500, 500), min_size=1, max_size=30))
def test_larger_figures_never_have_lighter_shades(values: list[int | None]) -> None:
    step = steps(values)
    known = sorted((abs(value), shade(value, step)) for value in values if value is not None)
    assert [number for _, number in known] == sorted(number for _, number in known)
    assert all(0 <= number < len(SHADES) for _, number in known)


def test_a_heat_table_has_a_cell_for_each_month() -> None:
    svg = heat(
        months_from(date(2016, 1, 1), 3), [trace("A", [1, None, -3]), trace("B", [0, 2, 2], partial=(2,))],
        lambda value: f"{value:+.0f}", key="k", title="t", description="d",
    )  # fmt: skip
    texts = [text.text for text in parsed(svg).iter(f"{SVG}text")]
    assert texts[-8:] == ["A", "+1", "–", "-3", "B", "+0", "+2", "+2*"]
    assert len(list(parsed(svg).iter(f"{SVG}rect"))) == 6
    assert BELOW[-1] in svg


def test_small_drawings_stand_in_rows() -> None:
    one = draw(trace("A", [1, 2]), named=False)
    svg = multiples([(f"W{i}", one) for i in range(4)], key="all", title="t", description="d", each=PANEL)
    places = [(inner.get("x"), inner.get("y")) for inner in parsed(svg).iter(f"{SVG}svg")][1:]
    assert len(places) == 4
    assert len({y for _, y in places}) == 2
    with pytest.raises(ValueError, match="at least one"):
        multiples([], key="all", title="t", description="d", each=PANEL)
