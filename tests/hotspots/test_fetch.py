"""Fetching the archive from a real HTTP server that serves the published layout, and misbehaves."""

from __future__ import annotations

import hashlib
import io
import socket
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from hotspots import fetch
from hotspots.models import ImportRun
from partners.jobs import JobFailed, Progress
from tests.archive_server import Handler, Server, serving

TODAY = date(2026, 11, 21)
STREET = "2026-10/2026-10-city-of-london-street.csv"
# Not compressible, so that parts of the archive are large enough to be cut.
CONTENT = b"".join(hashlib.sha256(bytes([number])).hexdigest().encode() for number in range(200))


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (files or {STREET: CONTENT}).items():
            archive.writestr(zipfile.ZipInfo(name), content)  # without the time of the day: always the same bytes
    return buffer.getvalue()


@pytest.fixture
def server(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serves the archive of October 2026."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving({"/archive/2026-10.zip": packed()}) as server:
        settings.POLICE_UK_ARCHIVE_URL = server.url
        yield server


def busy(after: str = "") -> Callable[[Handler], bool]:
    def fault(handler: Handler) -> bool:
        handler.send_response(503)
        handler.send_header("Retry-After", after)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return fault


def cut_after(size: int) -> Callable[[Handler], bool]:
    """Promises the whole file and breaks off."""

    def fault(handler: Handler) -> bool:
        content = handler.server.files[handler.path]
        start = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        handler.begin(206 if start else 200, len(content) - start)
        handler.wfile.write(content[start : start + size])
        handler.close_connection = True
        return True

    return fault


def silent(handler: Handler) -> bool:
    """Begins, and then sends nothing for as long as the test runs."""
    handler.begin(200, len(handler.server.files[handler.path]))
    handler.server.ended.wait(30)
    return True


class Waits(list[float]):
    """Patience that notes how long it would have waited."""

    def patience(self, timeout: float = 20) -> fetch.Patience:
        return fetch.Patience(timeout=timeout, waits=(1, 2, 4), pause=self.append)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def newest(waits: Waits) -> fetch.Archive:
    return fetch.newest_archive(Progress(None), today=TODAY, patience=waits.patience())


def get(waits: Waits, archive: fetch.Archive | None = None, timeout: float = 20) -> Path:
    return fetch.fetch_archive(archive or newest(waits), Progress(None), patience=waits.patience(timeout))


def left(settings: LazySettings) -> list[str]:
    return sorted(path.name for path in settings.INBOX_DIR.rglob("*") if path.is_file())


def gets(server: Server) -> list[str]:
    return [wants for command, _, wants in server.asked if command == "GET"]


# --- Which archive ----------------------------------------------------------------------------------------------------


def test_newest_month_is_asked_for_backwards(server: Server, waits: Waits) -> None:
    archive = newest(waits)
    assert archive == fetch.Archive(
        f"{server.url}2026-10.zip", date(2026, 10, 1), len(server.files["/archive/2026-10.zip"]), '"v1"'
    )
    assert [(command, path) for command, path, _ in server.asked] == [
        ("HEAD", "/archive/2026-11.zip"),
        ("HEAD", "/archive/2026-10.zip"),
    ]
    assert waits == []


def test_nothing_published_for_six_months(server: Server, waits: Waits) -> None:
    server.files = {"/archive/2026-05.zip": b""}
    with pytest.raises(JobFailed, match="None of the last 6 months is published at http://127"):
        newest(waits)
    assert len(server.asked) == 6
    server.files = {"/archive/2026-06.zip": b""}
    assert newest(waits).month == date(2026, 6, 1)


@pytest.mark.django_db
def test_the_very_same_publication_is_taken_once(server: Server, waits: Waits) -> None:
    first = newest(waits)
    assert not fetch.was_taken(first)
    run = ImportRun.objects.create(title=first.title)
    assert not fetch.was_taken(first)  # it died on the way
    run.finished = timezone.now()
    run.save()
    assert fetch.was_taken(newest(waits))
    server.validator = '"v2"'
    assert not fetch.was_taken(newest(waits))


@pytest.mark.parametrize(
    "url", ["http://example.org/a.zip", "ftp://example.org/a.zip", "file:///etc/passwd", "a.zip", "https://"]
)
def test_only_https_is_fetched(url: str, tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="only addresses that begin with https://"):
        fetch.download(url, tmp_path)


def test_redirect_to_elsewhere_is_not_followed(server: Server, waits: Waits, tmp_path: Path) -> None:
    def move(target: str) -> Callable[[Handler], bool]:
        def fault(handler: Handler) -> bool:
            handler.send_response(302)
            handler.send_header("Location", target)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return True

        return fault

    server.faults = [move("http://example.org/2026-10.zip")]
    with pytest.raises(JobFailed, match=r"http://example\.org/2026-10\.zip is not fetched"):
        fetch.download(f"{server.url}2026-10.zip", tmp_path, patience=waits.patience())
    server.faults = [move("/archive/2026-10.zip")]
    path = fetch.download(f"{server.url}moved.zip", tmp_path, patience=waits.patience())
    assert path.name == "moved.zip"
    assert path.read_bytes() == packed()


# --- Fetching it ------------------------------------------------------------------------------------------------------


def test_whole_archive_in_one_go(server: Server, waits: Waits, settings: LazySettings) -> None:
    path = get(waits)
    assert path.read_bytes() == server.files["/archive/2026-10.zip"]
    assert left(settings) == ["2026-10.zip"]
    get(waits)  # what is there is not fetched again
    assert gets(server) == [""]


def test_busy_then_well(server: Server, waits: Waits) -> None:
    server.faults = [busy(), busy("7"), busy("100000")]
    assert get(waits).exists()
    assert waits == [1, 7, fetch.LONGEST_WAIT]


def test_busy_for_too_long(server: Server, waits: Waits, settings: LazySettings) -> None:
    server.faults = [busy()] * 4
    with pytest.raises(JobFailed, match=r"2026-10\.zip cannot be fetched: it answers “503 Service Unavailable”"):
        get(waits)
    assert waits == [1, 2, 4]
    assert left(settings) == []


def test_broken_off_then_resumed(server: Server, waits: Waits) -> None:
    server.faults = [cut_after(5000), cut_after(3000)]
    path = get(waits)
    assert path.read_bytes() == server.files["/archive/2026-10.zip"]
    assert gets(server) == ["", "bytes=5000-", "bytes=8000-"]


def test_part_of_an_earlier_day_is_used(server: Server, waits: Waits, settings: LazySettings) -> None:
    server.faults = [cut_after(5000), busy(), busy(), busy()]
    with pytest.raises(JobFailed):
        get(waits)
    assert left(settings) == ["2026-10.zip.part"]
    path = get(waits)
    assert path.read_bytes() == server.files["/archive/2026-10.zip"]
    assert gets(server)[-1] == "bytes=5000-"


def test_part_of_another_release_is_not_used(server: Server, waits: Waits, settings: LazySettings) -> None:
    server.faults = [cut_after(5000), busy(), busy(), busy()]
    with pytest.raises(JobFailed):
        get(waits)
    server.validator = '"v2"'
    server.files["/archive/2026-10.zip"] = new = packed(**{STREET: CONTENT[::-1]})
    assert get(waits).read_bytes() == new
    assert gets(server)[-1] == ""
    assert left(settings) == ["2026-10.zip"]


def test_server_that_cannot_resume(server: Server, waits: Waits) -> None:
    server.validator = None
    server.faults = [cut_after(5000)]
    assert get(waits).read_bytes() == server.files["/archive/2026-10.zip"]
    assert gets(server) == ["", ""]


def test_slow_server(server: Server, waits: Waits) -> None:
    server.faults = [silent]
    assert get(waits, timeout=0.5).exists()
    assert waits == [1]
    assert len(gets(server)) == 2


def test_nobody_answers(waits: Waits, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        settings.POLICE_UK_ARCHIVE_URL = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(JobFailed, match=r"cannot be fetched: Connection refused\. Nothing was changed"):
            newest(waits)
    assert waits == [1, 2, 4]


def test_wrong_length(server: Server, waits: Waits, settings: LazySettings) -> None:
    archive = newest(waits)
    server.files["/archive/2026-10.zip"] += b"more"
    with pytest.raises(JobFailed, match=r"was announced with [\d,]+ bytes and is sent with [\d,]+\. It was not taken"):
        get(waits, archive)
    assert left(settings) == []


def test_published_anew_meanwhile(server: Server, waits: Waits) -> None:
    archive = newest(waits)
    server.validator = '"v2"'
    with pytest.raises(JobFailed, match="was published anew while it was fetched"):
        get(waits, archive)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>We are sorry</html>", "2026-10.zip is not a zip file."),
        (packed()[:-30], "2026-10.zip is damaged or cut off."),
        (packed().replace(CONTENT[:64], b"0" * 64), f"2026-10.zip: {STREET} is damaged or cut off."),
        (packed(**{"../evil.csv": b""}), "points outside the zip"),
    ],
)
def test_bad_archive_is_not_kept(
    content: bytes, sentence: str, server: Server, waits: Waits, settings: LazySettings
) -> None:
    server.files["/archive/2026-10.zip"] = content
    with pytest.raises(JobFailed) as caught:
        get(waits)
    assert sentence in str(caught.value)
    assert left(settings) == []


def test_bomb_is_not_kept(server: Server, waits: Waits, settings: LazySettings) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(STREET, bytes(5 * 1024**2))
    server.files["/archive/2026-10.zip"] = buffer.getvalue()
    with pytest.raises(JobFailed, match="unpacks to more than 100 times its size"):
        get(waits)
    assert left(settings) == []


def test_too_large_and_no_room(server: Server, waits: Waits, settings: LazySettings, tmp_path: Path) -> None:
    def promise(size: int) -> Callable[[Handler], bool]:
        def fault(handler: Handler) -> bool:
            handler.begin(200, size)
            return True

        return fault

    url = f"{server.url}2026-10.zip"
    settings.IMPORT_MAX_BYTES = 1000
    with pytest.raises(JobFailed, match="is larger than 1,000 bytes"):
        get(waits)
    settings.IMPORT_MAX_BYTES = 10**18
    server.faults = [promise(10**17)]
    with pytest.raises(JobFailed, match=r"not enough space on the disk for 2026-10\.zip"):
        fetch.download(url, tmp_path, patience=waits.patience())


def test_only_our_forces_are_wanted(settings: LazySettings) -> None:
    settings.POLICE_UK_FORCES = ["city-of-london", "btp"]
    assert fetch.is_wanted(STREET)
    assert fetch.is_wanted("2026-10/2026-10-btp-outcomes.csv")
    assert not fetch.is_wanted("2026-10/2026-10-essex-street.csv")
    assert not fetch.is_wanted("readme.txt")
    settings.POLICE_UK_FORCES = []
    assert fetch.is_wanted("2026-10/2026-10-essex-street.csv")
