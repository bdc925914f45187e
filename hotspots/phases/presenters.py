"""Phases in words: plain rows for the pages. No database here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hotspots.models import GateDecision, GateQuestion, PhasePeriod
from hotspots.models.phases import Phase
from hotspots.words import day_name, plural
from partners.markings import Tag


@dataclass(frozen=True, slots=True)
class Band:
    """One period. `days` is "" of one that has ended or is to come, `gate` "" without a planned end."""

    pk: int
    phase: str
    when: str
    days: str
    gate: str
    overdue: bool
    ending: str
    lead: str
    objectives: str
    expectations: str
    going_on: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one phase's gate, in order."""

    phase: str
    name: str
    questions: list[GateQuestion]


def band(period: PhasePeriod, today: date) -> Band:
    """One period as pages say it; its lead must be at hand."""
    return Band(
        pk=period.pk,
        phase=period.get_phase_display(),
        when=when(period, today),
        days=day_of(period, today) if period.is_current(today) else "",
        gate=gate(period, today) if period.ends is None else "",
        overdue=period.is_overdue(today),
        ending=period.get_ending_display(),
        lead=str(period.lead or ""),
        objectives=period.objectives,
        expectations=period.expectations,
        going_on=period.ends is None,
    )


def bands(periods: Sequence[PhasePeriod], today: date) -> list[Band]:
    """What goes on first, then the newest first."""
    newest = sorted(periods, key=lambda one: (one.starts, one.pk), reverse=True)
    return [band(one, today) for one in sorted(newest, key=lambda one: one.ends is not None)]


def when(period: PhasePeriod, today: date) -> str:
    """ "Since 4 March 2026", "From 4 March 2026" of what is to come, "4 March 2026 to 9 June 2026"."""
    if period.ends:
        return f"{day_name(period.starts)} to {day_name(period.ends)}"
    return f"{'Since' if period.starts <= today else 'From'} {day_name(period.starts)}"


def day_of(period: PhasePeriod, today: date) -> str:
    """ "day 113": the day on which it begins is day 1."""
    return f"day {(today - period.starts).days + 1:,}"


def outcome(decision: GateDecision) -> str:
    """ "go on to the next phase (Hold)"."""
    to = f" ({decision.get_to_phase_display()})" if decision.to_phase else ""
    return f"{decision.get_outcome_display().lower()}{to}"


def gate(period: PhasePeriod, today: date) -> str:
    """When its gate is due: "Gate due on 9 June 2026", "Gate 12 days overdue"; "" where no day is planned."""
    if period.planned_end is None:
        return ""
    late = (today - period.planned_end).days
    if late > 0:
        return f"Gate {plural(late, 'day')} overdue"
    return f"Gate due on {day_name(period.planned_end)}" if late else "Gate due today"


def overdue_tag() -> Tag:
    """What stands beside a gate that is overdue."""
    return Tag("Overdue", "orange")


def asked(questions: Sequence[GateQuestion]) -> list[Asked]:
    """Every phase with the questions of its gate."""
    return [
        Asked(phase, str(Phase(phase).label), [one for one in questions if one.phase == phase])
        for phase in Phase.values
    ]
