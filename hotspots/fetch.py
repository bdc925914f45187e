"""Fetches files over HTTP, above all police.uk's monthly archive: resumable, checked, and only over https.

The archive of a month, `<base>/<YYYY-MM>.zip`, holds up to 36 months of every force's files. `Archive.release` tells
one publication of it from the next; an import run with its title says that it was taken.

Every function raises `JobFailed` with a sentence where a file cannot be had. Nothing is believed before it is whole:
a file appears under its name only when all its bytes are there.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.conf import settings
from django.utils import timezone

from hotspots import inbox
from hotspots.importers import archives, police_uk
from hotspots.importers.base import Refused
from hotspots.models import ImportRun
from partners.jobs import JobFailed, Progress

MONTHS_BACK = 6
CHUNK = 1024**2
# The server is busy or on its knees: worth another try.
PASSING = (429, 500, 502, 503, 504)
LONGEST_WAIT = 600.0


@dataclass(frozen=True)
class Patience:
    """How long to wait: seconds without a byte, seconds between tries. `pause` is for tests, which do not sleep."""

    timeout: float = 60.0
    waits: Sequence[float] = (5.0, 30.0, 120.0, 300.0)
    pause: Callable[[float], None] = time.sleep


PATIENCE = Patience()


@dataclass(frozen=True)
class Archive:
    """One publication of a month's archive, as its server describes it. `size` in bytes; None where it does not say."""

    url: str
    month: date
    size: int | None
    # A strong ETag or Last-Modified: what proves that the rest of a file belongs to its beginning. "" = there is none.
    validator: str

    @property
    def release(self) -> str:
        """Changes when the archive is published anew."""
        return hashlib.sha256(f"{self.url} {self.validator} {self.size}".encode()).hexdigest()[:12]

    @property
    def title(self) -> str:
        """How its import run is called, and known again."""
        return f"police.uk archive of {self.month:%B %Y} (release {self.release})"


def newest_archive(progress: Progress, *, today: date | None = None, patience: Patience = PATIENCE) -> Archive:
    """The newest published archive, asked for from this month backwards, at most six months."""
    base = settings.POLICE_UK_ARCHIVE_URL.rstrip("/") + "/"
    month = (today or timezone.localdate()).replace(day=1)
    progress.stage("Asking for the newest archive")
    for _ in range(MONTHS_BACK):
        url = urljoin(base, f"{month:%Y-%m}.zip")
        headers = _Try(url, progress, patience).head()
        if headers is not None:
            length = headers.get("Content-Length", "")
            return Archive(url, month, int(length) if length.isdecimal() else None, _validator(headers))
        month = (month - timedelta(days=1)).replace(day=1)
    raise JobFailed(f"None of the last {MONTHS_BACK} months is published at {base}.")


def was_taken(archive: Archive) -> bool:
    """Whether this very publication was imported to the end."""
    return ImportRun.objects.filter(title=archive.title, finished__isnull=False).exists()


def fetch_archive(archive: Archive, progress: Progress, *, patience: Patience = PATIENCE) -> Path:
    """The archive in the inbox, its files of `POLICE_UK_FORCES` checked. What an earlier try got is used again.

    A damaged or harmful archive is deleted and JobFailed raised. Parts of other releases are deleted.
    """
    downloads = inbox.root() / "police-uk"
    folder = downloads / archive.release
    for old in downloads.glob("*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    path = folder / f"{archive.month:%Y-%m}.zip"
    if not path.exists():
        download(archive.url, folder, progress=progress, patience=patience, archive=archive)
    progress.stage("Checking the archive")
    try:
        archives.check(path, wanted=is_wanted)
    except Refused as refusal:
        path.unlink()
        raise JobFailed(str(refusal)) from refusal
    return path


def is_wanted(name: str) -> bool:
    """Whether a member of an archive belongs to a force of `POLICE_UK_FORCES`."""
    force = police_uk.published_force(name)
    return force is not None and (not settings.POLICE_UK_FORCES or force in settings.POLICE_UK_FORCES)


def download(
    url: str,
    folder: Path,
    *,
    progress: Progress | None = None,
    patience: Patience = PATIENCE,
    archive: Archive | None = None,
) -> Path:
    """The file at `url`, in `folder` under its own name.

    Resumes where the connection broke, also in a later call if `archive` says what is expected. Raises JobFailed for
    another length than expected, more than `IMPORT_MAX_BYTES`, and a disk that is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / inbox.safe_name(unquote(urlsplit(url).path))
    partial = target.with_name(f"{target.name}.part")
    if archive is None:
        partial.unlink(missing_ok=True)
    try:
        _Try(url, progress or Progress(None), patience).get(partial, archive)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _no_space(target.name) from error
    return partial.replace(target)


class _Again(Exception):
    """It did not work, and may work later."""

    def __init__(self, reason: object, after: float = 0.0) -> None:
        super().__init__(str(reason))
        self.after = after


class _OnlySafeRedirects(HTTPRedirectHandler):
    """Follows redirects to addresses that may be fetched, and stays with HEAD."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        _refuse_unsafe(newurl)
        redirected = super().redirect_request(req, fp, code, msg, headers, newurl)
        if redirected is not None:
            redirected.method = req.get_method()
        return redirected


class _Try:
    """One address, tried with patience."""

    opener: OpenerDirector = build_opener(_OnlySafeRedirects)

    def __init__(self, url: str, progress: Progress, patience: Patience) -> None:
        _refuse_unsafe(url)
        self.url = url
        self.host = urlsplit(url).hostname
        self.progress = progress
        self.patience = patience

    def head(self) -> Any:
        """The headers; None where there is no such file."""
        tries = 0
        while True:
            try:
                with self._open("HEAD") as response:
                    return response.headers
            except HTTPError as error:
                if error.code in (403, 404, 410):  # object stores answer 403 for what they do not have
                    return None
                raise self._refused(error) from error
            except _Again as again:
                self._wait(again, tries)
                tries += 1

    def get(self, partial: Path, archive: Archive | None) -> None:
        """Fetches into `partial` until it is whole."""
        validator, tries = archive.validator if archive else "", 0
        while not (archive and archive.size and _size(partial) == archive.size):
            before = _size(partial)
            try:
                offset = before if validator else 0
                span = {"Range": f"bytes={offset}-", "If-Range": validator} if offset else {}
                with self._open("GET", span) as response:
                    validator = _validator(response.headers)
                    if archive and archive.validator and validator != archive.validator:
                        raise JobFailed(f"{self.url} was published anew while it was fetched. Try again.")
                    self._receive(response, partial, offset, archive)
                return
            except HTTPError as error:
                if error.code != 416:
                    raise self._refused(error) from error
                partial.unlink()  # what we have is not the beginning of what they have
                self._wait(_Again("the file has changed"), tries)
                tries += 1
            except _Again as again:
                if _size(partial) - before > CHUNK:
                    tries = 0  # it is slow going, but it goes
                self._wait(again, tries)
                tries += 1

    def _receive(self, response: HTTPResponse, partial: Path, offset: int, archive: Archive | None) -> None:
        if response.status != 206:
            offset = 0  # the whole file: the server cannot resume, or the file has changed
        length = response.headers.get("Content-Length", "")
        total = offset + int(length) if length.isdecimal() else None
        if archive and archive.size and total not in (None, archive.size):
            partial.unlink(missing_ok=True)
            raise JobFailed(
                f"{self.url} was announced with {archive.size:,} bytes and is sent with {total:,}. It was not taken."
            )
        self._refuse_too_large(partial, offset, total)
        self.progress.stage(f"Fetching {partial.stem} (MB)", total=total and -(-total // CHUNK))
        self.progress.advance(offset // CHUNK)
        size = offset
        with partial.open("ab" if offset else "wb") as out:
            while chunk := self._read(response):
                out.write(chunk)
                size += len(chunk)
                self.progress.advance()
                if size > settings.IMPORT_MAX_BYTES:
                    self._refuse_too_large(partial, offset, size)
        if total is not None and size < total:
            raise _Again(f"it broke off after {size:,} of {total:,} bytes")

    def _read(self, response: HTTPResponse) -> bytes:
        try:
            return response.read(CHUNK)
        except (OSError, HTTPException) as error:
            raise _Again(_reason(error)) from error

    def _refuse_too_large(self, partial: Path, offset: int, total: int | None) -> None:
        if total is None:
            return
        if total > settings.IMPORT_MAX_BYTES:
            partial.unlink(missing_ok=True)
            raise JobFailed(f"{self.url} is larger than {settings.IMPORT_MAX_BYTES:,} bytes. It was not taken.")
        if total - offset > shutil.disk_usage(partial.parent).free:
            raise _no_space(partial.stem)

    def _open(self, method: str, headers: dict[str, str] | None = None) -> Any:
        request = Request(self.url, method=method, headers={"User-Agent": "hotspot-tracker", **(headers or {})})  # noqa: S310 - checked
        try:
            return self.opener.open(request, timeout=self.patience.timeout)
        except HTTPError as error:
            with error:
                if error.code not in PASSING:
                    raise
                after = error.headers.get("Retry-After", "")
                raise _Again(
                    f"it answers “{error.code} {error.reason}”", float(after) if after.isdecimal() else 0
                ) from error
        except (OSError, HTTPException) as error:
            raise _Again(_reason(error)) from error

    def _wait(self, again: _Again, tries: int) -> None:
        if tries >= len(self.patience.waits):
            raise JobFailed(f"{self.url} cannot be fetched: {again}. Nothing was changed; try again later.") from again
        seconds = min(max(self.patience.waits[tries], again.after), LONGEST_WAIT)
        self.progress.log(f"{self.host}: {again}. Trying again in {seconds:.0f} s.")
        self.patience.pause(seconds)

    def _refused(self, error: HTTPError) -> JobFailed:
        return JobFailed(f"{self.url} cannot be fetched: it answers “{error.code} {error.reason}”.")


def _refuse_unsafe(url: str) -> None:
    """Anybody on the way could change a file that comes over plain http. On this machine there is nobody on the way."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not host or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not loopback):
        raise JobFailed(f"{url} is not fetched: only addresses that begin with https:// are.")


def _validator(headers: Any) -> str:
    etag = headers.get("ETag", "")
    return etag if etag.startswith('"') else headers.get("Last-Modified", "")


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return "it does not answer in time"
    return str(getattr(reason, "strerror", None) or reason) or type(reason).__name__


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _no_space(name: str) -> JobFailed:
    return JobFailed(f"There is not enough space on the disk for {name}. Make room and try again.")
