"""Files by what they are, not by what they are called."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from partners import uploads


def office(*members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in members:
            archive.writestr(name, "x")
    return content.getvalue()


def open_document() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return content.getvalue()


CONTENTS = {
    "pdf": b"%PDF-1.7\n...",
    "docx": office("[Content_Types].xml", "word/document.xml"),
    "odt": open_document(),
    "csv": b"Name;Areas\nAnn;Heaton\n",
}


@pytest.mark.parametrize("suffix", CONTENTS)
def test_a_file_that_is_what_it_says_passes_and_can_be_read_from_its_beginning(suffix: str) -> None:
    file = SimpleUploadedFile(f"Agreement.{suffix.upper()}", CONTENTS[suffix])
    uploads.Accepts(*CONTENTS)(file)
    assert file.read() == CONTENTS[suffix]


@pytest.mark.parametrize("said", CONTENTS)
@pytest.mark.parametrize("held", [*CONTENTS, "program", "page with zip"])
def test_a_file_that_holds_something_else_is_refused(said: str, held: str) -> None:
    contents = {**CONTENTS, "program": b"MZ\x90\x00\x03", "page with zip": b"PK\x03\x04<html>"}
    if said == held:
        return
    with pytest.raises(ValidationError) as refused:
        uploads.Accepts(*CONTENTS)(SimpleUploadedFile(f"a.{said}", contents[held]))
    assert refused.value.code == "content"


def test_a_word_document_with_macros_is_refused() -> None:
    content = office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
    with pytest.raises(ValidationError) as refused:
        uploads.Accepts("docx")(SimpleUploadedFile("a.docx", content))
    assert refused.value.code == "content"


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.html", "pdf", "a.svg"])
def test_other_names_are_refused_whatever_they_hold(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        uploads.Accepts("pdf", "docx", "odt")(SimpleUploadedFile(name, CONTENTS["pdf"]))
    assert refused.value.messages == [
        "Choose a PDF, a Word document (DOCX) or an OpenDocument text (ODT); the name of this file ends otherwise."
    ]


def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    limit = uploads.Accepts("csv", most=2 * 1024 * 1024)
    limit(SimpleUploadedFile("a.csv", b"x" * (2 * 1024 * 1024)))
    with pytest.raises(ValidationError, match="larger than 2 MB"):
        limit(SimpleUploadedFile("a.csv", b"x" * (2 * 1024 * 1024 + 1)))


def test_nothing_is_served_as_something_that_a_browser_runs() -> None:
    assert uploads.media_type("a.PDF") == "application/pdf"
    assert uploads.media_type("a.html") == uploads.media_type("a") == "application/octet-stream"
