"""Sets in rows and words: without the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from hotspots.models import Hotspot
from hotspots.words import day_name
from partners.models import Record
from partners.roles import Marking
from reports.calc.concentration import Picked
from reports.finding import Found, Spot
from reports.models import CandidateSet
from reports.presenters.find import Ranking, ranking
from reports.presenters.find_words import period, types
from reports.sets.queries import LEAST_OF_YEAR, Check, Kept
from reports.shapes import Drawing
from reports.words import listed, month_name, plural, thousands

# How far down the ranking a later search is compared.
COMPARED = 10
_NO_RESULT = (
    "Places are picked in a bad year, and many are better the next by themselves: a fall after picking is no result of "
    "what was done."
)


class Row(NamedTuple):
    """One line of the list of sets."""

    href: str
    name: str
    borough: str
    what: str
    when: str
    saved: str
    agency: str
    covert: bool


@dataclass(frozen=True, slots=True)
class SetPage:
    """Everything that a set's template prints."""

    name: str
    marking: str
    covert: bool
    heading: str
    caption: str
    facts: list[tuple[str, str]]
    ranking: Ranking
    made: list[tuple[int, str, str, str]]
    check_words: list[str]
    check_rows: list[tuple[str, ...]]
    now_words: list[str]
    all_href: str
    now_href: str


def row(one: CandidateSet) -> Row:
    """A set as a line; its owner and borough must be at hand."""
    return Row(
        href=reverse("reports:candidate-set", args=[one.pk]),
        name=one.name,
        borough=one.borough.name,
        what=types(one.categories),
        when=f"{month_name(one.first_month)} to {month_name(one.last_month)}",
        saved=day_name(one.created_at.date()),
        agency=one.owner.name,
        covert=one.audience == Record.Audience.TEAM,
    )


def set_page(
    kept: Kept,
    drawing: Drawing | None,
    check: Check,
    now: Found | None,
    *,
    now_href: str,
    show_all: bool,
    promotes: bool,
) -> SetPage:
    """A set as it stood, its check, and how it compares with the search `now` (None = nothing newer to search)."""
    one, found = kept.record, kept.found
    page = reverse("reports:candidate-set", args=[one.pk])

    def promote(spot: Spot) -> str:
        return reverse("reports:promote", args=[one.pk, spot.rank]) if spot.rank not in kept.places else ""

    return SetPage(
        name=one.name,
        marking=str(Marking(one.marking).label),
        covert=one.audience == Record.Audience.TEAM,
        heading=f"Set: {one.name}",
        caption=f"{found.asked.borough.name}: {types(found.asked.slugs)}, {period(found.asked)}",
        facts=_facts(kept),
        ranking=ranking(
            found, drawing, show_all=show_all, all_href=f"{page}?show=all", promote=promote if promotes else None
        ),
        made=[(rank, *_place(found.spots[rank - 1], place)) for rank, place in sorted(kept.places.items())],
        check_words=_check_words(check),
        check_rows=[_check_row(what, picked) for what, picked in check.picks],
        now_words=_now_words(found, now),
        all_href=f"{page}?show=all",
        now_href=now_href,
    )


def _place(spot: Spot, place: Hotspot) -> tuple[str, str, str]:
    return spot.name, place.name, reverse("reports:place", args=[place.pk])


def _facts(kept: Kept) -> list[tuple[str, str]]:
    one = kept.record
    files = f"{plural(kept.files, 'file', 'files')}, version {one.data_version} of the figures"
    if kept.replaced:
        be = "has" if kept.replaced == 1 else "have"
        files += f"; {kept.replaced:,} {be} been replaced by newer releases since"
    by = f" by {one.created_by.full_name}" if one.created_by else ""
    return [
        ("Agency", one.owner.name),
        ("Saved", f"{day_name(one.created_at.date())}{by}"),
        ("Types of crime", types(kept.found.asked.slugs)),
        ("Months", f"{month_name(one.first_month)} to {month_name(one.last_month)}"),
        ("Counted from", files),
        ("Method", f"Version {one.method}; false ones accepted among those that stand out: {one.alpha:.0%}"),
        ("Who may see it", one.get_audience_display()),
    ]


def _check_words(check: Check) -> list[str]:
    when = f"{month_name(check.first)} to {month_name(check.last)}"
    if not check.picks:
        known = plural(len(check.months), "month", "months")
        be = "is" if len(check.months) == 1 else "are"
        sentence = f"How the ranking did in the year after can be checked once {when} is loaded: at least"
        return [f"{sentence} {LEAST_OF_YEAR} of its months must be known whole, and {known} {be} so far."]
    what, first = check.picks[0]
    sentence = f"Checked on {plural(len(check.months), 'month', 'months')} of {when}, which the ranking did not know."
    if first.hit_rate is None or first.pai is None:
        return [sentence, "No such crime was recorded in any of the LSOAs."]
    held = f"{what} had {first.hit_rate:.0%} of the crimes on {first.area_share:.1%} of the ground"
    return [sentence, f"{held}: {first.pai:.1f} times what an even spread would give.", _NO_RESULT]


def _check_row(what: str, one: Picked) -> tuple[str, ...]:
    def ratio(value: float | None) -> str:
        return "–" if value is None else f"{value:.2f}"

    hit = "–" if one.hit_rate is None else f"{one.hit_rate:.1%}"
    return what, str(one.places), f"{one.area_share:.1%}", hit, ratio(one.pai), ratio(one.pei), ratio(one.rri)


def _now_words(then: Found, now: Found | None) -> list[str]:
    if now is None:
        return ["Nothing newer is loaded to compare it with."]
    when = f"the {period(now.asked)}"
    first, again = _first(then), _first(now)
    left = [spot.name for code, spot in first.items() if code not in again]
    came = [spot.name for code, spot in again.items() if code not in first]
    stay = len(first) - len(left)
    sentences = [f"In {when}, {stay} of the first {len(first)} are among the first {len(again)} again."]
    if left:
        sentences.append(f"Left: {listed(left)}.")
    if came:
        sentences.append(f"Came: {listed(came)}.")
    hot, still = {spot.code for spot in then.hot}, {spot.code for spot in now.hot}
    sentences.append(
        f"{thousands(len(hot))} stood out then and {thousands(len(still))} do now, {thousands(len(hot & still))} of "
        "them the same."
    )
    return sentences


def _first(found: Found) -> dict[str, Spot]:
    return {spot.code: spot for spot in found.spots[:COMPARED]}


def found_in(one: CandidateSet) -> str:
    """How a place says where it was found."""
    return f"set “{one.name}”"


def rows(found: Sequence[CandidateSet]) -> list[Row]:
    return [row(one) for one in found]
