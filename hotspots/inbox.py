"""The inbox: uploaded files that wait for their sender's word, and then for a worker.

    INBOX_DIR/<token>/upload.json    who sent what; written last, so an upload without it never happened
    INBOX_DIR/<token>/0/<name>       the first file, under the name that its sender gave it, made safe

A folder disappears when its sender cancels, when its import has succeeded, or with age.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from partners.models import Job, User

MANIFEST = "upload.json"
LONGEST_NAME = 150


@dataclass(frozen=True)
class Received:
    """One uploaded file. `path` is relative to the upload's folder."""

    name: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Upload:
    """The files that one person sent at once. `valid_from`: since when the boundaries among them are in force."""

    token: uuid.UUID
    by: int
    valid_from: date | None
    files: tuple[Received, ...]

    @property
    def folder(self) -> Path:
        return root() / self.token.hex

    @property
    def paths(self) -> list[Path]:
        """Where the files are, in the order in which they were sent."""
        return [self.folder / file.path for file in self.files]


def root() -> Path:
    """The folder of the inbox."""
    return Path(settings.INBOX_DIR)


def safe_name(name: str) -> str:
    """The last part of a file name, without what could leave the folder, hide the name or break a terminal."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    last = "".join(char for char in last if char.isprintable()).strip().lstrip(".")
    suffix = Path(last).suffix[:20]
    while len(last.encode()) > LONGEST_NAME:
        last = last.removesuffix(suffix)[:-1] + suffix
    return last or "file"


def store(files: Iterable[UploadedFile], *, by: User, valid_from: date | None = None) -> Upload:
    """Copies files into a new folder, chunk by chunk. The very same content sent twice is kept once.

    Raises OSError where the disk is full; nothing is left then.
    """
    token = uuid.uuid4()
    folder = root() / token.hex
    received: list[Received] = []
    try:
        for file in files:
            place = folder / str(len(received))
            place.mkdir(parents=True)
            name = safe_name(file.name or "")
            digest = hashlib.sha256()
            with (place / name).open("wb") as target:
                for chunk in file.chunks():
                    digest.update(chunk)
                    target.write(chunk)
            if any(digest.hexdigest() == other.sha256 for other in received):
                shutil.rmtree(place)
                continue
            size = (place / name).stat().st_size
            received.append(Received(name, f"{place.name}/{name}", size, digest.hexdigest()))
        upload = Upload(token, by.pk, valid_from, tuple(received))
        (folder / MANIFEST).write_text(
            json.dumps(
                {
                    "by": upload.by,
                    "valid_from": valid_from.isoformat() if valid_from else None,
                    "files": [asdict(file) for file in upload.files],
                }
            )
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return upload


def load(token: uuid.UUID, *, by: User) -> Upload | None:
    """A person's own upload; None where there is none, or it is somebody else's."""
    try:
        manifest = json.loads((root() / token.hex / MANIFEST).read_text())
    except FileNotFoundError:
        return None
    if manifest["by"] != by.pk:
        return None
    return Upload(
        token=token,
        by=manifest["by"],
        valid_from=date.fromisoformat(manifest["valid_from"]) if manifest["valid_from"] else None,
        files=tuple(Received(**file) for file in manifest["files"]),
    )


def discard(upload: Upload) -> None:
    """Deletes an upload."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def forget(paths: Iterable[str | Path]) -> None:
    """Deletes the uploads that these files belong to; files that are not in the inbox stay."""
    for path in paths:
        if folder := _folder_of(Path(path)):
            shutil.rmtree(folder, ignore_errors=True)


def sweep(older_than: timedelta = timedelta(days=7)) -> int:
    """Deletes uploads that nobody imported, and those that a failed import left behind; how many.

    Uploads that a live job needs stay, however old.
    """
    if not root().is_dir():
        return 0
    live = Job.objects.filter(kind="import", state__in=[Job.State.QUEUED, Job.State.RUNNING])
    needed = {
        _folder_of(Path(path)) for arguments in live.values_list("arguments", flat=True) for path in arguments["paths"]
    }
    swept = 0
    for folder in root().iterdir():
        if _is_token(folder.name) and folder not in needed and _age(folder) > older_than:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _folder_of(path: Path) -> Path | None:
    """The upload's folder that a path is in."""
    if root() not in path.parents:
        return None
    name = path.relative_to(root()).parts[0]
    return root() / name if _is_token(name) else None


def _is_token(name: str) -> bool:
    # Other things wait in the inbox as well, such as downloads: they are not ours to delete.
    try:
        return uuid.UUID(hex=name).hex == name
    except ValueError:
        return False


def _age(folder: Path) -> timedelta:
    return timedelta(seconds=time.time() - folder.stat().st_mtime)
