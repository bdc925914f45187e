"""The API keys of an agency: kept by its administrators, and by those of the partnership."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from partners import keys as presenter
from partners.access import viewer
from partners.actions import keys as actions
from partners.forms.keys import KeyForm, RotateForm
from partners.models import Agency, ApiKey
from partners.roles import Permission
from partners.second_factor import confirmed

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def key_list(request: HttpRequest, agency: int) -> HttpResponse:
    """All keys of an agency: those that work, and those that have ended."""
    kept = _agency(request, agency)
    keys = kept.api_keys.select_related("agency", "made_by", "replaced_by", "revoked_by").order_by("-made_at", "-pk")
    groups = presenter.groups(keys, actions.scopes_to_give(viewer(request), kept))
    return render(request, "partners/keys.html", {"agency": kept, **groups})


@_FORM
@confirmed
@sensitive_variables()
def new_key(request: HttpRequest, agency: int) -> HttpResponse:
    """Makes a key; the answer shows it, once."""
    kept = _agency(request, agency)
    form = KeyForm(request.POST or None, viewer=viewer(request), agency=kept)
    if request.method == "POST" and form.is_valid():
        try:
            key, shown_once = actions.make_api_key(agency=kept, by=viewer(request), **form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            return _shown(request, key, shown_once)
    return _page(request, "partners/new_key.html", kept, form=form, status=422 if form.errors else 200)


@_FORM
@confirmed
@sensitive_variables()
def rotate_key(request: HttpRequest, agency: int, pk: int) -> HttpResponse:
    """Makes a key in place of another; the answer shows it, once."""
    key = _key(request, agency, pk)
    actions.check_gives(viewer(request), key.agency, key.scopes)
    form = RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, shown_once = actions.rotate_api_key(key=key, by=viewer(request), **form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            return _shown(request, made, shown_once)
    status = 422 if form.errors else 200
    return _page(request, "partners/rotate_key.html", key.agency, form=form, row=_row(request, key), status=status)


@_FORM
def revoke_key(request: HttpRequest, agency: int, pk: int) -> HttpResponse:
    """Asks first, then ends a key at once."""
    key = _key(request, agency, pk)
    if request.method != "POST":
        return _page(request, "partners/revoke_key.html", key.agency, row=_row(request, key))
    try:
        actions.revoke_api_key(key=key, by=viewer(request))
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Revoked “{key.name}” {key.prefix}. It stopped working at this moment.")
    return redirect("partners:keys", agency)


def _agency(request: HttpRequest, pk: int) -> Agency:
    found = get_object_or_404(Agency, pk=pk)
    if not viewer(request).may(Permission.MANAGE_KEYS, agency=found.pk):
        raise PermissionDenied(
            f"The API keys of {found} are kept by its administrators and by those of the partnership."
        )
    return found


def _key(request: HttpRequest, agency: int, pk: int) -> ApiKey:
    kept = _agency(request, agency)
    key = kept.api_keys.select_related("agency", "made_by", "replaced_by").filter(pk=pk).first()
    if key is None:
        raise Http404("This agency has no such key.")
    return key


def _row(request: HttpRequest, key: ApiKey) -> presenter.Row:
    return presenter.row(key, actions.scopes_to_give(viewer(request), key.agency))


def _page(request: HttpRequest, template: str, agency: Agency, *, status: int = 200, **context: object) -> HttpResponse:
    back = reverse("partners:keys", args=[agency.pk])
    return render(request, template, {"agency": agency, "back": back, **context}, status=status)


def _shown(request: HttpRequest, key: ApiKey, shown_once: str) -> HttpResponse:
    """The key, in the very answer that it was made by: it is kept nowhere, not in the session either."""
    page = {"row": _row(request, key), "shown_once": shown_once, "replaces": key.replaces}
    return _page(request, "partners/key_shown.html", key.agency, status=201, **page)
