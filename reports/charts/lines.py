"""Several lines in one drawing: each told by its colour, its marker and its name at the end.

Dashes mean converted months here as everywhere, so they tell no lines apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.axes import shortened, ticks, value_axis, width
from reports.charts.drawing import INK, Break, Size, month_axis, opening
from reports.charts.months import break_lines, columns, line, partial_months, unknown_months

# Found by search: each at least 3:1 on white and, with any colour-vision deficiency, at least 10 from every other
# (reports.calc.colour; tests/reports/test_style.py).
COLOURS = ("#1d70b8", "#660022", "#666600", "#cc0088", "#002288", "#aa8888", "#44aa00", "#6600ee")
# Around the point 0 0. Filled, except every second one.
MARKERS = (
    '<circle r="3.6"/>',
    '<path d="M-3.4 -3.4h6.8v6.8h-6.8z"/>',
    '<path d="M0 -4.4L4.2 3.4H-4.2Z"/>',
    '<path d="M0 -4.8L4.8 0L0 4.8L-4.8 0Z"/>',
    '<circle r="3.4" fill="#fff"/>',
    '<path d="M-3.2 -3.2h6.4v6.4h-6.4z" fill="#fff"/>',
    '<path d="M0 4.4L4.2 -3.4H-4.2Z" fill="#fff"/>',
    '<path d="M-4 -4L4 4M-4 4L4 -4"/>',
)
MOST = len(COLOURS)
FAINT = "#b1b4b6"
WIDE = Size(720, 360, 14)
PANEL = Size(320, 150, 12)
_LONGEST = 24  # signs of a name at a line's end


@dataclass(frozen=True, slots=True)
class Trace:
    """One line: a value a month, None = unknown. `partial` and `converted` run beside the values."""

    name: str
    values: Sequence[float | None]
    partial: Sequence[bool]
    converted: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Frame:
    """The months, how numbers are written, and the axis that every drawing with this frame has."""

    months: Sequence[date]
    text: Callable[[float], str]
    marks: Sequence[float]
    # A line across at what everything is compared with, as 100 of an index.
    reference: float | None = None


def frame(
    months: Sequence[date],
    traces: Iterable[Trace],
    text: Callable[[float], str],
    *,
    whole: bool,
    reference: float | None = None,
) -> Frame:
    """A frame that holds all of these lines, from zero."""
    values = [value for trace in traces for value in trace.values if value is not None]
    values += [reference] if reference is not None else []
    return Frame(months, text, ticks(min(values, default=0), max(values, default=0), whole=whole), reference)


def lines(
    shown: Frame,
    traces: Sequence[Trace],
    *,
    key: str,
    title: str,
    description: str,
    breaks: Iterable[Break] = (),
    size: Size = WIDE,
    named: bool = True,
) -> SafeString:
    """Lines over the months of a frame, in the order given: the first eight in colour, with their names where `named`;
    the others thin and grey behind. `key` makes the ids in the page unique. Raises ValueError without lines.
    """
    if not traces:
        raise ValueError("A drawing needs at least one line.")
    strong, faint = traces[:MOST], traces[MOST:]
    names = [shortened(trace.name, _LONGEST) for trace in strong] if named else []
    ends = [shown.text(last) if (last := trace.values[-1]) is not None else "" for trace in strong]
    widest = max(width(shown.text(mark), size.font) for mark in shown.marks)
    # Without names, room for the last figure, the same in every drawing of the frame.
    room = max((width(name, size.font) + 22 for name in names), default=max(widest, width(ends[0], size.font)) + 12)
    left = 8 + round(widest)
    right, above, base = round(size.width - room), size.font + 6, size.height - size.font - 10
    low, high = shown.marks[0], shown.marks[-1]
    x, edges = columns(len(shown.months), left, right)
    by_month = list(zip(*(zip(trace.values, trace.partial, strict=True) for trace in traces), strict=True))

    def y(value: float) -> float:
        return round(base - (base - above) * (value - low) / (high - low), 1)

    parts = [
        opening(key, title, description, size),
        partial_months([any(part for _, part in month) for month in by_month], key, edges, above, base),
        value_axis(shown.marks, y, left, right, shown.text),
        month_axis(shown.months, edges.__getitem__, base, size.font),
    ]
    if shown.reference is not None:
        parts.append(f'<path d="M{left} {y(shown.reference)}H{right}" stroke="{INK}" stroke-width="1.5"/>')
    parts.extend(f"<g><title>{escape(trace.name)}</title>{_line(trace, x, y, FAINT, 1)}</g>" for trace in faint)
    for index, trace in reversed(list(enumerate(strong))):
        parts.append(_strong(trace, index, x, y, markers=named))
    parts.append(unknown_months([all(value is None for value, _ in month) for month in by_month], x, base))
    parts.append(break_lines(shown.months, breaks, edges, above, base))
    if named:
        parts.append(_names(strong, names, y, right, above, base, size))
    elif ends[0]:
        parts.append(
            f'<text x="{right + 4}" y="{y(strong[0].values[-1] or 0) + size.font * 0.35:.1f}" font-weight="700" '
            f'fill="{INK}">{escape(ends[0])}</text>'
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number


def _line(trace: Trace, x: Sequence[float], y: Callable[[float], float], colour: str, width: float) -> str:
    heights = [None if value is None else y(value) for value in trace.values]
    return line(heights, x, trace.partial, trace.converted, colour=colour, width=width)


def _strong(trace: Trace, index: int, x: Sequence[float], y: Callable[[float], float], *, markers: bool) -> str:
    """A line in its colour, with its marker at every sixth month and at the end."""
    colour = COLOURS[index]
    drawn = f'<g stroke="{colour}" fill="{colour}"><title>{escape(trace.name)}</title>{_line(trace, x, y, colour, 2)}'
    known = [at for at, value in enumerate(trace.values) if value is not None]
    newest = len(trace.values) - 1
    for at in [at for at in known if at == known[-1] or (markers and (newest - at) % 6 == 0)]:
        drawn += f'<g transform="translate({x[at]} {y(trace.values[at] or 0)})">{MARKERS[index]}</g>'
    return drawn + "</g>"


def _names(
    traces: Sequence[Trace],
    names: Sequence[str],
    y: Callable[[float], float],
    right: float,
    above: float,
    base: float,
    size: Size,
) -> str:
    """Each line's marker and name at its end, moved apart where they would lie on each other."""
    last = [next((value for value in reversed(trace.values) if value is not None), None) for trace in traces]
    # Lines without a figure come last, at the foot.
    wanted = sorted((base if value is None else y(value), index) for index, value in enumerate(last))
    step = size.font + 4
    at = [place for place, _ in wanted]
    for index in range(1, len(at)):
        at[index] = max(at[index], at[index - 1] + step)
    over = max(at[-1] - base, 0)
    for index in reversed(range(len(at))):
        at[index] = min(at[index], base - (len(at) - 1 - index) * step) if over else at[index]
    drawn = []
    for place, (_, index) in zip(at, wanted, strict=True):
        place = max(place, above)
        drawn.append(
            f'<g transform="translate({right + 9} {place:.1f})" stroke="{COLOURS[index]}" fill="{COLOURS[index]}">'
            f'{MARKERS[index]}<text x="9" y="{size.font * 0.35:.1f}" stroke="none" fill="{INK}">'
            f"{escape(names[index])}</text></g>"
        )
    return "".join(drawn)
