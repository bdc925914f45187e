"""Saved views: keeping an address under a name, the list of them, renaming and deleting."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from partners.access import person, viewer
from partners.models import Agency
from partners.visibility import Viewer
from reports import actions, saved
from reports.models import SavedView

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


class NameForm(forms.Form):
    """What a view is called. What a name may be, the action says."""

    name = forms.CharField(
        label="Name",
        required=False,
        widget=forms.TextInput(attrs={"maxlength": actions.LONGEST_NAME, "autocomplete": "off"}),
    )


class _Agencies(forms.ModelChoiceField):
    """The person alone, or one of the person's agencies."""

    def label_from_instance(self, agency: Agency) -> str:
        return f"Everybody of {agency}"


class SaveForm(NameForm):
    """A view to keep: its name, for whom, and the address, which the page with the form knows."""

    agency = _Agencies(
        label="Who sees it",
        queryset=Agency.objects.none(),
        required=False,
        blank=True,  # else radios have no empty choice
        empty_label="Only me",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "A view can be saved for you, or for an agency that you belong to."},
    )
    page = forms.CharField(widget=forms.HiddenInput, required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False)

    def for_person(self, viewer: Viewer) -> SaveForm:
        """The form with the person's agencies as choices."""
        cast(_Agencies, self.fields["agency"]).queryset = Agency.objects.filter(pk__in=viewer.agencies()).order_by(
            "name"
        )
        return self


@require_safe
@never_cache
def saved_views(request: HttpRequest) -> HttpResponse:
    """The person's own views, and those of the person's agencies."""
    rows = saved.rows(viewer(request))
    groups: dict[str, list[saved.Row]] = {}
    for row in rows:
        groups.setdefault(row.agency, []).append(row)
    return render(request, "reports/saved_views.html", {"groups": list(groups.items())})


@require_http_methods(_ASKS_AND_DOES)
@never_cache
@vary_on_headers("HX-Request")
def save_view(request: HttpRequest) -> HttpResponse:
    """The form that keeps a view, as a page and as the part that a page with a view fetches into itself."""
    user = person(request)
    data = _with_address_shown(request)
    if request.method != "POST":
        form = SaveForm(initial=data).for_person(viewer(request))
        part = request.htmx  # type: ignore[attr-defined]
        return _form(request, form, "reports/_save_view_form.html" if part else "reports/save_view.html")
    form = SaveForm(data).for_person(viewer(request))
    if form.is_valid():
        try:
            view = actions.save_view(by=user, **form.cleaned_data)
        except ValueError as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Saved as “{view.name}”, seen by {view.agency or 'you alone'}.")
            return redirect(saved.address(view.page, view.query))
    return _form(request, form, "reports/save_view.html", status=422)


def _form(request: HttpRequest, form: SaveForm, template: str, status: int = 200) -> HttpResponse:
    page, query = (str(form[name].value() or "") for name in ("page", "query"))
    if page not in SavedView.Page:
        raise Http404("Only a view of the map or of Explore can be saved: start from one of these pages.")
    try:
        back = saved.address(page, saved.canonical(query))
    except TooManyFieldsSent:
        back = saved.address(page, "")
    return render(request, template, {"form": form, "back": back}, status=status)


def _with_address_shown(request: HttpRequest) -> dict[str, str]:
    """The form's data, with the query of the page that the browser shows now: a script may have changed the address
    since the form was made."""
    data = {name: str(value) for name, value in (request.POST or request.GET).items()}
    shown = urlsplit(request.headers.get("Referer", ""))
    page = data.get("page", "")
    if shown.netloc == request.get_host() and page in SavedView.Page and shown.path == saved.path_of(page):
        data["query"] = shown.query
    return data


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def rename_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for a view."""
    user = person(request)
    view = _mine(viewer(request), pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": view.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_view(by=user, view=view, name=form.cleaned_data["name"])
        except ValueError as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Renamed to “{view.name}”.")
            return redirect("reports:saved-views")
    status = 422 if form.errors else 200
    return render(request, "reports/rename_view.html", {"form": form}, status=status)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, then removes a view."""
    user = person(request)
    view = _mine(viewer(request), pk)
    if request.method == "POST":
        actions.delete_view(by=user, view=view)
        messages.success(request, f"Deleted “{view.name}”.")
        return redirect("reports:saved-views")
    return render(request, "reports/delete_view.html", {"view": view, "back": reverse("reports:saved-views")})


def _mine(viewer: Viewer, pk: int) -> SavedView:
    """A view that the person may change; for others it might as well not be there."""
    view = saved.changeable_by(viewer).select_related("agency").filter(pk=pk).first()
    if view is None:
        raise Http404("There is no such view, or it is not yours to change. Your views are under Saved views.")
    return view
