"""How the routes are described in OpenAPI: one decorator, so that each says the same about errors and headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from partners.api.bodies import JSON, Body
from partners.api.errors import PROBLEM_JSON
from partners.api.idempotency import HEADER
from partners.api.parameters import Parameter, documented
from partners.api.serializers import Problem
from partners.roles import Scope

if TYPE_CHECKING:
    from partners.api.views import Route

View = TypeVar("View", bound="type[Route]")


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
    401: {"detail": "This API key is not valid."},
    403: {"detail": "This address needs a key with the scope figures."},
    404: {"detail": "There is no area with the code E05999999."},
    406: {"detail": "Could not satisfy the request Accept header."},
    409: {"detail": "The same request is being answered at this moment: send it again in a few seconds."},
    413: {"detail": "Send at most 1,000,000 bytes at once."},
    415: {"detail": "Send application/json, not compressed."},
    422: {
        "detail": "The body has fields that cannot be used: starts.",
        "errors": {"starts": ["Give the offset from UTC as well, such as 2026-10-25T01:30:00Z."]},
    },
    429: {"detail": "Request was throttled. Expected available in 21 seconds."},
    500: {"detail": "Something went wrong here. It has been logged."},
    503: {"detail": "Something went wrong here. It has been logged. Try again in a minute."},
}
_ALWAYS = (400, 401, 403, 406, 429, 500, 503)
_OF_WRITES = (409, 413, 415, 422)


def _problems(statuses: Sequence[int]) -> dict[Any, OpenApiResponse]:
    return {(status, PROBLEM_JSON): _problem(HTTPStatus(status)) for status in sorted(statuses)}


def _problem(status: HTTPStatus) -> OpenApiResponse:
    example = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "request_id": "5d0c8f2b6a91e374",
        **_EXAMPLES[status],
    }
    return OpenApiResponse(Problem, description=status.phrase, examples=[OpenApiExample(status.phrase, value=example)])


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
        headers = _headers([200])
        if view.versioned:
            successes[304] = OpenApiResponse(None, description="Unchanged since the ETag in If-None-Match.")
            headers.append(_header("ETag", "Names the data version and the question.", [200, 304]))
        formats = {"type": "string", "enum": [renderer.format for renderer in view.renderer_classes]}
        of_get = extend_schema(
            operation_id=operation,
            summary=summary,
            description=_described(description or f"{summary}.", view.scopes),
            tags=[tag],
            parameters=[
                *path,
                *documented(view.parameters),
                OpenApiParameter("format", formats, description="The form of the answer; else by Accept."),
                *headers,
            ],
            responses={**successes, **_problems([*_ALWAYS, *([404] if path else [])])},
        )
        return extend_schema_view(get=of_get)(view)

    return described


def describes_write(
    method: str,
    operation: str,
    summary: str,
    *,
    body: type[Body] | None,
    answer: Any,
    example: Any,
    sends: Any = None,
    status: int = 200,
    description: str = "",
    path: Sequence[OpenApiParameter] = (),
    query: Sequence[Parameter] = (),
    forms: Mapping[str, Any] | None = None,
    tag: str,
) -> Callable[[View], View]:
    """Documents a write: `sends` and `example` are a true body and the answer to it, None where there is none.
    `forms` are media types and what is sent in them, where that is no JSON object.

    Use it together with `describes` where the address is read as well. 404 is documented where there is a `path`.
    """

    def described(view: View) -> View:
        success = OpenApiResponse(
            answer, description=summary, examples=[OpenApiExample(summary, value=example)] if example else []
        )
        headers = _headers([status])
        headers.append(
            OpenApiParameter(
                "Idempotent-Replay",
                {"type": "string", "enum": ["true"]},
                OpenApiParameter.HEADER,
                description="There where the answer is that of an earlier, equal request.",
                response=[status],
            )
        )
        if status == 201:
            headers.append(_header("Location", "Address of the new thing.", [201]))
        operation_of = extend_schema(
            operation_id=operation,
            summary=summary,
            description=_described(description or f"{summary}.", view.write_scopes),
            tags=[tag],
            request=forms or ({JSON: body} if body else None),
            examples=[OpenApiExample(f"{summary}: body", value=sends, request_only=True)] if sends else [],
            parameters=[
                *path,
                *documented(query),
                OpenApiParameter(
                    HEADER,
                    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                    OpenApiParameter.HEADER,
                    required=True,
                    description="New for each write, such as a UUID: sent again within 24 hours, it is done once.",
                ),
                *headers,
            ],
            responses={
                (status, "application/json") if answer else status: success,
                **_problems([*_ALWAYS, *_OF_WRITES, *([404] if path else [])]),
            },
        )
        return extend_schema_view(**{method: operation_of})(view)

    return described


def _headers(statuses: list[int]) -> list[OpenApiParameter]:
    """Of every answer with these statuses, and Retry-After where it is given."""
    return [
        _header("RateLimit-Limit", "Requests allowed in a window.", statuses, int),
        _header("RateLimit-Remaining", "Requests left in this window.", statuses, int),
        _header("RateLimit-Reset", "Seconds until the window ends.", statuses, int),
        _header("X-Request-ID", "Names this request: quote it when you ask about an answer.", statuses),
        _header("Retry-After", "Seconds to wait.", [429, 503], int),
    ]


def say_once(result: Any, **asked: Any) -> Any:
    """The whole description, with the errors that all operations share said once, among its components."""
    shared = result["components"].setdefault("responses", {})
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                name = HTTPStatus(int(status)).phrase.title().replace(" ", "")
                if status >= "400" and shared.setdefault(name, answer) == answer:
                    operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return result


def _described(description: str, scopes: Sequence[Scope]) -> str:
    if set(scopes) == set(Scope):
        return f"{description} Any key may."
    return f"{description} Needs the scope {' or '.join(f'`{scope}`' for scope in scopes)}."
