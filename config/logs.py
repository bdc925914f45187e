"""Lines of the log: with the request's id, and without what people wrote down.

An exception's message may quote a row ("Failing row contains ..."), so of an exception only its type and where it
happened are logged; of a database's error also its code and constraint. Secrets in addresses are left out.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

# Addresses of which a part is a secret: links of invitations and for new passwords, calendar feeds.
_SECRETS = re.compile(r"(/invitations/|/password/reset/key/|(?<!/activity)/calendar/)[^\s/?]+")


class Line(logging.Formatter):
    """ "2026-03-04 09:00:00 ERROR django.request 3f2a: Internal Server Error: /activity/", then where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        from partners.requests import origin  # needs the settings, which are just being read when this is imported

        record.request_id = origin().request_id or "-"
        # What another formatter kept of the exception would have its message.
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _SECRETS.sub(r"\1...", super().formatMessage(record))

    def formatException(  # noqa: N802 - logging's name
        self, info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "\n".join(_told(info[1])) if info[1] else ""


def _told(error: BaseException) -> list[str]:
    """An exception and what led to it, the first cause first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return [*(_told(before) if before else []), *frames, f"{type(error).__module__}.{_named(error)}"]


def _named(error: BaseException) -> str:
    """The type; of a database's error also its code and what it was about."""
    code, about = getattr(error, "pgcode", None), getattr(error, "diag", None)
    parts = [code, getattr(about, "table_name", None), getattr(about, "constraint_name", None)]
    said = " ".join(part for part in parts if part)
    return f"{type(error).__qualname__} ({said})" if said else type(error).__qualname__
