"""A person's own account: who one is here, and how one signs in."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.providers.openid_connect.views import login as to_the_provider
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from partners import first_factor, second_factor, sign_ins
from partners.access import person
from partners.forms.second_factor import ONE_TIME


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


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=ONE_TIME,
        error_messages={"required": "Enter the eight digits of the e-mail."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code_by_mail(request: HttpRequest) -> HttpResponse:
    """Sends a code and takes it, before the first second factor is set up."""
    user = person(request)
    if not first_factor.is_due(request, user):
        return redirect("mfa_index")
    form = CodeForm()
    if request.POST.get("do") == "send":
        # Each code may be guessed a few times, so there are few codes.
        if not ratelimit.consume(request, action="code_by_mail", user=user):
            return ratelimit.respond_429(request)
        if first_factor.send(request, user):
            return redirect("partners:first-factor")
        messages.error(request, "The e-mail could not be sent. Try again later, or tell whoever runs the server.")
    elif request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid():
            if first_factor.enter(request, user, form.cleaned_data["code"]):
                messages.success(request, "Thank you. Now set up your second factor.")
                return redirect("mfa_index")
            sign_ins.failed(user, "Wrong code by e-mail")
            form.add_error("code", "That code is wrong or too old. Enter the newest one, or have another sent.")
    sent = first_factor.was_sent(request)
    context = {"form": form if sent or form.errors else None, "sent": sent, "minutes": first_factor.MINUTES}
    return render(request, "account/first_factor.html", context, status=422 if form.errors else 200)


class RemovePasskey(RemoveWebAuthnView):
    """allauth's page, which would let go of the last second factor of somebody who needs one."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if adapter.can_delete_authenticator(self.object):
            return super().form_valid(form)
        form.add_error(None, adapter.error_messages["cannot_delete_authenticator"])
        return self.render_to_response(self.get_context_data(form=form), status=422)


@login_not_required
@require_safe
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the identity provider; a page that says so where it does not answer."""
    try:
        return to_the_provider(request, provider_id=provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
