"""The API's routes. Each reads its parameters, asks one query and hands back rows; `ReadView` does the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import urlsplit

import orjson
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path, resolve
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from hotspots import categories
from hotspots.models import DataVersion
from partners.api import parameters, views
from partners.api.errors import BadParameters
from partners.api.parameters import Parameter
from partners.api.permissions import ANY_SCOPE
from partners.api.renderers import CsvRenderer, GeoJsonRenderer, OrjsonRenderer, Page
from partners.api.schema import describes
from partners.api.serializers import columns, page_of
from partners.roles import Scope
from reports.api import etags, examples, filters, queries
from reports.api import serializers as shapes


class ReadView(views.ReadView):
    """A route of figures. Where `versioned`, the data version and the question determine the answer: it has an ETag."""

    versioned = True
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.FIGURES,)

    def etag(self, request: Request) -> str | None:
        return etags.etag(request._request, request.accepted_renderer.media_type) if self.versioned else None


def _check_parent(code: str | None) -> None:
    if code and not queries.area_exists(code):
        raise BadParameters({"parent": [f"There is no area with the code {code}."]})


_CODE = OpenApiParameter("code", parameters.CODE_SCHEMA, OpenApiParameter.PATH, description="Code of the area.")
_RUN = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Number of the run.")


@describes(
    "listAreas",
    "Areas, by code",
    answer=page_of(shapes.AreaRow),
    example=examples.AREAS,
    tag="Areas",
)
class Areas(ReadView):
    scopes = ANY_SCOPE
    parameters: ClassVar[tuple[Parameter, ...]] = (
        filters.KIND,
        filters.PARENT,
        filters.IN_FORCE,
        filters.Q,
        *parameters.PAGING,
    )
    renderer_classes = [OrjsonRenderer, CsvRenderer]

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        _check_parent(given["parent"])
        return self.page(shapes.AreaRow, given, queries.areas(**given))


@describes(
    "getArea",
    "One area, its residents by year, and the dates of its shapes",
    answer=shapes.AreaDetail,
    example=examples.AREA,
    path=[_CODE],
    tag="Areas",
)
class Area(ReadView):
    scopes = ANY_SCOPE

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        found = queries.area(path["code"])
        if found is None:
            raise _no_area(path["code"])
        return found


@describes(
    "getAreaBoundary",
    "The shapes of one area, as GeoJSON",
    answer=shapes.FEATURE_COLLECTION,
    example=examples.BOUNDARIES,
    path=[_CODE],
    tag="Areas",
)
class AreaBoundary(ReadView):
    scopes = ANY_SCOPE
    parameters: ClassVar[tuple[Parameter, ...]] = (filters.ON, *parameters.PAGING)
    renderer_classes = [GeoJsonRenderer, OrjsonRenderer]

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        if not queries.area_exists(path["code"]):
            raise _no_area(path["code"])
        return self.features(given, queries.boundaries(code=path["code"], **given))

    def features(self, given: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
        """A GeoJSON FeatureCollection; `next` is a member of our own, as GeoJSON allows."""
        kept, following = self.one_page(given, rows)
        return {"type": "FeatureCollection", "features": kept, "next": following}


@describes(
    "listBoundaries",
    "The shapes of many areas, as GeoJSON",
    answer=shapes.FEATURE_COLLECTION,
    example=examples.BOUNDARIES,
    tag="Areas",
)
class Boundaries(AreaBoundary):
    parameters: ClassVar[tuple[Parameter, ...]] = (filters.KIND, filters.PARENT, filters.ON, *parameters.PAGING)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        _check_parent(given["parent"])
        return self.features(given, queries.boundaries(**given))


_SCHEME = parameters.choice("scheme", "Only this category scheme.", filters.SCHEMES)


@describes(
    "listCategories",
    "Categories and groups, with what each group adds up",
    answer=page_of(shapes.CategoryRow),
    example=examples.CATEGORIES,
    tag="Figures",
)
class Categories(ReadView):
    scopes = ANY_SCOPE
    parameters: ClassVar[tuple[Parameter, ...]] = (_SCHEME,)
    renderer_classes = [OrjsonRenderer, CsvRenderer]

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        return Page(columns(shapes.CategoryRow), queries.category_rows(given["scheme"]))


@describes(
    "listCoverage",
    "Which publisher reported which month",
    answer=page_of(shapes.CoverageRow),
    example=examples.COVERAGE,
    description="A month outside the publisher's first and last loaded month has no row.",
    tag="Figures",
)
class Coverage(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (
        filters.SOURCE,
        filters.PUBLISHER,
        filters.FROM,
        filters.TO,
        *parameters.PAGING,
    )
    renderer_classes = [OrjsonRenderer, CsvRenderer]

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        rows = queries.coverage_rows(
            given["source"], publisher=given["publisher"], first=given["from"], last=given["to"]
        )
        start = given["offset"]
        return self.page(shapes.CoverageRow, given, list(islice(rows, start, start + given["limit"] + 1)))


_FIGURES = (filters.AREA, filters.KIND, filters.PARENT, filters.CATEGORY, filters.FROM, filters.TO, *parameters.PAGING)
_SCHEME_OF_FIGURES = parameters.choice("scheme", "Category scheme.", filters.SCHEMES, default=categories.POLICE_UK)
_ABOUT_FIGURES = (
    "Rows stand by area, then category, then month. `null` means unknown, never zero. Unknown areas and categories "
    "are refused; months without figures are absent. LSOAs have no monthly figures."
)
_ABOUT_SUMMARIES = (
    f"{_ABOUT_FIGURES} `scheme=partner` are the monthly counts that partners send, `scheme=partner-quarter` their "
    "totals of calendar quarters, which stand at the quarter's first month and are never spread over months. Neither "
    "is part of any crime figure, and small numbers in them are not for publication."
)


class Figures(ReadView):
    """Monthly figures of one scheme: what `/summaries/`, `/searches/` and `/outcomes/` share."""

    parameters: ClassVar[tuple[Parameter, ...]] = _FIGURES
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scheme: ClassVar[str]

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        scheme = given.get("scheme") or self.scheme
        numbers = _numbers(scheme, given["category"])
        areas = queries.summary_areas(given["area"] or [], given["kind"], given["parent"])
        _check_named(given, areas)
        rows = queries.summaries(
            areas, numbers, first=given["from"], last=given["to"], limit=given["limit"], offset=given["offset"]
        )
        return self.page(shapes.SummaryRow, given, rows)


def _numbers(scheme: str, slugs: list[str] | None) -> list[int]:
    known = categories.by_slug(scheme)
    if slugs is None:
        return [definition.number for definition in known.values()]
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise BadParameters({"category": [f"The scheme {scheme} has no category {slug}." for slug in unknown]})
    return [known[slug].number for slug in slugs]


def _check_named(given: dict[str, Any], found: dict[int, str]) -> None:
    """Raises BadParameters where a named area does not exist. No query where all were found."""
    unknown = set(given["area"] or ()).difference(found.values())
    if unknown and (given["kind"] or given["parent"]):  # it may exist and be of another kind
        unknown.difference_update(queries.summary_areas(unknown, None, None).values())
    if unknown:
        raise BadParameters({"area": [f"There is no area with the code {code}." for code in sorted(unknown)]})
    if not found:
        _check_parent(given["parent"])


def _describes_figures(
    operation: str, summary: str, example: Any, about: str = _ABOUT_FIGURES
) -> Callable[[type[Figures]], type[Figures]]:
    return describes(
        operation,
        summary,
        answer=page_of(shapes.SummaryRow),
        example=example,
        description=about,
        tag="Figures",
    )


@_describes_figures("listSummaries", "Monthly figures", examples.SUMMARIES, _ABOUT_SUMMARIES)
class Summaries(Figures):
    parameters: ClassVar[tuple[Parameter, ...]] = (_SCHEME_OF_FIGURES, *_FIGURES)


@_describes_figures("listSearches", "Monthly stop and searches, by object and by result", examples.SEARCHES)
class Searches(Figures):
    scheme = categories.SEARCH


@_describes_figures("listOutcomes", "Monthly outcomes of crimes", examples.OUTCOMES)
class Outcomes(Figures):
    scheme = categories.OUTCOME


@describes(
    "listImports",
    "Import runs, newest first",
    answer=page_of(shapes.ImportRow),
    example=examples.IMPORTS,
    tag="Imports",
)
class Imports(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = parameters.PAGING
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    versioned = False

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        return self.page(shapes.ImportRow, given, queries.imports(**given))


@describes(
    "getImport",
    "One import run, its files, and what became of their rows",
    answer=shapes.ImportDetail,
    example=examples.IMPORT,
    path=[_RUN],
    tag="Imports",
)
class Import(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = parameters.PAGING
    versioned = False

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        run = queries.import_run(path["id"]) if path["id"] < 2**63 else None
        if run is None:
            raise NotFound(f"There is no import run {path['id']}.")
        files, following = self.one_page(given, queries.imported_files(path["id"], **given))
        names = columns(shapes.ImportedFileRow)
        return {
            **dict(zip(columns(shapes.ImportRow), run, strict=True)),
            "next": following,
            "files": [dict(zip(names, row, strict=True)) for row in files],
        }


@describes(
    "getVersion",
    "The data version and the last import",
    answer=shapes.Version,
    example=examples.VERSION,
    tag="Imports",
)
class Version(ReadView):
    versioned = False

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        version = DataVersion.objects.filter(pk=1).first()
        return {
            "data_version": version.number if version else 0,
            "changed": version.changed if version else None,
            "last_import": queries.last_import(),
        }


@extend_schema(exclude=True)
class Unknown(ReadView):
    """Any other address: a problem, not a page. One that only lacks its slash leads on, whatever the method."""

    scopes = write_scopes = ANY_SCOPE

    def get(self, request: Request, **path: Any) -> HttpResponseBase:
        if is_valid_path(f"{request.path_info}/") and resolve(f"{request.path_info}/").url_name != "unknown":
            parts = urlsplit(request.get_full_path())
            return HttpResponsePermanentRedirect(parts._replace(path=f"{parts.path}/").geturl(), preserve_request=True)
        raise NotFound(f"There is nothing at {request.path}.")

    post = put = patch = delete = get


@cache
def description() -> Any:
    """The OpenAPI description. It is the same for everybody and takes seconds: it is made once in each process."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def _written_description(form: str) -> bytes:
    # The library's own JSON is indented, and three times as long.
    return orjson.dumps(description(), default=str) if form == "json" else OpenApiYamlRenderer().render(description())


class Schema(SpectacularAPIView):
    """Hands out the OpenAPI description."""

    permission_classes = [IsAuthenticated]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form = request.accepted_renderer
        said = f'inline; filename="hotspot-tracker-api.{form.format}"'
        return HttpResponse(
            _written_description(form.format), content_type=form.media_type, headers={"Content-Disposition": said}
        )


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own server: no CDN, no inline script or style."""

    permission_classes = [IsAuthenticated]
    throttle_classes: ClassVar[list[type]] = []
    template_name = "reports/api_docs.html"
    url_name = "api:schema"


def _no_area(code: str) -> NotFound:
    return NotFound(f"There is no area with the code {code}.")
