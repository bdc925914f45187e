"""A hotspot beside the places that it is, or could be, compared with: in numbers, words, pictures and one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from hotspots.models import ComparisonPlace
from reports.calc.similar_places import FEWEST, POINTS, RATIO, Likeness
from reports.charts.lines import PANEL, Frame, Trace, frame, lines
from reports.comparing import CLEAN_MONTHS, Compared, Other
from reports.words import day_name, listed, month_name, plural, thousands

# Beyond this share of crimes of other types, and beyond RATIO and POINTS, a place is said not to be alike.
OTHER_MIX = 0.3


@dataclass(frozen=True, slots=True)
class Card:
    """One place beside the hotspot. `codes` is what a form sends to accept it, `accepted` what is known of one that
    was; `chart` is None where a month's figures are not there to draw."""

    key: str
    name: str
    lsoas: str
    words: list[str]
    chart: SafeString | None
    codes: str
    accepted: str
    reason: str
    pk: int | None


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Everything that the page of comparison places prints."""

    accepted: list[Card]
    proposals: list[Card]
    ended: list[str]
    problem: str
    notes: list[str]
    table: SafeString | None
    months: str


def comparison_page(found: Compared, ended: Sequence[ComparisonPlace], called: str) -> ComparisonPage:
    """The page: `called` is what the place is called, "this hotspot"."""
    beside = [*found.accepted, *found.proposals]
    traces = [_index(found.counts), *(_index(one.counts) for one in beside)]
    drawn = [Trace("", values, [False] * len(values), [False] * len(values)) for values in traces if values]
    shown = frame(found.months, drawn, lambda value: f"{value:,.0f}", whole=True, reference=100) if drawn else None
    cards = [_card(found, one, index, shown) for index, one in enumerate(beside)]
    split = len(found.accepted)
    return ComparisonPage(
        accepted=cards[:split],
        proposals=cards[split:],
        ended=[_ended(one) for one in ended],
        problem=found.problem,
        notes=_notes(found, called),
        table=_table(found, counted) if (counted := [one for one in beside if one.counts]) else None,
        months=f"{month_name(found.months[0])} to {month_name(found.months[-1])}" if found.months else "",
    )


def likeness(alike: Likeness) -> list[str]:
    """How alike two places were, in sentences: level, trend, mix; and in which of them they were not alike."""
    percent = round(100 * alike.level_ratio)
    level = "as many crimes" if percent == 100 else f"{percent} crimes for each 100 here"
    points = round(alike.trend_difference)
    if points == 0:
        trend = "Its trend was the same."
    else:
        size = plural(abs(points), "percentage point", "percentage points")
        trend = f"Its trend was {size} a year {'higher' if points > 0 else 'lower'}."
    share = round(100 * alike.mix_difference)
    said = [f"It had {level}.", trend, f"{share}% of its crimes would have to be of other types to give the same mix."]
    apart = [
        name
        for name, is_apart in (
            ("level", not 1 / RATIO <= alike.level_ratio <= RATIO),
            ("trend", abs(alike.trend_difference) > POINTS),
            ("mix of crimes", alike.mix_difference > OTHER_MIX),
        )
        if is_apart
    ]
    return [*said, f"Not alike in {listed(apart)}: a weaker comparison."] if apart else said


def _card(found: Compared, other: Other, index: int, shown: Frame | None) -> Card:
    one = other.accepted
    return Card(
        key=f"place-{index}",
        name=other.name,
        lsoas=listed(list(other.codes)),
        words=likeness(other.likeness),
        chart=_chart(found, other, f"place-{index}", shown) if shown else None,
        codes=" ".join(other.codes),
        accepted=f"Accepted on {day_name(one.accepted_at.date())}{f' by {one.accepted_by}' if one.accepted_by else ''}"
        if one
        else "",
        reason=one.reason if one else "",
        pk=one.pk if one else None,
    )


def _chart(found: Compared, other: Other, key: str, shown: Frame) -> SafeString | None:
    """The two lines, each with its own mean as 100."""
    pair = [("Here", _index(found.counts)), ("There", _index(other.counts))]
    if not all(values for _, values in pair):
        return None
    none = [False] * len(found.months)
    return lines(
        shown,
        [Trace(name, values, none, none) for name, values in pair],
        key=key,
        title=f"{other.name} beside this place, each with its mean as 100",
        description=" ".join(likeness(other.likeness)),
        size=PANEL,
    )


def _index(counts: Sequence[int | None]) -> list[float | None]:
    """Counts with their own mean as 100; empty where there is none."""
    known = [count for count in counts if count is not None]
    if not sum(known):
        return []
    mean = sum(known) / len(known)
    return [None if count is None else 100 * count / mean for count in counts]


def _ended(one: ComparisonPlace) -> str:
    day = day_name(one.ended_at.date()) if one.ended_at else ""
    return f"{one.name}: compared with from {day_name(one.accepted_at.date())} to {day}. Reason then: {one.reason}"


def _notes(found: Compared, called: str) -> list[str]:
    if not found.months:
        return []
    said = [
        "Likeness is over the baseline alone: what happened later must not choose what it is compared with.",
        (
            "Proposed are groups of adjoining LSOAs in boroughs that the same force polices, not next to each other, "
            "and apart from every hotspot and ring that you see."
        ),
    ]
    if found.size:
        said.append(
            f"Each proposal is of {plural(found.size, 'LSOA')}, as that many hold the crimes of {called}. They are "
            f"counted whole, by the LSOA that police.uk publishes; {called} is counted by map points."
        )
    if found.clean < CLEAN_MONTHS:
        said.append(
            f"Provisional: only {plural(found.clean, 'month')} of the baseline are known in full, fewer than "
            f"{CLEAN_MONTHS}."
        )
    if found.proposals and len(found.proposals) + len(found.accepted) < FEWEST:
        said.append("Three to five comparison places are usual. No more like this one were found.")
    return said


def _table(found: Compared, beside: Sequence[Other]) -> SafeString:
    """Counts by month, a column for each place."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("Here", *(one.name for one in beside)))
    rows = []
    for index, month in enumerate(found.months):
        counts = [found.counts[index], *(one.counts[index] for one in beside)]
        cells = "".join(f"<td>{thousands(count)}</td>" for count in counts)
        rows.append(f'<tr><th scope="row">{month_name(month)}</th>{cells}</tr>')
    return mark_safe(  # noqa: S308 - names are escaped, all else is numbers and months
        '<table class="app-months"><caption class="govuk-visually-hidden">Crimes recorded by month of the baseline'
        f'</caption><thead><tr><th scope="col">Month</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
