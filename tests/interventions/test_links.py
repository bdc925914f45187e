"""A record is linked only to what its writer sees, by whichever door."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from interventions import actions
from interventions.contents import Content
from interventions.models import Attachment
from interventions.registers import PSPO, WALK
from partners.refusals import Refused
from tests.interventions.conftest import seen_by
from tests.interventions.records import make_of

pytestmark = pytest.mark.django_db


def test_neither_a_hidden_record_nor_what_belongs_to_one(world: SimpleNamespace) -> None:
    order, _ = make_of(PSPO, world.owner, [world.ward])
    walk, _ = make_of(WALK, world.owner, [world.ward])
    photo = Attachment.objects.create(record=walk, title="Lamp", file="interventions/none.jpg")
    now = timezone.now()

    def add(who: str, kind: str, particulars: dict[str, object], parts: dict[str, list[dict[str, object]]]) -> None:
        content = Content(
            kind=kind, title="Seen", strand="protect", starts=now, ends=now, wards=(world.ward,), status="done",
            particulars=particulars, parts=parts,
        )  # fmt: skip
        actions.add_intervention(by=seen_by(world.people[who]), owner=getattr(world, who), content=content)

    observation = {"category": "lighting", "severity": 2, "text": "Lamp", "photo": photo.pk}
    add("owner", "walk", {}, {"observations": [observation]})
    for particulars in ({"order": order.pk}, {"order": order}):
        with pytest.raises(Refused, match="not shared with you"):
            add("stranger", "pspo-action", {**particulars, "action": "advice"}, {})
    for one in (photo.pk, photo):
        with pytest.raises(Refused, match="not shared with you"):
            add("stranger", "walk", {}, {"observations": [{**observation, "photo": one}]})
