"""How answers are written: JSON by orjson, GeoJSON, and CSV that a spreadsheet cannot run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from partners import csvs
from partners.api.errors import BadParameters


@dataclass(frozen=True)
class Page:
    """Rows of a list, in the order of `columns`; `next` is the address of the page after, None on the last."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    next: str | None = None


class OrjsonRenderer(BaseRenderer):
    """JSON. A Page becomes {"next": address or null, "results": [{column: value}]}; unknown is null."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if isinstance(data, Page):
            columns = data.columns
            data = {"next": data.next, "results": [dict(zip(columns, row, strict=True)) for row in data.rows]}
        return b"" if data is None else orjson.dumps(data)


class GeoJsonRenderer(OrjsonRenderer):
    """The same bytes under GeoJSON's own media type."""

    media_type = "application/geo+json"
    format = "geojson"


class CsvRenderer(BaseRenderer):
    """CSV of a Page, with a header row. Unknown is an empty field; lists are joined by spaces."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> str:
        if not isinstance(data, Page):
            raise TypeError(f"Only lists are written as CSV, not {type(data).__name__}.")
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(data.columns)
        writer.writerows([cell(value) for value in row] for row in data.rows)
        return stream.getvalue()


def cell(value: Any) -> Any:
    """A value as CSV holds it, and as a spreadsheet will not run it. What has parts of its own is written as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        value = orjson.dumps(value).decode()
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return csvs.safe(value)


class Negotiation(DefaultContentNegotiation):
    """`?format=` decides where it is given; else the Accept header."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        wanted = request.query_params.get("format")
        if wanted is None:
            return super().select_renderer(request, renderers, format_suffix)
        offered = {renderer.format: renderer for renderer in renderers}
        if wanted in offered:
            return offered[wanted], offered[wanted].media_type
        formats = ", ".join(offered)
        raise BadParameters({"format": [f"This address answers in: {formats}."]})
