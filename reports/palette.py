"""Every pair of colours that carries words or figures, and every set that must be told apart: shown on the style page,
measured by tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from reports import maps
from reports.calc import colour
from reports.charts import bars, drawing, heat, lines, timeline
from reports.charts.years import GREYS

TEXT, LARGE_TEXT, MEANING = 4.5, 3.0, 3.0
WHITE, BLACK = "#ffffff", "#0b0c0c"


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour on another: where it is used, and the least contrast that WCAG 2.2 AA asks for there."""

    use: str
    ink: str
    ground: str
    least: float = TEXT

    @property
    def contrast(self) -> float:
        return colour.contrast(self.ink, self.ground)


@dataclass(frozen=True, slots=True)
class Ramp:
    """Colours of which each must be told from the next or, where `all_apart`, from every other.

    `least` is the difference (reports.calc.colour) that each must have, to full sight and with every deficiency.
    """

    use: str
    colours: Sequence[str]
    least: float
    all_apart: bool = False

    def difference(self, deficiency: str = "") -> float:
        """The smallest difference of two colours that must be told apart."""
        pairs = combinations(self.colours, 2) if self.all_apart else pairwise(self.colours)
        return min(colour.difference(one, other, deficiency) for one, other in pairs)


# The frame's own; all others of the frame are GOV.UK Frontend's.
HEADER = "#12344d"

FRAME = (
    Pair("Text", BLACK, WHITE),
    Pair("Quiet text", "#484949", WHITE),
    Pair("Quiet text in tiles", "#484949", "#f3f3f3"),
    Pair("Link", "#1a65a6", WHITE),
    Pair("Link in a tile", "#1a65a6", "#f3f3f3"),
    Pair("Link in the menu", "#1a65a6", "#f4f8fb"),
    Pair("Link that was visited", "#54319f", WHITE),
    Pair("Name in the header", WHITE, HEADER),
    Pair("Focus", BLACK, "#ffdd00"),
    Pair("Error", "#ca3535", WHITE),
    Pair("Button", WHITE, "#0f7a52"),
    Pair("Edge of a field", BLACK, WHITE, MEANING),
)
CHARTS = (
    Pair("Words and axis", drawing.INK, WHITE),
    Pair("Month's line", drawing.LINE, WHITE, MEANING),
    Pair("Month's line over last year", drawing.LINE, drawing.GREY_FILL, MEANING),
    Pair("Month's line over what map points leave open", drawing.LINE, timeline.BAND, MEANING),
    Pair("Range of the baseline", timeline.LIMIT, WHITE, MEANING),
    Pair("Range of the baseline over what map points leave open", timeline.LIMIT, timeline.BAND, MEANING),
    *(Pair(f"Phase on its lane {number}", drawing.INK, fill) for number, fill in enumerate(timeline.LANE_FILLS, 1)),
    Pair("Last year's edge", drawing.GREY_LINE, WHITE, MEANING),
    Pair("Last year's edge on its ground", drawing.GREY_LINE, drawing.GREY_FILL, MEANING),
    Pair("Bar below zero", bars.BELOW, WHITE, MEANING),
    *(Pair(f"Line {number}", ink, WHITE, MEANING) for number, ink in enumerate(lines.COLOURS, 1)),
    *(Pair(f"Year {number} before", ink, WHITE, MEANING) for number, ink in enumerate(GREYS, 1)),
)
MAP = tuple(
    Pair(f"Figure on shade {number}", ink, shade)
    for number, (shade, ink) in enumerate(zip(maps.SHADES, maps.INKS, strict=True), 1)
)
TABLE = tuple(
    Pair(f"Figure on {name} shade {number + 1}", heat.ink(number), shade)
    for name, scale in (("a table's", heat.SHADES), ("a table's, below zero,", heat.BELOW))
    for number, shade in enumerate(scale)
)
PAIRS = (*FRAME, *CHARTS, *MAP, *TABLE)
RAMPS = (
    # Classes of a map are never read without the figures in them and in the table.
    Ramp("Shades of a map", maps.SHADES, 5),
    Ramp("Shades of a table", heat.SHADES, 4),
    Ramp("Shades of a table, below zero", heat.BELOW, 4),
    Ramp("Lines", lines.COLOURS, 10, all_apart=True),
)
