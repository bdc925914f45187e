"""Before somebody's first second factor: a code by e-mail. Whoever has a stolen password alone sets none up with it."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from functools import wraps
from smtplib import SMTPException

from allauth.account.authentication import get_authentication_records
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare, salted_hmac

from partners import second_factor
from partners.models import User

# Keys of the session: whose mail was read with it, and the code that was sent.
PROVED, _SENT = "mail_was_read_by", "code_by_mail"
MINUTES, MOST_TRIES = 15, 5
log = logging.getLogger(__name__)


def after_mail(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator of the pages that set one up: leads to the code first, where that is due."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **named: object) -> HttpResponseBase:
        if isinstance(request.user, User) and is_due(request, request.user):
            return redirect("partners:first-factor")
        return view(request, *args, **named)

    return answer


def is_due(request: HttpRequest, user: User) -> bool:
    """Whether this person needs a second factor, has none, and nothing but a password says who this is."""
    if request.session.get(PROVED) == user.pk or not second_factor.needed_by(user):
        return False
    by_provider = any(one.get("method") == "socialaccount" for one in get_authentication_records(request, user))
    return not by_provider and not second_factor.authenticators(user).exists()


def was_sent(request: HttpRequest) -> bool:
    """Whether a code waits to be entered."""
    sent = request.session.get(_SENT)
    return sent is not None and sent["tries"] < MOST_TRIES and time.time() < sent["until"]


def send(request: HttpRequest, user: User) -> bool:
    """Mails a new code, which makes the one before useless; whether the mail server took it."""
    code = f"{secrets.randbelow(10**8):08}"
    text = (
        f"Your code is {code}. It works for {MINUTES} minutes, where you asked for it.\n\n"
        "Enter it to set up your second factor. If you did not ask for it, "
        "somebody knows your password: change it now, and tell your administrator.\n"
    )
    try:
        send_mail("Hotspot tracker: your code", text, None, [user.email])
    except (OSError, SMTPException) as problem:
        # Its text may hold the address.
        log.error("The code for %s could not be sent: %s", user.pk, type(problem).__name__)
        return False
    request.session[_SENT] = {"hash": _hash(user, code), "until": time.time() + MINUTES * 60, "tries": 0}
    return True


def enter(request: HttpRequest, user: User, code: str) -> bool:
    """Whether this is the code that was sent; then it works no more, and a second factor can be set up."""
    if not was_sent(request):
        return False
    sent = request.session[_SENT]
    if not constant_time_compare(_hash(user, "".join(code.split())), sent["hash"]):
        request.session[_SENT] = {**sent, "tries": sent["tries"] + 1}
        return False
    del request.session[_SENT]
    request.session[PROVED] = user.pk
    return True


def _hash(user: User, code: str) -> str:
    return salted_hmac("partners.first_factor", f"{user.pk}:{code}", algorithm="sha256").hexdigest()
