"""Choosing areas: ticked where there are few, typed where there are many; what is not known is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from hotspots import queries
from partners import areas
from partners.areas import Choice
from partners.forms.areas import AreasField, resolve
from tests.factories import BoroughFactory, WardFactory

HAVERING = [
    Choice("E09000016", "Havering", ""),
    Choice("E05013968", "Gooshays", "Havering"),
    Choice("E05013970", "Park", "Havering"),
]
BARKING = [Choice("E09000002", "Barking", ""), Choice("E05000001", "Park", "Barking")]
FEW = [*HAVERING, *BARKING]
MANY = [*FEW, *(Choice(f"E0509{n:04d}", f"Ward {n}", "Barking") for n in range(200))]


class Narrow(forms.Form):
    area_codes = AreasField(label="Areas", help_text="Which records the key reads.")


@pytest.fixture
def few() -> Iterator[None]:
    areas.provide(lambda: FEW)
    yield
    areas.provide(queries.area_choices)


@pytest.fixture
def many() -> Iterator[None]:
    areas.provide(lambda: MANY)
    yield
    areas.provide(queries.area_choices)


def drawn(form: forms.Form) -> str:
    return Template("{% load govuk %}{% govuk_field form.area_codes %}").render(Context({"form": form}))


def test_few_are_ticked(few: None) -> None:
    html = drawn(Narrow(initial={"area_codes": ["E05013968"]}))
    assert html.count('type="checkbox"') == len(FEW)
    assert html.count(" checked") == 1
    assert "Wards of Havering (1 ticked)" in html
    assert '<details class="govuk-details app-areas" open>' in html
    assert "Which records the key reads. Tick none for everywhere." in html
    form = Narrow(QueryDict("area_codes=E05013968&area_codes=E09000002"))
    assert form.is_valid()
    assert form.cleaned_data == {"area_codes": ["E05013968", "E09000002"]}


def test_many_are_typed(many: None) -> None:
    html = drawn(Narrow(initial={"area_codes": ["E05013968", "E05000001"]}))
    assert 'type="checkbox"' not in html
    assert ">Gooshays\nPark, Barking</textarea>" in html
    assert 'aria-describedby="id_area_codes_hint"' in html
    typed = QueryDict(mutable=True)
    typed["area_codes"] = " gooshays \r\n\r\npark, barking\nE09000016\nGooshays"
    form = Narrow(typed)
    assert form.is_valid()
    assert form.cleaned_data == {"area_codes": ["E05013968", "E05000001", "E09000016"]}


def test_nothing_and_everywhere_are_everywhere(few: None) -> None:
    for sent in ("", "area_codes=", "area_codes=Everywhere"):
        form = Narrow(QueryDict(sent))
        assert form.is_valid()
        assert form.cleaned_data == {"area_codes": []}


def test_what_is_not_known_is_named_and_stays_to_be_mended(many: None) -> None:
    form = Narrow(QueryDict("area_codes=Goosehays%0AGooshays%0ANowhere"))
    assert not form.is_valid()
    assert form.errors["area_codes"] == [
        "No borough or ward in force is called “Goosehays”, “Nowhere”. Write names as the wards page does, or codes."
    ]
    html = drawn(form)
    assert ">Goosehays\nGooshays\nNowhere</textarea>" in html
    assert "govuk-textarea--error" in html


def test_a_name_of_two_wards_is_not_guessed(few: None) -> None:
    form = Narrow(QueryDict("area_codes=Park"))
    assert form.errors["area_codes"] == ["There is more than one “Park”. Write “Park, Havering” or “Park, Barking”."]


def test_what_is_out_of_force_may_stay_where_it_was(few: None) -> None:
    form = Narrow(QueryDict("area_codes=E05000312"), initial={"area_codes": ["E05000312"]})
    field = form.fields["area_codes"]
    assert isinstance(field, AreasField)
    field.keeping(["E05000312"])
    assert form.is_valid()
    assert form.cleaned_data == {"area_codes": ["E05000312"]}
    assert "E05000312 (not in force now)" in drawn(form)
    assert not Narrow(QueryDict("area_codes=E05000312")).is_valid()


def test_text_is_escaped(few: None) -> None:
    assert "<script>" not in drawn(Narrow(QueryDict("area_codes=<script>alert(1)</script>")))


def test_an_absurd_list_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 1,000 areas; these are 1,001"):
        resolve(["x"] * 1001, FEW)


@pytest.mark.django_db
def test_reads_the_areas_in_force_once(django_assert_num_queries: object) -> None:
    ward = WardFactory(name="Gooshays", parent=BoroughFactory(name="Havering"))
    with django_assert_num_queries(1):  # type: ignore[operator]
        form = Narrow(QueryDict("area_codes=gooshays"))
        assert form.is_valid()
    assert form.cleaned_data == {"area_codes": [ward.code]}
