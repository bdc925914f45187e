"""What people do to the documents of a place: `verb_noun(*, by, ...)`, atomic, audited."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hotspots.models import HotspotDocument
from hotspots.register.actions import locked
from partners import audit, uploads
from partners.refusals import Refused
from partners.visibility import Viewer

LONGEST_TITLE = 150


@transaction.atomic
def add_document(*, by: Viewer, place: int, title: str, file: UploadedFile) -> HotspotDocument:
    """Keeps a file with a place. Raises Refused without a title; Hotspot.DoesNotExist where it is none to change."""
    record = locked(by, place)
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Refused("title", f"Say in one line what it is, in 1 to {LONGEST_TITLE} characters.")
    document = HotspotDocument(hotspot=record, title=title, added_by=by.user)
    document.file.save(uploads.name_to_keep(file.name), file, save=False)
    document.save()
    audit.write("hotspot.document-added", by=by, about=[record], after={"document": document.pk, "title": title})
    return document


@transaction.atomic
def remove_document(*, by: Viewer, place: int, document: int) -> None:
    """Removes a file for good. Raises Hotspot.DoesNotExist, HotspotDocument.DoesNotExist."""
    record = locked(by, place)
    row = HotspotDocument.objects.get(hotspot=record, pk=document)
    said = {"document": row.pk, "title": row.title}
    row.delete()
    uploads.forget(row.file)
    audit.write("hotspot.document-removed", by=by, about=[record], before=said)
