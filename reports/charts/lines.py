"""Several lines in one drawing: each told by its colour, its marker and its name at the end.

Dashes mean converted months here as everywhere, so they tell no lines apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.charts.axes import shortened, ticks, value_axis, width
from reports.charts.drawing import GREY_LINE, INK, Break, Size, month_axis, opening

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
    wide = (right - left) / len(shown.months)

    def edge(index: float) -> float:
        return round(left + index * wide, 1)

    def x(index: float) -> float:
        return edge(index + 0.5)

    def y(value: float) -> float:
        return round(base - (base - above) * (value - low) / (high - low), 1)

    parts = [
        opening(key, title, description, size),
        _partial(traces, key, edge, above, base, wide),
        value_axis(shown.marks, y, left, right, shown.text),
        month_axis(shown.months, edge, base, size.font),
    ]
    if shown.reference is not None:
        parts.append(f'<path d="M{left} {y(shown.reference)}H{right}" stroke="{INK}" stroke-width="1.5"/>')
    for trace in faint:
        solid, dashed = _paths(trace, x, y)
        parts.append(
            f'<g stroke="{FAINT}" fill="none"><title>{escape(trace.name)}</title><path d="{solid}"/>'
            f'<path d="{dashed}" stroke-dasharray="4 2.5"/></g>'
        )
    for index, trace in reversed(list(enumerate(strong))):
        parts.append(_strong(trace, index, x, y, markers=named))
    parts.append(_unknown(traces, x, base))
    parts.append(_breaks(shown.months, breaks, edge, above, base))
    if named:
        parts.append(_names(strong, names, y, right, above, base, size))
    elif ends[0]:
        parts.append(
            f'<text x="{right + 4}" y="{y(strong[0].values[-1] or 0) + size.font * 0.35:.1f}" font-weight="700" '
            f'fill="{INK}">{escape(ends[0])}</text>'
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number


def _paths(trace: Trace, x: Callable[[float], float], y: Callable[[float], float]) -> tuple[str, str]:
    """The line: whole, and dashed to and between converted months. Gaps where unknown; a month in part, or one between
    gaps, is a dot."""
    solid: list[str] = []
    dashed: list[str] = []
    before: int | None = None
    points = [None if value is None else f"{x(index)} {y(value)}" for index, value in enumerate(trace.values)]
    for index, here in enumerate(points):
        if here is None or trace.partial[index]:
            if here:
                solid.append(f"M{here}h0")
            before = None
            continue
        if before is not None:
            path = dashed if trace.converted[index] or trace.converted[before] else solid
            start = points[before]
            path.append(f"L{here}" if path and path[-1].endswith(f"{start}") else f"M{start}L{here}")
        elif index + 1 == len(points) or points[index + 1] is None or trace.partial[index + 1]:
            solid.append(f"M{here}h0")
        before = index
    return "".join(solid), "".join(dashed)


def _strong(
    trace: Trace, index: int, x: Callable[[float], float], y: Callable[[float], float], *, markers: bool
) -> str:
    """A line in its colour, with its marker at every sixth month and at the end."""
    solid, dashed = _paths(trace, x, y)
    colour = COLOURS[index]
    drawn = f'<g stroke="{colour}" fill="{colour}"><title>{escape(trace.name)}</title>'
    drawn += f'<path d="{solid}" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
    if dashed:
        drawn += f'<path d="{dashed}" fill="none" stroke-width="2" stroke-dasharray="4 2.5"/>'
    known = [at for at, value in enumerate(trace.values) if value is not None]
    newest = len(trace.values) - 1
    for at in [at for at in known if at == known[-1] or (markers and (newest - at) % 6 == 0)]:
        drawn += f'<g transform="translate({x(at)} {y(trace.values[at] or 0)})">{MARKERS[index]}</g>'
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


def _partial(
    traces: Sequence[Trace], key: str, edge: Callable[[float], float], above: float, base: float, wide: float
) -> str:
    """Hatched columns behind months in which a line was reported in part."""
    columns = "".join(
        f'<rect x="{edge(index)}" y="{above}" width="{wide:.1f}" height="{base - above:.0f}" fill="url(#{key}-part)"/>'
        for index in range(len(traces[0].values))
        if any(trace.partial[index] for trace in traces)
    )
    if not columns:
        return ""
    return (
        f'<defs><pattern id="{key}-part" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{GREY_LINE}" stroke-width="1.5"/></pattern></defs>'
        f"{columns}"
    )


def _unknown(traces: Sequence[Trace], x: Callable[[float], float], base: float) -> str:
    """A cross on the axis where no line has a figure."""
    crosses = "".join(
        f"M{x(index) - 2:.1f} {base - 2}l4 -4m-4 0l4 4"
        for index in range(len(traces[0].values))
        if all(trace.values[index] is None for trace in traces)
    )
    return f'<path d="{crosses}" stroke="{INK}"/>' if crosses else ""


def _breaks(
    months: Sequence[date], breaks: Iterable[Break], edge: Callable[[float], float], above: float, base: float
) -> str:
    return "".join(
        f'<path d="M{edge(at)} {above}V{base}" stroke="{INK}" stroke-dasharray="1 3"/><text x="{edge(at)}" '
        f'y="{above - 5}" text-anchor="middle" font-weight="700" fill="{INK}">{escape(change.mark)}</text>'
        for change in breaks
        if change.month in months[1:]
        for at in [months.index(change.month)]
    )
