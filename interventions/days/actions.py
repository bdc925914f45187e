"""What agencies do about a day of action that another plans: answer, and report what they counted.

The routes of the API and the pages call the same functions. An agency says these things for itself: people and keys
that may add records for it. Who keeps the day (may change it) may also write results down for an agency, as some have
nobody here; an answer nobody else gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone

from interventions.models import DayAgency, DayOfAction, DayResult, Intervention
from partners import audit, webhooks
from partners.models import Agency
from partners.refusals import Refused, checked_text
from partners.roles import Permission
from partners.visibility import Viewer

MOST_PEOPLE = 5_000
MOST_HOURS = Decimal(24)
MOST_RESULTS = 50
MOST_COUNTED = 1_000_000


@transaction.atomic
def answer_day(
    *,
    by: Viewer,
    pk: int,
    agency: Agency,
    answer: str,
    people: int | None = None,
    hours: Decimal | float | str | None = None,
    role: str | None = None,
) -> DayAgency:
    """Accepts or declines ("accepted", "declined") for an agency that was asked; `hours` are those of each person.

    `role` None leaves what the keeper asked for. Raises DayOfAction.DoesNotExist where the day is not shown to this
    viewer; Refused where the agency was not asked, is not the viewer's to speak for, or the day was cancelled.
    """
    day = _locked(by, pk)
    row = DayAgency.objects.filter(record=day, agency=agency).first()
    if row is None or not may_answer(by, agency.pk):
        raise Refused("agency", "You can answer only for an agency of yours that is asked to this day.")
    if answer not in (DayAgency.Answer.ACCEPTED, DayAgency.Answer.DECLINED):
        raise Refused("answer", "Choose “accepted” or “declined”.")
    _refuse_cancelled(day, "answer")
    before = audit.snapshot(row)
    accepted = answer == DayAgency.Answer.ACCEPTED
    row.answer, row.answered_at, row.answered_by = answer, timezone.now(), by.user
    row.people = _count("people", people, MOST_PEOPLE) if accepted else None
    row.hours = _hours(hours) if accepted else None
    if role is not None:
        row.role = checked_text("role", role, 200, one_line=True)
    row.save()
    _touch(day, by)
    audit.write(
        "day-of-action.answered",
        by=by,
        about=[day],
        owners=[agency.pk],
        before={name: before[name] for name in ("agency_id", "answer", "people", "hours", "role")},
        after={name: audit.snapshot(row)[name] for name in ("agency_id", "answer", "people", "hours", "role")},
    )
    return row


@transaction.atomic
def report_results(*, by: Viewer, pk: int, agency: Agency, results: Sequence[Mapping[str, Any]]) -> list[DayResult]:
    """What one agency counted on a day: all of it, in place of what was reported for it before.

    Each of `results` has "measure" (DayResult.Measure), "value" (a count, 0 is one) and "what" ("" but for "other").
    An empty list takes back what was reported. Raises as `answer_day`, and Refused before the day has begun.
    """
    day = _locked(by, pk)
    takes_part = agency.pk == day.owner_id or DayAgency.objects.filter(record=day, agency=agency).exists()
    if not takes_part or not may_report(by, agency.pk, day):
        raise Refused("agency", "You can report results only for an agency of yours that takes part in this day.")
    _refuse_cancelled(day, "results")
    if day.starts > timezone.now():
        raise Refused("results", "The day has not begun: there are no results yet.")
    made = _results(day, agency, results, by)
    before = _said(DayResult.objects.filter(record=day, agency=agency))
    after = _said(made)
    if before == after:
        return list(DayResult.objects.filter(record=day, agency=agency))
    DayResult.objects.filter(record=day, agency=agency).delete()
    DayResult.objects.bulk_create(made)
    _touch(day, by)
    audit.write(
        "day-of-action.reported",
        by=by,
        about=[day],
        owners=[agency.pk],
        before={"agency_id": agency.pk, "results": before},
        after={"agency_id": agency.pk, "results": after},
    )
    return made


def may_answer(viewer: Viewer, agency: int) -> bool:
    """Whether somebody may say for an agency whether it takes part."""
    return viewer.may(Permission.ADD, agency=agency)


def may_report(viewer: Viewer, agency: int, day: DayOfAction) -> bool:
    """Whether somebody may report what an agency counted on a day."""
    return viewer.may(Permission.ADD, agency=agency) or may_keep(viewer, day)


def may_keep(viewer: Viewer, day: DayOfAction) -> bool:
    """Whether somebody may change a day. No query."""
    return viewer.keeps(day.owner_id, day.created_by_id)


def _locked(by: Viewer, pk: int) -> DayOfAction:
    """The day, whole and locked until the transaction ends; DoesNotExist where it is not shown to this viewer."""
    if not DayOfAction.objects.visible_to(by).filter(pk=pk).exists():
        raise DayOfAction.DoesNotExist
    # The shared row alone, as whoever changes the record does: with both rows, each of two at once could have one.
    Intervention.objects.select_for_update(of=("self",)).get(pk=pk)
    day: DayOfAction = DayOfAction.objects.select_related("owner").get(pk=pk)
    return day


def _refuse_cancelled(day: DayOfAction, field: str) -> None:
    if day.status == DayOfAction.Status.CANCELLED:
        raise Refused(field, "This day of action was cancelled.")


def _touch(day: DayOfAction, by: Viewer) -> None:
    """Who has the day's form open learns that something changed, and does not write over it; other systems are told."""
    day.changed_at, day.changed_by = timezone.now(), by.user
    day.save(update_fields=["changed_at", "changed_by"])
    if day.audience != DayOfAction.Audience.TEAM:
        webhooks.tell("record.changed", day)


def _results(day: DayOfAction, agency: Agency, results: Sequence[Mapping[str, Any]], by: Viewer) -> list[DayResult]:
    if len(results) > MOST_RESULTS:
        raise Refused("results", f"At most {MOST_RESULTS} results can be reported; these are {len(results)}.")
    made: dict[tuple[str, str], DayResult] = {}
    now = timezone.now()
    for number, one in enumerate(results, start=1):
        measure = one.get("measure", "")
        if measure not in DayResult.Measure.values:
            raise Refused("results", f"Result {number}: the measure is one of: {', '.join(DayResult.Measure.values)}.")
        what = checked_text("what", str(one.get("what") or ""), 100, one_line=True)
        if measure == DayResult.Measure.OTHER and not what:
            raise Refused("results", f"Result {number}: say of what “Other” is the count.")
        value = _count(f"count of result {number}", one.get("value"), MOST_COUNTED, "results")
        if value is None:
            raise Refused("results", f"Result {number}: give the count; 0 for none.")
        if (measure, what) in made:
            raise Refused("results", f"Result {number}: {DayResult.Measure(measure).label} is there twice.")
        made[measure, what] = DayResult(
            record=day, agency=agency, measure=measure, what=what, value=value, reported_at=now, reported_by=by.user
        )
    return list(made.values())


def _said(rows: Any) -> list[dict[str, Any]]:
    """Results as the audit trail keeps them, always in the same order."""
    return sorted(
        ({"measure": str(one.measure), "what": one.what, "value": one.value} for one in rows),
        key=lambda one: (one["measure"], one["what"]),
    )


def _count(name: str, value: Any, most: int, field: str = "") -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Refused(field or name, f"The {name} is a whole number from 0 to {most:,}.")
    return value


def _hours(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        hours = Decimal(str(value))
    except InvalidOperation:
        hours = Decimal(-1)
    if not (hours.is_finite() and 0 <= hours <= MOST_HOURS):
        raise Refused("hours", f"The hours of each person are from 0 to {MOST_HOURS}.")
    return hours.quantize(Decimal("0.1"))
