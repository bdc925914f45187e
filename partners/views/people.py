"""The people of agencies: their roles, and the accounts of the whole partnership."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from partners import directory, ending
from partners.access import person, viewer
from partners.actions import people as actions
from partners.forms.people import RoleForm
from partners.models import Agency, Membership, User
from partners.roles import Permission

PEOPLE_A_PAGE = 50
_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


class SearchForm(forms.Form):
    """Words of a name or an address."""

    q = forms.CharField(label="Name or e-mail address", required=False, max_length=100)


def managed(request: HttpRequest, pk: int) -> Agency:
    """The agency, whose people the person manages. Which agencies there are is no secret, so others are told so."""
    agency = get_object_or_404(Agency, pk=pk, left_at=None)
    if not viewer(request).may(Permission.MANAGE_PEOPLE, agency=pk):
        raise PermissionDenied(f"Only administrators of {agency} or of the partnership may manage its people.")
    return agency


@require_http_methods(_ASKS_AND_DOES)
def change_role(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """One person's role in an agency, to be changed or narrowed."""
    who = viewer(request)
    held = _held(managed(request, pk), membership)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        viewer=who,
        membership=held,
        initial={"role": held.role, "area_codes": held.area_codes},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(by=who, membership=held, **form.cleaned_data)
        except ValueError as problem:
            form.add_error("role", str(problem))
            held.refresh_from_db()
        else:
            messages.success(request, f"{held.user} is {held.get_role_display()} in {held.agency} from now on.")
            return redirect("partners:agency", pk=pk)
    context = {"held": held, "form": form, "is_partnership": who.may(Permission.MANAGE_AGENCIES)}
    return render(request, "partners/change_role.html", context, status=422 if form.errors else 200)


@require_http_methods(_ASKS_AND_DOES)
def end_role(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """What would end with a role; then it ends. One's own may be given up without being an administrator."""
    who = viewer(request)
    agency = get_object_or_404(Agency, pk=pk, left_at=None)
    own = Membership.objects.current().filter(pk=membership, agency=agency, user=person(request)).exists()
    held = _held(agency if own else managed(request, pk), membership)
    problem = ""
    if request.method == "POST":
        try:
            actions.end_role(by=who, membership=held)
        except ValueError as error:
            problem = str(error)
        else:
            messages.success(request, f"{held.user} is no longer {held.get_role_display()} in {agency}.")
            return redirect("partners:agency", pk=pk) if person(request) != held.user else redirect("/")
    context = {"held": held, "ending": ending.of_membership(held), "problem": problem, "own": own}
    return render(request, "partners/end_role.html", context, status=422 if problem else 200)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, for partnership administrators."""
    _partnership(request)
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(directory.people(words), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    rows = [(user, directory.roles_of(user)) for user in page]
    return render(request, "partners/people.html", {"form": form, "page": page, "rows": rows, "words": words})


@require_http_methods(_ASKS_AND_DOES)
def switch_person(request: HttpRequest, pk: int) -> HttpResponse:
    """What would end if an account was switched off; then it is. Or the account, to be switched on again."""
    _partnership(request)
    user = get_object_or_404(User, pk=pk)
    problem = ""
    if request.method == "POST":
        on = request.POST.get("do") == "on"
        try:
            (actions.activate_person if on else actions.deactivate_person)(by=viewer(request), user=user)
        except ValueError as error:
            problem = str(error)
        else:
            messages.success(
                request,
                f"{user} may sign in again. Invite {user} to the agencies where a role is needed."
                if on
                else f"{user} is signed out everywhere and cannot sign in any more.",
            )
            return redirect("partners:people")
    context = {"who": user, "ending": ending.of_person(user), "problem": problem}
    return render(request, "partners/person.html", context, status=422 if problem else 200)


def _held(agency: Agency, membership: int) -> Membership:
    found = Membership.objects.current().select_related("user", "agency").filter(pk=membership, agency=agency).first()
    if found is None:
        raise Http404("Nobody has this role any more. The agency's page shows who has one.")
    return found


def _partnership(request: HttpRequest) -> None:
    if not viewer(request).may(Permission.MANAGE_AGENCIES):
        raise PermissionDenied("Only partnership administrators may see everybody's accounts.")
