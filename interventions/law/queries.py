"""Reading the numbers of the law and the types of orders: everybody who signs in may."""

from __future__ import annotations

from interventions.models import LegalParameter, OrderType


def parameters() -> list[LegalParameter]:
    """All, whether on or off. One query."""
    return list(LegalParameter.objects.all())


def like(one: LegalParameter) -> list[LegalParameter]:
    """All that are kept of the same limit, by first day, those without one first. One query."""
    rows = LegalParameter.objects.filter(instrument=one.instrument, key=one.key)
    return sorted(rows, key=lambda row: (row.valid_from is not None, row.valid_from, row.pk))


def order_types() -> list[OrderType]:
    """All, whether on or off, by name. One query."""
    return list(OrderType.objects.all())
