"""ETags: published figures change only with the data version, so it and the question name the answer."""

from __future__ import annotations

from hashlib import blake2b

from django.conf import settings
from django.db import connection
from django.http import HttpRequest


def data_version() -> int:
    """How often published figures have changed; 0 where nothing was ever loaded. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM hotspots_dataversion WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else 0


def etag(request: HttpRequest, media_type: str) -> str:
    """The ETag of the answer to this request in this media type. Read before the data: never too new for them."""
    question = f"{settings.SPECTACULAR_SETTINGS['VERSION']} {request.get_full_path()} {media_type}"
    return f'"{data_version()}-{blake2b(question.encode(), digest_size=8).hexdigest()}"'
