"""Options of a `select` are escaped, and the one asked for is chosen."""

from __future__ import annotations

from django.template import engines


def render(text: str, **context: object) -> str:
    return str(engines["django"].from_string("{% load choices %}" + text).render(context))


def test_options() -> None:
    html = render("{{ them|options:value }}", them=[("a&b", "A <b>"), ("", "None"), ("7", "Seven")], value=7)
    assert html == (
        '<option value="a&amp;b">A &lt;b&gt;</option><option value="">None</option>'
        '<option value="7" selected>Seven</option>'
    )


def test_groups_of_options() -> None:
    html = render("{{ them|option_groups:value }}", them=[('"Theft"', [("a", "A")]), ("Empty", [])], value="a")
    assert html == (
        '<optgroup label="&quot;Theft&quot;"><option value="a" selected>A</option></optgroup>'
        '<optgroup label="Empty"></optgroup>'
    )
