"""The agencies of the partnership: the tree, one of them, adding, changing, leaving and coming back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import directory, ending
from partners.access import person, viewer
from partners.actions import agencies as actions
from partners.actions.rights import keeps_parts
from partners.forms.people import AgencyForm, WhyForm
from partners.models import Agency
from partners.roles import Permission

PEOPLE_A_PAGE = 50
_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


@require_safe
def agency_list(request: HttpRequest) -> HttpResponse:
    """Which agencies take part, each followed by its parts."""
    who = viewer(request)
    context = {
        "rows": directory.tree(who),
        "left": directory.those_that_left(who),
        "may_add": bool(who.agencies(Permission.MANAGE_PEOPLE)),
        "is_partnership": who.may(Permission.MANAGE_AGENCIES),
    }
    return render(request, "partners/agencies.html", context)


@require_safe
def agency_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency; to those who manage its people, also who they are and who is invited."""
    who = viewer(request)
    page = directory.agency_page(who, pk)
    if page is None:
        raise Http404("There is no such agency. All are under Partnership.")
    roles = Paginator(directory.roles_in(page.agency), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "agency": page.agency,
        "roles": roles,
        "people": directory.person_rows(roles, person(request)) if page.may_manage else [],
        "may_keep_keys": who.may(Permission.MANAGE_KEYS, agency=pk),
        "may_read_audit": who.may(Permission.READ_AUDIT, agency=pk),
        "is_partnership": who.may(Permission.MANAGE_AGENCIES),
    }
    return render(request, "partners/agency.html", context)


@require_http_methods(_ASKS_AND_DOES)
def add_agency(request: HttpRequest) -> HttpResponse:
    """The form of a new agency, or of a new part of one (`part_of` in the address)."""
    who = viewer(request)
    if not who.agencies(Permission.MANAGE_PEOPLE):
        raise PermissionDenied(
            "Only administrators of the partnership, or of an agency for its parts, may add agencies."
        )
    whole = request.GET.get("part_of", "")
    form = AgencyForm(
        request.POST if request.method == "POST" else None,
        viewer=who,
        initial={"part_of": whole if whole.isdecimal() else None},
    )
    return _saved(
        request,
        form,
        lambda: actions.add_agency(by=who, **form.cleaned_data),
        {"title": "Add an agency", "agency": None},
    )


@require_http_methods(_ASKS_AND_DOES)
def change_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of an agency that is there."""
    who = viewer(request)
    agency = _there(pk)
    if not keeps_parts(who, agency.part_of_id):
        raise PermissionDenied(
            f"Only a partnership administrator, or an administrator of what {agency} is a part of, may change it."
        )
    form = AgencyForm(
        request.POST if request.method == "POST" else None,
        viewer=who,
        agency=agency,
        initial={
            "name": agency.name,
            "kind": agency.kind,
            "part_of": agency.part_of_id,
            "area_codes": agency.area_codes,
        },
    )
    return _saved(
        request,
        form,
        lambda: actions.change_agency(by=who, agency=agency, **form.cleaned_data),
        {"title": f"Change {agency}", "agency": agency},
    )


@require_http_methods(_ASKS_AND_DOES)
def remove_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """What would end if the agency left the partnership; then it leaves."""
    who = viewer(request)
    agency = _there(pk)
    if not who.may(Permission.MANAGE_AGENCIES):
        raise PermissionDenied("Only a partnership administrator may let an agency leave.")
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_agency(by=who, agency=agency, reason=form.cleaned_data["reason"])
        except ValueError as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, f"{agency} has left the partnership. Its people have no access to it any more.")
            return redirect("partners:agencies")
    what_ends = ending.of_agency(agency)
    context = {
        "agency": agency,
        "form": form,
        "ending": what_ends,
        "parts": [p for p in what_ends.agencies if p != agency],
    }
    return render(request, "partners/remove_agency.html", context, status=422 if form.errors else 200)


@require_POST
def readmit_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an agency that left back."""
    agency = Agency.objects.exclude(left_at=None).filter(pk=pk).first()
    who = viewer(request)
    if agency is None or not who.may(Permission.MANAGE_AGENCIES):
        raise Http404("There is no such agency.")
    try:
        actions.readmit_agency(by=who, agency=agency)
    except ValueError as problem:
        messages.error(request, str(problem))
        return redirect("partners:agencies")
    messages.success(
        request, f"{agency} is in the partnership again. Invite its people anew; its agreements wait for it."
    )
    return redirect("partners:agency", pk=pk)


def _there(pk: int) -> Agency:
    agency = Agency.objects.select_related("part_of").filter(pk=pk, left_at=None).first()
    if agency is None:
        raise Http404("There is no such agency. All are under Partnership.")
    return agency


def _saved(
    request: HttpRequest, form: AgencyForm, act: Callable[[], Agency], context: dict[str, object]
) -> HttpResponse:
    """The page of the form; once it is right, `act` does it and leads to the agency."""
    if request.method == "POST" and form.is_valid():
        try:
            agency = act()
        except ValueError as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"{agency} was saved.")
            return redirect("partners:agency", pk=agency.pk)
    return render(request, "partners/agency_form.html", {"form": form, **context}, status=422 if form.errors else 200)
