"""The use of an order and the steps of its renewal, in words and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten
from typing import Any

from hotspots.words import day_name, month_name, plural
from interventions.law.words import due_words
from interventions.models import PspoAction, RenewalStep
from interventions.renewal.queries import ConditionUse
from partners.markings import Tag

Action = PspoAction.Action
# Columns of the tables, in the order of the actions: informal ones first.
COLUMNS = {
    Action.ADVICE: "Advice",
    Action.VERBAL: "Verbal warnings",
    Action.WRITTEN: "Written warnings",
    Action.SURRENDER: "Alcohol surrendered",
    Action.NAME: "Name and address taken",
    Action.FPN: "Fixed penalties",
    Action.SUMMONS: "Reported for summons",
    Action.REFERRAL: "Referred to outreach",
}
LONGEST_CONDITION = 60
INFORMAL = (Action.ADVICE, Action.VERBAL, Action.WRITTEN)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a renewal. `done_on` None = not done."""

    pk: int
    name: str
    due: str
    tag: Tag
    left: str
    done_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class UseTable:
    """A table of counts: the columns that hold anything, and rows of (what, counts, all together)."""

    columns: list[str]
    rows: list[tuple[str, list[int], int]]


def use_table(rows: Sequence[tuple[str, Counter[str]]]) -> UseTable:
    """Counts by action, for each of some rows (what, counts)."""
    whole: Counter[str] = sum((counts for _, counts in rows), Counter())
    used = [action for action in COLUMNS if whole[action]]
    return UseTable(
        [COLUMNS[action] for action in used],
        [(what, [counts[action] for action in used], counts.total()) for what, counts in rows],
    )


def by_condition(uses: Sequence[ConditionUse]) -> UseTable:
    return use_table([(condition_words(use.condition), use.by_action) for use in uses])


def by_month(months: Sequence[tuple[date, Counter[str]]]) -> UseTable:
    """Month by month, the newest first."""
    return use_table([(month_name(month), counts) for month, counts in reversed(months)])


def condition_words(condition: Any) -> str:
    """ "2. Must not drink alcohol"; what it says is cut short."""
    return "No condition said" if condition is None else shorten(str(condition), LONGEST_CONDITION, placeholder="…")


def unused(uses: Sequence[ConditionUse]) -> str:
    """Names the conditions that none of the actions is about; "" where there are none, or no actions are seen."""
    if not any(use.total for use in uses):
        return ""
    numbers = sorted(use.condition.number for use in uses if use.condition and not use.total)
    if not numbers:
        return ""
    which = f"Condition {numbers[0]} was" if len(numbers) == 1 else f"Conditions {_list(numbers)} were"
    advice = "What is not used weakens a renewal: say why it is still needed, or leave it out."
    return f"{which} used in none of these. {advice}"


def summary(uses: Sequence[ConditionUse]) -> str:
    """ "38 actions that you may see: 31 advice or warnings, 4 fixed penalties."; "" of none."""
    whole: Counter[str] = sum((use.by_action for use in uses), Counter())
    if not whole:
        return ""
    informal, penalties = sum(whole[one] for one in INFORMAL), whole[Action.FPN]
    return (
        f"{plural(whole.total(), 'action')} that you may see: {informal:,} advice or {_warnings(informal)}, "
        f"{plural(penalties, 'fixed penalty', 'fixed penalties')}."
    )


def step_rows(steps: Sequence[RenewalStep], today: date) -> list[StepRow]:
    return [_step_row(step, today) for step in steps]


def verdict(steps: Sequence[RenewalStep], today: date) -> str:
    """Whether a renewal is on time, in one sentence; "" where none is planned."""
    late = [step for step in steps if step.done_on is None and step.due_on < today]
    if late:
        return f"The renewal is late: {plural(len(late), 'step is', 'steps are')} overdue."
    if ahead := [step for step in steps if step.done_on is None]:
        return f"The renewal is on time: the next step is due on {day_name(min(one.due_on for one in ahead))}."
    return "All steps of the renewal are done." if steps else ""


def _step_row(step: RenewalStep, today: date) -> StepRow:
    if step.done_on:
        tag, left = Tag("Done", "green"), f"on {day_name(step.done_on)}"
    else:
        tag = Tag("Overdue", "red") if step.due_on < today else Tag("To do", "light-blue")
        left = due_words(step.due_on, today)
    name = str(RenewalStep.Step(step.step).label)
    return StepRow(step.pk, name, day_name(step.due_on), tag, left, step.done_on, step.note)


def _warnings(count: int) -> str:
    return "warning" if count == 1 else "warnings"


def _list(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}"
