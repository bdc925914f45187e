"""A gate in words: the decisions that were made, with what was known then; the alerts of a place's triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotspots import categories
from hotspots.models import GateDecision, ReentryTrigger
from hotspots.phases.actions import Fact
from hotspots.phases.presenters import outcome
from reports.words import day_name, month_name, plural

_KNOWN = categories.by_slug(categories.POLICE_UK)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, as it was asked then."""

    question: str
    answer: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `dissent` "" where nobody disagreed; `source` of the figures, "" where there were none."""

    title: str
    meeting: str
    reasons: str
    dissent: str
    answers: list[Answer]
    sentences: list[str]
    source: str
    recorded: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `acknowledged` "" while nobody has."""

    pk: int
    sentence: str
    raised: str
    acknowledged: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger, and its alerts, the newest first. `ended` "" while it is looked at."""

    pk: int
    text: str
    set: str
    ended: str
    alerts: list[Alert]


def sentences(facts: Sequence[Fact]) -> list[tuple[str, bool]]:
    """(sentence, whether it could be told) of each fact."""
    return [(one.sentence, one.value is not None) for one in facts]


def decisions(rows: Sequence[GateDecision]) -> list[Decision]:
    """Decisions with their answers and evidence at hand."""
    return [_decision(row) for row in rows]


def title(row: GateDecision) -> str:
    """ "4 March 2026, gate of Clear: go on to the next phase (Hold)"."""
    return f"{day_name(row.decided_on)}, gate of {row.period.get_phase_display()}: {outcome(row)}"


def _decision(row: GateDecision) -> Decision:
    evidence = list(row.evidence.all())
    made = f"Figures as they stood: {evidence[0].source} (version {row.data_version:,})" if evidence else ""
    return Decision(
        title=title(row),
        meeting=f"{row.meeting}, chaired by {row.chair}",
        reasons=row.reasons,
        dissent=row.dissent,
        answers=[Answer(one.question, one.get_answer_display(), one.evidence) for one in row.answers.all()],
        sentences=[one.sentence for one in evidence],
        source=made,
        recorded=f"Written down on {day_name(row.recorded_at.date())} by {row.recorded_by or 'another system'}",
    )


def triggers(rows: Sequence[ReentryTrigger]) -> list[Trigger]:
    """Triggers with their alerts at hand."""
    return [
        Trigger(
            pk=row.pk,
            text=f"{_KNOWN[row.category].name}: {plural(row.months, 'month')} on end above the baseline range",
            set=f"Set on {day_name(row.set_at.date())} by {row.set_by or 'another system'}",
            ended=f"ended on {day_name(row.ended_at.date())} by {row.ended_by or 'another system'}"
            if row.ended_at
            else "",
            alerts=[
                Alert(
                    pk=one.pk,
                    sentence=one.sentence,
                    raised=f"{month_name(one.month)}, raised on {day_name(one.raised.date())}",
                    acknowledged=f"Acknowledged on {day_name(one.acknowledged_at.date())} by "
                    f"{one.acknowledged_by or 'another system'}"
                    if one.acknowledged_at
                    else "",
                )
                for one in row.alerts.all()
            ],
        )
        for row in rows
    ]
