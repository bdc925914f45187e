"""{% load saved_views %}: what a page that cannot be shown says to the person who saved its address."""

from __future__ import annotations

from typing import Any

from django import template

from reports import saved

register = template.Library()


@register.inclusion_tag("reports/_saved_as.html", takes_context=True)
def saved_as(context: template.Context) -> dict[str, Any]:
    """The views by which the reader may have come here, each with a way to delete it; nothing elsewhere."""
    request = context.get("request")
    return {"views": saved.saved_as(request) if request is not None else []}
