"""The explore page in words: numbers, headings, and the sentence to copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from hotspots import categories
from reports import sentences
from reports.pages.explore import Explored, Series
from reports.queries import Place
from reports.schemes import sources_of
from reports.words import listed, month_name, percent, plural, rate, thousands


def number(measure: str) -> Callable[[float], str]:
    """How a measure's figures are written: 1,234; 12.3; 12%; +12."""
    return _NUMBERS[measure]


def _percent(value: float) -> str:
    return "<1%" if 0 < value < 0.5 else f"{value:.0f}%"


def _signed(value: float) -> str:
    return f"+{value:,.0f}" if value > 0 else f"\u2212{-value:,.0f}" if value < 0 else "0"


_NUMBERS: dict[str, Callable[[float], str]] = {
    "count": lambda value: f"{value:,.0f}",
    "rolling": lambda value: f"{value:,.0f}",
    "index": lambda value: f"{value:,.0f}",
    "rate": rate,
    "share": _percent,
    "change": _signed,
}


def axis_number(measure: str) -> Callable[[float], str]:
    """How round numbers on an axis are written."""
    if measure == "share":
        return lambda value: f"{value:g}%"
    return (lambda value: f"{value:,g}") if measure in ("rate", "index") else _NUMBERS[measure]


def whole_text(found: Explored, one: Series) -> str:
    """A series' figure of the whole window, a change with its percentage on a base of 20 or more."""
    if one.whole is None:
        return "–"
    text = number(found.asked["measure"])(one.whole)
    if found.asked["measure"] == "change" and one.base is not None:
        size = percent(one.base + int(one.whole), one.base)
        return f"{text} ({size})" if size else text
    return text


def whole_name(found: Explored) -> str:
    """What the figure of the whole window is: "24 months", or the last month where months are not added up."""
    if found.asked["measure"] in ("rolling", "index") or len(found.window) == 1:
        return f"{found.window[-1]:%b %Y}"
    return f"{len(found.window)} months"


def span(found: Explored) -> str:
    """ "April 2016 to March 2018"; one month alone."""
    first, last = found.window[0], found.window[-1]
    return month_name(last) if first == last else f"{month_name(first)} to {month_name(last)}"


def area_words(found: Explored) -> str:
    """ "Gooshays and Heaton", "the 20 wards of Havering", "Gooshays, Heaton and 4 other areas"."""
    in_lists = sum(count for _, count in found.wards_of)
    if found.wards_of and in_lists == len(found.areas):
        return listed([f"the {count} wards of {borough.name}" for borough, count in found.wards_of])
    return some(list(area_names(found).values()), "areas")


def heading(found: Explored) -> str:
    """ "Burglary and robbery in Gooshays"."""
    return f"{category_words(found)} in {area_words(found)}"


def category_words(found: Explored) -> str:
    """The categories' names, or the first ones; within a line those of police.uk are no names of their own."""
    names = [category.name for category in found.chosen]
    if found.asked["scheme"] == categories.POLICE_UK:
        names[1:] = [name.lower() for name in names[1:]]
    return some(names, "categories")


def some(names: Sequence[str], kind: str) -> str:
    """Up to four names; of more, the first three and how many others of a kind ("wards")."""
    if len(names) <= 4:
        return listed(list(names))
    return f"{', '.join(names[:3])} and {len(names) - 3} other {kind}"


def measure_words(found: Explored) -> str:
    """What the figures are: "rate per 1,000 residents by month"."""
    return {
        "count": "count by month",
        "rate": "rate per 1,000 residents by month",
        "rolling": "count of the 12 months to each month",
        "change": "count less that of the same month a year before",
        "share": f"share of {share_name(found)} by month",
        "index": f"index of the count by month, {month_name(found.base)} = 100",
    }[found.asked["measure"]]


def area_names(found: Explored) -> dict[int, str]:
    """What tells each area from the others, by area: its name; where two have the same, with the dates of the ward, or
    else its code."""
    often = Counter(area.name for area in found.areas)
    dated = {area.pk: f"{area.name} ({_dates(area) or area.code})" for area in found.areas if often[area.name] > 1}
    often = Counter(dated.values())
    coded = {area.pk: f"{area.name} ({area.code})" for area in found.areas if often[dated.get(area.pk, "")] > 1}
    return {area.pk: coded.get(area.pk) or dated.get(area.pk) or area.name for area in found.areas}


def _dates(area: Place) -> str:
    if area.valid_to:
        return f"until {area.valid_to:%b %Y}"
    return f"from {area.valid_from:%b %Y}" if area.valid_from else ""


def series_names(found: Explored) -> list[str]:
    """What tells each series from the others: its area, its category, or both."""
    areas = area_names(found)
    made = []
    for one in found.series:
        area = areas[one.place.pk]
        if len(found.chosen) == 1:
            made.append(area)
        else:
            made.append(one.category.name if len(found.areas) == 1 else f"{area}: {one.category.name}")
    return made


def share_name(found: Explored) -> str:
    """What shares are shares of, within a sentence: "all crime"."""
    return found.share_of.name[0].lower() + found.share_of.name[1:]


def source(found: Explored) -> str:
    """What the figures were counted from."""
    sources = sorted({name for area in found.areas for name in sources_of(found.asked["scheme"], area.kind)})
    return sentences.source_line(found.releases, sources)


def sentence(found: Explored) -> str:
    """The view in one sentence, with its numbers and its source: what somebody pastes into a report."""
    text, come = _figures(found), source(found)
    return f"{text}.{f' Source: {come}.' if come else ''}"


def _figures(found: Explored) -> str:
    """The figures of the whole window or, where no series has one, of its last month, and why."""
    newest = _last_month(found)
    if len(found.window) > 1 and not any(one.whole is not None for one in found.series) and newest is not None:
        why = _why_unknown(found, found.series[0])
        return f"{_figures(newest)}; there is no figure for all {len(found.window)} months{f': {why}' if why else ''}"
    return _single(found) if len(found.series) == 1 else _several(found)


def _last_month(found: Explored) -> Explored | None:
    """The same view of its last month alone; None where nothing whole is known of it."""
    series = [
        replace(
            one,
            rows=one.rows[-1:],
            values=one.values[-1:],
            whole=None if one.partial[-1] else one.values[-1],
            base=one.rows[-1].last_year if found.asked["measure"] == "change" else one.base,
        )
        for one in found.series
    ]
    known = any(one.whole is not None for one in series)
    return replace(found, window=found.window[-1:], series=series) if known else None


def _about(one: Series) -> str:
    return "about " if any(one.converted) else ""


def _single(found: Explored) -> str:
    one, measure = found.series[0], found.asked["measure"]
    months, last = len(found.window), month_name(found.window[-1])
    text = f"{one.category.name} in {one.place.name}, {span(found)}: "
    if one.whole is None:
        return text + (_why_unknown(found, one) or "not known")
    figure = _about(one) + number(measure)(one.whole)
    if measure == "count":
        text += f"{_about(one)}{plural(int(one.whole), *sentences.noun(one.category))} recorded"
        row = one.rows[-1]
        if months > 1 and row.count is not None:
            text += f" in {months} months, {thousands(row.count)} of them in {last}"
        return text
    if measure == "rate":
        return f"{text}{figure} per 1,000 residents" + (f" over the {months} months" if months > 1 else "")
    if measure == "rolling":
        return f"{text}{figure} in the 12 months to {last}"
    if measure == "change":
        size = percent((one.base or 0) + int(one.whole), one.base or 0)
        was = "the same as" if not one.whole else f"{abs(int(one.whole)):,} {'more' if one.whole > 0 else 'fewer'}"
        was += f" ({size})" if size else ""
        return (
            f"{text}{was}{' than' if one.whole else ''} in the same {'months' if months > 1 else 'month'} a year before"
        )
    if measure == "share":
        count, of = sum(row.count or 0 for row in one.rows), sum(of or 0 for of in one.wholes[-len(one.rows) :])
        return f"{text}{figure} of {share_name(found)} ({count:,} of {of:,})"
    return f"{text}{figure} in {last} where {month_name(found.base)} ({thousands(one.base)}) is 100"


def _why_unknown(found: Explored, one: Series) -> str:
    """ "February 2024 is not known"; "" where months do not say why."""
    return sentences.shortfall(one.rows) if found.asked["measure"] in ("count", "rate") else ""


def _several(found: Explored) -> str:
    names = dict(zip(map(id, found.series), series_names(found), strict=True))
    known = sorted(
        ((one.whole, one) for one in found.series if one.whole is not None),
        key=lambda item: (-item[0], names[id(item[1])]),
    )
    measure = found.asked["measure"]
    head = f"{heading(found)}, {span(found)}"
    if not known:
        return f"{head}: not known, or not for every month"

    def figure(one: Series) -> str:
        text = _about(one) + whole_text(found, one).replace(" (", ", ").rstrip(")")
        return f"{text}, from {thousands(one.base)}" if measure == "index" else text

    def said(items: Sequence[tuple[float, Series]]) -> str:
        """Names and figures, and how many others stand where the last of them does."""
        last = items[-1][0]
        level = sum(value == last for value, _ in known) - sum(value == last for value, _ in items)
        text = listed([f"{names[id(one)]} ({figure(one)})" for _, one in items])
        return f"{text}, with {plural(level, 'other', 'others')} level" if level else text

    of_what = {
        "count": "counts",
        "rate": "rates per 1,000 residents",
        "rolling": f"counts of the 12 months to {month_name(found.window[-1])}",
        "change": "changes against the same months a year before",
        "share": f"shares of {share_name(found)}",
        "index": f"index in {month_name(found.window[-1])}, where {month_name(found.base)} is 100",
    }[measure]
    if len(known) <= 4:
        body = said(known)
    elif measure == "change":
        rose, fell = [item for item in known if item[0] > 0][:3], [item for item in known[::-1] if item[0] < 0][:3]
        parts = [f"rose most in {said(rose)}"] if rose else []
        parts += [f"fell most in {said(fell)}"] if fell else []
        body = "; ".join(parts) or "the same everywhere"
    else:
        body = f"highest {said(known[:3])}; lowest {said(known[-1:])}"
    unknown = len(found.series) - len(known)
    rest = f"; not known, or not for every month, for {unknown} of {len(found.series)}" if unknown else ""
    return f"{head}, {of_what}: {body}{rest}"
