"""What can they see? The product as an agency or a key would see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partners import access
from partners.actions import looking
from partners.models import Agency, ApiKey, Role
from partners.roles import Permission
from partners.visibility import Viewer


class LookForm(forms.Form):
    """As whom: a role in an agency, or a key."""

    agency = forms.ModelChoiceField(label="Agency", queryset=Agency.objects.none(), required=False, empty_label="None")
    role = forms.ChoiceField(label="Role in it", choices=Role.choices, required=False, initial=Role.VIEWER)
    key = forms.ModelChoiceField(
        label="Or one of your API keys", queryset=ApiKey.objects.none(), required=False, empty_label="None"
    )

    def __init__(self, viewer: Viewer, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].queryset = Agency.objects.filter(left_at=None)  # type: ignore[attr-defined]
        keys = looking.keys_of(viewer).filter(expires__gt=timezone.now())
        self.fields["key"].queryset = keys  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(given.get("agency")) == bool(given.get("key")):
            self.add_error("agency", "Choose an agency, or a key: one of the two.")
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look_as(request: HttpRequest) -> HttpResponse:
    """Chooses as whom to look, and starts."""
    viewer = access.viewer(request)
    if not viewer.may(Permission.LOOK_AS):
        raise PermissionDenied("Only managers, agency administrators and partnership administrators can do this.")
    form = LookForm(viewer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            request.session[access.LOOKING_AS] = looking.look_as(by=viewer, **form.cleaned_data)
        except ValueError as problem:
            form.add_error("agency", str(problem))
        else:
            return redirect("/")
    return render(request, "partners/looking_as.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@never_cache
def stop(request: HttpRequest) -> HttpResponse:
    """Looks as oneself again."""
    if label := access.looking_as(request):
        looking.stop_looking(by=access.viewer(request), label=label)
        del request.session[access.LOOKING_AS]
        messages.success(request, "You see the product as yourself again.")
    return redirect("/looking-as/" if access.viewer(request).may(Permission.LOOK_AS) else "/")
