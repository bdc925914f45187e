"""What people and their systems do to the files of a record: `verb_noun(*, by, ...)`, atomic, audited."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from interventions.attachments.images import redrawn
from interventions.models import Attachment, Intervention
from partners import audit, uploads
from partners.refusals import Refused, checked_text
from partners.visibility import Viewer

LONGEST_TITLE = 150
MOST = 50
PHOTOS = ("jpg", "jpeg", "png", "webp")
ACCEPTS = uploads.Accepts("pdf", "docx", "odt", *PHOTOS)


@transaction.atomic
def add_attachment(*, by: Viewer, pk: int, title: str, file: File[Any]) -> Attachment:
    """Keeps a file with a record; of a photo, only its pixels.

    Raises Refused ("title", "file") without a title or where the file cannot be kept, Intervention.DoesNotExist where
    the record is none to change.
    """
    record = _locked(by, pk)
    title = checked_text("title", title, LONGEST_TITLE, one_line=True)
    if not title:
        raise Refused("title", "Say in one line what it is.")
    if record.attachments.count() >= MOST:
        raise Refused("file", f"At most {MOST} files can be kept with one record. Remove one first.")
    row = Attachment(record=record, title=title, added_by=by.user)
    kept = _kept(file)
    row.file.save(uploads.name_to_keep(kept.name), kept, save=False)
    row.save()
    audit.write("intervention.attachment-added", by=by, about=[record], after={"attachment": row.pk, "title": title})
    return row


@transaction.atomic
def remove_attachment(*, by: Viewer, pk: int, attachment: int) -> None:
    """Removes a file for good. Raises Intervention.DoesNotExist, Attachment.DoesNotExist."""
    record = _locked(by, pk)
    row = record.attachments.get(pk=attachment)
    said = {"attachment": row.pk, "title": row.title}
    row.delete()
    uploads.forget(row.file)
    audit.write("intervention.attachment-removed", by=by, about=[record], before=said)


def _locked(by: Viewer, pk: int) -> Intervention:
    record: Intervention = Intervention.objects.changeable_by(by).select_for_update(of=("self",)).get(pk=pk)
    return record


def _kept(file: File[Any]) -> File[Any]:
    """The file as it is kept. Raises Refused where it is of no kind that is kept, or not what its name says."""
    try:
        ACCEPTS(file)
    except ValidationError as error:
        raise Refused("file", " ".join(error.messages)) from None
    suffix = PurePath(file.name or "").suffix.lower()
    if suffix.removeprefix(".") not in PHOTOS:
        return file
    try:
        content, suffix = redrawn(file.open())
    except ValueError as error:
        raise Refused("file", str(error)) from None
    return ContentFile(content, f"photo{suffix}")
