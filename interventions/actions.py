"""What people and their systems do to the records of all registers: `verb_noun(*, by, ...)`, atomic.

Forms, imports and the API call the same functions. ValueError is a sentence for whoever asked; `Refused` names the
field too, and `Unlawful` all that rules say at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from hotspots.models import Area
from interventions import checks
from interventions.calc.clock import clock
from interventions.contents import Content, Unlawful
from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.models import Intervention, RuleReason
from interventions.placing import placed
from interventions.registers import register_of
from interventions.registers.register import Register
from partners import audit, webhooks
from partners.models import Agency
from partners.refusals import ChangedMeanwhile, Refused
from partners.roles import Permission
from partners.visibility import Viewer

__all__ = ["Content", "Refused", "Unlawful", "add_intervention", "change_intervention", "set_status"]


@transaction.atomic
def add_intervention(*, by: Viewer, owner: Agency, content: Content) -> Intervention:
    """A new record of an agency's, in the register of its kind, placed as `placed` says.

    Raises Refused where the content cannot be, or the owner is none to add for; Unlawful where rules forbid it or ask
    for a reason that is not given.
    """
    if not by.may(Permission.ADD, agency=owner.pk):
        raise Refused("owner", "You can add activity only for an agency in which you may add records.")
    register = register_of(content.kind)
    content = placed(register, [content], by)[0]
    record = register.model(owner=owner, created_by=by.user, changed_by=by.user)
    draft = checks.drafted(register, record, content, by=by, new_wards=content.wards, law=Law.now())
    warned = checks.judged(register, [draft], content.reasons)[0]
    _write(register, draft, content.parts)
    _keep_reasons(draft, warned, content, by)
    _tell("record.added", draft.record)
    audit.created(draft.record, by=by, more=_audited_parts(register, draft.record))
    return draft.record


@transaction.atomic
def change_intervention(*, by: Viewer, pk: int, seen: datetime | None, **said: Any) -> Intervention:
    """Changes what is `said` (names of Content) of a record. `particulars` names only what changes; of `parts`, each
    that is named is replaced whole, rows that keep their "id" staying what they are.

    `seen` is its `changed_at` as it was when it was read; None = whatever it is now. Raises Refused as adding does,
    ChangedMeanwhile where somebody saved it since, and Intervention.DoesNotExist where it is none to change.
    """
    record = _locked(by, pk)
    if seen is not None and record.changed_at != seen:
        who = record.changed_by or "Another system"
        raise ChangedMeanwhile(
            "changed_at",
            f"{who} changed this record at {clock(record.changed_at)}, after you opened it. Nothing of yours is saved.",
        )
    register = register_of(record.kind)
    if said.get("kind", record.kind) not in register.kinds:
        raise Refused("kind", f"It is {register.a_one}: add what it is instead, and cancel this.")
    before = audit.snapshot(record) | _audited_parts(register, record)
    old = Content.of(record)
    content = replace(old, **said)
    added = tuple(ward for ward in content.wards if ward not in old.wards)
    draft = checks.drafted(register, record, content, by=by, new_wards=added, law=Law.now())
    reasons = dict(record.reasons.values_list("rule", "reason")) | dict(content.reasons)
    warned = checks.judged(register, [draft], reasons)[0]
    changed_at, record.changed_at = record.changed_at, timezone.now()
    changed_by, record.changed_by = record.changed_by, by.user
    with transaction.atomic():
        _write(register, draft, content.parts)
        parts = _audited_parts(register, record)
        after = audit.snapshot(record) | parts
        differs = {name for name in after if after[name] != before.get(name)} - {"changed_at", "changed_by_id"}
        if not differs:
            transaction.set_rollback(True)
    if not differs:
        record.changed_at, record.changed_by = changed_at, changed_by
        return record
    _keep_reasons(draft, warned, content, by)
    _tell("record.changed", record)
    audit.changed(record, before, by=by, more=parts)
    return record


def set_status(*, by: Viewer, pk: int, status: str) -> Intervention:
    """Says that a piece of work was done or cancelled, or is planned again. Raises as `change_intervention`."""
    return change_intervention(by=by, pk=pk, seen=None, status=status)


def _audited_parts(register: Register, record: Intervention) -> dict[str, Any]:
    """The rows of a record's parts, as the audit trail keeps them. One query for each part."""
    return {part.name: [audit.snapshot(row) for row in getattr(record, part.name).all()] for part in register.parts}


def _locked(by: Viewer, pk: int) -> Any:
    """The whole record, as its register's model has it, locked until the transaction ends."""
    shared = (
        Intervention.objects.changeable_by(by)
        .select_for_update(of=("self",))
        .select_related("owner", "changed_by")
        .get(pk=pk)
    )
    model = register_of(shared.kind).model
    if model is Intervention:
        return shared
    record: Any = model._base_manager.select_related("owner", "changed_by").get(pk=pk)
    return record


def _write(register: Register, draft: Draft, said_parts: Any) -> None:
    record = draft.record
    boroughs = Area.objects.filter(children__in=draft.wards).values_list("code", flat=True)
    record.area_codes = sorted({*boroughs, *(ward.code for ward in draft.wards)})
    record.save()
    record.wards.set(draft.wards)
    record.hotspots.set(draft.hotspots)
    for part in register.parts:
        if part.name not in said_parts:
            continue
        rows = draft.of(part.name)
        gone = getattr(record, part.name).exclude(pk__in=[row.pk for row in rows if row.pk])
        try:
            gone.delete()
        except ProtectedError:
            raise Refused(
                part.name, f"Other records refer to a {part.one} that you took away: keep it, and end it instead."
            ) from None
        try:
            with transaction.atomic():
                for row in rows:
                    row.record_id = record.pk
                    if row.pk is not None:
                        row.save()
                part.model._base_manager.bulk_create([row for row in rows if row.pk is None])
        except IntegrityError:
            raise Refused(
                part.name,
                f"Each {part.one} can stand here only once: two are alike, or changed places. Take one away, or change "
                "one after the other.",
            ) from None


def _tell(event: str, record: Intervention) -> None:
    """Tells webhooks, but of nothing covert."""
    if record.audience != Intervention.Audience.TEAM:
        webhooks.tell(event, record)


def _keep_reasons(draft: Draft, warned: dict[str, str], content: Content, by: Viewer) -> None:
    """Keeps the reason for each warning that was given one now."""
    for rule, warning in warned.items():
        if rule in content.reasons:
            said = {
                "warning": warning[:500],
                "reason": content.reasons[rule],
                "given_at": timezone.now(),
                "given_by": by.user,
            }
            RuleReason.objects.update_or_create(record_id=draft.record.pk, rule=rule, defaults=said)
