"""Pages whose content is the same for everybody: made once for each address and version of the figures, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.safestring import mark_safe

from hotspots import categories
from reports import pages, queries
from reports.forms import SCHEMES
from reports.keeping import kept
from reports.queries import Place
from reports.words import month_name

# Pages are kept for as long as the figures stay the same; areas may change without them, so not for ever.
KEEP_SECONDS = 600
# Where in a page's content its reader's own part stands.
PERSONAL = "<!-- personal -->"


class NotAsked(Exception):
    """The address asks for what is not there. The message is a sentence; `href` is a way on."""

    def __init__(self, sentence: str, href: str) -> None:
        super().__init__(sentence)
        self.href = href


def not_asked(problem: Exception, href: str) -> NotAsked:
    """What pages raise where an area has no such figures, as a sentence and a way on."""
    if isinstance(problem, pages.NoFigures):
        has = [
            f"{SCHEMES[scheme]} has {month_name(span.first)} to {month_name(span.last)}"
            for scheme, span in problem.spans.items()
            if scheme in (categories.POLICE_UK, categories.MPS)
        ]
        there = "; ".join(has) or "nothing is loaded"
        return NotAsked(f"There are no such figures for {problem.place.name}: {there}.", href)
    return NotAsked(str(problem), href)


def one_of(boroughs: Sequence[Place], code: str) -> Place:
    """The borough that an address names. Raises Http404."""
    found = next((borough for borough in boroughs if borough.code == code), None)
    if found is None:
        raise Http404(f"No borough with wards and figures has the code {code[:40]}.")
    return found


def kept_page(
    request: HttpRequest,
    form: Form,
    template: str,
    build: Callable[[], dict[str, Any]],
    extra: str = "",
    version: int | None = None,
    personal: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """The page with its content, built once for each address and version of the figures and shared by everybody.

    `build` makes the context of `template`, with `title` and perhaps `crumbs` or `section` (the template of the
    section's own navigation, which stands above the content); it may raise NotAsked. The content holds
    nothing of the person who looks at it: that is the answer of `personal`, which is given the context's `about` and
    takes the place of the content's PERSONAL. `version` is that of the figures, where the caller knows it.
    """
    address = f"{request.path} {extra} {sorted((name, str(value)) for name, value in form.cleaned_data.items())}"
    version = queries.data_version() if version is None else version
    key = f"page:{version}:{hashlib.sha256(address.encode()).hexdigest()}"

    def make() -> dict[str, Any]:
        context = build()
        made = {name: context.get(name) for name in ("title", "crumbs", "section", "about")}
        return {**made, "html": render_to_string(template, context)}

    try:
        content = kept(key, KEEP_SECONDS, make)
    except NotAsked as problem:
        return bad_request(request, str(problem), problem.href)
    html = content["html"].replace(PERSONAL, personal(content["about"]), 1) if personal else content["html"]
    return region(request, {**content, "content": mark_safe(html)})  # noqa: S308 - rendered templates


def region(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """`content` under `title` (and `crumbs`) as a whole page; to htmx, just the region that it refreshes."""
    # Set by django_htmx's middleware, which the type of a request does not know.
    template = "reports/_region.html" if request.htmx else "reports/page.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    patch_cache_control(response, private=True, no_cache=True)  # published figures: the browser may keep, and must ask
    return response


def bad_request(request: HttpRequest, sentence: str, href: str) -> HttpResponse:
    """A page that says what is wrong with the address and where to go on. Status 400."""
    return render(request, "reports/bad_request.html", {"sentence": sentence, "href": href}, status=400)
