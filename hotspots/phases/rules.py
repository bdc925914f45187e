"""What the phases of a place can be, as sentences. No database here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from hotspots.models.phases import Phase
from hotspots.words import day_name
from partners.refusals import Refused

# Years before its first boundary in which a place's phases may begin, and years from today.
YEARS_BEFORE, YEARS_AHEAD = 2, 1
# By phase: its position in the order in which they are meant to follow each other.
ORDER = {phase: position for position, phase in enumerate(Phase.values)}


class Unusual(Refused):
    """What can be, but seldom is meant: done once it is said to be meant."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One period of a phase. `ends` None = it goes on."""

    phase: str
    starts: date
    ends: date | None = None
    planned_end: date | None = None


def check(spell: Spell, others: Iterable[Spell], *, drawn: date, today: date, decided: Collection[date] = ()) -> None:
    """Raises Refused where a period cannot be beside the place's other periods.

    `drawn` is the first day of the place's first boundary, `decided` the days of the period's gate decisions.
    """
    first, last = _years(drawn, -YEARS_BEFORE), _years(today, YEARS_AHEAD)
    called = Phase(spell.phase).label
    if spell.starts < first:
        raise Refused(
            "starts",
            f"The place’s first boundary is from {day_name(drawn)}: a phase begins at most {YEARS_BEFORE} years before "
            f"that, on {day_name(first)} or later.",
        )
    if spell.starts > last:
        raise Refused("starts", f"A phase begins within a year from today, by {day_name(last)}.")
    if spell.planned_end and spell.planned_end < spell.starts:
        raise Refused("planned_end", f"It begins on {day_name(spell.starts)}: it cannot be planned to end before that.")
    if spell.ends and spell.ends < spell.starts:
        raise Refused("ends", f"It began on {day_name(spell.starts)}: it cannot have ended before that.")
    if spell.ends and spell.ends > today:
        raise Refused("ends", "The last day has not come yet. Say when it is planned to end instead.")
    for day in decided:
        if not spell.starts <= day <= (spell.ends or today):
            raise Refused(
                "starts" if day < spell.starts else "ends",
                f"A gate was decided in this phase on {day_name(day)}, so its dates must hold that day.",
            )
    for other in others:
        if other.phase == spell.phase and _overlap(spell, other):
            raise Refused(
                "starts",
                f"{called} goes on since {day_name(other.starts)} already."
                if other.ends is None
                else f"{called} was from {day_name(other.starts)} to {day_name(other.ends)} already.",
            )


def unusual(phase: str, starts: date, others: Collection[Spell]) -> str:
    """What is unusual about a phase that begins on a day, in a sentence; "" where nothing is."""
    called = Phase(phase).label
    position = ORDER[phase]
    begun = [one for one in others if one.starts <= starts]
    if position and all(ORDER[one.phase] < position - 1 for one in begun):
        return f"{called} would begin without {Phase(Phase.values[position - 1]).label} before it."
    later = [one for one in begun if one.ends is None and ORDER[one.phase] > position]
    if later:
        return f"{called} would begin while {Phase(later[0].phase).label} goes on. A gate can decide to go back."
    return ""


def _overlap(one: Spell, other: Spell) -> bool:
    """Whether two periods share more than the day on which one ends and the other begins."""
    return one.starts < (other.ends or date.max) and other.starts < (one.ends or date.max)


def _years(day: date, years: int) -> date:
    """The same day so many years on; of 29 February, the 28th."""
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)
