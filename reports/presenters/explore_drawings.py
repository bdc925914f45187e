"""The explore page's drawings, and the one picture that downloads hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports import notes
from reports.charts.bars import Bar, bars
from reports.charts.drawing import Break
from reports.charts.heat import heat
from reports.charts.lines import MOST, PANEL, WIDE, Trace, frame, lines
from reports.charts.multiples import multiples
from reports.pages.explore import Explored, Series
from reports.presenters import explore_notes, explore_words
from reports.words import month_name


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing under its title; `line` says what it cannot show."""

    title: str
    svg: SafeString
    line: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    """Series that are drawn together, the largest first, and the names that tell them apart."""

    title: str
    series: list[Series]
    names: list[str]


def drawings(found: Explored) -> list[Drawing]:
    """What stands on the page, each for itself; nothing for the heat table, which is a table."""
    view = found.asked["view"]
    if view == "line":
        return [_lines(found, group, index) for index, group in enumerate(_groups(found))]
    if view == "bar":
        return [_bars(found, group, index) for index, group in enumerate(_groups(found))]
    return _panels(found) if view == "multiples" else []


def picture(found: Explored) -> SafeString:
    """All of the view in one drawing."""
    title = explore_words.measure_words(found)
    if found.asked["view"] == "heat":
        traces = [_trace(one, name) for one, name in zip(found.series, explore_words.series_names(found), strict=True)]
        text = explore_words.number(found.asked["measure"])
        return heat(found.window, traces, text, key="heat", title=title, description=explore_words.sentence(found))
    made = drawings(found)
    if len(made) == 1:
        return made[0].svg
    named = [(drawing.title, drawing.svg) for drawing in made]
    description = explore_words.sentence(found)
    if found.asked["view"] == "multiples":
        return multiples(named, key="all", title=title, description=description, each=PANEL)
    return multiples(named, key="all", title=title, description=description, each=WIDE, columns=1)


def _trace(one: Series, name: str) -> Trace:
    return Trace(name, one.values, one.partial, one.converted)


def _groups(found: Explored) -> list[_Group]:
    """What is drawn together: the areas of each category, or the categories of each area."""
    by_area = len(found.chosen) > 1 and (found.asked["compare"] == "categories" or len(found.areas) == 1)
    keys = [area.pk for area in found.areas] if by_area else [category.number for category in found.chosen]
    areas = explore_words.area_names(found)
    held: dict[int, list[Series]] = {key: [] for key in keys}
    for one in found.series:
        held[one.place.pk if by_area else one.category.number].append(one)
    made = []
    for group in held.values():
        ordered = sorted(group, key=_size, reverse=True)  # equal ones stay as they were asked for
        title = areas[ordered[0].place.pk] if by_area else ordered[0].category.name
        made.append(_Group(title, ordered, [one.category.name if by_area else areas[one.place.pk] for one in ordered]))
    return made


def _size(one: Series) -> float:
    """By what the largest comes first: the whole window's figure, else the sum of what is known."""
    return one.whole if one.whole is not None else sum(value for value in one.values if value is not None) - 1e9


def _breaks(found: Explored) -> list[Break]:
    return notes.breaks(explore_notes.lettered(found))


def _description(found: Explored, group: Sequence[Series], names: Iterable[str]) -> str:
    """What a sighted reader takes from lines or bars: each one's figure."""
    name = explore_words.whole_name(found)
    figures = "; ".join(f"{of} {explore_words.whole_text(found, one)}" for of, one in zip(names, group, strict=True))
    return f"{explore_words.measure_words(found).capitalize()}, {explore_words.span(found)}. {name}: {figures}."


def _lines(found: Explored, group: _Group, index: int) -> Drawing:
    measure = found.asked["measure"]
    traces = [_trace(one, name) for one, name in zip(group.series, group.names, strict=True)]
    shown = frame(
        found.window,
        traces,
        explore_words.axis_number(measure),
        whole=measure not in ("rate", "share"),
        reference=100 if measure == "index" else None,
    )
    svg = lines(
        shown,
        traces,
        key=f"l{index}",
        title=f"{group.title}: {explore_words.measure_words(found)}",
        description=_description(found, group.series, group.names),
        breaks=_breaks(found),
    )
    rest = len(traces) - MOST
    line = f"The {MOST} largest have colours and names; the other {rest} are grey." if rest > 0 else ""
    return Drawing(group.title, svg, line)


def _bars(found: Explored, group: _Group, index: int) -> Drawing:
    rows = [
        Bar(
            name,
            one.whole,
            explore_words.whole_text(found, one) if one.whole is not None else "not known",
            any(one.converted),
        )
        for one, name in zip(sorted(group.series, key=lambda one: one.whole is None), _bar_names(group), strict=True)
    ]
    months = found.asked["measure"] in ("rolling", "index")
    when = month_name(found.window[-1]) if months else explore_words.span(found)
    title = f"{group.title}, {when}"
    svg = bars(
        rows,
        key=f"b{index}",
        title=f"{title}: {explore_words.measure_words(found)}",
        description=_description(found, group.series, group.names),
    )
    return Drawing(title, svg)


def _bar_names(group: _Group) -> list[str]:
    """The names in the order of the bars: those without a figure last."""
    pairs = sorted(zip(group.series, group.names, strict=True), key=lambda pair: pair[0].whole is None)
    return [name for _, name in pairs]


def _panels(found: Explored) -> list[Drawing]:
    measure = found.asked["measure"]
    text, whole = explore_words.axis_number(measure), measure not in ("rate", "share")
    reference = 100.0 if measure == "index" else None
    traces = [_trace(one, name) for one, name in zip(found.series, explore_words.series_names(found), strict=True)]
    same = frame(found.window, traces, text, whole=whole, reference=reference)
    breaks = _breaks(found)
    made = []
    for index, (one, trace) in enumerate(zip(found.series, traces, strict=True)):
        own = found.asked["scale"] == "own"
        shown = frame(found.window, [trace], text, whole=whole, reference=reference) if own else same
        svg = lines(
            shown,
            [trace],
            key=f"m{index}",
            title=trace.name,
            description=_description(found, [one], [trace.name]),
            breaks=breaks,
            size=PANEL,
            named=False,
        )
        made.append(Drawing(trace.name, svg))
    return made
