"""Adding many records of one register at once: the checks and rules of the form for each row, without a query for each.

A fixed number of queries for what all rows refer to, one write for each table, one event in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from interventions import checks
from interventions.bulk import copying
from interventions.contents import Content
from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.models import DayOfAction, Intervention, RuleReason
from interventions.placing import placed
from interventions.registers.register import Register
from partners import audit, webhooks
from partners.models import Agency, Record
from partners.refusals import Refused
from partners.roles import Permission
from partners.visibility import Viewer

# Rows of one statement.
BATCH = 1_000
# The reason for whatever a rule warns of in a row.
ANY_RULE = "*"
Links = dict[Any, Any]


@dataclass(slots=True)
class Added:
    """What became of the rows, by their place among those that were given."""

    # In the order of the rows; empty where nothing was added.
    records: list[Any] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)
    # How many could be, or were, added.
    good: int = 0


@transaction.atomic
def add_interventions(
    *,
    by: Viewer,
    owner: Agency,
    register: Register,
    contents: Sequence[Content],
    keep_good: bool = False,
    dry_run: bool = False,
) -> Added:
    """New records of an agency's, all of one register. Of rows that cannot be, `keep_good` adds the others; without it
    nothing is added then. `dry_run` only says what would become of them.

    Hotspots and days of action of the contents must have been read through `visible_to` of the same viewer. Raises
    Refused where the agency is none to add for, and where somebody else used a number at the same moment.
    """
    if not by.may(Permission.ADD, agency=owner.pk):
        raise Refused("owner", "You can add activity only for an agency in which you may add records.")
    found = Added()
    contents = placed(register, contents, by)
    drafts = _drafted(register, contents, by, owner, found.refused)
    warned = _judged(register, drafts, contents, found.refused)
    kept = {at: draft for at, draft in drafts.items() if at not in found.refused}
    found.good = len(kept)
    if dry_run or not kept or (found.refused and not keep_good):
        return found
    try:
        with transaction.atomic():
            _insert(register, [*kept.values()])
    except IntegrityError:
        raise Refused(
            "",
            "Somebody used a number of these at the same moment, so nothing is added. Send the file again.",
        ) from None
    found.records = [draft.record for draft in kept.values()]
    _keep_reasons(kept, warned, contents, by)
    _tell(found.records)
    for covert in (False, True):
        _write_down(register, [one for one in found.records if (one.audience == Record.Audience.TEAM) is covert], by)
    return found


def _drafted(
    register: Register, contents: Sequence[Content], by: Viewer, owner: Agency, refused: dict[int, Refused]
) -> dict[int, Draft]:
    law, links, drafts = Law.now(), _links(register, contents, by), {}
    for at, content in enumerate(contents):
        record = register.model(owner=owner, created_by=by.user, changed_by=by.user)
        try:
            drafts[at] = checks.drafted(register, record, content, by=by, new_wards=content.wards, law=law, links=links)
            _refuse_alike(register, drafts[at])
        except Refused as error:
            drafts.pop(at, None)
            refused[at] = error
    return drafts


def _refuse_alike(register: Register, draft: Draft) -> None:
    """Raises Refused where rows of a part are alike that must differ within their record."""
    for part in register.parts:
        rows = draft.of(part.name)
        for constraint in part.model._meta.constraints if len(rows) > 1 else ():
            if isinstance(constraint, models.UniqueConstraint) and "record" in constraint.fields:
                names = [name for name in constraint.fields if name != "record"]
                if len({tuple(getattr(row, name) for name in names) for row in rows}) < len(rows):
                    raise Refused(part.name, f"Each {part.one} can stand here only once: two are alike.")


def _links(register: Register, contents: Sequence[Content], by: Viewer) -> Links:
    """All rows to which records refer, by (model, number): None for what is not there, or not shown. A query for each
    model."""
    asked: dict[Any, set[Any]] = {}

    def ask(of: models.Field[Any, Any], value: Any) -> None:
        if of.is_relation and value not in (None, "") and not isinstance(value, models.Model):
            asked.setdefault(of.related_model, set()).add(value)

    for content in contents:
        for name, value in content.particulars.items():
            if name in register.own_fields:
                ask(register.own_fields[name], value)
        for part in register.parts:
            for row in content.parts.get(part.name, ()):
                for of in part.fields:
                    ask(of, row.get(of.name))
    links: Links = {(type(place), place.pk): place for content in contents for place in content.hotspots}
    links |= {(DayOfAction, one.day.pk): one.day for one in contents if one.day}
    for model, numbers in asked.items():
        whole = checks.linkable(model, numbers, by)
        links |= {(model, number): whole.get(number) for number in numbers}
    return links


def _judged(
    register: Register, drafts: dict[int, Draft], contents: Sequence[Content], refused: dict[int, Refused]
) -> dict[int, dict[str, str]]:
    """Row -> what is warned of and kept all the same."""
    warned = {}
    for at, found in zip(drafts, checks.looked_at(register, [*drafts.values()]), strict=True):
        try:
            warned[at] = checks.settled(found, _reasons(contents[at], (one.rule for one in found)))
        except Refused as error:
            refused[at] = error
    return warned


def _reasons(content: Content, rules: Iterable[str]) -> dict[str, str]:
    """The reasons that a row gives, by rule."""
    said = dict(content.reasons)
    of_any = said.pop(ANY_RULE, "")
    return dict.fromkeys(rules, of_any) | said if of_any else said


def _insert(register: Register, drafts: Sequence[Draft]) -> None:
    """Writes the records with their wards, hotspots and parts: a few statements for each table."""
    now, records = timezone.now(), [draft.record for draft in drafts]
    for draft, number in zip(drafts, copying.numbers(Intervention, len(drafts)), strict=True):
        record, wards = draft.record, draft.wards
        record.area_codes = sorted({*(ward.code for ward in wards), *(w.parent.code for w in wards if w.parent)})
        record.created_at = record.changed_at = now
        record.pk = record.id = number
        record._state.adding = False
        for part in register.parts:
            for row in draft.of(part.name):
                row.record_id = number
    copying.copy(Intervention, Intervention._meta.local_concrete_fields, records)
    if register.model is not Intervention:
        copying.copy(register.model, register.model._meta.local_concrete_fields, records)
    for relation, column in (("wards", "area_id"), ("hotspots", "hotspot_id")):
        pairs = ((draft.record.pk, place.pk) for draft in drafts for place in getattr(draft, relation))
        copying.copy_pairs(getattr(Intervention, relation).through, ("intervention_id", column), pairs)
    for part in register.parts:
        part.model._base_manager.bulk_create([row for draft in drafts for row in draft.of(part.name)], batch_size=BATCH)


def _keep_reasons(
    kept: dict[int, Draft], warned: dict[int, dict[str, str]], contents: Sequence[Content], by: Viewer
) -> None:
    RuleReason.objects.bulk_create(
        RuleReason(
            record_id=draft.record.pk,
            rule=rule,
            warning=warning[:500],
            reason=reasons[rule],
            given_by=by.user,
        )
        for at, draft in kept.items()
        if warned[at]
        for reasons in [_reasons(contents[at], warned[at])]
        for rule, warning in warned[at].items()
    )


def _tell(records: Sequence[Any]) -> None:
    """One message for all of them, about the last: whoever is told reads the change feed."""
    shared = [one for one in records if one.audience != Record.Audience.TEAM]
    if shared:
        webhooks.tell("record.added", shared[-1])


def _write_down(register: Register, records: Sequence[Any], by: Viewer) -> None:
    if records:
        named = register.one if len(records) == 1 else register.name
        audit.write("intervention.bulk-added", by=by, about=records, summary=f"Added {len(records):,}: {named}")
