"""Times as clocks in London show them. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def moments(day: date, at: time) -> list[datetime]:
    """The moments, in UTC, at which clocks in London show this: one; none in the hour that is left out when clocks go
    forward; two in the hour that comes twice when they go back, summer time first."""
    shown = datetime.combine(day, at)
    found = {shown.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if moment.astimezone(LONDON).replace(tzinfo=None) == shown)


def clock(moment: datetime) -> str:
    """ "14:05"; in the hour that comes twice, "01:30 BST" or "01:30 GMT"."""
    local = moment.astimezone(LONDON)
    twice = len(moments(local.date(), local.time().replace(tzinfo=None))) > 1
    return f"{local:%H:%M}" + (f" {local.tzname()}" if twice else "")
