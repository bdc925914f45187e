"""Files of a record: added, read and removed by those who may, and nothing for the others."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from interventions.models import Attachment, Intervention
from partners.models import AuditEvent
from tests.interventions.attachments.test_images import from_phone
from tests.interventions.test_registers_pages import make_cbo

__all__ = ["make_cbo"]

Make = Callable[..., Intervention]
PDF = b"%PDF-1.7 minutes"


def sent(name: str, content: bytes, title: str = "Broken lamp") -> dict[str, Any]:
    return {"title": title, "file": SimpleUploadedFile(name, content)}


@pytest.fixture
def documents(tmp_path: Any, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_photo_is_kept_read_and_removed(clients: dict[str, Client], make_activity: Make, documents: Any) -> None:
    record = make_activity()
    page = f"/activity/{record.pk}/attachments/"
    answer = clients["owner"].post(page, sent("Sgt Quill at Zebra Passage.jpeg", from_phone(1).getvalue()), follow=True)
    assert "“Broken lamp” is kept with this record." in answer.text
    row = Attachment.objects.get()
    assert str(row.file.name).endswith(".jpg")
    assert "Quill" not in str(row.file.name)
    file = clients["owner"].get(f"{page}{row.pk}/")
    assert file["Content-Type"] == "image/jpeg"
    assert file["Content-Disposition"] == f'attachment; filename="activity-{record.pk}-attachment-{row.pk}.jpg"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert b"Zebraphone" not in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    asked = clients["owner"].get(f"{page}{row.pk}/remove/")
    assert "deleted for good" in asked.text
    clients["owner"].post(f"{page}{row.pk}/remove/")
    assert not Attachment.objects.exists()
    events = AuditEvent.objects.filter(action__startswith="intervention.attachment").order_by("number")
    assert [event.action.partition("-")[2] for event in events] == ["added", "read", "removed"]
    assert all(event.objects_named == [f"intervention:{record.pk}"] for event in events)


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_from_the_disk(clients: dict[str, Client], make_activity: Make, documents: Any) -> None:
    record = make_activity()
    clients["owner"].post(f"/activity/{record.pk}/attachments/", sent("minutes.pdf", PDF))
    assert [one for one in documents.rglob("*") if one.is_file()]
    clients["owner"].post(f"/activity/{record.pk}/attachments/{Attachment.objects.get().pk}/remove/")
    assert not [one for one in documents.rglob("*") if one.is_file()]


def zipped() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("photo.jpg", "no photo")
    return kept.getvalue()


def test_what_cannot_be_kept_is_refused_with_a_sentence(
    clients: dict[str, Client], make_activity: Make, documents: Any
) -> None:
    address = f"/activity/{make_activity().pk}/attachments/"
    for name, content, sentence in (
        ("photo.jpg", zipped(), "This file is not a JPEG photo, though its name says so."),
        ("photo.jpg", from_phone(1).getvalue()[:300], "damaged, was not sent whole"),
        ("photo.gif", b"GIF89a", "the name of this file ends otherwise"),
        ("page.svg", b"<svg/>", "the name of this file ends otherwise"),
        ("minutes.pdf", b"no pdf", "This file is not a PDF"),
        ("minutes.pdf", b"", "The file is empty."),
        ("minutes.pdf", b"%PDF-" + b"x" * 10 * 1024 * 1024, "larger than 10 MB"),
    ):
        answer = clients["owner"].post(address, sent(name, content))
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="Broken lamp"' in answer.text
    assert not Attachment.objects.exists()
    assert not list(documents.rglob("*.*"))


def test_others_see_files_where_nothing_is_withheld(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace, documents: Any
) -> None:
    record, other = make_activity(), make_activity()
    page = f"/activity/{record.pk}/attachments/"
    clients["owner"].post(page, sent("minutes.pdf", PDF, "Zebra minutes"))
    row = Attachment.objects.get()
    seen = clients["partner"].get(page)
    assert "withheld from you" in seen.text
    assert "Zebra" not in seen.text
    assert clients["partner"].get(f"{page}{row.pk}/").status_code == 404
    assert clients["partner"].post(page, sent("minutes.pdf", PDF)).status_code == 403
    assert clients["stranger"].get(f"{page}{row.pk}/").status_code == 404
    assert clients["stranger"].post(f"{page}{row.pk}/remove/").status_code == 404
    # Of another record it is none.
    assert clients["owner"].get(f"/activity/{other.pk}/attachments/{row.pk}/").status_code == 404
    world.agreement.withheld_fields = []
    world.agreement.save()
    given = clients["partner"].get(f"{page}{row.pk}/")
    assert b"".join(given.streaming_content) == PDF  # type: ignore[attr-defined]
    assert clients["partner"].post(f"{page}{row.pk}/remove/").status_code == 403
    assert Attachment.objects.count() == 1


def test_files_and_reasons_say_nothing_of_who_it_is(
    clients: dict[str, Client], make_cbo: Make, world: SimpleNamespace, documents: Any
) -> None:
    order = make_cbo(age_band="16-17", youth_team_consulted_on=date(2026, 1, 7))
    order.reasons.create(rule="cbo.youth-team", warning="Of somebody under 18.", reason="Zebra asked later")
    order.reviews.create(due_on=date(2026, 12, 11), attendees="Zebra team")
    page = f"/activity/{order.pk}/attachments/"
    clients["owner"].post(page, sent("order.pdf", PDF, "Zebra order"))
    row = Attachment.objects.get()
    world.agreement.record_types = ["cbo"]
    for withheld, told in (["cbo.subject"], False), ([], True):
        world.agreement.withheld_fields = withheld
        world.agreement.save()
        said = clients["partner"].get(f"/activity/{order.pk}/").text
        for text in ("Zebra order", "Zebra asked later", "under 18", "7 January 2026", "Zebra team"):
            assert (text in said) is told, text
        assert ("Zebra" in clients["partner"].get(page).text) is told
        assert (order.title in clients["partner"].get("/activity/calendar/?month=2026-12").text) is told
        given: Any = clients["partner"].get(f"{page}{row.pk}/")
        assert given.status_code == (200 if told else 404)
        assert (given.getvalue() == PDF) is told
