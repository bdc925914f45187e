"""What every route shares: reading its parameters, paging, caching headers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from partners.api import parameters
from partners.api.parameters import Parameter
from partners.api.renderers import Negotiation, Page
from partners.api.serializers import columns


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the caller's If-None-Match says that it has this answer."""
    sent = request.headers.get("If-None-Match")
    return bool(sent) and any(known.removeprefix("W/") in (tag, "*") for known in parse_etags(sent or ""))


class ReadView(APIView):
    """A route that answers GET with `answer(given)`: parameters by name in, a Page or plain JSON data out."""

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    # Whether answers have an ETag, see `etag`.
    versioned = False
    http_method_names = ["get", "head"]
    content_negotiation_class = Negotiation

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if (request.method or "").lower() not in self.http_method_names:
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)

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

    def finalize_response(  # type: ignore[override]  # problems and 304s are plain responses
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        for name, value in getattr(request._request, "rate_limit", {}).items():
            response[name] = value
        return response

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
