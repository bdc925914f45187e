"""Rules of days of action: who is asked can see it, results are whose they are, and they come in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from hotspots.words import day_name, plural
from interventions.calc.periods import working_days_after
from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.law.rules import Said, block, rule, show, warn
from interventions.models import DayAgency, DayResult, Intervention
from partners.models import Agency

_Audience, _Answer = Intervention.Audience, DayAgency.Answer
# Who is asked reads the day: these audiences let partners in.
_FOR_PARTNERS = (_Audience.AGREEMENTS, _Audience.EVERYONE)


def look_up(drafts: Sequence[Draft]) -> None:
    """The names of all agencies that the drafts name. One query."""
    rows = [row for draft in drafts for name in ("agencies", "results") for row in draft.of(name)]
    names = dict(Agency.objects.filter(pk__in={row.agency_id for row in rows}).values_list("pk", "name"))
    for draft in drafts:
        draft.known["agencies"] = names


def complete(draft: Draft) -> None:
    """A title where none was typed; and whoever plans the day need not say that they take part in it."""
    for row in draft.of("agencies"):
        if row.agency_id == draft.owner.pk and row.answer == _Answer.ASKED:
            row.answer = _Answer.ACCEPTED
    if not draft.record.title and draft.record.starts:
        draft.record.title = f"Day of action, {day_name(draft.record.first_day)}"


def results_due(law: Law, day: Any) -> date | None:
    """The day by which a day of action's results are to be there; None where nothing says so. `day` has `first_day`."""
    count = law.whole("day", "results-due", on=day.first_day)
    return None if count is None else working_days_after(day.last_day or day.first_day, count)


def owing(agencies: Iterable[Any], results: Iterable[Any]) -> list[int]:
    """The agencies (numbers, in order) that said they take part and have reported nothing yet."""
    reported = {row.agency_id for row in results}
    return [row.agency_id for row in agencies if row.answer == _Answer.ACCEPTED and row.agency_id not in reported]


@rule("day.asked-can-see", "Whoever is asked must be able to read what they are asked to")
def asked_can_see(draft: Draft) -> Iterator[Said]:
    others = [row.agency_id for row in draft.of("agencies") if row.agency_id != draft.owner.pk]
    if others and draft.record.audience not in _FOR_PARTNERS:
        yield block(
            "audience",
            f"{plural(len(others), 'agency', 'agencies')} could not see the day to which they are asked: choose "
            "“partners by an agreement”, or ask nobody.",
        )


@rule("day.agencies-once", "Each agency answers once, and reports each measure once")
def agencies_once(draft: Draft) -> Iterator[Said]:
    names = _names(draft)
    for agency, count in Counter(row.agency_id for row in draft.of("agencies")).items():
        if count > 1:
            yield block("agencies", f"{names(agency)} is asked {count} times: once is enough.")
    reported = Counter((row.agency_id, row.measure, row.what) for row in draft.of("results"))
    for (agency, measure, _), count in reported.items():
        if count > 1:
            yield block("results", f"{names(agency)} has {_label(measure)} {count} times: add them up in one line.")


@rule("day.results-of", "Results belong to an agency that takes part, and say of what they are")
def results_of(draft: Draft) -> Iterator[Said]:
    names, taking_part = _names(draft), {row.agency_id for row in draft.of("agencies")} | {draft.owner.pk}
    for agency in {row.agency_id: None for row in draft.of("results") if row.agency_id not in taking_part}:
        yield block("results", f"{names(agency)} has results and is not among the agencies of the day: add it there.")
    if any(row.measure == DayResult.Measure.OTHER and not row.what for row in draft.of("results")):
        yield block("results", "A result “Other” needs a word in “Of what”.")
    if draft.of("results") and draft.record.starts > draft.now:
        yield block("results", "The day has not begun: there are no results yet.")


@rule("day.debriefed", "As dates go")
def debriefed(draft: Draft) -> Iterator[Said]:
    on = draft.record.debriefed_on
    if on and on < draft.record.first_day:
        yield block("debriefed_on", f"The debrief on {day_name(on)} is before the day itself.")
    if on and on > draft.today:
        yield block("debriefed_on", f"The debrief cannot have been on {day_name(on)}: that is to come.")


@rule("day.objective", "College of Policing, partnership operations: an objective that can be judged")
def objective(draft: Draft) -> Iterator[Said]:
    if not draft.record.objective and draft.record.status == Intervention.Status.PLANNED:
        yield show(
            "objective", "No objective is given: say what is to be different after the day, and how you will know."
        )


@rule("day.answers", "Practice")
def answers(draft: Draft) -> Iterator[Said]:
    waiting = [row.agency_id for row in draft.of("agencies") if row.answer == _Answer.ASKED]
    if waiting and draft.record.status == Intervention.Status.PLANNED and draft.record.starts > draft.now:
        names = _names(draft)
        yield show("agencies", f"Not answered yet: {', '.join(names(one) for one in waiting)}.")


@rule("day.results-due", "Partnership practice: results within 5 working days")
def results_in_time(draft: Draft) -> Iterator[Said]:
    if draft.record.status == Intervention.Status.CANCELLED or draft.record.starts > draft.now:
        return
    due, late = results_due(draft.law, draft.record), owing(draft.of("agencies"), draft.of("results"))
    if due is None or not (late or not draft.of("results")):
        return
    names = _names(draft)
    missing = f"Results are missing of {', '.join(names(one) for one in late)}" if late else "No results are reported"
    if draft.today > due:
        yield warn("results", f"{missing}: they were due by {day_name(due)}.")
    else:
        yield show("results", f"{missing}: they are due by {day_name(due)}.")


def _names(draft: Draft) -> Any:
    known = draft.known.get("agencies", {})
    return lambda agency: known.get(agency, "An agency")


def _label(measure: str) -> str:
    return f"“{DayResult.Measure(measure).label}”" if measure in DayResult.Measure.values else "a measure"


RULES = (asked_can_see, agencies_once, results_of, debriefed, objective, answers, results_in_time)
