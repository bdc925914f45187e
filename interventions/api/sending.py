"""What the routes of activity share: links by number, and how actions refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter

from hotspots.models import Area, Hotspot
from interventions import queries
from interventions.contents import Unlawful
from interventions.models import DayOfAction, Intervention
from interventions.rights import NOT_HERE
from partners.api import errors, parameters
from partners.api.views import WriteView
from partners.models import Agency
from partners.refusals import Refused
from partners.visibility import Viewer

NOT_YOURS = "Only the agency whose record this is can change it."
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Number of the record.")


class Writing(WriteView):
    """Answers of writes hold the whole record: they are for those who may change it."""

    def is_still_shown(self, body: dict[str, Any]) -> bool:
        return queries.changeable(self.viewer, body["id"]) is not None


def linked(given: Mapping[str, Any], by: Viewer) -> dict[str, Any]:
    """The wards, hotspots and the day of action that were sent by code and number, as Content has them. Raises Refused
    for those that are none, or not shown to the caller."""
    found: dict[str, Any] = {}
    if "wards" in given:
        codes = set(given["wards"])
        found["wards"] = tuple(
            Area.objects.filter(kind=Area.Kind.WARD, code__in=codes).select_related("parent").order_by("code")
        )
        if unknown := codes - {ward.code for ward in found["wards"]}:
            raise Refused("wards", f"There is no ward with the code {parameters.shown(min(unknown))}.")
    if "hotspots" in given:
        numbers = set(given["hotspots"])
        found["hotspots"] = tuple(Hotspot.objects.visible_to(by).filter(pk__in=numbers).order_by("pk"))
        if unknown_places := numbers - {one.pk for one in found["hotspots"]}:
            raise Refused("hotspots", f"There is no hotspot {min(unknown_places)}, or it is not shared with you.")
    if "day_id" in given:
        number = given["day_id"]
        found["day"] = number and DayOfAction.objects.visible_to(by).filter(pk=number).first()
        if number and found["day"] is None:
            raise Refused("day", "There is no such day of action, or it is not shared with you.")
    return found


def agency(number: int) -> Agency:
    """The agency for which something is added. Raises Refused where it is none that takes part."""
    found = Agency.objects.filter(pk=number, left_at=None).first()
    if found is None:
        raise Refused("owner", "You can add activity only for an agency that takes part.")
    return found


@contextmanager
def changing(viewer: Viewer, pk: int | None = None, named: Callable[[str], str] = str) -> Iterator[None]:
    """Around an action: its refusals as the API's, its fields as the API has `named` them, and 404 where the caller
    knows of no such record."""
    try:
        yield
    except Refused as refused:
        raise refusal(refused, named) from refused
    except Intervention.DoesNotExist:
        if pk is None or queries.record(viewer, pk) is None:
            raise Http404(NOT_HERE) from None
        raise errors.Refused(NOT_YOURS) from None


def refusal(refused: Refused, named: Callable[[str], str]) -> errors.Refused:
    """What an action refused, with all that rules say where they do."""
    if not isinstance(refused, Unlawful):
        return errors.Refused(str(refused), {named(refused.field): [str(refused)]})
    said: dict[str, list[str]] = {}
    for one in refused.found:
        said.setdefault(named(one.field), []).append(one.sentence)
    found = [
        {
            "rule": one.rule,
            "severity": str(one.severity),
            "field": named(one.field),
            "sentence": one.sentence,
            "source": one.source,
        }
        for one in refused.found
    ]
    return errors.Refused(str(refused), said, {"findings": found})
