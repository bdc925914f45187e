"""A person's own account: who one is here, and how one signs in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners import second_factor, sign_ins
from partners.access import person


@require_safe
def account_page(request: HttpRequest) -> HttpResponse:
    """Name, agencies and roles, second factor, sessions, and the last signs of signing in."""
    user = person(request)
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    of_type = {kind: [one for one in factors if one.type == kind] for kind in Authenticator.Type}
    codes = of_type[Authenticator.Type.RECOVERY_CODES]
    context = {
        "memberships": user.current_memberships().select_related("agency").order_by("agency__name", "role"),
        "app": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "passkeys": of_type[Authenticator.Type.WEBAUTHN],
        # None = no codes were made.
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "second_factor_needed": second_factor.needed_by(user),
        "session_count": UserSession.objects.filter(user=user).count(),
        "history": sign_ins.history(user),
    }
    return render(request, "account/account.html", context)
