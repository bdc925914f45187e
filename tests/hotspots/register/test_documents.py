"""Documents of a place: kept, downloaded, withheld, removed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from hotspots.models import HotspotDocument
from partners.models import AuditEvent

PDF = b"%PDF-1.7 of the profile"


def pdf(name: str = "Kestrel profile.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def address(world: SimpleNamespace, settings: LazySettings, tmp_path: Path) -> str:
    """Of the documents of a place, one of which is kept there."""
    settings.MEDIA_ROOT = tmp_path / "media"
    address = f"/hotspots/{world.place.pk}/documents/"
    answer = world.clients["owner"].post(address, {"title": "Problem profile", "file": pdf()}, follow=True)
    assert "“Problem profile” is kept with Hilldene shops." in answer.text
    return address


def test_it_is_kept_and_downloaded_under_a_plain_name(world: SimpleNamespace, address: str) -> None:
    document = HotspotDocument.objects.get()
    assert "Kestrel" not in str(document.file.name)
    answer = world.clients["owner"].get(f"{address}{document.pk}/")
    assert b"".join(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    name = f"hotspot-{world.place.pk}-document-{document.pk}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    actions = AuditEvent.objects.filter(action__startswith="hotspot.document").order_by("number")
    assert [one.action for one in actions] == ["hotspot.document-added", "hotspot.document-read"]
    assert {tuple(one.owners) for one in actions} == {(world.owner.pk,)}


def test_it_is_there_for_nobody_from_whom_it_is_withheld(world: SimpleNamespace, address: str) -> None:
    document = HotspotDocument.objects.get()
    page = world.clients["partner"].get(address)
    assert "are withheld from you by a sharing agreement" in page.text
    assert "Problem profile" not in page.text
    assert world.clients["partner"].get(f"{address}{document.pk}/").status_code == 404
    assert world.clients["stranger"].get(address).status_code == 404
    assert world.clients["stranger"].get(f"{address}{document.pk}/").status_code == 404
    assert world.clients["partner"].post(address, {"title": "Mine", "file": pdf()}).status_code == 403
    assert world.clients["partner"].post(f"{address}{document.pk}/remove/").status_code == 403
    assert HotspotDocument.objects.count() == 1


def test_removing_asks_first_and_deletes_the_file(
    world: SimpleNamespace, address: str, django_capture_on_commit_callbacks: object
) -> None:
    document = HotspotDocument.objects.get()
    path = Path(document.file.path)
    remove = f"{address}{document.pk}/remove/"
    assert "Remove “Problem profile”?" in world.clients["owner"].get(remove).text
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        world.clients["owner"].post(remove)
    assert not path.exists()
    assert not HotspotDocument.objects.exists()
    assert world.clients["owner"].get(remove).status_code == 404


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": "", "file": pdf()}, "Say in one line what it is."),
        ({"title": "Profile"}, "Choose a file."),
        ({"title": "Profile", "file": pdf("a.exe")}, "the name of this file ends otherwise"),
        ({"title": "Profile", "file": pdf(content=b"MZ")}, "This file is not a PDF"),
    ],
)
def test_what_is_wrong_is_said(world: SimpleNamespace, address: str, said: dict[str, object], sentence: str) -> None:
    answer = world.clients["owner"].post(address, said)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert HotspotDocument.objects.count() == 1
