"""The style page: every component in use, by the code that makes it everywhere, with made-up figures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from partners.access import viewer
from partners.roles import Permission
from reports.presenters import style
from reports.views.kept import bad_request, region


@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """The components in use. Only partnership administrators find the page."""
    if not viewer(request).may(Permission.MANAGE_AGENCIES):
        raise Http404
    form = style.StyleForm(request.GET)
    if not form.is_valid():
        return bad_request(request, str(next(iter(form.errors.values()))[0]), reverse("reports:style"))
    content = render_to_string("reports/_style.html", {"page": style.page(form)})
    return region(request, {"title": "Style", "content": content})
