"""Keeping the questions that gates ask. Old decisions quote the words in which they were asked."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hotspots.models import GateQuestion
from hotspots.models.phases import Phase
from partners import audit
from partners.refusals import Refused, checked_text
from partners.roles import Permission
from partners.visibility import Viewer

MOST = 20


@transaction.atomic
def add_question(*, by: Viewer, phase: str, text: str, instead_of: int | None = None) -> GateQuestion:
    """A new question, last of its phase, or in the place of one that is asked no more. Raises Refused, PermissionDenied
    and GateQuestion.DoesNotExist."""
    asked = _asked(by, phase)
    text = checked_text("text", text, 300, one_line=True)
    if not text:
        raise Refused("text", "Write the question, such as “Is the baseline fixed?”.")
    if any(one.text.casefold() == text.casefold() for one in asked):
        raise Refused("text", f"The gate of {Phase(phase).label} asks this already.")
    if len(asked) >= MOST:
        raise Refused("text", f"A gate asks at most {MOST} questions. Stop asking one first.")
    position = max((one.position for one in asked), default=-1) + 1
    if instead_of is not None:
        old = next((one for one in asked if one.pk == instead_of), None)
        if old is None:
            raise GateQuestion.DoesNotExist
        position, old.is_asked = old.position, False
        old.save()
    question = GateQuestion.objects.create(phase=phase, text=text, position=position)
    audit.created(question, by=by, summary="in other words than before" if instead_of is not None else "")
    return question


@transaction.atomic
def retire_question(*, by: Viewer, pk: int) -> GateQuestion:
    """Asks a question no more. Raises PermissionDenied, and GateQuestion.DoesNotExist where it is not asked."""
    question, _ = _question(by, pk)
    before = audit.snapshot(question)
    question.is_asked = False
    question.save()
    audit.changed(question, before, by=by)
    return question


@transaction.atomic
def move_question(*, by: Viewer, pk: int, up: bool) -> GateQuestion:
    """Asks a question one place earlier or later; nothing where it is the first or last. Raises as retiring does."""
    question, asked = _question(by, pk)
    before = audit.snapshot(question)
    at = asked.index(question)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(asked):
        return question
    asked.insert(to, asked.pop(at))
    for position, one in enumerate(asked):
        one.position = position
        one.save(update_fields=["position"])
    audit.write(
        "gatequestion.changed",
        by=by,
        about=[question],
        before={"position": before["position"]},
        after={"position": question.position},
    )
    return question


def _question(by: Viewer, pk: int) -> tuple[GateQuestion, list[GateQuestion]]:
    """A question that is asked, and all of its gate in order, itself the very one among them."""
    found = GateQuestion.objects.get(pk=pk, is_asked=True)
    asked = _asked(by, found.phase)
    question = next((one for one in asked if one.pk == pk), None)
    if question is None:
        raise GateQuestion.DoesNotExist
    return question, asked


def _asked(by: Viewer, phase: str) -> list[GateQuestion]:
    """The questions that a gate asks, in order, locked for who keeps them."""
    if not by.may(Permission.MANAGE_AGENCIES):
        raise PermissionDenied("The partnership’s administrators keep the gate questions.")
    if phase not in Phase.values:
        raise Refused("phase", f"The phase is one of: {', '.join(Phase.values)}.")
    rows = GateQuestion.objects.select_for_update().filter(phase=phase, is_asked=True)
    return list(rows.order_by("position", "pk"))
