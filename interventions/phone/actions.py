"""Writing down what was sent from a phone, once, however often it arrives."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from interventions.actions import add_intervention
from interventions.contents import Content
from interventions.models import Intervention, PspoAction
from interventions.phone.queries import sent_before
from partners.models import Agency
from partners.refusals import Refused
from partners.visibility import Viewer


def log_pspo_action(*, by: Viewer, owner: Agency, content: Content, sent_as: UUID) -> Intervention:
    """The record of an action; the one that is there already where the same person sent the same number before.

    Raises as `add_intervention`, and Refused where somebody else has sent that number.
    """
    if before := sent_before(by, sent_as):
        return before
    try:
        with transaction.atomic():
            record = add_intervention(by=by, owner=owner, content=content)
            PspoAction._base_manager.filter(pk=record.pk).update(sent_as=sent_as)
    except IntegrityError:
        # It arrived twice at the same moment: the other one is there by now.
        if before := sent_before(by, sent_as):
            return before
        if PspoAction._base_manager.filter(sent_as=sent_as).exists():
            raise Refused(
                "sent_as", "This was sent before, by somebody else. Open the page anew and type it again."
            ) from None
        raise
    return record
