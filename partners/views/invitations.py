"""Inviting people to an agency, and what they find behind the link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import first_factor, invitations
from partners.access import viewer
from partners.actions import invitations as actions
from partners.forms.people import InviteForm, JoinForm
from partners.models import Agency, Invitation, User
from partners.views.people import managed

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
# In the session: the hash of the secret of the link that was opened.
OPENED = "invitation"


@require_http_methods(_ASKS_AND_DOES)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that invites somebody to an agency."""
    agency = managed(request, pk)
    who = viewer(request)
    form = InviteForm(request.POST if request.method == "POST" else None, viewer=who)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.invite_person(by=who, agency=agency, **form.cleaned_data)
        except ValueError as problem:
            form.add_error("email", str(problem))
        else:
            _send(request, made, secret)
            return redirect("partners:agency", pk=pk)
    context = {"form": form, "agency": agency, "days": actions.VALID_DAYS}
    return render(request, "partners/invite.html", context, status=422 if form.errors else 200)


@require_POST
def send_again(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Sends a new link; the earlier one works no more."""
    found = _waiting(managed(request, pk), invitation)
    try:
        secret = actions.renew_invitation(by=viewer(request), invitation=found)
    except ValueError as problem:
        messages.error(request, str(problem))
    else:
        _send(request, found, secret)
    return redirect("partners:agency", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Makes a link useless."""
    found = _waiting(managed(request, pk), invitation)
    try:
        actions.withdraw_invitation(by=viewer(request), invitation=found)
    except ValueError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"The invitation of {found.email} is withdrawn: its link works no more.")
    return redirect("partners:agency", pk=pk)


@login_not_required
@require_safe
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of a mail: keeps in the session which invitation it is for, and takes the secret out of the address."""
    request.session[OPENED] = invitations.hash_of(secret)
    return redirect("partners:accept-invitation")


@login_not_required
@require_http_methods(_ASKS_AND_DOES)
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def accept(request: HttpRequest) -> HttpResponse:
    """What the link offers: joining with a new account, accepting with the one there is, or why it does not work."""
    found = invitations.find(request.session.get(OPENED, ""))
    state = invitations.state(found) if found else ""
    if found is None or state != invitations.OPEN:
        return render(request, "partners/invitation_closed.html", {"state": state, "invitation": found}, status=410)
    if isinstance(request.user, User):
        return _accept_as(request, found, request.user)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, "partners/invitation.html", {"invitation": found, "step": "sign-in"})
    return _join(request, found)


def _accept_as(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    """Somebody who is signed in accepts, or is told that the invitation is somebody else's."""
    mine = user.email.lower() == invitation.email
    problem = ""
    if request.method == "POST" and mine:
        try:
            actions.accept_invitation(invitation, by=user)
        except ValueError as error:
            problem = str(error)
        else:
            del request.session[OPENED]
            messages.success(request, f"You are {invitation.get_role_display()} in {invitation.agency} now.")
            return redirect("partners:agency", pk=invitation.agency_id)
    context = {"invitation": invitation, "step": "accept" if mine else "other", "problem": problem}
    return render(request, "partners/invitation.html", context, status=422 if problem else 200)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A new person chooses a name and a password, and signs in with them as everybody does."""
    form = JoinForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = actions.join(invitation=invitation, full_name=given["full_name"], password=given["password"])
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            del request.session[OPENED]
            request.session[first_factor.PROVED] = user.pk  # the link came by mail
            messages.success(request, f"Your account is ready. Sign in as {invitation.email}.")
            return redirect("account_login")
    context = {"invitation": invitation, "step": "join", "form": form}
    return render(request, "partners/invitation.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    if invitations.send(invitation, secret, site=f"{request.scheme}://{request.get_host()}"):
        messages.success(request, f"{invitation.email} was sent a link that works for {actions.VALID_DAYS} days.")
    else:
        messages.error(
            request,
            f"The mail to {invitation.email} could not be sent: the mail server did not take it. The invitation is "
            "kept; send it again later, or tell whoever runs the server.",
        )


def _waiting(agency: Agency, pk: int) -> Invitation:
    found = Invitation.objects.waiting().filter(pk=pk, agency=agency).select_related("agency", "invited_by").first()
    if found is None:
        raise Http404("This invitation was accepted or withdrawn.")
    return found
