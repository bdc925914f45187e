"""Charts with their tables, as profiles show them: one large, and small ones by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from hotspots.categories import Definition
from hotspots.coverage import back
from reports import charts, sentences, tables
from reports.charts import LARGE, SMALL, Break
from reports.links import address, month_value
from reports.pages.profile import Profile
from reports.presenters import points, unknown
from reports.queries import Figure
from reports.schemes import sources_of
from reports.words import month_name, thousands

# Charts by category show at most this many months, and as lines of their own at most so many years.
CARD_MONTHS, YEARS = 36, 8


@dataclass(frozen=True, slots=True)
class Card:
    """A chart with its table. `key` is its id in the page."""

    key: str
    title: str
    line: str
    chart: SafeString
    table: SafeString
    source: str
    href: str = ""


def totals(figures: Mapping[date, Figure], ends: Sequence[date]) -> list[int | None]:
    """Sums of the twelve months that end with each of these."""
    return [figures[end].rolling_12 if end in figures else None for end in ends]


def source(found: Profile, scheme: str = "") -> str:
    """What figures of a scheme were counted from."""
    return sentences.source_line(found.releases, sources_of(scheme or found.scheme, found.place.kind))


def query(found: Profile) -> dict[str, str]:
    """What the profile's address says beside the category, to carry over into links; what is usual is left out."""
    usual = {"scheme": "police.uk", "months": "36", "lines": "last-year", "scale": "own"}
    chosen = {"scheme": found.scheme, "months": found.period, "lines": found.lines, "scale": found.scale}
    newest = found.spans[found.scheme].newest
    return {
        "month": month_value(found.month) if found.month != newest else "",
        **{name: value for name, value in chosen.items() if value != usual[name]},
    }


def addresses(found: Profile) -> Callable[[str], str]:
    """Category -> the address of its profile here, with the choices of this one."""
    path = address(found.place.kind, found.place.code, **query(found))
    start = f"{path}{'&' if '?' in path else '?'}category="
    return lambda slug: start + slug


def large(
    key: str,
    title: str,
    figures: Mapping[date, Figure],
    window: Sequence[date],
    breaks: Sequence[Break],
    counted_from: str,
) -> Card:
    """The months of a window over those of the year before, with their table."""
    shown = points(figures, window)
    ends = [back(window[-1], 12 * step) for step in reversed(range(-(-len(window) // 12)))]
    return Card(
        key=key,
        title=title,
        line="",
        chart=charts.series(shown, key=key, title=title, breaks=breaks, size=LARGE),
        table=tables.months(shown, totals(figures, ends), caption=title),
        source=counted_from,
    )


def years(key: str, title: str, figures: Mapping[date, Figure], window: Sequence[date], counted_from: str) -> Card:
    """The calendar years that a window touches, as lines over each other, with their table."""
    last = window[-1]
    first = max(window[0].year, last.year - YEARS + 1)
    months = [date(year, month, 1) for year in range(first, last.year + 1) for month in range(1, 13)]
    shown = points(figures, [month for month in months if month <= last])
    ends = [date(year, 12, 1) for year in range(first, last.year + 1)]
    return Card(
        key=key,
        title=title,
        line=f"The {YEARS} newest years." if window[0].year < first else "",
        chart=charts.years(shown, key=key, title=f"{title}, each year a line"),
        table=tables.years(shown, totals(figures, ends), caption=title),
        source=counted_from,
    )


def multiples(found: Profile, shown: Sequence[Definition], breaks: Sequence[Break]) -> SafeString:
    """A small chart with its folded table for each category."""
    window = found.window[-CARD_MONTHS:]
    ends = [back(window[-1], 12 * step) for step in reversed(range(-(-len(window) // 12)))]
    drawn = [(one, points(found.figures.get(one.number, {}), window)) for one in shown]
    largest = None
    if found.scale == "same":
        largest = max((n for _, of in drawn for point in of for n in point[1:3] if n is not None), default=0)
    href = addresses(found)
    parts = []
    for one, of in drawn:
        key, name = f"c{one.number}", escape(one.name)
        figures = found.figures.get(one.number, {})
        parts.append(
            f'<figure class="app-plot" aria-labelledby="{key}-h"><figcaption>'
            f'<h3 class="govuk-heading-s app-figure__title" id="{key}-h">'
            f'<a class="govuk-link govuk-link--no-visited-state" href="{escape(href(one.slug))}">{name}</a></h3>'
            f'<p class="app-figure__line">{escape(_line(found.month, figures))}</p></figcaption>'
            f"{charts.series(of, key=key, title=one.name, breaks=breaks, size=SMALL, largest=largest)}"
            '<details class="govuk-details app-figure__details"><summary class="govuk-details__summary">'
            '<span class="govuk-details__summary-text">Table<span class="govuk-visually-hidden">: '
            f'{name}</span></span></summary><div class="govuk-details__text">'
            f"{tables.months(of, totals(figures, ends), caption=one.name)}</div></details></figure>"
        )
    return mark_safe("".join(parts))  # noqa: S308 - made above, each text escaped


def _line(month: date, figures: Mapping[date, Figure]) -> str:
    now = figures.get(month) or unknown(month)
    if now.count is None:
        return "Not known"
    change = sentences.compare(now, figures.get(back(month, 12))).lower()
    return f"{thousands(now.count)} in {month_name(month)}: {change}"


def types(found: Profile, shown: Sequence[tuple[Definition, bool]]) -> SafeString:
    """The body of the table of types: each category's month and year; True marks a sum of several."""
    href = addresses(found)
    before = back(found.month, 12)
    rows = []
    for one, is_total in shown:
        figures = found.figures.get(one.number, {})
        now, was = figures.get(found.month) or unknown(found.month), figures.get(before)
        rows.append(
            tables.row(
                one.name,
                [
                    thousands(now.count),
                    thousands(now.last_year),
                    sentences.compare(now, was),
                    thousands(now.rolling_12),
                    thousands(was.rolling_12 if was else None),
                ],
                href=href(one.slug),
                mark="app-table__total" if is_total else "",
            )
        )
    return mark_safe("".join(rows))  # noqa: S308 - made of escaped rows
