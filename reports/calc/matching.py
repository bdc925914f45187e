"""Finding names by what people type: whole, from the beginning, by their words, and with slips of the keyboard."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz import fuzz, process

MOST_WORDS = 8  # of what is typed; the rest is left out
# A slip changes few letters: two words are taken for one from this likeness on (0 to 100), short ones more strictly.
ALIKE, ALIKE_SHORT = 75.0, 80.0
# Whole names: words that are put together or apart, with a slip at most.
ALIKE_WHOLE = 88.0
SHORT = 5  # letters
SHORTEST = 4  # letters: below, most words are one slip from another
# Endings that are written short; at the end only, as "St" before a name is a saint.
_ENDINGS = {"rd": "road", "st": "street", "ln": "lane", "gdns": "gardens", "sq": "square", "ct": "court"}


class Tier(IntEnum):
    """How a name was found, the best way first."""

    WHOLE = 0
    BEGINNING = 1
    WORDS = 2
    ALIKE = 3


class Match(NamedTuple):
    """A found name, by its position; `likeness` is 0 to 100, and 100 but for those that are only alike."""

    position: int
    tier: Tier
    likeness: float


class Name(NamedTuple):
    """What a thing may be found by: its name; others (codes), with commas between; and words that may stand with them
    ("ward", its borough) but alone find nothing."""

    name: str
    others: str = ""
    context: str = ""


def words(text: str) -> list[str]:
    """Lower-case words of letters and digits; accents and apostrophes left out: "King's Café" -> kings, cafe."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"['’`\u0300-\u036f]", "", plain))


class Matcher:
    """Finds names among many, each known by its position in `names`."""

    def __init__(self, names: Sequence[Name]) -> None:
        wholes: list[tuple[str, int]] = []
        self._own: dict[str, set[int]] = {}
        self._context: dict[str, set[int]] = {}
        for position, name in enumerate(names):
            for one in (name.name, *filter(None, name.others.split(","))):
                parts = words(one)
                wholes.append(("".join(parts), position))
                for word in parts:
                    self._own.setdefault(word, set()).add(position)
            for word in words(name.context):
                self._context.setdefault(word, set()).add(position)
        wholes.sort()
        self._wholes = [whole for whole, _ in wholes]
        self._positions = [position for _, position in wholes]
        self._own_words, self._context_words = sorted(self._own), sorted(self._context)

    def find(self, text: str) -> list[Match]:
        """All names that the text may mean, each once, by the best way in which it was found; in no certain order.

        Where something is called just so, nothing that is only alike is found; for one letter, only names that begin
        with it.
        """
        typed = words(text)[:MOST_WORDS]
        if not typed:
            return []
        if len(typed) > 1:
            typed[-1] = _ENDINGS.get(typed[-1], typed[-1])
        whole = "".join(typed)
        named = [*self._by_beginning(whole), *(self._by_words(typed) if len(whole) > 1 else ())]
        done = len(whole) == 1 or any(match.tier == Tier.WHOLE for match in named)
        alike = () if done else self._alike(typed)
        found: dict[int, Match] = {}
        for match in (*named, *alike):
            best = found.get(match.position)
            if best is None or (match.tier, -match.likeness) < (best.tier, -best.likeness):
                found[match.position] = match
        return list(found.values())

    def _by_beginning(self, whole: str) -> Iterator[Match]:
        for index in range(bisect_left(self._wholes, whole), len(self._wholes)):
            if not self._wholes[index].startswith(whole):
                break
            tier = Tier.WHOLE if self._wholes[index] == whole else Tier.BEGINNING
            yield Match(self._positions[index], tier, 100.0)

    def _by_words(self, typed: list[str]) -> Iterator[Match]:
        """Names with a word that begins with each of those typed."""
        own = [_union(self._own, _beginning(self._own_words, word)) for word in typed]
        beside = [_union(self._context, _beginning(self._context_words, word)) for word in typed]
        both = set.intersection(*(one | other for one, other in zip(own, beside, strict=True)))
        return (Match(position, Tier.WORDS, 100.0) for position in both & set().union(*own))

    def _alike(self, typed: list[str]) -> Iterator[Match]:
        """Names with a word like each of those typed, and names that are alike as a whole ("shop lifing")."""
        per_word = [self._scores(word) for word in typed]
        named = set[int]().union(*(own for own, _ in per_word))
        for position in set.intersection(*(own.keys() | beside for own, beside in per_word)) & named:
            total = sum(own.get(position, 100.0) for own, _ in per_word)
            yield Match(position, Tier.ALIKE, total / len(typed))
        whole = "".join(typed)
        if len(whole) >= SHORTEST and not any(character.isdigit() for character in whole):
            for _, likeness, index in process.extract(
                whole, self._wholes, scorer=fuzz.ratio, score_cutoff=ALIKE_WHOLE, limit=100
            ):
                yield Match(self._positions[index], Tier.ALIKE, likeness)

    def _scores(self, word: str) -> tuple[dict[int, float], set[int]]:
        """({position: likeness of the best own word}, positions with a word beside that begins so)."""
        scores = dict.fromkeys(_union(self._own, _beginning(self._own_words, word)), 100.0)
        # One digit makes another code.
        if len(word) >= SHORTEST and not any(character.isdigit() for character in word):
            for alike, likeness, _ in process.extract(
                word, self._own_words, scorer=fuzz.ratio, score_cutoff=_least(word), limit=100
            ):
                for position in self._own[alike]:
                    scores[position] = max(scores.get(position, 0.0), likeness)
        return scores, _union(self._context, _beginning(self._context_words, word))


def _least(word: str) -> float:
    return ALIKE_SHORT if len(word) <= SHORT else ALIKE


def _beginning(ordered: list[str], start: str) -> Iterator[str]:
    from_here = bisect_left(ordered, start)
    return takewhile(lambda word: word.startswith(start), (ordered[i] for i in range(from_here, len(ordered))))


def _union(positions: dict[str, set[int]], keys: Iterable[str]) -> set[int]:
    return set[int]().union(*(positions[key] for key in keys))
