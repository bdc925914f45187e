"""Broken glass: opening what is withheld of one record, and the list of openings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partners import trail_words
from partners.access import viewer
from partners.actions import glass as actions
from partners.models import BreakGlass, Membership, User, record_types
from partners.roles import Permission
from partners.visibility import Viewer

MOST_SHOWN = 50


class GlassForm(forms.Form):
    """Which record, and why."""

    record = forms.RegexField(
        label="Reference of the record",
        regex=re.compile(r"[a-z-]{1,40}:[0-9]{1,18}"),
        help_text="The link on the record's page fills it in. The page /activity/12/ shows intervention:12.",
        error_messages={
            "required": "Enter the reference of the record, for example intervention:12.",
            "invalid": "A reference looks like intervention:12.",
        },
    )
    reason = forms.CharField(
        label="Why you need to see what is withheld",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="At least 10 characters. The owner reads it.",
        error_messages={"required": "Give a reason: the owner reads it."},
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One opening. `reason` is shown to the owner and to who gave it."""

    pk: int
    record: str
    href: str
    owner: str
    by: str
    reason: str
    opened_at: datetime
    expires: datetime
    is_open: bool
    may_end: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def glass(request: HttpRequest) -> HttpResponse:
    """The form that breaks the glass, what is open, and what others opened of one's own agency's records."""
    looks = viewer(request)
    may_open = looks.may(Permission.BREAK_GLASS)
    if not may_open and not looks.may(Permission.READ_AUDIT):
        raise PermissionDenied("Only managers and administrators of an agency see this page.")
    form = None
    if may_open:
        posted = request.POST if request.method == "POST" else None
        form = GlassForm(posted, initial={"record": request.GET.get("record", "")[:60]})
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("Only a manager can break the glass.")
        if form.is_valid() and (opened := _open(request, looks, form)):
            minutes = actions.MINUTES
            messages.success(
                request, f"You see all of {_name(opened).lower()} for {minutes} minutes, and its owner is told."
            )
            return redirect(record_page(opened.record_type, opened.record_id) or "partners:glass")
    asked = "record" in request.GET or request.method == "POST"
    context = {"form": form, "asked": asked, "rows": _rows(looks), "minutes": actions.MINUTES}
    return render(request, "partners/glass.html", context, status=422 if form and form.errors else 200)


def _open(request: HttpRequest, looks: Viewer, form: GlassForm) -> BreakGlass | None:
    kind, number = form.cleaned_data["record"].split(":")
    try:
        return actions.open_glass(
            by=looks,
            record_type=kind,
            record_id=int(number),
            reason=form.cleaned_data["reason"],
            page=request.build_absolute_uri(reverse("partners:glass")),
        )
    except ValueError as problem:
        form.add_error("reason" if "reason" in str(problem) else "record", str(problem))
        return None


@require_POST
@never_cache
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Withholds again what was opened."""
    looks = viewer(request)
    found = BreakGlass.objects.select_related("owner").filter(pk=pk).first()
    if found is None or not actions.may_end(looks, found):
        raise Http404("There is no such opening that you could end.")
    actions.end_glass(by=looks, glass=found)
    messages.success(request, f"{_name(found)} is withheld again.")
    return redirect("partners:glass")


def _rows(looks: Viewer) -> list[Row]:
    """The openings that the reader made, and those of records of agencies whose audit trail the reader reads."""
    concerned = Q(owner__in=looks.agencies_with_parts(Permission.READ_AUDIT))
    if looks.user and not looks.looking_as:
        concerned |= Q(opened_by=looks.user)
    found = BreakGlass.objects.filter(concerned).select_related("owner", "opened_by").order_by("-opened_at", "-pk")
    now_in = Prefetch("opened_by__memberships", Membership.objects.current().select_related("agency"))
    return [
        Row(
            glass.pk,
            _name(glass),
            record_page(glass.record_type, glass.record_id),
            glass.owner.name,
            _who(glass.opened_by),
            glass.reason,
            glass.opened_at,
            glass.expires,
            glass.expires > looks.now,
            glass.expires > looks.now and actions.may_end(looks, glass),
        )
        for glass in found.prefetch_related(now_in)[:MOST_SHOWN]
    ]


def _who(user: User) -> str:
    """ "Morgan Manager (Havering Council)": with the agencies that the person is of now."""
    agencies = ", ".join(sorted({role.agency.name for role in user.memberships.all()}))
    return f"{user} ({agencies})" if agencies else str(user)


def _name(glass: BreakGlass) -> str:
    return trail_words.reference(f"{glass.record_type}:{glass.record_id}")


def record_page(kind: str, pk: int) -> str:
    """A record's page; "" where its type has none."""
    model = record_types().get(kind)
    return reverse(model.PAGE, args=[pk]) if model and model.PAGE else ""
