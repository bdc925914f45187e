"""The options of a `select` as text: {% load choices %}. Loops of a template over long lists cost too much time."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def options(choices: Iterable[tuple[str, str]], value: object) -> SafeString:
    """{{ choices|options:value }}: (value, text) of each, the one that is `value` chosen."""
    chosen = str(value)
    made = [
        f'<option value="{escape(key)}"{" selected" if str(key) == chosen else ""}>{escape(text)}</option>'
        for key, text in choices
    ]
    return mark_safe("".join(made))  # noqa: S308 - escaped above


@register.filter
def option_groups(groups: Iterable[tuple[str, Iterable[tuple[str, str]]]], value: object) -> SafeString:
    """{{ groups|option_groups:value }}: (heading, choices) of each."""
    made = [f'<optgroup label="{escape(heading)}">{options(choices, value)}</optgroup>' for heading, choices in groups]
    return mark_safe("".join(made))  # noqa: S308 - escaped above
