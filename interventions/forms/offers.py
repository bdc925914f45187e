"""What can be chosen as the other end of a link: records that the person sees, agencies, conditions, photos."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from hotspots.words import day_name
from interventions.models import Attachment, Condition, Intervention, OrderType, PublicSpacesOrder
from partners.models import Agency
from partners.visibility import Viewer

# The newest of more are offered.
MOST = 200
# Name of a link -> which records of the other end it can mean.
_ONLY: dict[str, dict[str, Any]] = {"warning": {"kind": Intervention.Kind.CPW}}
_KEPT = "As it is now"


class Offers:
    """The choices of every link on one form, each asked of the database once. `read` are the records shown so."""

    def __init__(self, viewer: Viewer, record: Intervention | None) -> None:
        self._viewer = viewer
        self._record = record
        self._kept: dict[tuple[type[models.Model], str], list[Any]] = {}
        self.read: list[Intervention] = []

    def of(self, link: models.ForeignKey[Any, Any], current: Any = None) -> list[Any]:
        """(number, name) of each row, or groups of them; what it is `current`ly among them, named or not."""
        model: Any = link.related_model
        key = (model, link.name if link.name in _ONLY else "")
        if key not in self._kept:
            self._kept[key] = self._asked(model, link.name)
        found = self._kept[key]
        if current is not None and current not in _numbers(found):
            return [(current, _KEPT), *found]
        return found

    def records(self, model: type[Intervention], name: str = "") -> list[Any]:
        """The newest records of a register that the person sees, those that were cancelled left out."""
        rows = model.objects.visible_to(self._viewer).filter(**_ONLY.get(name, {}))
        rows = rows.exclude(status=Intervention.Status.CANCELLED)
        if self._record is not None:
            rows = rows.exclude(pk=self._record.pk)
        found = list(rows.order_by("-starts", "-pk")[:MOST])
        self.read += found
        return found

    def _asked(self, model: Any, name: str) -> list[Any]:
        if issubclass(model, Intervention):
            return [(row.pk, f"{row.title}, {day_name(row.first_day)}") for row in self.records(model, name)]
        if model is Agency:
            return list(Agency.objects.filter(left_at=None).order_by("name").values_list("pk", "name"))
        if model is Condition:
            orders = {row.pk: row.title for row in self.records(PublicSpacesOrder)}
            rows = Condition.objects.filter(record__in=orders)
            return [
                (title, [(row.pk, str(row)) for row in rows if row.record_id == pk]) for pk, title in orders.items()
            ]
        if model is OrderType:
            return list(OrderType.objects.filter(is_on=True).values_list("pk", "name"))
        if model is Attachment:
            files = Attachment.objects.filter(record=self._record) if self._record else Attachment.objects.none()
            return list(files.values_list("pk", "title"))
        return []


def _numbers(choices: Iterable[Any]) -> set[int]:
    found: set[int] = set()
    for value, label in choices:
        found |= _numbers(label) if isinstance(label, list) else {value}
    return found
