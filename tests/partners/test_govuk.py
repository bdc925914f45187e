"""Template tags for GOV.UK Frontend's components."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory


def render(source: str, request: HttpRequest | None = None, **context: object) -> str:
    """What a template with the tags loaded makes, with runs of white space as one blank."""
    page = Template("{% load govuk %}" + source).render(Context({"request": request, **context}))
    return re.sub(r"\s+", " ", page).strip()


class Example(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As on your badge", widget=forms.TextInput(attrs={"placeholder": "never"}))
    kind = forms.ChoiceField(choices=[("a", "Apples"), ("b", "Bread")])
    way = forms.ChoiceField(choices=[("a", "By air"), ("b", "By boat")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput)


def field(name: str, data: dict[str, str] | None = None) -> str:
    return render("{% govuk_field field %}", field=Example(data)[name])


def test_field_has_label_hint_and_no_placeholder() -> None:
    html = field("name")
    assert '<label class="govuk-label" for="id_name">Name</label>' in html
    assert '<div class="govuk-hint" id="id_name_hint">As on your badge</div>' in html
    assert 'aria-describedby="id_name_hint"' in html
    assert "placeholder" not in html
    assert "error" not in html


def test_field_names_its_error() -> None:
    html = field("name", {})
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'class="govuk-input govuk-input--error"' in html
    assert "This field is required." in html


def test_what_people_typed_is_escaped() -> None:
    html = field("name", {"name": '"><script>'})
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("kind", '<select name="kind" class="govuk-select"'),
        ("way", '<input class="govuk-radios__input" type="radio" id="id_way_1" name="way" value="b">'),
        ("many", '<input class="govuk-checkboxes__input" type="checkbox" id="id_many_1" name="many" value="b">'),
        ("agreed", 'class="govuk-checkboxes__input"'),
    ],
)
def test_each_kind_of_field(name: str, part: str) -> None:
    assert part in field(name)


def test_hidden_field_has_no_label() -> None:
    assert field("token") == '<input type="hidden" name="token" id="id_token">'


def test_errors_lead_to_their_fields() -> None:
    html = render('{% include "components/error_summary.html" %}', form=Example({}))
    assert '<a href="#id_name">This field is required.</a>' in html
    assert '<a href="#id_way_0">This field is required.</a>' in html
    assert render('{% include "components/error_summary.html" %}', form=Example()) == ""


def test_pagination_keeps_the_query() -> None:
    request = RequestFactory().get("/data/imports/?q=a%26b&page=2")
    html = render("{% pagination page %}", request, page=Paginator(range(100), 10).page(2))
    assert 'href="?q=a%26b&amp;page=3" rel="next"' in html
    assert 'aria-label="Page 2" aria-current="page"' in html
    assert html.count("govuk-pagination__item--ellipses") == 1
    assert render("{% pagination page %}", request, page=Paginator(range(3), 10).page(1)) == ""


def test_breadcrumbs_escape_names() -> None:
    html = render('{% breadcrumbs "Data" "/data/" here=name %}', name="a<b>.csv")
    assert '<a class="govuk-breadcrumbs__link" href="/data/">Data</a>' in html
    assert '<li class="govuk-breadcrumbs__list-item" aria-current="page">a&lt;b&gt;.csv</li>' in html


@pytest.mark.parametrize(
    ("path", "mark"), [("/data/", 'aria-current="page"'), ("/data/imports/", 'aria-current="true"'), ("/wards/", "")]
)
def test_the_menu_marks_page_and_section(path: str, mark: str) -> None:
    html = render('{% navigation_item "/data/" "Data" %}', RequestFactory().get(path))
    assert re.findall(r'aria-current="\w+"', html) == ([mark] if mark else [])
