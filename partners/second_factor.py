"""Who must sign in with a second factor: those whose roles reach much (`roles.NEEDS_SECOND_FACTOR`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from partners.api.errors import problem
from partners.models import User
from partners.roles import NEEDS_SECOND_FACTOR

# What can be reached without: how to set one up, and how to leave.
_WITHOUT = ("/account/", "/static/", "/healthz/", "/invitations/")
SENTENCE = "Your role needs a second factor: set one up on your account page, then sign in with it."


def require(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: whoever needs a second factor and has not used one is led to it before anything else."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not settings.SECOND_FACTOR or not isinstance(request.user, User) or request.path.startswith(_WITHOUT):
            return get_response(request)
        if used(request, request.user) or not needed_by(request.user):
            return get_response(request)
        return _lead_there(request, request.user)

    return answer


def needed_by(user: User) -> bool:
    """Whether one of the person's roles needs it. One query; none where SECOND_FACTOR is off."""
    return bool(settings.SECOND_FACTOR) and user.current_memberships().filter(role__in=NEEDS_SECOND_FACTOR).exists()


def used(request: HttpRequest, user: User) -> bool:
    """Whether this session was opened, or confirmed since, with a second factor, be it the identity provider's."""
    enough = {"mfa", "socialaccount"} if settings.OIDC_HAS_SECOND_FACTOR else {"mfa"}
    return any(record.get("method") in enough for record in get_authentication_records(request, user))


def authenticators(user: User) -> QuerySet[Authenticator]:
    """The person's app and passkeys: what one signs in with, recovery codes left out."""
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=user, type__in=types)


def confirmed(view: Any) -> Any:
    """Decorator: before this step whoever has a second factor gives it once more."""
    return reauthentication_required(view, enabled=lambda request: authenticators(request.user).exists())


def _lead_there(request: HttpRequest, user: User) -> HttpResponse:
    if request.path.startswith("/api/") and request.path != "/api/docs/":
        return problem(403, SENTENCE)
    types = set(authenticators(user).values_list("type", flat=True))
    to = reverse("mfa_index")
    if types:  # set up in another session: asked for here
        ask = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
        to = f"{reverse(ask)}?{urlencode({'next': request.get_full_path()})}"
    return HttpResponseClientRedirect(to) if "HX-Request" in request.headers else redirect(to)
