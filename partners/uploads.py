"""What may be uploaded: how large, and of which kind by its name and by what is in it. How it is kept and given out.

    document = forms.FileField(validators=[uploads.Accepts("pdf", "docx", "odt")])

Crime data has its own, larger door (`hotspots.inbox`).
"""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible

MOST_BYTES = 10 * 1024 * 1024


def _is_pdf(content: IO[bytes]) -> bool:
    return content.read(5) == b"%PDF-"


def _is_docx(content: IO[bytes]) -> bool:
    names = _members(content)
    return "word/document.xml" in names and not any("vbaproject" in name.lower() for name in names)


def _is_odt(content: IO[bytes]) -> bool:
    # The format asks for this member first and uncompressed, so that it can be told by its bytes.
    start = content.read(100)
    return start.startswith(b"PK\x03\x04") and b"mimetypeapplication/vnd.oasis.opendocument.text" in start


def _is_text(content: IO[bytes]) -> bool:
    start = content.read(64 * 1024)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in start and not start.startswith((b"%PDF", b"PK\x03\x04"))


def _is_jpeg(content: IO[bytes]) -> bool:
    return content.read(3) == b"\xff\xd8\xff"


def _is_png(content: IO[bytes]) -> bool:
    return content.read(8) == b"\x89PNG\r\n\x1a\n"


def _is_webp(content: IO[bytes]) -> bool:
    start = content.read(12)
    return start[:4] == b"RIFF" and start[8:] == b"WEBP"


def _members(content: IO[bytes]) -> list[str]:
    try:
        with zipfile.ZipFile(content) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return []


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: what people call it, its media type, and whether bytes are one."""

    name: str
    media_type: str
    holds: Callable[[IO[bytes]], bool]


# By suffix.
KINDS = {
    "pdf": Kind("a PDF", "application/pdf", _is_pdf),
    "docx": Kind(
        "a Word document (DOCX)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _is_docx
    ),
    "odt": Kind("an OpenDocument text (ODT)", "application/vnd.oasis.opendocument.text", _is_odt),
    "csv": Kind("a CSV file", "text/csv", _is_text),
    "jpg": Kind("a JPEG photo", "image/jpeg", _is_jpeg),
    "jpeg": Kind("a JPEG photo", "image/jpeg", _is_jpeg),
    "png": Kind("a PNG photo", "image/png", _is_png),
    "webp": Kind("a WebP photo", "image/webp", _is_webp),
}


def media_type(name: str) -> str:
    """By a file's name; of what is not in `KINDS`, bytes that no browser opens by itself."""
    kind = KINDS.get(_suffix(name))
    return kind.media_type if kind else "application/octet-stream"


def name_to_keep(name: str | None) -> str:
    """What a file is called where it is kept. Of what people call it only the suffix stays: the rest may say what
    nobody else should read."""
    return f"{secrets.token_hex(16)}{PurePath(name or '').suffix.lower()}"


def download(file: FieldFile, called: str, *, missing: str) -> FileResponse:
    """A kept file to save, `called` so with its own suffix. Raises Http404, which says `missing`, where it is gone."""
    name = f"{called}{PurePath(str(file.name)).suffix}"
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404(missing) from error
    return FileResponse(content, as_attachment=True, filename=name, content_type=media_type(name))


def forget(file: FieldFile) -> None:
    """Deletes a kept file once the transaction is committed."""
    transaction.on_commit(partial(file.storage.delete, str(file.name)))


@deconstructible
class Accepts:
    """A validator of file fields: these kinds only, and at most so many bytes."""

    def __init__(self, *suffixes: str, most: int = MOST_BYTES) -> None:
        self.suffixes = suffixes
        self.most = most

    def __call__(self, file: File[Any]) -> None:
        """Raises ValidationError with a sentence. The file is left at its beginning."""
        if (file.size or 0) > self.most:
            raise ValidationError(f"The file is larger than {self._most()}. Choose a smaller one.", code="size")
        kind = KINDS[_suffix(file.name)] if _suffix(file.name) in self.suffixes else None
        if kind is None:
            raise ValidationError(f"Choose {self._kinds()}; the name of this file ends otherwise.", code="suffix")
        content = file.open().file
        fits = content is not None and kind.holds(content)
        file.seek(0)
        if not fits:
            raise ValidationError(
                f"This file is not {kind.name}, though its name says so. Save it again as {kind.name}.", code="content"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Accepts) and (self.suffixes, self.most) == (other.suffixes, other.most)

    def __hash__(self) -> int:
        return hash((self.suffixes, self.most))

    def _kinds(self) -> str:
        names = list(dict.fromkeys(KINDS[suffix].name for suffix in self.suffixes))
        return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def _most(self) -> str:
        return f"{self.most / 1024 / 1024:.0f} MB"


def _suffix(name: str | None) -> str:
    return PurePath(name or "").suffix.lower().removeprefix(".")
