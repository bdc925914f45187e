"""Sharing agreements: the list, one of them, proposing, and what its parties say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from partners import agreements, audit, uploads
from partners.access import viewer
from partners.actions import sharing
from partners.forms.agreements import AgreementForm, ReasonForm
from partners.models import SharingAgreement
from partners.roles import Permission

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Step:
    """Something a party does: its question, what it means, its button, and what is said when it is done."""

    title: str
    means: str
    button: str
    done: str
    needs_reason: bool = False
    warns: bool = False


STEPS = {
    "accept": Step(
        "Accept this agreement?",
        "You accept for your agency. It comes into force when every party has accepted.",
        "Accept",
        "Accepted for your agency.",
    ),
    "suspend": Step(
        "Suspend this agreement?",
        "All sharing under it stops at once, for every party, until your agency resumes it.",
        "Suspend it now",
        "Suspended: nothing is shared under it any more.",
        needs_reason=True,
        warns=True,
    ),
    "resume": Step(
        "Resume this agreement?",
        "Sharing under it starts again at once, unless another party has suspended it too.",
        "Resume",
        "Your agency no longer suspends it.",
    ),
    "end": Step(
        "End this agreement for good?",
        "All sharing under it stops at once and cannot be resumed: a new agreement is needed then.",
        "End it for good",
        "Ended.",
        needs_reason=True,
        warns=True,
    ),
}


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """The agreements of the reader's agencies, by state."""
    looks = viewer(request)
    context = {
        "groups": agreements.listed(looks),
        "waits": {agreement.pk for agreement in agreements.waiting(looks)},
        "may_propose": looks.may(Permission.MANAGE_AGREEMENTS),
    }
    return render(request, "partners/agreements.html", context)


@require_safe
def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement, to those whom it concerns."""
    context = {"agreement": agreements.detail_of(_found(request, pk), viewer(request))}
    return render(request, "partners/agreement.html", context)


@require_http_methods(_ASKS_AND_DOES)
def propose(request: HttpRequest, replaces: int | None = None) -> HttpResponse:
    """The form of a new agreement, or of one that takes over another."""
    looks = viewer(request)
    old = None
    if replaces is not None:
        old = _found(request, replaces)
        if "change" not in agreements.detail_of(old, looks).may:
            raise PermissionDenied("Only managers and administrators of a party can change an agreement.")
    elif not looks.may(Permission.MANAGE_AGREEMENTS):
        raise PermissionDenied("Only managers and administrators of an agency can propose an agreement for it.")
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        old=old,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = sharing.propose_agreement(
                by=looks, terms=form.terms, document=form.cleaned_data["document"], replaces=old
            )
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Proposed. It comes into force when every party has accepted it.")
            return redirect("partners:agreement", made.pk)
    status = 422 if form.errors else 200
    return render(request, "partners/propose_agreement.html", {"form": form, "old": old}, status=status)


@require_http_methods(_ASKS_AND_DOES)
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Asks first, then accepts, suspends, resumes or ends."""
    agreement = _found(request, pk)
    what = STEPS[step]
    looks = viewer(request)
    if not any(looks.may(Permission.MANAGE_AGREEMENTS, agency=party.agency_id) for party in agreement.parties.all()):
        raise PermissionDenied("Only managers and administrators of a party can do that.")
    form = ReasonForm(request.POST if request.method == "POST" else None) if what.needs_reason else None
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        try:
            _ACTIONS[step](by=looks, agreement=agreement, **given)
        except ValueError as error:
            problem = str(error)
            if form:
                form.add_error("reason", problem)
        else:
            messages.success(request, what.done)
            return redirect("partners:agreement", pk)
    context = {
        "step": what,
        "form": form,
        "agreement": agreements.detail_of(_found(request, pk), looks),
        "problem": "" if form else problem,
    }
    status = 422 if problem or (form and form.errors) else 200
    return render(request, "partners/agreement_step.html", context, status=status)


_ACTIONS: dict[str, Any] = {
    "accept": sharing.accept_agreement,
    "suspend": sharing.suspend_agreement,
    "resume": sharing.resume_agreement,
    "end": sharing.end_agreement,
}


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """The signed paper, as a file to keep: to the parties alone."""
    agreement = _found(request, pk)
    if not agreement.document or not agreements.is_party(agreement, viewer(request)):
        raise Http404("There is no such document.")
    answer = uploads.download(agreement.document, f"agreement-{pk}", missing="There is no such document.")
    audit.write(
        "sharingagreement.document.read",
        by=viewer(request),
        about=[agreement],
        owners=[party.agency_id for party in agreement.parties.all()],
        summary="Opened the document of an agreement",
    )
    return answer


def _found(request: HttpRequest, pk: int) -> SharingAgreement:
    agreement = agreements.find(viewer(request), pk)
    if agreement is None:
        raise Http404("There is no such agreement, or it is not one of your agencies'.")
    return agreement
