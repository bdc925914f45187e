"""What the API's routes of places share: which places somebody sees, the filters, and how actions refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter

from hotspots.models import Hotspot
from hotspots.models.phases import Phase
from hotspots.register.filters import in_phase
from partners.api import errors, parameters
from partners.api.parameters import Parameter
from partners.api.views import WriteView
from partners.refusals import Refused
from partners.visibility import Viewer

NONE_HERE = "There is no such place in the register, or it is not shared with you."
NOT_YOURS = "Only the agency whose place this is can change it."
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Number of the place.")
# As names of Content; how the API calls them where it differs.
_NAMES = {"owner": "agency_id", "shape": "boundary", "partners": "partner_ids"}
PLACE_FILTERS = (
    parameters.choice("kind", "Of this kind.", Hotspot.Kind.values),
    parameters.choice("status", "In this state.", Hotspot.Status.values),
    parameters.choice("phase", "In this phase today.", Phase.values),
    parameters.number("agency", "Led by the agency with this number."),
    Parameter("area", "In this ward or borough.", parameters.code, parameters.CODE_SCHEMA),
    Parameter("problem", "With this type of crime among its problems.", parameters.slug, parameters.SLUG_SCHEMA),
)


def visible(viewer: Viewer) -> Any:
    """The places that somebody sees, with what `as_json` needs: a queryset of rows whose withheld fields are None."""
    return Hotspot.objects.visible_to(viewer).select_related("owner", "lead").prefetch_related("partners")


def one_visible(viewer: Viewer, pk: int) -> Hotspot:
    """One place, as far as it is shown. Raises Http404."""
    found: Hotspot | None = visible(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404(NONE_HERE)
    return found


def chosen(rows: Any, given: Mapping[str, Any]) -> Any:
    """Of some places, those that PLACE_FILTERS leave."""
    for name, column in (("kind", "kind"), ("status", "status"), ("agency", "owner")):
        if given[name]:
            rows = rows.filter(**{column: given[name]})
    if given["area"]:
        rows = rows.filter(area_codes__contains=[given["area"]])
    if given["problem"]:
        rows = rows.filter(problems__contains=[given["problem"]])
    if given["phase"]:
        rows = in_phase(rows, given["phase"], timezone.localdate())
    return rows


class Writing(WriteView):
    """Answers of writes hold the whole record: they are for those who may change it."""

    def is_still_shown(self, body: dict[str, Any]) -> bool:
        pk = body.get("hotspot_id", body["id"])
        return bool(Hotspot.objects.changeable_by(self.viewer).filter(pk=pk).exists())


@contextmanager
def changing(viewer: Viewer, pk: int) -> Iterator[None]:
    """Around an action on a place: its refusals as the API's, and 404 where the caller knows of no such place."""
    try:
        yield
    except Refused as refused:
        raise refusal(refused) from refused
    except Hotspot.DoesNotExist:
        one_visible(viewer, pk)
        raise errors.Refused(NOT_YOURS) from None


def refusal(refused: Refused) -> errors.Refused:
    """What an action refused, by the API's names."""
    return errors.Refused(str(refused), {_NAMES.get(refused.field, refused.field): [str(refused)]})
