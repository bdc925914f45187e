"""The feed of changes: which records were added or changed since, whatever their register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.urls import reverse
from rest_framework import serializers as s

from interventions.api.rows import address_name
from interventions.models import Intervention
from interventions.registers import register_of
from partners import audit
from partners.api import parameters
from partners.api.parameters import Parameter
from partners.api.renderers import OrjsonRenderer
from partners.api.schema import describes
from partners.api.serializers import text, whole
from partners.api.views import ReadView
from partners.roles import Scope


def _cursor(said: str) -> tuple[datetime, int]:
    moment, _, number = said.rpartition("_")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise ValueError(f"{parameters.shown(said)} is no cursor of an answer here.")
    return parameters.moment(moment), int(number)


class ChangeRow(s.Serializer[Any]):
    type = text("Type of the record, as agreements and webhooks name it.")
    id = whole("Number of the record.")
    url = text("Its address.")
    changed_at = s.DateTimeField(help_text="When it was last changed, or added.")


class ChangePage(s.Serializer[Any]):
    next = s.URLField(allow_null=True, help_text="Address of the next page; null on the last.")
    cursor = text("Ask with it later for what changes from now on; null where nothing changed yet.", allow_null=True)
    results = ChangeRow(many=True)


@describes(
    "listChanges",
    "Records that were added or changed, in that order",
    answer=ChangePage,
    example={
        "next": None,
        "cursor": "2026-11-06T22:01:03.554000Z_12",
        "results": [
            {
                "type": "pspo-action",
                "id": 12,
                "url": "/api/v1/pspo-actions/12/",
                "changed_at": "2026-11-06T22:01:03.554000+00:00",
            }
        ],
    },
    description=(
        "Records that the caller may see, each once, in the order of their last change: follow `next`, keep `cursor`, "
        "and ask with it again. What is no longer shared is not told. A record whose saving took long can come behind "
        "the cursor: now and then ask again by `updated_since`, some minutes back."
    ),
    tag="Records",
)
class Changes(ReadView):
    scopes = (Scope.RECORDS,)
    renderer_classes = [OrjsonRenderer]
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("updated_since", "Changed at this moment or later.", parameters.moment, parameters.MOMENT_SCHEMA),
        Parameter("cursor", "After what an earlier answer ended with.", _cursor, {"type": "string"}),
        parameters.choice("type", "Of this type.", sorted(set(Intervention.types_of_kinds().values()))),
        parameters.LIMIT,
    )

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        rows = Intervention.objects.visible_to(self.viewer).order_by("changed_at", "pk")
        if given["type"]:
            rows = rows.filter(kind__in=[k for k, of in Intervention.types_of_kinds().items() if of == given["type"]])
        if given["updated_since"]:
            rows = rows.filter(changed_at__gte=given["updated_since"])
        if given["cursor"]:
            moment, number = given["cursor"]
            rows = rows.filter(Q(changed_at__gt=moment) | Q(changed_at=moment, pk__gt=number))
        records = list(rows[: given["limit"] + 1])
        more, records = len(records) > given["limit"], records[: given["limit"]]
        audit.read(records, by=self.viewer, how="api")
        query = self.request.query_params.copy()
        if records:
            query["cursor"] = f"{_utc(records[-1].changed_at)}_{records[-1].pk}"
        following = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}") if more else None
        return {"next": following, "cursor": query.get("cursor"), "results": [_row(one) for one in records]}


def _utc(moment: datetime) -> str:
    """Without a plus, which addresses would read as a space."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _row(record: Intervention) -> dict[str, Any]:
    url = reverse(address_name(register_of(record.kind)), args=[record.pk])
    return {"type": record.type, "id": record.pk, "url": url, "changed_at": record.changed_at}
