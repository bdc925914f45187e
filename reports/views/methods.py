"""The methods page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports import methods
from reports.words import SMALLEST_BASE


@require_safe
def methods_page(request: HttpRequest) -> HttpResponse:
    """How each number is made."""
    return render(
        request,
        "reports/methods.html",
        {"page": methods.page(), "contents": methods.CONTENTS, "smallest_base": SMALLEST_BASE},
    )
