"""The explore page's address: one short form for each view, and a sentence for whatever cannot be read."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from reports import links
from reports.forms.explore import COMPARE, MAX_SERIES, MEASURES, PERIODS, SCALES, SCHEMES, VIEWS, ExploreForm, canonical

CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,11}(\.wards(\.20[0-2][0-9]-0[1-9]-1[0-9])?)?", fullmatch=True)
SLUGS = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
MONTHS = st.dates(date(1990, 1, 1), date(2060, 1, 1)).map(lambda day: day.replace(day=1))
VIEW = st.fixed_dictionaries(
    {
        "areas": st.lists(CODES, max_size=MAX_SERIES, unique=True),
        "cat": st.lists(SLUGS, max_size=12, unique=True),
        "scheme": st.sampled_from(list(SCHEMES)),
        "from": st.sampled_from(list(PERIODS)) | MONTHS,
        "to": st.none() | MONTHS,
        "measure": st.sampled_from(list(MEASURES)),
        "base": st.none() | MONTHS,
        "view": st.sampled_from(list(VIEWS)),
        "compare": st.sampled_from(list(COMPARE)),
        "scale": st.sampled_from(list(SCALES)),
    }
)


def read(query: str) -> ExploreForm:
    return ExploreForm.read(QueryDict(query))


@given(VIEW)
def test_what_is_read_and_written_is_read_again_alike(asked: dict[str, Any]) -> None:
    form = read(canonical(asked))
    if isinstance(asked["from"], date) and asked["to"] and asked["from"] > asked["to"]:
        assert "backwards" in form.sentence()
        return
    assert form.is_valid(), form.errors
    query = canonical(form.cleaned_data)
    again = read(query)
    assert again.is_valid()
    assert again.cleaned_data == form.cleaned_data
    assert canonical(again.cleaned_data) == query
    assert list(form.cleaned_data["areas"]) == asked["areas"]
    for name in ("scheme", "from", "to", "measure", "view", "compare"):
        assert form.cleaned_data[name] == asked[name]


@given(
    st.text(max_size=80), st.sampled_from(["areas", "cat", "scheme", "from", "to", "measure", "base", "view", "scale"])
)
def test_any_text_is_read_or_refused_in_one_sentence(text: str, name: str) -> None:
    query = QueryDict(mutable=True)
    query[name] = text
    form = ExploreForm.read(query)
    if form.is_valid():
        again = read(canonical(form.cleaned_data))
        assert again.is_valid()
        assert again.cleaned_data == form.cleaned_data
    else:
        assert form.sentence().endswith(".")
        assert len(form.sentence()) < 300


def test_what_is_usual_is_left_out() -> None:
    form = read("areas=E1&areas=E2,E1&cat=all-crime&scheme=police.uk&from=24&to=&measure=count&view=line&compare=areas")
    assert form.is_valid()
    assert canonical(form.cleaned_data) == "areas=E1,E2"


def test_a_plain_form_repeats_and_the_address_is_a_list() -> None:
    form = read("areas=E05013967&areas=E09000016.wards&cat=burglary&cat=robbery&from=36&measure=rate&view=multiples")
    assert form.is_valid()
    assert canonical(form.cleaned_data) == (
        "areas=E05013967,E09000016.wards&cat=burglary,robbery&from=36&measure=rate&view=multiples"
    )


def test_last_is_another_word_for_from_and_means_nothing_beside_it() -> None:
    for query, months in (("last=36", "36"), ("last=36&from=12", "12"), ("last=36&from=", "36")):
        form = read(query)
        assert form.is_valid()
        assert form.cleaned_data["from"] == months


def test_what_means_nothing_to_a_view_is_left_out() -> None:
    form = read("areas=E1&base=2017-03&scale=own")
    assert form.is_valid()
    assert canonical(form.cleaned_data) == "areas=E1"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("areas=E1;DROP", "is not one of the areas"),
        ("areas=E1.wards.2022-13-40", "is not one of the areas"),
        ("areas=" + ",".join(f"E{n}" for n in range(5000)), "5,000 areas at once. A view holds at most 60 series"),
        ("areas=E1&cat=Burglary", "is not one of the categories"),
        ("areas=E1&from=2018-03&to=2017-03", "backwards: from March 2018 to March 2017"),
        ("areas=E1&from=13", "A month looks like"),
        ("areas=E1&measure=guess", "It can be: count, rate"),
        ("areas=E1&view=pie", "It can be: line, bar"),
        ("areas=E1&scheme=x", "is not a source of figures"),
    ],
)
def test_bad_addresses_are_refused_in_a_sentence(query: str, words: str) -> None:
    form = read(query)
    assert not form.is_valid()
    assert words in form.sentence()


def test_links_lead_to_what_they_say() -> None:
    made = links.explore(["E09000016.wards"], ["burglary"], view="heat", **{"from": "12"})
    assert made == "/explore/?areas=E09000016.wards&cat=burglary&from=12&view=heat"
    form = read(urlsplit(made).query)
    assert form.is_valid()
    assert form.cleaned_data["areas"] == ("E09000016.wards",)
