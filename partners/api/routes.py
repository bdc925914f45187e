"""Routes about the partnership: who asks, which agencies there are, and what the caller's agency has agreed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers as s
from rest_framework.settings import api_settings

from partners.api import parameters
from partners.api.parameters import Parameter
from partners.api.permissions import ANY_SCOPE
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes
from partners.api.serializers import page_of, text, whole
from partners.api.throttling import parse_rate
from partners.api.views import ReadView
from partners.models import Agency, SharingAgreement
from partners.roles import Marking, Permission, Scope

_LAPSED = "lapsed"


def _ids(help_text: str) -> s.ListField:
    return s.ListField(child=s.IntegerField(), help_text=help_text)


def _names(help_text: str) -> s.ListField:
    return s.ListField(child=s.CharField(), help_text=help_text)


class Me(s.Serializer):
    kind = s.ChoiceField(["key", "person"], help_text="What signs in.")
    name = text("The key's name; the person's.")
    agencies = _ids("Its agencies: of a key one.")
    permissions = _names("What it may do somewhere, as the page of roles says.")
    scopes = s.ListField(
        child=s.ChoiceField(Scope.choices), allow_null=True, help_text="Of a key; null of a person: the role decides."
    )
    area_codes = s.ListField(
        child=s.CharField(), allow_null=True, help_text="Areas that a key is narrowed to; empty = everywhere."
    )
    networks = s.ListField(
        child=s.CharField(), allow_null=True, help_text="Networks a key may be used from; empty = anywhere."
    )
    expires = s.DateTimeField(allow_null=True, help_text="When the key ends.")
    rate_limit = whole("Requests allowed in a window.")
    rate_seconds = whole("Seconds of a window.")


class AgencyRow(s.Serializer):
    id = whole("Number of the agency.")
    name = text("Name.")
    kind = s.ChoiceField(Agency.Kind.choices, help_text="Kind of agency.")
    part_of = whole("The agency it is a part of; null where none.", allow_null=True)
    area_codes = _names("Codes of boroughs or wards; empty = everywhere.")
    left_at = s.DateTimeField(allow_null=True, help_text="When it left the partnership; null = it has not.")


class AgreementRow(s.Serializer):
    id = whole("Number of the agreement.")
    title = text("Title.")
    status = s.ChoiceField(
        [*SharingAgreement.Status.values, _LAPSED], help_text="lapsed = in force once, and past its end."
    )
    in_force = s.BooleanField(help_text="Whether it gives anything at this moment.")
    purpose = text("What it is for.")
    legal_gateway = text("By which law.")
    gives = _ids("Agencies whose records it shares.")
    receives = _ids("Agencies that it shares them with.")
    record_types = _names("Types of record.")
    withheld_fields = _names("What is not shared of them, as type.part.")
    area_codes = _names("Codes of boroughs or wards; empty = everywhere.")
    highest_marking = s.ChoiceField(Marking.choices, help_text="The most sensitive records that it shares.")
    valid_from = s.DateTimeField(help_text="From this moment ...")
    valid_until = s.DateTimeField(help_text="... until, not including, this one.")
    review_on = s.DateField(help_text="When the parties look at it again.")


_ME: dict[str, Any] = {
    "kind": "key",
    "name": "Power BI",
    "agencies": [3],
    "permissions": ["see"],
    "scopes": ["figures", "records"],
    "area_codes": ["E09000016"],
    "networks": ["192.0.2.0/24"],
    "expires": "2027-05-01T09:00:00+00:00",
    "rate_limit": 600,
    "rate_seconds": 60,
}
_AGENCIES: dict[str, Any] = {
    "next": None,
    "results": [
        {
            "id": 3,
            "name": "Havering Council",
            "kind": "council",
            "part_of": None,
            "area_codes": ["E09000016"],
            "left_at": None,
        }
    ],
}
_AGREEMENTS: dict[str, Any] = {
    "next": None,
    "results": [
        {
            "id": 5,
            "title": "Activity in Havering",
            "status": "in-force",
            "in_force": True,
            "purpose": "To plan work at hotspots together.",
            "legal_gateway": "Crime and Disorder Act 1998, section 115",
            "gives": [3],
            "receives": [3, 4],
            "record_types": ["intervention"],
            "withheld_fields": ["intervention.contact"],
            "area_codes": ["E09000016"],
            "highest_marking": "official",
            "valid_from": "2026-04-01T00:00:00+01:00",
            "valid_until": "2027-04-01T00:00:00+01:00",
            "review_on": "2027-01-15",
        }
    ],
}


@describes("getMe", "Who asks, and what they may do", answer=Me, example=_ME, tag="Partnership")
class WhoAmI(ReadView):
    scopes = ANY_SCOPE

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        key, asking = self.viewer.key, self.viewer
        allowed, seconds = parse_rate(api_settings.DEFAULT_THROTTLE_RATES["caller"])
        return {
            "kind": "key" if key else "person",
            "name": key.name if key else str(asking.user),
            "agencies": sorted(asking.agencies()),
            "permissions": [one.value for one in Permission if asking.may(one)],
            "scopes": key.scopes if key else None,
            "area_codes": key.area_codes if key else None,
            "networks": key.networks if key else None,
            "expires": key.expires if key else None,
            "rate_limit": allowed,
            "rate_seconds": seconds,
        }


@describes(
    "listAgencies",
    "The agencies of the partnership, by name",
    answer=page_of(AgencyRow),
    example=_AGENCIES,
    tag="Partnership",
)
class Agencies(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = parameters.PAGING
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes = (Scope.FIGURES, Scope.RECORDS)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        rows = Agency.objects.order_by("name", "pk").values_list(
            "pk", "name", "kind", "part_of", "area_codes", "left_at"
        )
        return self.page(AgencyRow, given, list(rows[given["offset"] : given["offset"] + given["limit"] + 1]))


@describes(
    "listAgreements",
    "Sharing agreements that the caller's agencies are party to, the latest end first",
    answer=page_of(AgreementRow),
    example=_AGREEMENTS,
    tag="Partnership",
)
class Agreements(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = parameters.PAGING
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        found = SharingAgreement.objects.visible_to(self.viewer).order_by("-valid_until", "pk")
        some = found.prefetch_related("parties")[given["offset"] : given["offset"] + given["limit"] + 1]
        return self.page(AgreementRow, given, [_agreement_row(agreement) for agreement in some])


def _agreement_row(agreement: SharingAgreement) -> tuple[Any, ...]:
    now = timezone.now()
    parties = sorted(agreement.parties.all(), key=lambda party: party.agency_id)
    lapsed = agreement.status == SharingAgreement.Status.IN_FORCE and agreement.valid_until <= now
    return (
        agreement.pk,
        agreement.title,
        _LAPSED if lapsed else agreement.status,
        agreement.is_in_force(now),
        agreement.purpose,
        agreement.legal_gateway,
        [party.agency_id for party in parties if party.gives],
        [party.agency_id for party in parties if party.receives],
        agreement.record_types,
        agreement.withheld_fields,
        agreement.area_codes,
        agreement.highest_marking,
        agreement.valid_from,
        agreement.valid_until,
        agreement.review_on,
    )
