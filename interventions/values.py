"""What one field of a record says, in words: the same on pages, in tables and in files."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models

from hotspots.words import day_name
from interventions.calc.clock import LONDON, clock
from interventions.law.words import pounds


def said(row: Any, field: models.Field[Any, Any]) -> str:
    """The value of a field of a record or of a row of its parts; "" where nothing is said, or it is withheld.

    Of a foreign key: the text of the row, which must be at hand and no record of its own.
    """
    value = getattr(row, field.name)
    if value is None or value in ("", []):
        return ""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return text(value, in_pounds="pounds" in str(field.verbose_name))


def text(value: Any, *, in_pounds: bool = False) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{day_name(value.astimezone(LONDON).date())}, {clock(value)}"
    if isinstance(value, date):
        return day_name(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal) and in_pounds:
        return pounds(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)
