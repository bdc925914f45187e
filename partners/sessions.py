"""When a session ends: so long after signing in (SESSION_HOURS), and after so long without use (IDLE_MINUTES).

Both moments stand in the session itself, which each request reads anyway. It is written at most once a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from partners import audit
from partners.models import User

# Keys of the session, in seconds since 1970: when the person signed in, and was last seen.
SIGNED_IN, SEEN = "signed_in_at", "seen_at"
# Key of the session that follows: why the last one ended.
ENDED = "ended"
WRITE_SECONDS = 60


def end_old_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a session that is over is ended before the view sees who asked; the sign-in page says why."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            why = _why_over(request, request.user)
            if why:
                audit.write("sign-out", by=request.user, about=[request.user], summary=why)
                logout(request)
                request.session[ENDED] = why
            elif not _asked_by_itself(request):
                _note(request, request.user)
        return get_response(request)

    return answer


def begin(request: HttpRequest) -> None:
    """Notes that somebody has just signed in with this session."""
    request.session.pop(ENDED, None)
    request.session[SIGNED_IN] = request.session[SEEN] = int(time.time())


def end_sessions(user: User) -> int:
    """Signs a person out everywhere, at once; how many sessions that were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def _why_over(request: HttpRequest, user: User) -> str:
    """A sentence, or "" where the session goes on."""
    now = time.time()
    signed_in, seen = _moments(request, user)
    if now - signed_in >= settings.SESSION_HOURS * 3600:
        return f"The session ended {settings.SESSION_HOURS:g} hours after signing in."
    if now - seen >= settings.IDLE_MINUTES * 60:
        return f"The session ended after {settings.IDLE_MINUTES:g} minutes without use."
    return ""


def _note(request: HttpRequest, user: User) -> None:
    signed_in, seen = _moments(request, user)
    now = int(time.time())
    if now - seen >= WRITE_SECONDS:
        request.session[SIGNED_IN], request.session[SEEN] = signed_in, now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def _moments(request: HttpRequest, user: User) -> tuple[float, float]:
    """When the person signed in and was last seen; a session without notes is as old as the person's last sign-in."""
    signed_in = request.session.get(SIGNED_IN) or (user.last_login.timestamp() if user.last_login else 0.0)
    return signed_in, request.session.get(SEEN, signed_in)


def _asked_by_itself(request: HttpRequest) -> bool:
    """Whether a page asked, and nobody did: pages of jobs ask every two seconds as long as they are open."""
    return request.method == "GET" and "HX-Request" in request.headers and "HX-Boosted" not in request.headers
