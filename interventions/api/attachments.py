"""Files of a record: the list, and adding one as a form with a file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, ClassVar, cast

from django.core.files.base import File
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError
from rest_framework import serializers as s
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from interventions import queries as records
from interventions.api.sending import ID, changing
from interventions.attachments import actions, queries
from interventions.models import Attachment
from interventions.record.queries import typed
from interventions.rights import NOT_HERE
from partners import audit, uploads
from partners.api import errors, parameters
from partners.api.parameters import Parameter
from partners.api.renderers import OrjsonRenderer, Page
from partners.api.schema import describes, describes_write
from partners.api.serializers import page_of, text, whole
from partners.api.views import ReadView, WriteView, Written
from partners.roles import Scope

FORM = "multipart/form-data"


class AttachmentRow(s.Serializer[Any]):
    id = whole("Number of the file.")
    record_id = whole("Number of the record.")
    title = text("What it is, in one line.")
    kind = text("Ending of its name, such as pdf.")
    added_at = s.DateTimeField(help_text="When it was added.")


_ROW = {"id": 5, "record_id": 12, "title": "Sign at the north entrance", "kind": "jpg"} | {
    "added_at": "2026-11-06T22:01:03.554000+00:00"
}
_ASKED = {
    "type": "object",
    "required": ["title", "file"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": actions.LONGEST_TITLE},
        "file": {"type": "string", "format": "binary", "description": "PDF, DOCX, ODT, JPEG, PNG or WebP."},
    },
}


@describes_write(
    "post",
    "addAttachment",
    "Add a file to a record",
    body=None,
    answer=AttachmentRow,
    example=_ROW,
    forms={FORM: _ASKED},
    description=(
        f"Keeps a file with a record, at most {uploads.MOST_BYTES:,} bytes. Photos are drawn anew, so that nothing of "
        "where and by what they were taken stays in them."
    ),
    path=[ID],
    tag="Records",
)
@describes(
    "listAttachments",
    "Files of a record, the oldest first",
    answer=page_of(AttachmentRow),
    example={"next": None, "results": [_ROW]},
    path=[ID],
    tag="Records",
)
class Attachments(WriteView, ReadView):
    scopes = (Scope.RECORDS,)
    renderer_classes = [OrjsonRenderer]
    forms: ClassVar[tuple[str, ...]] = (FORM,)
    most_bytes = uploads.MOST_BYTES
    parameters: ClassVar[tuple[Parameter, ...]] = parameters.PAGING

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        found = typed(self.viewer, path["id"])
        if found is None:
            raise Http404(NOT_HERE)
        record = found[1]
        audit.read([record], by=self.viewer, how="api")
        start = given["offset"]
        rows = [tuple(_row(one).values()) for one in queries.attachments(record)]
        return self.page(AttachmentRow, given, rows[start : start + given["limit"] + 1])

    def is_still_shown(self, body: dict[str, Any]) -> bool:
        return records.changeable(self.viewer, body["record_id"]) is not None

    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        parameters.read(request.query_params, ())
        # The body is read first: it is a part of what is done once.
        asked = self.asked()
        return self.write_once(asked, lambda: self.add(id))

    def add(self, pk: int) -> Written:
        sent = self.request._request
        try:
            title, file = str(sent.POST["title"]), cast("File[Any]", sent.FILES["file"])
        except MultiValueDictKeyError:
            raise errors.Refused("Send a title and a file.", {"file": ["Send a title and a file."]}) from None
        except MultiPartParserError as error:
            raise ParseError("The form cannot be read.") from error
        with changing(self.viewer, pk):
            made = actions.add_attachment(by=self.viewer, pk=pk, title=title, file=file)
        return Written(_row(made))


def _row(one: Attachment) -> dict[str, Any]:
    kind = PurePath(str(one.file.name)).suffix.removeprefix(".")
    return {"id": one.pk, "record_id": one.record_id, "title": one.title, "kind": kind, "added_at": one.added_at}
