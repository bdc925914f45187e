"""One place over time in one picture: its phases as bands, what happened to it as numbered marks, and below them the
monthly counts with the range that map points leave open and the range of the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.axes import shortened, width
from reports.charts.drawing import INK, LINE, Break, Size, ceiling, count_axis, month_axis, opening
from reports.charts.months import break_lines, columns, line, partial_months, runs, unknown_months
from reports.words import between, thousands

SIZE = Size(760, 300, 13)  # without its lanes and marks
BAND, LIMIT = "#bfd7ec", "#660022"
# Light fills under dark words, told apart by the words; neighbours also by their shade.
LANE_FILLS = ("#e8f1f8", "#dfe2e4")
_LANE, _MARKS = 24, 26


@dataclass(frozen=True, slots=True)
class Month:
    """One month: counts of the shape as drawn, 100 m smaller and 100 m larger. None = unknown; `partial`: in part."""

    month: date
    count: int | None
    low: int | None
    high: int | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of the baseline: drawn over its months, `first` to `last`, and dashed from there on."""

    low: float
    high: float
    first: date
    last: date

    @property
    def text(self) -> str:
        """ "30 to 48": the whole numbers within it."""
        return between(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Band:
    """Something with a beginning and maybe an end, as a phase: both days included; None = still going on."""

    label: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on a day. `kind` is a word for it ("Redrawn"), `label` the sentence in the list below."""

    day: date
    label: str
    kind: str


def timeline(
    months: Sequence[Month],
    *,
    key: str,
    title: str,
    description: str,
    bands: Sequence[Band] = (),
    marks: Sequence[Mark] = (),
    limits: Limits | None = None,
    breaks: Iterable[Break] = (),
) -> SafeString:
    """The picture of consecutive months, oldest first. Marks are numbered in the order given, bands lie in lanes.

    Bands and marks outside of the months are left out, as far as they lie there. Raises ValueError without months.
    """
    if not months:
        raise ValueError("A timeline needs at least one month.")
    shown = [one.month for one in months]
    lanes = _lanes([band for band in bands if _lies_in(band, shown)])
    numbered = [(number, mark) for number, mark in enumerate(marks, 1) if _column(mark.day, shown) is not None]
    head = _LANE * len(lanes) + (_MARKS if numbered else 0)
    size = Size(SIZE.width, SIZE.height + head, SIZE.font)
    top, step = ceiling(max([one.high or one.count or 0 for one in months] + [round(limits.high) if limits else 0]))
    left, right = 10 + round(width(thousands(top), size.font)), size.width - 50
    above, base = head + size.font + 8, size.height - size.font - 10
    x, edges = columns(len(months), left, right)

    def y(count: float) -> float:
        return round(base - count * (base - above) / top, 1)

    parts = [
        opening(key, title, description, size),
        partial_months([one.partial for one in months], key, edges, above, base),
        _range(months, x, y),
        count_axis(range(0, top + 1, step), y, left, right),
        month_axis(shown, edges.__getitem__, base, size.font),
        _limits(limits, shown, edges, y) if limits else "",
        line(
            [None if one.count is None else y(one.count) for one in months],
            x,
            [one.partial for one in months],
            [False] * len(months),
            colour=LINE,
        ),
        unknown_months([one.count is None for one in months], x, base),
        break_lines(shown, breaks, edges, above, base),
        _drawn_lanes(lanes, shown, edges, left, right, size.font),
        _drawn_marks(numbered, shown, edges, _LANE * len(lanes), base),
    ]
    last = months[-1]
    if last.count is not None:
        fill = "#fff" if last.partial else LINE
        parts.append(
            f'<circle cx="{x[-1]}" cy="{y(last.count)}" r="3.5" fill="{fill}" stroke="{LINE}" stroke-width="2"/>'
            f'<text x="{right + 6}" y="{y(last.count) + 4.5:.1f}" font-weight="700" fill="{INK}">'
            f"{thousands(last.count)}</text>"
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number


def _column(day: date, months: Sequence[date]) -> int | None:
    """The position of the day's month; None where it is not drawn."""
    index = (day.year - months[0].year) * 12 + day.month - months[0].month
    return index if 0 <= index < len(months) else None


def _lies_in(band: Band, months: Sequence[date]) -> bool:
    return band.starts < _after(months[-1]) and (band.ends is None or band.ends >= months[0])


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _at(day: date, months: Sequence[date], edges: Sequence[float]) -> float:
    """Where a day lies across the drawing, at one of its ends where it lies outside."""
    index = (day.year - months[0].year) * 12 + day.month - months[0].month
    if index < 0:
        return edges[0]
    if index >= len(months):
        return edges[-1]
    return round(edges[index] + (edges[index + 1] - edges[index]) * (day.day - 1) / 31, 1)


def _lanes(bands: Sequence[Band]) -> list[list[Band]]:
    """The bands in as few lanes as they need beside each other, in each by their beginning."""
    lanes: list[list[Band]] = []
    for band in sorted(bands, key=lambda one: (one.starts, one.ends or date.max)):
        free = (lane for lane in lanes if (end := lane[-1].ends) is not None and end < band.starts)
        lane = next(free, None)
        if lane is None:
            lane = []
            lanes.append(lane)
        lane.append(band)
    return lanes


def _drawn_lanes(
    lanes: Sequence[Sequence[Band]],
    months: Sequence[date],
    edges: Sequence[float],
    left: float,
    right: float,
    font: int,
) -> str:
    drawn = []
    for row, lane in enumerate(lanes):
        top = row * _LANE + 2
        for index, band in enumerate(lane):
            start = _at(band.starts, months, edges)
            end = right if band.ends is None else max(_at(band.ends, months, edges), start + 2)
            # A name may run on beyond its band, up to where the next one begins.
            until = _at(lane[index + 1].starts, months, edges) if index + 1 < len(lane) else right + 46
            room = int((until - start - 10) / (0.56 * font))
            label = shortened(band.label, room) if room >= 3 else ""
            point = (
                "" if band.ends else f'<path d="M{end} {top}l8 {(_LANE - 4) / 2}l-8 {(_LANE - 4) / 2}z" fill="{INK}"/>'
            )
            drawn.append(
                f"<g><title>{escape(band.label)}</title>"
                f'<rect x="{start}" y="{top}" width="{max(end - start, 2):.1f}" height="{_LANE - 4}" '
                f'fill="{LANE_FILLS[index % 2]}" stroke="{INK}"/>{point}'
                f'<text x="{start + 5}" y="{top + _LANE - 9}" fill="{INK}">{escape(label)}</text></g>'
            )
    return "".join(drawn)


def _drawn_marks(
    numbered: Sequence[tuple[int, Mark]], months: Sequence[date], edges: Sequence[float], top: float, base: float
) -> str:
    """A dotted line for each mark with its number on top; numbers that would lie on each other move to the right."""
    drawn, free = [], float("-inf")
    for number, mark in sorted(numbered, key=lambda one: (one[1].day, one[0])):
        at = _at(mark.day, months, edges)
        shown = max(at, free)
        free = shown + 19
        drawn.append(
            f"<g><title>{escape(mark.label)}</title>"
            f'<path d="M{shown:.1f} {top + 20}L{at} {top + 26}V{base}" fill="none" stroke="{INK}" '
            'stroke-dasharray="2 3"/>'
            f'<circle cx="{shown:.1f}" cy="{top + 12}" r="9" fill="#fff" stroke="{INK}"/>'
            f'<text x="{shown:.1f}" y="{top + 16}" text-anchor="middle" font-size="12" font-weight="700" fill="{INK}">'
            f"{number}</text></g>"
        )
    return "".join(drawn)


def _range(months: Sequence[Month], x: Sequence[float], y: Callable[[float], float]) -> str:
    """The band between the counts of the smaller and of the larger shape, one for each run of known months."""
    shapes = []
    for first, end in runs([None if one.count is None or one.partial else one.count for one in months]):
        upper = [f"{x[at]} {y(months[at].high or 0)}" for at in range(first, end)]
        lower = [f"{x[at]} {y(months[at].low or 0)}" for at in reversed(range(first, end))]
        shapes.append(f"M{'L'.join(upper + lower)}Z")
    return f'<path d="{"".join(shapes)}" fill="{BAND}"/>' if shapes else ""


def _limits(limits: Limits, months: Sequence[date], edges: Sequence[float], y: Callable[[float], float]) -> str:
    """The two limits: a stronger line over the months of the baseline, dashed onwards; named where they begin."""
    if limits.first > months[-1]:
        return ""
    start, middle = _at(limits.first, months, edges), _at(_after(limits.last), months, edges)
    drawn = []
    for value in (limits.low, limits.high):
        at = y(value)
        drawn.append(f'<path d="M{start} {at}H{middle}" stroke="{LIMIT}" stroke-width="1.8"/>')
        if middle < edges[-1]:
            drawn.append(
                f'<path d="M{middle} {at}H{edges[-1]}" stroke="{LIMIT}" stroke-width="1.5" stroke-dasharray="7 4"/>'
            )
    drawn.append(
        f'<text x="{start + 3}" y="{y(limits.high) - 5:.1f}" fill="{LIMIT}" font-weight="700" stroke="#fff" '
        f'stroke-width="3" paint-order="stroke">Range of the baseline, {limits.text}</text>'
    )
    return "".join(drawn)
