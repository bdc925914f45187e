"""{% load audit %}: the way from a record to who looked at it."""

from __future__ import annotations

from django import template
from django.urls import reverse

from partners import trail
from partners.access import viewer
from partners.models import Record

register = template.Library()


@register.inclusion_tag("components/audit_link.html", takes_context=True)
def audit_link(context: template.Context, record: Record) -> dict[str, str]:
    """ "Who looked at this?", for people of the agency that owns the record; nothing for others."""
    shown = record.is_restricted and trail.is_own(viewer(context["request"]), record)
    return {"href": reverse("partners:audit-of", args=[record.type, record.pk]) if shown else ""}
