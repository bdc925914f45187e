"""Sending many records of a register at once, as CSV or JSON lines."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers as s
from rest_framework.request import Request

from interventions.api import examples
from interventions.api.sending import agency, changing
from interventions.api.shapes import class_name
from interventions.bulk import files
from interventions.bulk.adding import Report, add_rows
from interventions.registers.register import Register
from partners.api import errors, parameters
from partners.api.renderers import OrjsonRenderer
from partners.api.schema import describes_write
from partners.api.serializers import RowProblem, whole
from partners.api.views import Route, WriteView, Written
from partners.roles import Permission

CSV, LINES = "text/csv", "application/x-ndjson"
ALL_OR_NOTHING, KEEP_GOOD = "all-or-nothing", "keep-good"
PARAMETERS = (
    parameters.number("agency_id", "Whose records they are; else the caller's agency, where it is one."),
    parameters.choice("dry_run", "true = only say what would become of the rows.", ["true", "false"], "false"),
    parameters.choice(
        "on_error",
        "Where some rows cannot be added: nothing is (422), or the others are.",
        [ALL_OR_NOTHING, KEEP_GOOD],
        ALL_OR_NOTHING,
    ),
)


class BulkAnswer(s.Serializer[Any]):
    rows = whole("Rows that were sent.")
    good = whole("Rows that can be added.")
    refused = whole("Rows that cannot.")
    dry_run = s.BooleanField(help_text="True where nothing was to be added.")
    added = s.ListField(child=s.IntegerField(), help_text="Numbers of the records that were added, in order of rows.")
    problems = RowProblem(many=True, help_text="What is wrong with the rows that were refused.")
    ignored = s.ListField(child=s.CharField(), help_text="Columns that mean nothing here.")


_EXAMPLE: dict[str, Any] = {
    "rows": 3,
    "good": 2,
    "refused": 1,
    "dry_run": False,
    "added": [811, 812],
    "problems": [
        {"row": 3, "field": "wards", "sentence": "There is no ward with the code 'E05'.", "rule": "", "source": ""}
    ],
    "ignored": [],
}


def bulk_of(register: Register) -> type[Route]:
    """The route by which many records of a register are added."""
    sent = examples.sent(register)
    del sent["agency_id"]
    lines = orjson.dumps(sent).decode() + "\n"

    @describes_write(
        "post",
        f"addMany{class_name(register)}",
        f"Add many {register.name}",
        body=None,
        answer=BulkAnswer,
        sends=lines,
        example=_EXAMPLE,
        forms={LINES: OpenApiTypes.STR, CSV: OpenApiTypes.STR},
        query=PARAMETERS,
        description=(
            f"Adds up to {files.MOST_ROWS:,} rows ({files.MOST_BYTES:,} bytes), all of one agency: JSON lines, an "
            "object as for adding one on each, without `agency_id`; or CSV with those names in its header, in UTF-8. "
            "422 lists in `rows` what is wrong with each row by its number, and nothing was added then."
        ),
        tag=register.name,
    )
    class Bulk(WriteView):
        forms: ClassVar[tuple[str, ...]] = (CSV, LINES)
        most_bytes = files.MOST_BYTES

        def post(self, request: Request) -> HttpResponseBase:
            given = parameters.read(request.query_params, PARAMETERS)
            asked = self.asked()
            if given["dry_run"] == "true":
                # It changes nothing, so nothing of it is remembered.
                response = HttpResponse(
                    orjson.dumps(self.add(given, asked.body).body), content_type=OrjsonRenderer.media_type
                )
                response["Cache-Control"] = "private, no-store"
                return response
            return self.write_once(asked, lambda: self.add(given, asked.body))

        def add(self, given: dict[str, Any], sent: bytes) -> Written:
            dry_run, keep_good = given["dry_run"] == "true", given["on_error"] == KEEP_GOOD
            with changing(self.viewer, named=lambda name: "agency_id" if name == "owner" else name or "body"):
                owner = agency(given["agency_id"] or self._own_agency())
                report = add_rows(
                    by=self.viewer,
                    owner=owner,
                    register=register,
                    read=self._read(sent),
                    keep_good=keep_good,
                    dry_run=dry_run,
                )
            if report.refused and not (dry_run or keep_good):
                said = f"{report.refused:,} of {report.rows:,} rows cannot be added, so none was."
                raise errors.Refused(said, more={"rows": _problems(report)})
            return Written(
                {
                    "rows": report.rows,
                    "good": report.good,
                    "refused": report.refused,
                    "dry_run": dry_run,
                    "added": report.added,
                    "problems": _problems(report),
                    "ignored": report.ignored,
                }
            )

        def _read(self, sent: bytes) -> files.Read:
            """The rows. Raises errors.Refused where they are none."""
            try:
                if self.request._request.content_type == CSV:
                    return files.of_csv(register, sent.decode("utf-8-sig"))
                return files.of_lines(register, sent)
            except UnicodeDecodeError:
                raise errors.Refused("The rows are not in UTF-8.") from None
            except ValueError as error:
                raise errors.Refused(str(error)) from error

        def _own_agency(self) -> int:
            mine = self.viewer.agencies(Permission.ADD)
            if len(mine) != 1:
                raise errors.Refused("Say whose records they are.", {"agency_id": ["Say whose records they are."]})
            return next(iter(mine))

    return Bulk


def _problems(report: Report) -> list[dict[str, Any]]:
    return [
        {"row": row, "field": one.field, "sentence": one.sentence, "rule": one.rule, "source": one.source}
        for row, one in report.wrong
    ]
