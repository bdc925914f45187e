"""The numbers of the law as rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from hotspots.words import day_name
from interventions.law.known import INSTRUMENTS, KNOWN, known, value_words
from interventions.models import LegalParameter


@dataclass(frozen=True, slots=True)
class Row:
    """One number: `holds` says on which days."""

    one: LegalParameter
    name: str
    value: str
    holds: str


@dataclass(frozen=True, slots=True)
class Section:
    """The numbers of one instrument, and what their dates mean."""

    slug: str
    name: str
    rows: list[Row]
    meanings: list[str]


def sections(found: Sequence[LegalParameter]) -> list[Section]:
    """By instrument, in the order in which rules ask for them."""
    order = {key: number for number, key in enumerate(KNOWN)}
    places = list(INSTRUMENTS)
    ranked = sorted(
        found,
        key=lambda one: (
            places.index(one.instrument) if one.instrument in places else len(places),
            one.instrument,
            order.get((one.instrument, one.key), len(order)),
            one.key,
            one.valid_from is not None,
            one.valid_from or one.changed_at.date(),
        ),
    )
    made = []
    for instrument, group in groupby(ranked, key=lambda one: one.instrument):
        rows = list(group)
        meanings = [meaning(list(same)) for _, same in groupby(rows, key=lambda one: one.key)]
        name = INSTRUMENTS.get(instrument, (instrument, ""))[0]
        made.append(Section(instrument, name, [row(one) for one in rows], [said for said in meanings if said]))
    return made


def row(one: LegalParameter) -> Row:
    return Row(one, known(one).name, value_words(one), holds(one))


def holds(one: LegalParameter) -> str:
    """ "from 29 June 2026", "until 28 June 2026", "always"."""
    said = [f"from {day_name(one.valid_from)}"] if one.valid_from else []
    if one.valid_to:
        said.append(f"until {day_name(one.valid_to - timedelta(days=1))}")
    return " ".join(said) or "always"


def meaning(rows: Sequence[LegalParameter]) -> str:
    """What dates make of the numbers of one limit that are on: "An offence of 28 June 2026 keeps £100; one of 29 June
    2026 has £500." "" where nothing changes on any day. `rows` are all of the same key, by first day."""
    held = [one for one in rows if one.is_on]
    said = []
    for number, one in enumerate(held):
        if one.valid_from is not None:
            before = held[number - 1] if number else None
            follows = before is not None and before.valid_to == one.valid_from
            old = value_words(before) if before is not None and follows else "no limit that is verified"
            said.append((one.valid_from, old, value_words(one)))
        following = held[number + 1] if number + 1 < len(held) else None
        if one.valid_to is not None and (following is None or following.valid_from != one.valid_to):
            said.append((one.valid_to, value_words(one), "no limit that is verified"))
    if not said:
        return ""
    what = INSTRUMENTS.get(rows[0].instrument, ("", "A record"))[1]
    sentences = [
        f"{what} of {day_name(day - timedelta(days=1))} keeps {old}; one of {day_name(day)} has {new}."
        for day, old, new in said
    ]
    return f"{known(rows[0]).name}: {' '.join(sentences)}"
