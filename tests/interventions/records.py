"""A record of any register whose every text is a word that stands nowhere else, with what each is withheld by."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hotspots.models import Area
from interventions.models import Intervention, OrderType
from interventions.registers import ALL
from interventions.registers.register import Register
from partners.models import Agency

_numbers = itertools.count(1)
# "details4q": the words that are made here, wherever they stand.
WORD = re.compile(r"[a-z]+\d+q\b")
# What no page prints as it is, or is printed where nobody expects it.
_QUIET = {"zone", "sent_as"}


def make_of(
    register: Register, owner: Agency, wards: Iterable[Area], **said: Any
) -> tuple[Intervention, dict[str, set[str]]]:
    """A record, straight into the database, and its words by the name in WITHHOLDABLE under which they are hidden; ""
    are those that everybody sees who sees the record."""
    words: dict[str, set[str]] = defaultdict(set)
    hidden_as = {column: name for name, columns in register.model.WITHHOLDABLE.items() for column in columns}

    def word(field: Any, called: str) -> str:
        made = f"{called[:12]}{next(_numbers)}q".replace("_", "")
        assert len(made) <= (field.max_length or 100)
        return made

    starts = datetime(2026, 3, 2, tzinfo=UTC)
    values: dict[str, Any] = {
        "owner": owner,
        "kind": register.kinds[0],
        "strand": "protect",
        "status": "done",
        "starts": starts,
        "ends": starts + timedelta(days=3),
        "longitude": 0.21,
        "latitude": 51.6,
    }
    laid_out = {name for group in register.groups for name in group.fields}
    for name in ("title", "reference", "place", "details", "contact"):
        if name in laid_out:
            values[name] = word(Intervention._meta.get_field(name), name)
    for name, field in register.own_fields.items():
        if name not in _QUIET:
            values[name] = _value(field, name, word, owner, wards)
    values |= said
    wards = list(wards)
    boroughs = {ward.parent.code for ward in wards if ward.parent}
    record: Intervention = register.model._base_manager.create(
        area_codes=sorted({*boroughs, *(ward.code for ward in wards)}), **values
    )
    record.wards.set(wards)
    for name, value in values.items():
        for text in value if isinstance(value, list) else [value]:
            words[hidden_as.get(name, "")] |= _words(text)
    for part in register.parts:
        row = {field.name: _value(field, field.name, word, owner, wards) for field in part.fields}
        part.model._base_manager.create(record=record, **row)
        hides = {column: name for name, columns in part.hides.items() for column in columns}
        for column, text in row.items():
            words[hides.get(column, part.withheld_as)] |= _words(text)
    return record, dict(words)


def _words(value: Any) -> set[str]:
    return set(WORD.findall(value)) if isinstance(value, str) else set()


def _value(field: Any, name: str, word: Any, owner: Agency, wards: Iterable[Area]) -> Any:
    if isinstance(field, models.ForeignKey):
        return _linked(field, owner, wards)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, ArrayField):
        return [word(field.base_field, name)]
    if isinstance(field, models.URLField):
        return f"https://example.org/{word(field, name)}"
    if isinstance(field, models.CharField | models.TextField):
        return word(field, name)
    if isinstance(field, models.DateTimeField):
        return datetime(2026, 3, 2, 9, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2026, 3, 1)  # of lines of a plan, the month
    if isinstance(field, models.DecimalField):
        return Decimal(50)
    if isinstance(field, models.BooleanField):
        return None if field.null else False
    if isinstance(field, models.IntegerField):
        return 1
    return None


def _linked(field: Any, owner: Agency, wards: Iterable[Area]) -> Any:
    """What a required link leads to; None where nothing need be linked."""
    if field.related_model is Agency:
        return owner
    if field.related_model is OrderType:
        return OrderType.objects.get_or_create(slug="injunction", defaults={"name": "Injunction", "is_on": True})[0]
    if field.null:
        return None
    target = next(one for one in ALL if one.model is field.related_model)
    return make_of(target, owner, wards)[0]
