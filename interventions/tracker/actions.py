"""What people and systems do to agreed actions: promise, finish, drop, move.

Who keeps an action is the agency that asked for it: those who change its records, and whoever wrote the action down.
The agency that promised says itself when it is done. Raises Refused with the field and a sentence.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from hotspots.models import Hotspot
from hotspots.words import day_name
from interventions.checks import NOT_KEPT, is_kept
from interventions.models import AgreedAction, Intervention
from partners import audit
from partners.models import Agency, Record
from partners.refusals import Refused, checked_text
from partners.roles import Permission
from partners.visibility import Viewer


@transaction.atomic
def promise_action(
    *,
    by: Viewer,
    title: str,
    agency: Agency,
    asked_by: Agency,
    due_on: date,
    source: int | None = None,
    hotspot: int | None = None,
    strand: str = Intervention.Strand.PREPARE,
    is_mine: bool = False,
) -> AgreedAction:
    """What an `agency` promised, for the list that `asked_by` keeps. `source` is the number of the record that it came
    out of, `hotspot` of a hotspot; `is_mine` = whoever asks does it personally.

    Raises Refused where somebody may not add records for `asked_by`, or the source or the hotspot is not shared with
    them.
    """
    if not by.may(Permission.ADD, agency=asked_by.pk):
        raise Refused("asked_by", "You can write actions down only for an agency in which you may add records.")
    if agency.left_at:
        raise Refused("agency", f"{agency} has left the partnership.")
    if strand not in Intervention.Strand.values:
        raise Refused("strand", f"The strand is one of: {', '.join(Intervention.Strand.values)}.")
    if is_mine and (by.user is None or agency.pk not in by.agencies()):
        raise Refused("is_mine", f"Only somebody of {agency} can take this action on personally.")
    now = timezone.now()
    action = AgreedAction(
        title=_line("title", title, 200, "Say in one line what was promised."),
        agency=agency,
        asked_by=asked_by,
        due_on=_due(due_on),
        source=_source(by, source, (agency, asked_by)),
        hotspot=_hotspot(by, hotspot),
        strand=strand,
        person=by.user if is_mine else None,
        created_at=now,
        created_by=by.user,
        changed_at=now,
        changed_by=by.user,
    )
    action.save()
    audit.created(action, by=by, owners=[asked_by.pk])
    return action


@transaction.atomic
def finish_action(*, by: Viewer, pk: int, evidence: str, done_on: date | None = None) -> AgreedAction:
    """Says that an action was done, and what shows it; `done_on` None = today.

    Raises AgreedAction.DoesNotExist for one that is not there for this viewer, Refused for who may not.
    """
    action = _open(by, pk)
    if not may_finish(by, action):
        raise Refused("evidence", f"Only {action.agency}, and those who keep the list for {action.asked_by}, say so.")
    done_on = done_on or timezone.localdate()
    if not is_kept(done_on) or done_on > timezone.localdate():
        raise Refused("done_on", "The day on which it was done cannot be after today.")
    said = _line("evidence", evidence, 500, "Say what shows that it was done.")
    return _change(action, by, status=AgreedAction.Status.DONE, done_on=done_on, evidence=said)


@transaction.atomic
def drop_action(*, by: Viewer, pk: int, reason: str) -> AgreedAction:
    """Ends an action that will not be done, with the reason. Raises as `finish_action`."""
    action = _kept(by, pk)
    said = _line("reason", reason, 500, "Say why it is dropped.")
    return _change(action, by, status=AgreedAction.Status.DROPPED, evidence=said)


@transaction.atomic
def change_action(*, by: Viewer, pk: int, due_on: date, reason: str) -> AgreedAction:
    """Moves the day by which an action is due, with the reason; the day that was promised first stays known.

    Raises as `finish_action`.
    """
    action = _kept(by, pk)
    due_on = _due(due_on)
    if due_on == action.due_on:
        raise Refused("due_on", f"It is due on {day_name(due_on)} already.")
    said = _line("reason", reason, 300, "Say why the day is moved.")
    return _change(action, by, due_on=due_on, moved_from=action.moved_from or action.due_on, moved_why=said)


def may_keep(viewer: Viewer, action: AgreedAction) -> bool:
    """Whether somebody may move and drop an action."""
    return viewer.keeps(action.asked_by_id, action.created_by_id)


def may_finish(viewer: Viewer, action: AgreedAction) -> bool:
    """Whether somebody may say that an action was done."""
    return viewer.may(Permission.ADD, agency=action.agency_id) or may_keep(viewer, action)


def _open(by: Viewer, pk: int) -> AgreedAction:
    """An action that this viewer sees and that is open, locked until the transaction ends."""
    if not AgreedAction.objects.visible_to(by).filter(pk=pk).exists():
        raise AgreedAction.DoesNotExist
    action = AgreedAction.objects.select_for_update(of=("self",)).select_related("agency", "asked_by").get(pk=pk)
    if action.status != AgreedAction.Status.OPEN:
        raise Refused("", f"This action is {action.get_status_display().lower()} already.")
    return action


def _kept(by: Viewer, pk: int) -> AgreedAction:
    action = _open(by, pk)
    if not may_keep(by, action):
        raise Refused("", f"Only those who keep the list for {action.asked_by} can do that.")
    return action


def _change(action: AgreedAction, by: Viewer, **values: Any) -> AgreedAction:
    before = audit.snapshot(action)
    for name, value in {**values, "changed_at": timezone.now(), "changed_by": by.user}.items():
        setattr(action, name, value)
    action.save()
    audit.changed(action, before, by=by, owners=[action.asked_by_id])
    return action


def _line(field: str, said: str, longest: int, missing: str) -> str:
    text = checked_text(field, said, longest, one_line=True)
    if not text:
        raise Refused(field, missing)
    return text


def _due(day: date) -> date:
    if not is_kept(day):
        raise Refused("due_on", NOT_KEPT)
    return day


def _source(by: Viewer, pk: int | None, agencies: Collection[Agency]) -> Intervention | None:
    if pk is None:
        return None
    found: Intervention | None = Intervention.objects.visible_to(by).filter(pk=pk).first()
    if found is None:
        raise Refused("source", "There is no such record, or it is not shared with you.")
    # Whoever promises or asks reads the action: what is covert is nobody else's to read.
    if found.audience == Record.Audience.TEAM and {one.pk for one in agencies} != {found.owner_id}:
        raise Refused(
            "agency",
            "Only the owning team may know of this record: nobody else can promise or ask for anything out of it.",
        )
    return found


def _hotspot(by: Viewer, pk: int | None) -> Hotspot | None:
    if pk is None:
        return None
    found: Hotspot | None = Hotspot.objects.visible_to(by).filter(pk=pk).first()
    if found is None:
        raise Refused("hotspot", "There is no such hotspot, or it is not shared with you.")
    return found
