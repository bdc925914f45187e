"""Views of the figures as files to keep. A module a page, each with DOWNLOADS: what makes which kind."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from reports.words import day_name

PNG, SVG = "image/png", "image/svg+xml"
# Pixels across.
PICTURE_WIDTH = 1600


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """An answer that browsers keep under a name, which is plain ASCII."""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def today() -> str:
    """When a file was made."""
    return day_name(timezone.localdate())
