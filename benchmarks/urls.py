"""The product's URLs, and the two views that its speed is compared with."""

from __future__ import annotations

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

SUMMARIES = """
    SELECT a.code, c.slug, s.month, s.count, s.previous_month, s.same_month_last_year, s.rolling_12, s.rate_per_1000,
           s.coverage, s.converted
    FROM reports_monthlysummary s
    JOIN hotspots_area a ON a.id = s.area_id JOIN hotspots_category c ON c.number = s.category_id
    WHERE a.code = %s AND c.scheme = 'police.uk' AND NOT c.is_group ORDER BY s.category_id, s.month
"""
FIELDS = (
    "area", "category", "month", "count", "previous_month", "same_month_last_year", "rolling_12", "rate_per_1000",
    "coverage", "converted",
)  # fmt: skip


def bare(request: HttpRequest) -> HttpResponse:
    """What a page costs that says nothing: the middleware alone."""
    return HttpResponse("nothing")


def raw(request: HttpRequest, code: str) -> HttpResponse:
    """The same 336 summaries by one hand-written query."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMARIES, [code])
        rows = [dict(zip(FIELDS, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(orjson.dumps({"results": rows}), content_type="application/json")


urlpatterns = [path("bare/", bare), path("raw/<str:code>/", raw), path("", include("config.urls"))]
