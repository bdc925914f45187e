"""Drawings as pictures to keep: an SVG that stands alone, with its words inside, and a PNG made from it.

What a page shows of a chart is not enough outside it: `standalone` adds title, date and source, white ground and fonts;
`to_png` draws that with a font of our own, so a picture looks the same whatever is installed on the server.
"""

from __future__ import annotations

import math
import re
import tempfile
import textwrap
from collections.abc import Callable, Sequence
from functools import cache, partial

import typst
from django.conf import settings
from django.utils.html import escape

# Arimo has Arial's widths and is what we draw with; whoever opens the SVG may have one of the others.
FONTS = "Arial, Arimo, Liberation Sans, Helvetica, sans-serif"
MAX_WIDTH = 4000
MAX_PIXELS = 8_000_000  # 32 MB while it is drawn
MARGIN = 16
INK, GREY = "#0b0c0c", "#505a5f"
# typst keeps what it drew until it has drawn ten other things: the pixels of each picture, 200 MB in all.
KEPT = 12
_compile: Callable[..., bytes] = typst.compile  # its types ask for root and source to be of one type

_OPENING = re.compile(r"<svg\b[^>]*>")
_VIEW_BOX = re.compile(r'\bviewBox="0 0 ([\d.]+) ([\d.]+)"')
_PLACE = re.compile(r'\s(?:x|y|width|height|class|xmlns)="[^"]*"')
_LINK = re.compile(r"<a\b[^>]*>")
_PAGE = b"""
#set page(width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "stretch")
"""


class CannotDraw(Exception):
    """A drawing that cannot be made into a picture, and why."""


def size(svg: str) -> tuple[float, float]:
    """(width, height) of a drawing in its own units, by its viewBox. Raises CannotDraw without one."""
    opening = _OPENING.search(svg)
    box = _VIEW_BOX.search(opening[0]) if opening else None
    if box is None or not (float(box[1]) and float(box[2])):
        raise CannotDraw("The drawing does not say how large it is: its viewBox must begin with 0 0.")
    return float(box[1]), float(box[2])


def standalone(
    svg: str, *, title: str, subtitle: str = "", lines: Sequence[str] = (), width: float | None = None
) -> str:
    """A chart or map of a page as a document of its own: title and subtitle above, `lines` (date, source, notes) below.

    `width` is the whole picture's, in the picture's units, where 14 is the size of its text; the drawing is scaled into
    it. None = the drawing's own size and the margins. Links are left out: they lead nowhere outside the product. What a
    drawing leaves to the style sheet (classes) is lost. Raises CannotDraw where the drawing has no size.
    """
    inner_width, inner_height = size(svg)
    whole = inner_width + 2 * MARGIN if width is None else width
    wide = whole - 2 * MARGIN
    parts: list[str] = []
    y = float(MARGIN)

    def write(text: str, points: int, attributes: str) -> None:
        nonlocal y
        # Letters of Arial are about half as wide as high; bold ones a little wider.
        for line in textwrap.wrap(text, max(int(wide / (points * (0.56 if "bold" in attributes else 0.51))), 12)):
            y += points * 1.3
            parts.append(f'<text x="{MARGIN}" y="{y - points * 0.3:.1f}" font-size="{points}"{attributes}>')
            parts.append(f"{escape(line)}</text>")

    write(title, 18, f' font-weight="bold" fill="{INK}"')
    write(subtitle, 14, f' fill="{INK}"')
    y += 8
    high = inner_height * wide / inner_width
    place = f'<svg x="{MARGIN}" y="{y:.1f}" width="{wide:g}" height="{high:.1f}"'
    inner = _OPENING.sub(lambda opening: _PLACE.sub("", opening[0]).replace("<svg", place), svg, count=1)
    parts.append(_LINK.sub("<g>", inner).replace("</a>", "</g>"))
    y += high + 8
    for line in lines:
        write(line, 12, f' fill="{GREY}"')
    y += MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:g} {y:.0f}" width="{whole:g}" height="{y:.0f}" '
        f'font-family="{FONTS}"><title>{escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(parts)}</svg>"
    )


def to_png(svg: str, *, width: int) -> bytes:
    """A drawing as a PNG `width` pixels wide, its height in proportion; a very tall one is made narrower, so that it
    keeps within `MAX_PIXELS`. Reads no file and no network.

    Text is drawn where its font-family names Arimo, as that of `standalone` does: no other font is there.

    Takes 5 to 250 ms (a chart to a map of London) and 20 to 60 MB, which are given back. Raises CannotDraw where the
    drawing has no size, is no SVG or names another file, and ValueError for a width outside 1 to 4,000.
    """
    if not 1 <= width <= MAX_WIDTH:
        raise ValueError(f"A picture is 1 to {MAX_WIDTH:,} pixels wide, not {width:,}.")
    wide, high = size(svg)
    width = min(width, max(int(math.sqrt(MAX_PIXELS * wide / high)), 1))
    with tempfile.TemporaryDirectory() as empty:  # all that the picture could read
        try:
            compile_page = partial(_compile, root=empty, font_paths=_fonts())
            png = compile_page(
                _PAGE,
                sys_inputs={"svg": svg, "width": str(wide), "height": str(high)},
                format="png",
                ppi=72 * width / wide,
            )
            for _ in range(KEPT):
                compile_page(b"", format="svg")
        except typst.TypstError as error:
            raise CannotDraw(f"The drawing cannot be made into a picture: {error}") from None
    return png


@cache
def _fonts() -> typst.Fonts:
    folder = settings.BASE_DIR / "static" / "build" / "fonts"
    if not any(folder.glob("*.ttf")):
        raise CannotDraw(f"{folder} holds no fonts: run script/setup.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
