"""Pictures: what a standalone drawing carries, and PNGs by typst with our own fonts."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports import images
from reports.charts import drawing, monthly

SVG = "{http://www.w3.org/2000/svg}"
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" font-family="Arimo">%s</svg>'
POINTS = [drawing.Point(date(2026, month, 1), 10 * month, 100) for month in range(1, 9)]


def chart() -> str:
    return monthly.series(POINTS, key="c", title="Burglary & theft <b>")


def pixels(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("width", [1, 333, 1600, 4000])
def test_a_png_is_as_wide_as_asked(width: int) -> None:
    wide, high = pixels(images.to_png(EMPTY % "", width=width))
    assert wide == width
    assert abs(high - width / 2) <= 1


def test_text_is_drawn_regular_and_bold() -> None:
    drawn = [
        images.to_png(EMPTY % text, width=400)
        for text in ("", '<text y="50">Ü 1,234 – £</text>', '<text y="50" font-weight="bold">Ü 1,234 – £</text>')
    ]
    assert len(set(drawn)) == 3


@pytest.mark.parametrize("family", ["Arial", "DejaVu Sans", "Nothing Known", images.FONTS])
def test_the_fonts_are_ours_whatever_is_asked_for(family: str) -> None:
    def drawn(name: str) -> bytes:
        return images.to_png(EMPTY % f'<text y="50" font-family="{name}">Hold</text>', width=400)

    assert drawn(family) in (drawn("Arimo"), images.to_png(EMPTY % "", width=400))


def test_a_chart_with_its_words_is_drawn_in_arimo() -> None:
    picture = images.standalone(chart(), title="Title", lines=["Source"])
    named_alone = picture.replace(images.FONTS, "Arimo")
    assert images.to_png(picture, width=800) == images.to_png(named_alone, width=800)
    assert images.to_png(picture, width=800) != images.to_png(picture.replace(images.FONTS, "None"), width=800)


def test_a_standalone_picture_carries_words_ground_and_font() -> None:
    picture = images.standalone(
        chart(), title="Burglary & <theft>", subtitle="Havering, to August 2026", lines=["Source: police.uk", "Drawn"]
    )
    root = ElementTree.fromstring(picture)
    assert root.get("font-family") == images.FONTS
    ground = root.find(f"{SVG}rect")
    assert ground is not None
    assert (ground.get("width"), ground.get("height"), ground.get("fill")) == ("100%", "100%", "#fff")
    words = texts(picture)
    assert words[:2] == ["Burglary & <theft>", "Havering, to August 2026"]
    assert words[-2:] == ["Source: police.uk", "Drawn"]
    assert set(texts(chart().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))) <= set(words)


@pytest.mark.parametrize("width", [None, 300, 1200])
def test_a_standalone_picture_keeps_the_drawings_shape(width: float | None) -> None:
    picture = images.standalone(chart(), title="A title that is long " * 10, lines=["note " * 80], width=width)
    root = ElementTree.fromstring(picture)
    inner = root.find(f"{SVG}svg")
    assert inner is not None
    inside = {name: float(inner.get(name, "")) for name in ("x", "y", "width", "height")}
    assert images.size(picture)[0] == (width or drawing.SMALL.width + 2 * images.MARGIN)
    shape = drawing.SMALL.width / drawing.SMALL.height
    assert inside["width"] / inside["height"] == pytest.approx(shape, rel=0.01)
    above = [float(text.get("y", "")) for text in root.findall(f"{SVG}text") if text.text and "title" in text.text]
    below = [float(text.get("y", "")) for text in root.findall(f"{SVG}text") if text.text and "note" in text.text]
    assert len(above) > 1
    assert max(above) < inside["y"]
    assert min(below) > inside["y"] + inside["height"]
    assert max(below) < images.size(picture)[1]


def test_a_drawing_with_a_size_of_its_own_is_scaled() -> None:
    root = ElementTree.fromstring(images.standalone(monthly.sparkline(POINTS, title="x"), title="y", width=400))
    inner = root.find(f"{SVG}svg")
    assert inner is not None
    assert inner.get("width") == "368"


def test_links_of_a_map_are_left_out() -> None:
    link = (
        '<a href="/wards/E05013974/?a=1&amp;b=2" aria-label="Heaton: 12"><title>Heaton: 12</title><path d="M0 0"/></a>'
    )
    picture = images.standalone(EMPTY % link, title="Map")
    assert "href" not in picture
    assert "Heaton: 12" in picture
    assert pixels(images.to_png(picture, width=500))[0] == 500


@pytest.mark.parametrize(
    "address", ["secret.png", "/secret.png", "file:///{folder}/secret.png", "http://127.0.0.1:9/a"]
)
def test_a_picture_reads_nothing_else(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.png").write_bytes(images.to_png(EMPTY % "", width=10))
    monkeypatch.chdir(tmp_path)
    picture = EMPTY % f'<image href="{address.format(folder=tmp_path)}" width="50" height="50"/>'
    with pytest.raises(images.CannotDraw, match="cannot be made into a picture"):
        images.to_png(picture, width=100)


@pytest.mark.parametrize("drawn", ["", "no drawing", "<svg></svg>", '<svg viewBox="0 0 0 5"></svg>'])
def test_a_drawing_without_a_size_is_refused(drawn: str) -> None:
    with pytest.raises(images.CannotDraw, match="viewBox"):
        images.to_png(drawn, width=100)
    with pytest.raises(images.CannotDraw, match="viewBox"):
        images.standalone(drawn, title="x")


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(images.CannotDraw, match="cannot be made into a picture"):
        images.to_png('<svg viewBox="0 0 5 5"><text>', width=100)


@pytest.mark.parametrize("width", [0, -1, 4001])
def test_a_width_out_of_bounds_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match=r"1 to 4,000 pixels"):
        images.to_png(EMPTY % "", width=width)


def test_a_very_tall_drawing_is_drawn_narrower() -> None:
    """Else thirty charts below each other would take hundreds of megabytes."""
    png = images.to_png('<svg viewBox="0 0 100 4000" xmlns="http://www.w3.org/2000/svg"></svg>', width=1600)
    wide, high = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert 0.9 * images.MAX_PIXELS < wide * high <= 1.01 * images.MAX_PIXELS
    assert high == pytest.approx(40 * wide, rel=0.01)
