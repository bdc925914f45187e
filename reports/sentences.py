"""One month of one place in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.text import capfirst

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Source
from reports import words
from reports.models import MonthlySummary
from reports.queries import Denominator, Figure, Release
from reports.words import change, day_name, listed, month_list, month_name, percent, plural, thousands

# How a sentence writes a number: plainly, or marked so that a page can make it a link.
Numeral = Callable[[int], str]
PARTIAL, MISSING = MonthlySummary.Coverage.PARTIAL, MonthlySummary.Coverage.MISSING


def noun(category: Definition) -> tuple[str, str]:
    """What one row of a category is called, and several: an anti-social behaviour record is no crime."""
    if category.scheme == categories.SEARCH:
        return "stop and search", "stop and searches"
    if category.scheme == categories.OUTCOME:
        return "outcome", "outcomes"
    if category.slug == "anti-social-behaviour":
        return "incident", "incidents"
    if category.slug == "all-crime-and-asb":
        return "crime or incident of anti-social behaviour", "crimes and incidents of anti-social behaviour"
    return "crime", "crimes"


def recorded(
    figure: Figure, category: Definition, place: str, *, is_force: bool = False, numeral: Numeral = thousands
) -> str:
    """ "In March 2017 police recorded 94 crimes in Gooshays": at least, where the month is partial; about, where it was
    converted. A force records crimes itself: also those that lie nowhere. Without a full stop."""
    one, many = noun(category)
    # The Metropolitan Police's own total leaves fraud out, which its name says.
    is_all = category.slug in ("all-crime", "all-crime-and-asb", "all-searches") and category.scheme != categories.MPS
    under = "" if is_all else f" under “{category.name}”"
    did = f"{place if is_force else 'police'} {'carried out' if category.scheme == categories.SEARCH else 'recorded'}"
    where = f"{'' if is_force else f' in {place}'}{under}"
    month = month_name(figure.month)
    if figure.count is None:
        return f"How many {many} {did}{where} in {month} is not known"
    if figure.count == 0 and figure.coverage == PARTIAL:
        return f"The figures of {month}, reported in part, hold no {many}{f' of {place}' if is_force else ''}{where}"
    hedge = _hedge(figure)
    what = one if figure.count == 1 else many
    amount = f"no {many}" if figure.count == 0 and not hedge else f"{hedge}{numeral(figure.count)} {what}"
    return f"In {month} {did} {amount}{where}"


def _hedge(figure: Figure) -> str:
    return "at least " if figure.coverage == PARTIAL else "about " if figure.converted else ""


def against_last_year(figure: Figure, before: Figure | None, numeral: Numeral = thousands) -> str:
    """The month against the same month a year before, as the rest of a sentence with its full stop.

    `before` is that month's own figure, None where it has no row (then only its count is known, from `figure`).
    """
    month, count = month_name(back(figure.month, 12)), figure.last_year
    if figure.count is not None and before is not None and before.count is not None and before.coverage == PARTIAL:
        return f". {month} was reported in part (at least {numeral(before.count)}), so the two are not compared."
    if count is None:
        return f". The figure for {month} is not known, so there is nothing to compare it with."
    was = "none" if count == 0 else numeral(count)
    if figure.count is None:
        return f". In {month} it was {was}."
    if figure.coverage == PARTIAL:
        return f". The month is reported in part, so it is not compared with {month} ({was})."
    if figure.count == count:
        return f", the same as in {month}."
    size = percent(figure.count, count)
    more = f"{abs(figure.count - count):,} {'more' if figure.count > count else 'fewer'}"
    return f", {more}{f' ({size})' if size else ''} than in {month} ({was})."


def shortfall(year: Sequence[Figure]) -> str:
    """Why twelve months, oldest first, have no sum: "February 2024 is not known", "May 2024 was reported in part"."""
    unknown = [figure.month for figure in year if figure.count is None]
    partial = [figure.month for figure in year if figure.count is not None and figure.coverage == PARTIAL]
    parts = []
    if unknown:
        parts.append(f"{month_list(unknown)} {'is' if len(unknown) == 1 else 'are'} not known")
    if partial:
        parts.append(f"{month_list(partial)} {'was' if len(partial) == 1 else 'were'} reported in part")
    return listed(parts) if parts else ""


def twelve_months(now: Figure, before: Figure | None, year: Sequence[Figure] = (), numeral: Numeral = thousands) -> str:
    """The sum of twelve months against the twelve before. `year` are the twelve, oldest first: why there is no sum."""
    month = month_name(now.month)
    if now.rolling_12 is None:
        why = shortfall(year)
        return f"The total of the 12 months to {month} is not known{f': {why}' if why else ''}."
    text = f"The total of the 12 months to {month} was {numeral(now.rolling_12)}"
    if before is None or before.rolling_12 is None:
        return f"{text}; the 12 months before are not fully known."
    if now.rolling_12 == before.rolling_12:
        return f"{text}, the same as in the 12 months before."
    was = numeral(before.rolling_12) if before.rolling_12 else "none"
    return f"{text}, {change(now.rolling_12, before.rolling_12)} than in the 12 months before ({was})."


def most(items: Sequence[tuple[float, str]], text: Callable[[float], str]) -> str:
    """The first three of (figure, name), largest first, and whether others are level with the third: "A (5), B (3) and
    C (3); others are level with the last"; "" of fewer than three."""
    if len(items) < 3:
        return ""
    level = len(items) > 3 and items[3][0] == items[2][0]
    top = listed([f"{name} ({text(figure)})" for figure, name in items[:3]])
    return f"{top}{'; others are level with the last' if level else ''}"


def by_chance(areas: int, kind: str) -> str:
    """What to hold against the largest rise and fall of so many areas ("wards")."""
    return f"Among {areas:,} {kind}, some rise and some fall this way by chance alone."


def residents(denominator: Denominator | None) -> str:
    """ "17,100 residents, 2015"; "" where unknown."""
    if denominator is None:
        return ""
    source = str(denominator.year) if denominator.year else "added up from its census areas"
    return f"{plural(denominator.residents, 'resident', 'residents')}, {source}"


def rate(figure: Figure, denominator: Denominator | None, many: str = "crimes") -> str:
    """The month's rate with what it is a rate of; "" where a part of a month holds none: "at least 0" says nothing."""
    if figure.count == 0 and figure.coverage == PARTIAL:
        return ""
    if figure.rate_per_1000 is None:
        return "" if figure.count is None else "There is no rate: the number of residents is not known."
    per = residents(denominator)
    amount = f"{_hedge(figure)}{words.rate(figure.rate_per_1000)} {many}"
    return f"The rate is {amount} per 1,000 residents{f' ({per})' if per else ''}."


def _in_part(now: Figure, before: Figure | None) -> bool:
    return now.coverage == PARTIAL or (before is not None and before.coverage == PARTIAL)


def difference(now: Figure, before: Figure | None) -> int | None:
    """How many more than in the same month a year before, whose own figure is `before`; None where one of the two is
    unknown or was reported in part."""
    return None if _in_part(now, before) or now.count is None or now.last_year is None else now.count - now.last_year


def compare(now: Figure, before: Figure | None) -> str:
    """The change against the same month a year before, whose own figure is `before`: "12 more (15%)", "Not known"."""
    partial = _in_part(now, before)
    was = before.count if before is not None and before.coverage == PARTIAL else now.last_year
    text = "not compared" if partial and None not in (now.count, was) else change(now.count, was)
    return capfirst(text)


def source_line(releases: Sequence[Release], sources: Sequence[str]) -> str:
    """What a chart was counted from: "police.uk street-level crime: Metropolitan Police; loaded 3 October 2026"."""
    parts = []
    for source in sources:
        found = [release for release in releases if release.source == source]
        if not found:
            continue
        names = [release.publisher for release in found]
        names = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} others"]
        text = f"{Source(source).label}: {listed(names)}"
        dated = [release.release for release in found if release.release]
        if dated:
            text += f"; release of {month_name(max(dated))}"
        parts.append(f"{text}; loaded {day_name(max(release.loaded for release in found).date())}")
    return ". ".join(parts)
