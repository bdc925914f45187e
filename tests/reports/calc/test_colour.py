"""Contrast, difference and colour-vision deficiencies, against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.colour import DEFICIENCIES, channels, contrast, difference, seen

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_wcags() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    # The examples of WebAIM's contrast checker.
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)


def test_difference_is_oklabs() -> None:
    assert difference("#000", "#fff") == pytest.approx(100, abs=0.01)
    # Ottosson's example: sRGB red is L 0.628, a 0.225, b 0.126, so its distance to black is the length of that.
    assert difference("#ff0000", "#000000") == pytest.approx(100 * (0.628**2 + 0.225**2 + 0.126**2) ** 0.5, abs=0.05)


@pytest.mark.parametrize("wrong", ["", "#12", "red", "#12345g"])
def test_anything_else_is_no_colour(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        channels(wrong)


@given(COLOURS, COLOURS)
def test_both_ways_are_alike(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one) >= 1
    for deficiency in ("", *DEFICIENCIES):
        assert difference(one, other, deficiency) == pytest.approx(difference(other, one, deficiency))


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_greys_look_the_same_to_everybody(deficiency: str) -> None:
    for grey in ("#000000", "#777777", "#ffffff"):
        assert seen(channels(grey), deficiency) == pytest.approx(channels(grey), abs=0.001)


def test_red_and_green_come_close_without_red_or_green_cones() -> None:
    red, green = "#c0392b", "#5a8f29"
    assert difference(red, green, "deuteranopia") < difference(red, green) / 2
    assert difference(red, green, "tritanopia") > difference(red, green) / 2
