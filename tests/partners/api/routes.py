"""The smallest address that can be written to, for tests: it adds an agency."""

from __future__ import annotations

import threading
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers as s
from rest_framework.request import Request

from partners.api.bodies import Body, Moment
from partners.api.schema import describes, describes_write
from partners.api.serializers import text, whole
from partners.api.views import ReadView, WriteView, Written
from partners.models import Agency
from partners.roles import Scope


class NewAgency(Body):
    name = text("Name.", max_length=50)
    kind = s.ChoiceField(Agency.Kind.choices, required=False, help_text="Kind.")
    number = whole("A number.", required=False, allow_null=True)
    share = s.FloatField(required=False, help_text="A share.")
    is_open = s.BooleanField(required=False, help_text="Yes or no.")
    since = Moment(required=False, help_text="Since.")
    area_codes = s.ListField(child=s.CharField(max_length=40), required=False, help_text="Codes.")


class Made(s.Serializer):
    url = text("Address.")
    id = whole("Number.")


# Set by a test that wants to be between the work and its commit.
reached, go_on = threading.Event(), threading.Event()


@describes_write(
    "post",
    "addAgency",
    "Add an agency",
    body=NewAgency,
    answer=Made,
    example={"url": "/x/1/", "id": 1},
    status=201,
    tag="T",
)
@describes("listAgencies", "Agencies", answer=Made, example={"url": "/x/1/", "id": 1}, tag="T")
class Things(WriteView, ReadView):
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        return {"url": "/x/1/", "id": Agency.objects.count()}

    def post(self, request: Request) -> HttpResponse:
        return self.write(NewAgency, self.add)

    def add(self, given: dict[str, Any]) -> Written:
        agency = Agency.objects.create(
            name=given["name"], kind=given.get("kind", Agency.Kind.COUNCIL), area_codes=given.get("area_codes", [])
        )
        if given["name"] == "Refused":
            raise ValueError("There is an agency of this name already.")
        if given["name"] == "Forbidden":
            raise PermissionDenied("Managers add agencies.")
        if given["name"] == "Broken":
            raise RuntimeError("hunter2")
        if given["name"] == "Slow":
            reached.set()
            assert go_on.wait(20)
        return Written({"url": f"/api/v1/things/{agency.pk}/", "id": agency.pk}, 201)


class Thing(WriteView):
    def patch(self, request: Request, pk: int) -> HttpResponse:
        return self.write(NewAgency, lambda given: Written({"given": sorted(given)}), partial=True)

    def delete(self, request: Request, pk: int) -> HttpResponse:
        def remove(given: dict[str, Any]) -> Written:
            Agency.objects.filter(pk=pk).delete()
            return Written(None, 204)

        return self.write(None, remove)


handler400 = "config.failures.bad_request"
handler500 = "config.failures.failed"
urlpatterns = [path("api/v1/things/", Things.as_view()), path("api/v1/things/<int:pk>/", Thing.as_view())]
