"""Template tags about who sees what: {% load sharing %}."""

from __future__ import annotations

from typing import Any

from django import template

from partners import access

register = template.Library()


@register.inclusion_tag("components/looking_as.html", takes_context=True)
def looking_as(context: template.Context) -> dict[str, Any]:
    """The banner of a person who looks as somebody else, with the way to stop; nothing for others."""
    request = context.get("request")
    return {"label": access.looking_as(request) if request else "", "csrf_token": context.get("csrf_token")}
