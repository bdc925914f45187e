"""The shape of answers: what every route's documentation is made of.

Rows are built from queries directly and never pass through here. Field order is column order: `columns(AreaRow)` is
what pages are written with.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers as s


@cache
def columns(row: type[s.Serializer]) -> tuple[str, ...]:
    """The names of a row's fields, in order."""
    return tuple(row().fields)


@cache
def page_of(row: type[s.Serializer]) -> Any:
    """The serializer of a page of such rows."""
    return inline_serializer(
        row.__name__.removesuffix("Row") + "Page",
        {
            "next": s.URLField(allow_null=True, help_text="Address of the next page; null on the last."),
            "results": row(many=True),
        },
    )


def text(help_text: str, **options: Any) -> Any:
    return s.CharField(help_text=help_text, **options)


def whole(help_text: str, **options: Any) -> s.IntegerField:
    return s.IntegerField(help_text=help_text, **options)


class FindingRow(s.Serializer):
    rule = text("Name of the rule: what `reasons` is given by.")
    severity = s.ChoiceField(["block", "warn"], help_text="warn = it is kept where a reason is sent.")
    field = text("The field that it is about.")
    sentence = text("What the rule says.")
    source = text("Where the rule is written.")


class RowProblem(s.Serializer):
    row = whole("Number of the row as a spreadsheet counts; of JSON lines, of the line.")
    field = text("The field that it is about; blank where it is the whole row.", allow_blank=True)
    sentence = text("What is wrong with it.")
    rule = text("Name of the rule that says so; blank where none does.", allow_blank=True)
    source = text("Where that rule is written.", allow_blank=True)


class Problem(s.Serializer):
    type = text("Always about:blank: the status says what kind of problem it is.")
    title = text("The status in words.")
    status = whole("The HTTP status.")
    detail = text("A sentence for people.")
    request_id = text("Names this request, as X-Request-ID does.", allow_blank=True)
    errors = s.DictField(  # type: ignore[assignment]
        child=s.ListField(child=s.CharField()),
        required=False,
        help_text="Parameter or field -> what is wrong with it (400, 422).",
    )
    findings = FindingRow(many=True, required=False, help_text="What rules say of the record (422).")
    rows = RowProblem(many=True, required=False, help_text="What is wrong with rows sent together (422).")
