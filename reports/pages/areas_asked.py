"""Which areas the words of an address mean, and for which months they have figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from re import Match
from typing import Any, NamedTuple

from hotspots import categories
from hotspots.models import Area
from reports import queries
from reports.forms.explore import ALL_BOROUGHS, MAX_SERIES, SCHEMES, WARDS_OF
from reports.queries import Place, Span, in_sets, set_in_force
from reports.words import listed, plural


class CannotShow(Exception):
    """The address asks for what is not there. The message is a sentence; `without` is what to change in the address for
    a way on."""

    def __init__(self, sentence: str, **without: Any) -> None:
        super().__init__(sentence)
        self.without = without


class WardsOf(NamedTuple):
    """A borough whose wards were asked for by one word, and how many wards that were."""

    borough: Place
    wards: int


def areas_asked(
    words: Sequence[str], scheme: str, until: date | None, *, times: int
) -> tuple[list[Place], dict[int, Span], list[WardsOf]]:
    """The areas in the order asked for; the months for which they have figures of the scheme, by area; and the boroughs
    whose wards were asked for by a word.

    `until` is the last month asked for, None the newest; `times` is how many series an area makes. Raises CannotShow.
    Two queries.
    """
    lists = {word: match for word in words if (match := WARDS_OF.fullmatch(word))}
    codes = {lists[word]["code"] if word in lists else word for word in words if word != ALL_BOROUGHS}
    known = queries.named_places(codes, {match["code"] for match in lists.values()}, all_boroughs=ALL_BOROUGHS in words)
    by_code = {place.code: place for place in known}
    _check(words, lists, by_code)
    has = queries.spans_by_area([place.pk for place in known], scheme)
    newest = until or max((span.newest for span in has.values()), default=None)
    areas: dict[str, Place] = {}
    wards_of = []
    for word in words:
        if word == ALL_BOROUGHS:
            picked = [place for place in known if place.kind == Area.Kind.BOROUGH and place.pk in has]
        elif word in lists:
            borough = by_code[lists[word]["code"]]
            day = date.fromisoformat(lists[word]["day"]) if lists[word]["day"] else newest
            wards = [place for place in known if place.kind == Area.Kind.WARD and place.parent_pk == borough.pk]
            if not wards:
                left = tuple(other for other in words if other != word)
                raise CannotShow(f"{borough.name} has no wards here.", areas=left)
            picked = list(set_in_force(in_sets(wards), day or date.max).wards)
            wards_of.append(WardsOf(borough, len(picked)))
        else:
            picked = [by_code[word]]
        areas.update((place.code, place) for place in picked)
    made = list(areas.values())
    has = {place.pk: has[place.pk] for place in made if place.pk in has}
    if not has:
        names = listed([place.name for place in made[:3]]) or "these areas"
        other = {"scheme": categories.POLICE_UK, "cat": ()} if scheme != categories.POLICE_UK else {"areas": ()}
        raise CannotShow(f"There are no figures of {SCHEMES[scheme]} for {names}.", **other)
    if len(made) * times > MAX_SERIES:
        raise CannotShow(
            f"{plural(len(made), 'area', 'areas')} times {plural(times, 'category', 'categories')} are "
            f"{len(made) * times:,} series; a view holds at most {MAX_SERIES}. Choose fewer areas or categories, or "
            "whole boroughs in place of their wards.",
            **({"cat": ()} if len(made) <= MAX_SERIES else {"areas": ()}),
        )
    return made, has, wards_of


def _check(words: Sequence[str], lists: dict[str, Match[str]], by_code: dict[str, Place]) -> None:
    """Raises CannotShow for words that mean no area with monthly figures."""

    def place(word: str) -> Place | None:
        return by_code.get(lists[word]["code"] if word in lists else word)

    named = [word for word in words if word != ALL_BOROUGHS]
    unknown = [word for word in named if place(word) is None]
    kinds = {word: found.kind for word in named if (found := place(word))}
    without = [word for word in kinds if word not in lists and kinds[word] not in queries.SUMMARISED]
    no_borough = [word for word in kinds if word in lists and kinds[word] != Area.Kind.BOROUGH]
    left = tuple(word for word in words if word not in {*unknown, *without, *no_borough})
    if unknown:
        raise CannotShow(f"There is no area with the code {listed(unknown[:5])}.", areas=left)
    if without:
        names = listed([by_code[word].name for word in without[:5]])
        sentence = f"{names}: only wards, boroughs and police forces have monthly figures to explore."
        raise CannotShow(sentence, areas=left)
    if no_borough:
        raise CannotShow(f"{by_code[lists[no_borough[0]]['code']].name} is not a borough: it has no wards.", areas=left)
