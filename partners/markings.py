"""Markings as pages, files and the API show them; and a word in a coloured box, which they are one kind of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partners.models import Record
from partners.roles import MARKINGS, Marking

# What stands where an agreement withholds something.
WITHHELD = "Withheld by agreement"
# Told apart by their words; colours only help. Markings are grey, that none looks like a state; the highest stands out.
_COLOURS = {Marking.OPEN: "grey", Marking.OFFICIAL: "grey", Marking.SENSITIVE: "red"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A word in a coloured box."""

    text: str
    colour: str


def marking_tag(marking: str) -> Tag:
    return Tag(str(Marking(marking).label), _COLOURS[Marking(marking)])


def highest_marking(records: Iterable[Record]) -> str:
    """The most sensitive marking of some records, in capitals; OFFICIAL of none: the product itself is."""
    markings = [Marking(record.marking) for record in records]
    return str(max(markings, key=MARKINGS.index, default=Marking.OFFICIAL).label)
