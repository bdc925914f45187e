"""Orders, conditions and actions as things to tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from interventions.calc.clock import clock
from interventions.models import PspoAction
from interventions.phone.queries import OrderHere


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tap."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Block:
    """An order with its conditions. `extent` is west, south, east and north of its area; "" where none is drawn."""

    pk: int
    title: str
    extent: str
    choices: list[Choice]
    is_open: bool


def choices(orders: Sequence[OrderHere], *, chosen: str | None, first: str) -> list[Block]:
    """The orders, the one of the address first; open are that one, the one with what was chosen, and one alone."""
    found = [_block(one, chosen or "") for one in sorted(orders, key=lambda one: str(one.order.pk) != first)]
    return [
        Block(one.pk, one.title, one.extent, one.choices, is_open=one.is_open or number == 0)
        for number, one in enumerate(found)
    ]


def _block(one: OrderHere, chosen: str) -> Block:
    order = one.order
    rows = [(f"{order.pk}-{row.pk}", f"{row.number}. {row.text}") for row in one.conditions]
    rows.append((f"{order.pk}-0", "Something else under this order" if rows else "This order"))
    sides = (order.west, order.south, order.east, order.north)
    return Block(
        pk=order.pk,
        title=order.title,
        extent=" ".join(f"{side:.6f}" for side in sides if side is not None),
        choices=[Choice(value, text, value == chosen) for value, text in rows],
        is_open=chosen.startswith(f"{order.pk}-"),
    )


def actions(chosen: str | None) -> list[Choice]:
    """What can be done, the commonest first."""
    return [Choice(str(value), str(label), value == chosen) for value, label in PspoAction.Action.choices]


def written(rows: Sequence[PspoAction]) -> list[dict[str, Any]]:
    """What was written down, with its time."""
    return [{"pk": row.pk, "title": row.title, "at": clock(row.starts)} for row in rows]
