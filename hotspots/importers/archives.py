"""Zip files from outside, read without trusting them: nothing is ever extracted to disk, and no name becomes a path.

Every function raises `base.Refused` with a sentence that names the file (and the member) and what is wrong with it.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from hotspots.importers.base import Refused

MAX_MEMBERS = 20_000
# A member is read into memory whole. The largest published police.uk file is about 30 MB.
MAX_MEMBER_BYTES = 1024**3
# Crime CSVs pack 5 to 15 times smaller. Small files may pack better by chance and cannot do harm.
MAX_RATIO = 100
RATIO_MATTERS_FROM = 1024**2


def is_zip(path: Path) -> bool:
    """Whether the file begins like a zip, whatever its name; a cut-off zip still does."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def members(path: Path) -> list[zipfile.ZipInfo]:
    """The files in a zip, by name, once its table of contents is found harmless. No folders, no __MACOSX."""
    with _opened(path) as archive:
        return _members(path, archive)


def check(path: Path, *, wanted: Callable[[str], bool] = lambda name: True) -> None:
    """Reads the wanted members and compares their checksums: for a download, before it is believed."""
    for _, read in open_members(path, wanted=wanted):
        read()


def open_members(path: Path, *, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The members whose name is wanted, by name: (name, function that reads it). Read each before asking for the next.

    The whole table of contents is checked first, also members that are not wanted.
    """
    with _opened(path) as archive:
        for info in _members(path, archive):
            if wanted(info.filename):
                yield info.filename, lambda info=info: _read(path, archive, info)  # type: ignore[misc]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with _explained(path, path.name if is_zip(path) else ""), zipfile.ZipFile(path) as archive:
        yield archive


@contextmanager
def _explained(path: Path, what: str) -> Iterator[None]:
    """Turns what zipfile raises about bytes from outside into a sentence about `what`; "" = it is no zip at all."""
    try:
        yield
    except NotImplementedError as error:
        raise Refused(
            f"{what} is packed in a way that cannot be read here. Pack it again as an ordinary zip."
        ) from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError) as error:
        if not what:
            raise Refused(f"{path.name} is not a zip file.") from error
        raise Refused(f"{what} is damaged or cut off. Get the zip file again.") from error


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise Refused(f"{path.name} holds {len(infos):,} files; at most {MAX_MEMBERS:,} are read.")
    for info in infos:
        _check_member(path, info)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > settings.IMPORT_MAX_BYTES:
        raise Refused(
            f"{path.name} unpacks to {_size(unpacked)}; at most {_size(settings.IMPORT_MAX_BYTES)} are read at once."
        )
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise Refused(f"{path.name} is not an honest zip file: its members overlap.")
    return sorted(
        (info for info in infos if not info.is_dir() and not info.filename.startswith("__MACOSX/")),
        key=lambda info: info.filename,
    )


def _check_member(path: Path, info: zipfile.ZipInfo) -> None:
    # zipfile has cut the name at a NUL; orig_filename has the published one.
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    if "\x00" in name or ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        raise Refused(f"{path.name} holds a file named {name!r}, which points outside the zip. Nothing of it was read.")
    if info.flag_bits & 0x1:
        raise Refused(f"{path.name}: {info.filename} is locked with a password. Pack it again without one.")
    if info.file_size > MAX_MEMBER_BYTES:
        raise Refused(
            f"{path.name}: {info.filename} unpacks to {_size(info.file_size)}; "
            f"at most {_size(MAX_MEMBER_BYTES)} are read."
        )
    if info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * info.compress_size:
        raise Refused(
            f"{path.name}: {info.filename} unpacks to more than {MAX_RATIO} times its size, "
            "as no file of figures does. Nothing of it was read."
        )


def _read(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with _explained(path, f"{path.name}: {info.filename}"), archive.open(info) as stream:
        # Asking for the declared size bounds what a lying member can unpack to; the checksum then tells on it.
        content = stream.read(info.file_size)
        if len(content) != info.file_size:
            raise EOFError
        return content


def _size(number: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if number < 1024:
            return f"{number:,.0f} {unit}"
        number //= 1024
    return f"{number:,.0f} GB"
