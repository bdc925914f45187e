"""Template tags for GOV.UK Frontend's components: {% load govuk %}."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    HiddenInput,
    RadioSelect,
    Select,
    Textarea,
)

from partners.access import viewer
from partners.forms.areas import AreasInput
from partners.roles import Permission

register = template.Library()


@register.inclusion_tag("components/navigation_item.html", takes_context=True)
def navigation_item(context: template.Context, href: str, text: str, *also: str) -> dict[str, Any]:
    """One entry of the menu. Marked as the current page, or as its section where the page lies under it.

    `also` are other addresses whose pages belong to the section.
    """
    request = context.get("request")
    path = request.path if request else ""
    return {
        "href": href,
        "text": text,
        "current": path == href,
        "active": path == href or (href != "/" and path.startswith((href, *also))),
    }


@register.inclusion_tag("components/section_item.html", takes_context=True)
def section_item(
    context: template.Context, href: str, text: str, needs: str = "", *, exact: bool = False
) -> dict[str, Any]:
    """One entry of a section's own navigation, marked where the page is it or, unless `exact`, lies under it.

    `needs` is a permission: only those who have it somewhere are shown the entry.
    """
    request = context["request"]
    return {
        "href": href,
        "text": text,
        "shown": not needs or viewer(request).may(Permission(needs)),
        "current": request.path == href if exact else request.path.startswith(href),
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*steps: str, here: str = "") -> dict[str, Any]:
    """The way back: {% breadcrumbs "Data" data_url "Imports" imports_url here="latest.zip" %}; `here` is this page."""
    return {"crumbs": list(zip(steps[::2], steps[1::2], strict=True)), "here": here}


@register.inclusion_tag("components/field.html")
def govuk_field(field: BoundField, *, width: str = "", heading: bool = False, inline: bool = False) -> dict[str, Any]:
    """One form field with label, hint (its help text) and error.

    `width` is a GOV.UK class ("govuk-input--width-10"); `heading` makes the label (or legend) the page's h1.
    `inline` puts short radios beside each other.
    Radios, checkboxes of several choices and boxes for areas become a fieldset, a file input a place to drop files on;
    all other widgets are Django's own, with classes.
    """
    widget = field.field.widget
    kind = "input"
    if isinstance(widget, HiddenInput):
        kind = "hidden"
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "checkboxes" if isinstance(widget, CheckboxSelectMultiple) else "radios"
    elif isinstance(widget, AreasInput) and widget.is_group:
        kind = "group"
    elif isinstance(widget, CheckboxInput):
        kind = "checkbox"
    elif isinstance(widget, FileInput):
        kind = "file"
    described_by = [f"{field.id_for_label}_{part}" for part, there in _descriptions(field) if there]
    attributes: dict[str, Any] = {"class": f"{_widget_class(widget, bool(field.errors))} {width}".strip()}
    # GOV.UK style has labels and hints, never a placeholder.
    attributes["placeholder"] = False
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    return {
        "field": field,
        "kind": kind,
        "heading": heading,
        "inline": inline,
        "control": field.as_widget(attrs=attributes),
    }


def _descriptions(field: BoundField) -> list[tuple[str, bool]]:
    return [("hint", bool(field.help_text)), ("error", bool(field.errors))]


def _widget_class(widget: Any, wrong: bool) -> str:
    if isinstance(widget, CheckboxInput):
        return "govuk-checkboxes__input"
    name = "govuk-input"
    for kind, its in ((Select, "govuk-select"), (Textarea, "govuk-textarea"), (FileInput, "govuk-file-upload")):
        if isinstance(widget, kind):
            name = its
    return f"{name} {name}--error" if wrong else name


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list, keeping the rest of the query string; nothing where there is one page."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    rest = query.urlencode()
    return {
        "page": page,
        "numbers": numbers,
        "ellipsis": page.paginator.ELLIPSIS,
        "link": f"?{rest}&{parameter}=" if rest else f"?{parameter}=",
    }
