"""How the routes are described in OpenAPI: one decorator, so that each says the same about errors and headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from partners.api.errors import PROBLEM_JSON
from partners.api.parameters import documented
from partners.api.serializers import Problem

if TYPE_CHECKING:
    from partners.api.views import ReadView

View = TypeVar("View", bound="type[ReadView]")


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """Describes `partners.authentication.ApiKeyAuthentication`."""

    target_class = "partners.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer prefix.secret`."}


_EXAMPLES: dict[int, dict[str, Any]] = {
    400: {
        "detail": "The request has parameters that cannot be used: from.",
        "errors": {"from": ["'2016-4' is not a month of the form 2016-04."]},
    },
    401: {"detail": "Authentication credentials were not provided."},
    404: {"detail": "There is no area with the code E05999999."},
    406: {"detail": "Could not satisfy the request Accept header."},
    429: {"detail": "Request was throttled. Expected available in 21 seconds."},
}
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    406: "Not Acceptable",
    429: "Too Many Requests",
}


def _problems(statuses: Sequence[int]) -> dict[Any, OpenApiResponse]:
    return {
        (status, PROBLEM_JSON): OpenApiResponse(
            Problem,
            description=_TITLES[status],
            examples=[
                OpenApiExample(
                    _TITLES[status],
                    value={"type": "about:blank", "title": _TITLES[status], "status": status, **_EXAMPLES[status]},
                )
            ],
        )
        for status in statuses
    }


def _header(name: str, description: str, statuses: list[int], schema: Any = str) -> OpenApiParameter:
    return OpenApiParameter(
        name, schema, OpenApiParameter.HEADER, description=description, response=statuses, required=True
    )


def describes(
    operation: str,
    summary: str,
    *,
    answer: Any,
    example: Any,
    description: str = "",
    path: Sequence[OpenApiParameter] = (),
    tag: str,
) -> Callable[[View], View]:
    """Documents a view: `answer` is the 200's serializer or schema, `example` a true one in its first media type.

    Parameters, forms of the answer and the ETag are the view's own.
    """

    def described(view: View) -> View:
        media_types = [str(renderer.media_type) for renderer in view.renderer_classes]
        successes: dict[Any, Any] = {
            (200, media_type): OpenApiTypes.STR if media_type == "text/csv" else answer for media_type in media_types
        }
        successes[(200, media_types[0])] = OpenApiResponse(
            answer, description=summary, examples=[OpenApiExample(summary, value=example)]
        )
        headers = [
            _header("RateLimit-Limit", "Requests allowed in a window.", [200], int),
            _header("RateLimit-Remaining", "Requests left in this window.", [200], int),
            _header("RateLimit-Reset", "Seconds until the window ends.", [200], int),
            _header("Retry-After", "Seconds to wait.", [429], int),
        ]
        if view.versioned:
            successes[304] = OpenApiResponse(None, description="Unchanged since the ETag in If-None-Match.")
            headers.append(_header("ETag", "Names the data version and the question.", [200, 304]))
        formats = {"type": "string", "enum": [renderer.format for renderer in view.renderer_classes]}
        of_get = extend_schema(
            operation_id=operation,
            summary=summary,
            description=description or f"{summary}.",
            tags=[tag],
            parameters=[
                *path,
                *documented(view.parameters),
                OpenApiParameter("format", formats, description="The form of the answer; else by Accept."),
                *headers,
            ],
            responses={**successes, **_problems([400, 401, 404, 406, 429] if path else [400, 401, 406, 429])},
        )
        return extend_schema_view(get=of_get)(view)

    return described
