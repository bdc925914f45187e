"""What a profile's address chooses: years over each other, one scale, composition by quarter or year, boundaries."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from hotspots.models import Area
from reports.models import MonthlySummary
from tests import factories
from tests.factories import summarise
from tests.reports.test_views import MONTHS, SINCE, borough, text, ward_with_everything

__all__ = ["borough"]  # a fixture


def tables(html: bytes, kind: str = "app-months") -> dict[str, list[list[str]]]:
    """Caption -> rows, of the tables of a class."""
    found = {}
    for table in re.findall(rf'<table class="{kind}">.*?</table>', html.decode()):
        caption = unescape(re.search(r"<caption[^>]*>(.*?)</caption>", table)[1])  # type: ignore[index]
        found[caption] = [
            [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>.*?</tr>", table)
        ]
    return found


def test_years_lie_over_each_other_with_a_column_each(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    html = signed_in.get(f"/wards/{ward.code}/?lines=years&months=24").content
    rows = tables(html)["All crime, January 2016 to March 2018"]
    assert rows[0] == ["Month", "2016", "2017", "2018"]
    assert rows[1] == ["Jan", "109", "121", "133"]
    assert rows[4] == ["Apr", "112", "124", ""]
    assert rows[13] == ["Year", f"{sum(range(109, 121)):,}", f"{sum(range(121, 133)):,}", ""]
    drawing = re.search(r'<svg class="app-chart"[^>]*aria-labelledby="main-t.*?</svg>', html.decode())
    assert drawing
    assert sorted(re.findall(r">(20\d\d)</text>", drawing[0])) == ["2016", "2017", "2018"]
    usual = signed_in.get(f"/wards/{ward.code}/?months=24").content
    assert "All crime, April 2016 to March 2018" in tables(usual)
    # Links to types carry the choice over.
    assert "lines=years" in html.decode().split('id="c13-h"')[1][:300]


def test_one_scale_is_the_largest_of_all(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays", types=3)
    number = summarise(ward, "drugs", [400] * MONTHS, since=SINCE)[0].category_id

    def tops(query: str) -> set[str]:
        html = signed_in.get(f"/wards/{ward.code}/?{query}").content.decode()
        cards = re.findall(r'aria-labelledby="c\d+-t.*?</svg>', html)
        return {re.findall(r">([\d,]+)</text></g>", card)[0] for card in cards}

    assert number
    assert tops("scale=same") == {"400"}
    assert len(tops("scale=own")) > 1


@pytest.mark.parametrize(("query", "message"), [("lines=pie", "“pie” is not a way to draw"), ("scale=log", "“log”")])
def test_other_drawings_are_refused_with_a_sentence(signed_in: Client, borough: Area, query: str, message: str) -> None:
    ward = ward_with_everything(borough, "Gooshays", types=1)
    response = signed_in.get(f"/wards/{ward.code}/?{query}")
    assert response.status_code == 400
    assert message in text(response.content)


@pytest.mark.parametrize(("months", "step", "head"), [(12, 3, "Jan to Mar 2018"), (36, 12, "12 months to March 2018")])
def test_shares_are_those_of_the_stored_counts(
    signed_in: Client, borough: Area, months: int, step: int, head: str
) -> None:
    ward = ward_with_everything(borough, "Gooshays", types=6)
    MonthlySummary.objects.filter(area_id=ward.pk, category_id=50).delete()
    summarise(ward, "all-crime", [sum(range(1, 6)) + 5 * index for index in range(MONTHS)], since=SINCE)
    html = signed_in.get(f"/wards/{ward.code}/?months={months}").content
    name = "three months" if step == 3 else "12 months"
    rows = tables(html, "app-months app-shares")[f"Parts of “All crime” by {name}"]
    assert rows[0][-1] == head
    assert len(rows[0]) == 1 + months // step
    # Bicycle theft has as many crimes as the month's number, and one more.
    for column, end in enumerate(range(MONTHS - months + step, MONTHS + 1, step), start=1):
        count = sum(index + 1 for index in range(end - step, end))
        total = sum(15 + 5 * index for index in range(end - step, end))
        row = next(row for row in rows if row[0] == "Bicycle theft")
        assert row[column] == f"{count:,} ({100 * count / total:.0f}%)"
        assert rows[-1][column] == f"{total:,}"


def test_no_share_on_a_small_base_and_none_is_not_zero(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name="Quiet")
    for slug in ("all-crime", "burglary"):
        summarise(ward, slug, [1] * 30 + [None] + [1] * 5, since=SINCE)
    html = signed_in.get(f"/wards/{ward.code}/?months=12").content
    rows = tables(html, "app-months app-shares")["Parts of “All crime” by three months"]
    assert next(row for row in rows if row[0] == "Burglary") == ["Burglary", "3", "3", "–", "3"]
    assert rows[-1] == ["All crime", "3", "3", "–", "3"]
    assert "(" not in "".join(cell for row in rows[1:] for cell in row)


def test_the_boundaries_are_a_switch_at_the_top(signed_in: Client, borough: Area) -> None:
    day = date(2018, 3, 1)
    new = factories.WardFactory(parent=borough, name="Heaton", valid_from=day)
    summarise(new, "all-crime", [50] * 36, since=SINCE, converted=factories.months_from(SINCE, 35))
    old = factories.WardFactory(parent=borough, name="Heaton", valid_to=day)
    summarise(old, "all-crime", [45] * 36, since=SINCE)
    html = signed_in.get(f"/wards/{new.code}/?months=24").content.decode()
    switch = html[html.index('aria-label="Boundaries"') : html.index('id="words"')]
    assert f'<a class="govuk-link" href="/wards/{old.code}/?months=24&amp;category=all-crime">' in switch
    assert 'aria-current="true">Wards from March 2018</strong>' in switch
    assert "where those were not in force, the month is marked" in switch
    back = signed_in.get(f"/wards/{old.code}/").content.decode()
    assert f'href="/wards/{new.code}/?category=all-crime">Wards from March 2018: Heaton' in back


def test_a_profile_with_everything_is_light(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    for query in ("", "lines=years&scale=same"):
        assert len(signed_in.get(f"/wards/{ward.code}/?{query}").content) < 120_000


@pytest.mark.parametrize("counts", [[0] * 36, [0] * 35 + [1], [1], [None] * 36])
@pytest.mark.parametrize("query", ["", "lines=years", "scale=same&months=12", "months=all&lines=years"])
def test_wards_with_nothing_or_one_crime_open(
    signed_in: Client, borough: Area, counts: list[int | None], query: str
) -> None:
    ward = factories.WardFactory(parent=borough, name="Quiet")
    for slug in ("all-crime", "burglary"):
        summarise(ward, slug, counts, since=SINCE, residents=9_000)
    assert signed_in.get(f"/wards/{ward.code}/?{query}").status_code == 200


@pytest.mark.parametrize("kind", ["wards", "boroughs", "forces"])
def test_a_profile_leads_on_to_explore(signed_in: Client, borough: Area, kind: str) -> None:
    ward = ward_with_everything(borough, "Gooshays", types=1)
    assert borough.parent
    summarise(borough.parent, "all-crime", range(1000, 1000 + MONTHS), since=SINCE)
    code = {"wards": ward.code, "boroughs": borough.code, "forces": borough.parent.code}[kind]
    html = signed_in.get(f"/{kind}/{code}/?months=24").content.decode()
    found = re.search(r'href="(/explore/[^"]+)">Explore these figures', html)
    assert found
    answer = signed_in.get(unescape(found[1]), follow=True)
    assert answer.status_code == 200
    assert "All crime" in text(answer.content)
