"""Deciding a gate: what a meeting answered and decided is written down, with the evidence as it stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from hotspots.models import GateAnswer, GateDecision, GateEvidence, GateQuestion, Hotspot, PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases import rules
from hotspots.phases.moves import LONGEST, Plan, begin, finish, period_of
from hotspots.words import day_name
from partners import audit, webhooks
from partners.refusals import Refused, checked_text
from partners.visibility import Viewer

Outcome = GateDecision.Outcome
_ENDINGS = {
    Outcome.PROCEED: PhasePeriod.Ending.COMPLETED,
    Outcome.REGRESS: PhasePeriod.Ending.REGRESSED,
    Outcome.STOP: PhasePeriod.Ending.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one gate question: `answer` of GateAnswer.Answer, and what it rests on."""

    answer: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure that the product states, with its sentence. `value` None = it cannot be told."""

    name: str
    value: float | None
    sentence: str
    # From which releases.
    source: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The evidence at one moment: from which version of the figures, up to which month (None = no figures)."""

    facts: tuple[Fact, ...]
    data_version: int
    last_month: date | None


@transaction.atomic
def decide_gate(
    *,
    by: Viewer,
    period: int,
    outcome: str,
    to_phase: str = "",
    decided_on: date,
    chair: str,
    meeting: str,
    reasons: str = "",
    dissent: str = "",
    answers: Mapping[int, Answered],
    evidence: Snapshot,
    keep_going: bool = False,
    planned_end: date | None = None,
    seen: datetime | None = None,
) -> GateDecision:
    """What a meeting decided about a period that goes on (its pk); periods end and begin with it.

    `to_phase` begins where the outcome is to go on (none after the last phase) or back. `keep_going` leaves the old
    phase open beside the new one. `planned_end` is when the next gate is due, of what goes on or begins: it must be
    said where the phase stays open. `answers` are by the question's pk: all that are asked where the outcome is to go
    on, else as many as were answered. Raises Refused, ChangedMeanwhile (by `seen`) and Hotspot.DoesNotExist.
    """
    record, old = period_of(by, period, seen)
    to_phase = _next(outcome, to_phase, old, decided_on, keep_going)
    stays = outcome == Outcome.STAY or keep_going
    if stays and planned_end is None:
        raise Refused("planned_end", "Say when the gate is looked at again, as the phase goes on.")
    if stays and planned_end and planned_end < decided_on:
        raise Refused("planned_end", "The gate is looked at again after it was decided, not before.")
    decision = GateDecision(
        period=old,
        outcome=outcome,
        to_phase=to_phase,
        decided_on=decided_on,
        chair=_said("chair", chair, 150, "Say who chaired the meeting."),
        meeting=_said("meeting", meeting, 150, "Say which meeting decided, such as “Tactical group, week 12”."),
        reasons=_said("reasons", reasons, LONGEST, "Say why it was decided so."),
        dissent=checked_text("dissent", dissent, LONGEST),
        data_version=evidence.data_version,
        last_month=evidence.last_month,
        recorded_by=by.user,
    )
    kept = _answers(old.phase, outcome, answers)
    decision.save()
    for one in kept:
        one.decision = decision
    GateAnswer.objects.bulk_create(kept)
    GateEvidence.objects.bulk_create(
        GateEvidence(decision=decision, position=position, **asdict(fact))
        for position, fact in enumerate(evidence.facts)
    )
    _move(record, old, decision, by=by, stays=stays, planned_end=planned_end)
    if outcome != Outcome.STAY:
        webhooks.tell("phase.changed", record)
    audit.write(
        "hotspot.gate-decided",
        by=by,
        about=[record],
        after={**audit.snapshot(decision), "answers": {one.question: one.answer for one in kept}},
    )
    return decision


def _move(
    record: Hotspot, old: PhasePeriod, decision: GateDecision, *, by: Viewer, stays: bool, planned_end: date | None
) -> None:
    """Ends and begins what a decision says. A phase that goes on already does not begin again."""
    if stays:
        old.planned_end, old.changed_at, old.changed_by = planned_end, timezone.now(), by.user
        old.save()
    else:
        finish(record, old, decision.decided_on, _ENDINGS[Outcome(decision.outcome)], by=by)
    if decision.to_phase and not record.phases.filter(phase=decision.to_phase, ends=None).exists():
        begin(record, decision.to_phase, Plan(starts=decision.decided_on, planned_end=planned_end), by=by)


def _next(outcome: str, to_phase: str, old: PhasePeriod, decided_on: date, keep_going: bool) -> str:
    """The phase that begins, "" where none does. Raises Refused where that cannot be decided of a period."""
    if outcome not in Outcome.values:
        raise Refused("outcome", f"The outcome is one of: {', '.join(Outcome.values)}.")
    if old.ends:
        raise Refused("outcome", f"This phase ended on {day_name(old.ends)}: its gate was decided, or it was stopped.")
    if not old.starts <= decided_on <= timezone.localdate():
        raise Refused("decided_on", f"The decision falls between {day_name(old.starts)}, when it began, and today.")
    latest = old.decisions.order_by("-decided_on").values_list("decided_on", flat=True).first()
    if latest and decided_on < latest:
        raise Refused("decided_on", f"A later decision stands already, of {day_name(latest)}.")
    if keep_going and outcome != Outcome.PROCEED:
        raise Refused("keep_going", "The phase stays open beside another only where that other one follows it.")
    if outcome not in (Outcome.PROCEED, Outcome.REGRESS):
        return ""
    if to_phase and to_phase not in rules.ORDER:
        raise Refused("to_phase", f"The phase is one of: {', '.join(rules.ORDER)}.")
    if not to_phase and not (outcome == Outcome.PROCEED and old.phase == Phase.SUSTAIN):
        raise Refused("to_phase", "Say which phase begins.")
    ahead = rules.ORDER[to_phase] - rules.ORDER[old.phase] if to_phase else 1
    if (ahead <= 0) if outcome == Outcome.PROCEED else (ahead >= 0):
        here = old.get_phase_display()
        raise Refused(
            "to_phase",
            f"Going on leads to a phase after {here}."
            if outcome == Outcome.PROCEED
            else f"Going back leads to a phase before {here}.",
        )
    return to_phase


def unanswered(question: GateQuestion) -> str:
    """What is said of a question that is to be answered."""
    return f"Answer “{question.text}” with yes, partly or no."


def _answers(phase: str, outcome: str, answers: Mapping[int, Answered]) -> list[GateAnswer]:
    """The answers as they are kept, in order. Raises Refused for what is missing or is no question of this gate."""
    asked = {one.pk: one for one in GateQuestion.objects.filter(phase=phase, is_asked=True)}
    if set(answers) - set(asked):
        raise Refused("answers", "A question was answered that this gate does not ask now. Open the page again.")
    if outcome == Outcome.PROCEED:
        for pk, question in asked.items():
            if pk not in answers:
                raise Refused(f"answer_{pk}", unanswered(question))
    kept = []
    for position, (pk, question) in enumerate(asked.items()):
        if pk not in answers:
            continue
        given = answers[pk]
        if given.answer not in GateAnswer.Answer.values:
            raise Refused(f"answer_{pk}", unanswered(question))
        text = checked_text(f"evidence_{pk}", given.evidence, LONGEST)
        kept.append(GateAnswer(question=question.text, position=position, answer=given.answer, evidence=text))
    return kept


def _said(name: str, said: str, longest: int, missing: str) -> str:
    found = checked_text(name, said, longest, one_line=longest < LONGEST)
    if not found:
        raise Refused(name, missing)
    return found
