"""What each role may do."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners import role_table
from partners.access import person
from partners.roles import Role


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The table of roles and permissions, the reader's own roles marked."""
    mine: dict[Role, list[str]] = defaultdict(list)
    held = person(request).current_memberships().values_list("role", "agency__name").order_by("agency__name")
    for role, agency in held:
        mine[Role(role)].append(agency)
    return render(request, "partners/roles.html", {"columns": role_table.columns(mine), "rows": role_table.rows()})
