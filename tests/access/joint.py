"""What agencies do together, for the table: a day of action to which the stranger is asked, a meeting, a promise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from hotspots.models import Area
from interventions.models import AgreedAction, DayAgency, DayOfAction, Meeting
from partners.models import Agency, User


def build(
    things: dict[str, tuple[Any, ...]], agencies: Mapping[str, Agency], by: User, texts: Mapping[str, str]
) -> None:
    """All rows. The day and the meeting bear no marked text: lists show them to those who see them."""
    ward, owner = Area.objects.get(code=things["/wards/"][0]), agencies["owner"]
    codes = [ward.code, *things["/boroughs/"]]
    yesterday = timezone.now() - timedelta(days=1)
    shared: dict[str, Any] = {
        "owner": owner,
        "area_codes": codes,
        "created_by": by,
        "changed_by": by,
        "strand": "prepare",
        "status": "done",
        "starts": yesterday,
        "ends": yesterday + timedelta(hours=2),
    }
    day = DayOfAction._base_manager.create(kind="day", title="A joint day", **shared)
    meeting = Meeting._base_manager.create(kind="meeting", title="A panel", sort="ward-panel", **shared)
    for one in (day, meeting):
        one.wards.add(ward)
    DayAgency.objects.create(record=day, agency=agencies["stranger"])
    # Due so late that no list of what is due soon shows it.
    promised = AgreedAction.objects.create(
        title=texts["action"], agency=owner, asked_by=owner, due_on=date(2099, 12, 31), created_by=by, changed_by=by
    )
    things |= {"day": (day.pk,), "meeting": (meeting.pk,), "/activity/actions/": (promised.pk,)}
