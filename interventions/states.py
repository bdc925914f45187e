"""What state a record is in on a day: whether an order is in force, and the words and colour of its tag."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from hotspots.words import day_name
from interventions.calc.clock import LONDON, clock
from interventions.models import Intervention
from partners.markings import Tag

if TYPE_CHECKING:
    from interventions.registers.register import Register

Kind, Status = Intervention.Kind, Intervention.Status
# What binds people over a time: of these, "done" means made, whether in force still or over.
ORDERS = (Kind.CBO, Kind.PSPO, Kind.DISPERSAL, Kind.DIRECTION, Kind.CLOSURE, Kind.CPW, Kind.CPN, Kind.ORDER)
# Of these, the ones whose end has to be thought of in time: the others last for hours, or only warn.
EXPIRING = (Kind.CBO, Kind.PSPO, Kind.CLOSURE, Kind.CPN, Kind.ORDER)
# Later than any end.
NEVER = datetime.max.replace(tzinfo=UTC)
_A_MOMENT = timedelta(microseconds=1)
_COLOURS = {Status.PLANNED: "light-blue", Status.DONE: "green", Status.CANCELLED: "grey"}


def in_force(rows: Any, at: datetime) -> Any:
    """Of some rows, the orders that are in force at a moment."""
    return rows.filter(Q(ends=None) | Q(ends__gt=at), kind__in=ORDERS, status=Status.DONE, starts__lte=at)


def is_in_force(record: Intervention, at: datetime) -> bool:
    """As `in_force`, of one record."""
    is_made = record.kind in ORDERS and record.status == Status.DONE
    return is_made and record.starts <= at and (record.ends is None or at < record.ends)


def state(register: Register | None, record: Any, at: datetime) -> Tag:
    """The state of a record at a moment. `register` only with a record as its own model reads it; None = what the
    shared table knows."""
    if register and register.state_of:
        return Tag(*register.state_of(record, timezone.localtime(at).date()))
    status = Status(record.status)
    if record.kind not in ORDERS:
        return Tag(str(status.label), _COLOURS[status])
    if status == Status.DONE:
        if is_in_force(record, at):
            return Tag(f"In force {until(record.ends)}".rstrip(), "green")
        return Tag("Not yet in force", "light-blue") if record.starts > at else Tag("Over", "grey")
    return Tag("Not made yet", "light-blue") if status == Status.PLANNED else Tag("Not made", "grey")


def until(ends: datetime | None) -> str:
    """ "until 3 March 2028" (its last day, where it ends at midnight), "until 4 March 2026, 21:40"; "" without end."""
    if ends is None:
        return ""
    local = ends.astimezone(LONDON)
    if (local.hour, local.minute) == (0, 0):
        return f"until {day_name((local - _A_MOMENT).date())}"
    return f"until {day_name(local.date())}, {clock(ends)}"
