"""The explore page's table as text, and as the heat table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.heat import shade, steps
from reports.pages.explore import Explored, Series
from reports.presenters import explore_words
from reports.tables import CONVERTED, PARTIAL

# Up to so many series stand side by side with a row a month; more have a row each.
MOST_COLUMNS = 8


def table(found: Explored) -> SafeString:
    """A cell for each series and month, and the figure of the whole window. A dash is unknown; * is reported in part,
    † converted. The heat table has a row a series, and shades."""
    is_heat = found.asked["view"] == "heat"
    names = explore_words.series_names(found)
    text = explore_words.number(found.asked["measure"])
    step = steps([value for one in found.series for value in one.values]) if is_heat else None
    cells = [_cells(one, text, step) for one in found.series]
    totals = [explore_words.whole_text(found, one) for one in found.series]
    has_totals = found.asked["measure"] not in ("rolling", "index") and len(found.window) > 1
    caption = f"{explore_words.heading(found)}: "
    caption += f"{explore_words.measure_words(found)}, {explore_words.span(found)}"
    if len(found.series) <= MOST_COLUMNS and not is_heat:
        body = _months_down(found, names, cells, totals if has_totals else [])
    else:
        body = _months_across(found, names, cells, totals if has_totals else [])
    return mark_safe(  # noqa: S308 - names are escaped, all else is numbers and months
        f'<table class="app-series{" app-series--heat" if is_heat else ""}" id="figures">'
        f'<caption class="govuk-visually-hidden">{escape(caption)}</caption>{body}</table>'
    )


def _cells(one: Series, text: Callable[[float], str], step: float | None) -> list[str]:
    made = []
    for value, is_partial, is_converted in zip(one.values, one.partial, one.converted, strict=True):
        if value is None:
            made.append("<td>–</td>")
            continue
        marks = PARTIAL * is_partial + CONVERTED * is_converted
        shaded = ""
        if step is not None:
            shaded = f' class="app-heat-{"below-" if value < 0 else ""}{shade(value, step)}"'
        made.append(f"<td{shaded}>{text(value)}{marks}</td>")
    return made


def _months_down(found: Explored, names: Sequence[str], cells: Sequence[Sequence[str]], totals: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{month:%b %Y}</th>{"".join(row)}</tr>'
        for month, row in zip(found.window, zip(*cells, strict=True), strict=True)
    )
    foot = "".join(f"<td>{escape(total)}</td>" for total in totals)
    foot = f'<tfoot><tr><th scope="row">{explore_words.whole_name(found)}</th>{foot}</tr></tfoot>' if foot else ""
    return f'<thead><tr><th scope="col">Month</th>{heads}</tr></thead><tbody>{rows}</tbody>{foot}'


def _months_across(found: Explored, names: Sequence[str], cells: Sequence[Sequence[str]], totals: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col">{month:%b} <span>{month.year}</span></th>' for month in found.window)
    heads += f'<th scope="col">{explore_words.whole_name(found)}</th>' if totals else ""
    sums = [f'<td class="app-series__total">{escape(total)}</td>' for total in totals] or [""] * len(names)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(row)}{total}</tr>'
        for name, row, total in zip(names, cells, sums, strict=True)
    )
    several = len(found.areas) > 1 and len(found.chosen) > 1
    what = "Series" if several else "Category" if len(found.chosen) > 1 else "Area"
    return f'<thead><tr><th scope="col">{what}</th>{heads}</tr></thead><tbody>{rows}</tbody>'
