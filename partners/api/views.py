"""What every route shares: who may ask, reading its parameters, paging, caching headers, and writing once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from partners.access import viewer
from partners.api import bodies, idempotency, parameters
from partners.api.bodies import Body
from partners.api.errors import Refused
from partners.api.parameters import Parameter
from partners.api.permissions import HasScope
from partners.api.renderers import Negotiation, OrjsonRenderer, Page
from partners.api.serializers import columns
from partners.roles import Scope
from partners.visibility import Viewer


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the caller's If-None-Match says that it has this answer."""
    sent = request.headers.get("If-None-Match")
    return bool(sent) and any(known.removeprefix("W/") in (tag, "*") for known in parse_etags(sent or ""))


class Route(APIView):
    """An address of the API: `ReadView`, `WriteView`, or both."""

    # Of which a key needs one, to read here and to write here; none = no key may.
    scopes: ClassVar[tuple[Scope, ...]] = ()
    write_scopes: ClassVar[tuple[Scope, ...]] = (Scope.WRITE,)
    # What may be sent, and how much of it at once.
    forms: ClassVar[tuple[str, ...]] = (bodies.JSON,)
    most_bytes = bodies.MAX_BYTES
    # Whether answers have an ETag, see `ReadView.etag`.
    versioned = False
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    permission_classes = [IsAuthenticated, HasScope]
    content_negotiation_class = Negotiation

    @property
    def viewer(self) -> Viewer:
        """Who asks, and what they may see."""
        return viewer(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            # A stranger learns of no methods.
            if not request.user:
                raise NotAuthenticated
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        # Callers who may not are counted as well.
        if request.user:
            super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Done before permissions."""

    def finalize_response(  # type: ignore[override]  # problems and 304s are plain responses
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        for name, value in getattr(request._request, "rate_limit", {}).items():
            response[name] = value
        return response


class ReadView(Route):
    """A route that answers GET with `answer(given)`: parameters by name in, a Page or plain JSON data out."""

    def get(self, request: Request, **path: Any) -> HttpResponseBase:
        given = parameters.read(request.query_params, self.parameters)
        response: HttpResponseBase
        tag = self.etag(request)
        if tag and is_known(request._request, tag):
            response = HttpResponse(status=304)
        else:
            answer = self.answer(given, **path)
            response = Response(answer)
            following = answer.next if isinstance(answer, Page) else answer.get("next")
            if following:
                response["Link"] = f'<{following}>; rel="next"'
        if tag:
            response["ETag"] = tag
        response["Cache-Control"] = "private, no-cache"
        return response

    def etag(self, request: Request) -> str | None:
        """What names this answer, read before the data; None where nothing does."""
        return None

    def answer(self, given: dict[str, Any], **path: Any) -> Any:
        raise NotImplementedError

    def one_page(self, given: dict[str, Any], rows: list[Any]) -> tuple[list[Any], str | None]:
        """The page asked for, out of one row more than it holds, and the address of the next."""
        limit = given["limit"]
        if len(rows) <= limit:
            return rows, None
        query = self.request.query_params.copy()
        query["offset"] = str(given["offset"] + limit)
        return rows[:limit], self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def page(self, row: type[Serializer], given: dict[str, Any], rows: list[Any]) -> Page:
        """The page asked for, of a list whose rows are as `row` says."""
        kept, following = self.one_page(given, rows)
        return Page(columns(row), kept, following)


@dataclass(frozen=True, slots=True)
class Written:
    """What a write answers: 200 or 201 with JSON, 204 without. Of 201, `body["url"]` is the new thing's address."""

    body: dict[str, Any] | None
    status: int = 200


class WriteView(Route):
    """A route that changes something, once for each Idempotency-Key.

        @describes_write("post", "addVisit", "Add a visit", body=NewVisit, answer=Visit, example=..., tag="Visits")
        @describes("listVisits", "Visits", ...)
        class Visits(WriteView, ReadView):
            scopes = (Scope.RECORDS,)

            def post(self, request: Request) -> HttpResponseBase:
                return self.write(NewVisit, self.add)

            def add(self, given: dict[str, Any]) -> Written:
                visit = add_visit(by=self.viewer, **given)
                return Written({"url": f"/api/v1/visits/{visit.pk}/", "id": visit.pk}, 201)

    `add` runs in a transaction, and with what it changes is kept what it answered. It raises ValueError with a
    sentence (422), Http404, or PermissionDenied with a sentence (403); then nothing is changed.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # After who asks is known: a stranger learns of no form.
        if request.method not in SAFE_METHODS:
            bodies.check_form(request._request, self.forms, self.most_bytes)

    def get_renderers(self) -> list[BaseRenderer]:
        return super().get_renderers() if self.request.method in SAFE_METHODS else [OrjsonRenderer()]

    def is_still_shown(self, body: dict[str, Any]) -> bool:
        """Whether the caller may read an answer again that was kept: what it tells may be hidden from them by now."""
        return True

    def write(
        self, shape: type[Body] | None, work: Callable[[dict[str, Any]], Written], *, partial: bool = False
    ) -> HttpResponse:
        """Reads the body as `shape` (None: there is none; `partial`: any of its fields) and does the work once."""
        parameters.read(self.request.query_params, ())
        asked = self.asked()
        given = bodies.read(asked.body, shape, partial=partial)
        return self.write_once(asked, lambda: work(given))

    def asked(self) -> idempotency.Request:
        """The write as it was sent, its query included. Raises BadParameters without a usable Idempotency-Key."""
        request = self.request
        return idempotency.Request(
            caller=str(request.user.pk) if request.auth else f"user-{request.user.pk}",
            key=request.headers.get(idempotency.HEADER, ""),
            method=request.method or "",
            path=request.get_full_path(),
            body=request._request.body,
            rights=repr([(one.agency, sorted(one.permissions), sorted(one.areas)) for one in self.viewer.standings]),
        )

    def write_once(self, asked: idempotency.Request, work: Callable[[], Written]) -> HttpResponse:
        """Does the work once, and answers it."""
        request = self.request

        def answered() -> tuple[int, bytes]:
            try:
                written = work()
            except ValueError as error:
                raise Refused(str(error)) from error
            return written.status, b"" if written.body is None else orjson.dumps(written.body)

        status, body, is_replay = idempotency.once(asked, answered)
        if is_replay and body and not self.is_still_shown(orjson.loads(body)):
            raise Http404("What this request wrote is not shown to you any more.")
        response = HttpResponse(body, status=status, content_type=OrjsonRenderer.media_type)
        response["Cache-Control"] = "private, no-store"
        if status == 201:
            response["Location"] = request.build_absolute_uri(orjson.loads(body)["url"])
        if is_replay:
            response["Idempotent-Replay"] = "true"
        return response
