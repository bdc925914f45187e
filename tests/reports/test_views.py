"""The pages: what they show is what is stored; their cost does not grow; they answer bad addresses with a way on."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from hotspots import categories
from hotspots.models import Area, Source
from reports.models import MonthlySummary
from tests import factories
from tests.factories import summarise

SINCE = date(2015, 4, 1)
MONTHS = 36


def ward_with_everything(borough: Area, name: str, types: int = 14) -> Area:
    """A ward with 36 months of crime, searches and outcomes, a shape and residents."""
    ward = factories.WardFactory(parent=borough, name=name, valid_to=date(2022, 5, 5))
    factories.BoundaryFactory(area=ward)
    factories.PopulationFactory(area=ward, residents=17_100)
    plain = [d.slug for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK and not d.members][:types]
    for index, slug in enumerate(plain):
        summarise(ward, slug, range(index, index + MONTHS), since=SINCE)
    summarise(ward, "all-crime", range(100, 100 + MONTHS), since=SINCE, residents=17_100)
    summarise(ward, "all-searches", range(30, 30 + MONTHS), since=SINCE, scheme=categories.SEARCH)
    for slug, count in (("all-outcomes", 20), ("charged-or-summonsed", 5), ("no-suspect-identified", 15)):
        summarise(ward, slug, [count] * MONTHS, since=SINCE, scheme=categories.OUTCOME)
    return ward


@pytest.fixture
def borough(db: None) -> Area:
    """Havering, policed by the Metropolitan Police, with 36 months of its own and the files they came from."""
    force = factories.ForceFactory(code="metropolitan", name="Metropolitan Police Service")
    borough = factories.BoroughFactory(name="Havering", code="E09000016", parent=force)
    summarise(borough, "all-crime", range(1000, 1000 + MONTHS), since=SINCE)
    met = factories.PublisherFactory(slug="metropolitan", name="Metropolitan Police Service", area=force)
    transport = factories.PublisherFactory(slug="btp", name="British Transport Police", area=None)
    for month in factories.months_from(SINCE, MONTHS):
        factories.SliceFactory(publisher=met, month=month)
        if month != date(2017, 8, 1):
            factories.SliceFactory(publisher=transport, month=month)
        factories.SliceFactory(publisher=met, month=month, source=Source.SEARCHES)
    return borough


def text(html: bytes) -> str:
    """What a reader reads, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode())))


def forget_pages() -> None:
    """Empties the cache of the pages that it keeps."""
    for key in cache._cache.get_client().scan_iter("*page:*"):  # type: ignore[attr-defined]
        cache._cache.get_client().delete(key)  # type: ignore[attr-defined]


def queries(client: Client, path: str) -> int:
    """How many queries a page costs with its content not yet kept; the session and the map's shapes are known."""
    forget_pages()
    client.get(path)
    forget_pages()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_profile_says_and_draws_what_is_stored(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    response = signed_in.get(f"/wards/{ward.code}/")
    words = text(response.content)
    assert "In March 2018 police recorded 135 crimes in Gooshays, 12 more (10%) than in March 2017 (123)." in words
    assert "The total of the 12 months to March 2018 was 1,554, 144 more (10%) than in the 12 months before" in words
    assert "The rate is 7.9 crimes per 1,000 residents (17,100 residents, 2015)." in words
    assert "police carried out 65 stop and searches in Gooshays" in words
    assert "240 outcomes recorded from April 2017 to March 2018" in words
    assert re.search(r"No suspect identified 180 75%", words)
    assert "British Transport Police did not report August 2017." in words
    assert "Metropolitan Police Service; loaded" in words
    assert len(response.content) < 120_000


def test_every_figure_of_the_profiles_tables_is_the_stored_one(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    html = signed_in.get(f"/wards/{ward.code}/").content.decode()
    names = {d.number: d.name for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK}
    shown = {}
    for table in re.findall(r'<table class="app-months">.*?</table>', html):
        name = unescape(re.search(r"<caption[^>]*>(.*?), \w+ \d{4} to", table)[1])  # type: ignore[index]
        rows = re.findall(r"<tr>(.*?)</tr>", table)[1:13]
        columns = zip(*(re.findall(r"<td>(.*?)</td>", row) for row in rows), strict=True)
        shown[name] = [int(cell.replace(",", "")) for column in columns for cell in column]
    stored = MonthlySummary.objects.filter(area_id=ward.pk, category_id__lt=51).order_by("category_id", "month")
    expected: dict[str, list[int | None]] = {}
    for row in stored:
        expected.setdefault(names[row.category_id], []).append(row.count)
    assert len(expected) == 15
    assert {name: shown[name] for name in expected} == expected


def test_a_boroughs_profile_leads_to_the_same_figures_in_each_ward(signed_in: Client, borough: Area) -> None:
    ward_with_everything(borough, "Gooshays")
    summarise(borough, "burglary", range(10, 10 + MONTHS), since=SINCE)
    html = signed_in.get("/boroughs/E09000016/?category=burglary&month=2018-01").content.decode()
    href = "/wards/?borough=E09000016&amp;category=burglary&amp;month=2018-01"
    assert f'href="{href}">Burglary in each ward</a>' in html
    assert "Burglary, January 2018 Wards of Havering" in text(signed_in.get(href.replace("&amp;", "&")).content)
    assert re.search(r'href="[^"]*wards=2010-05-06&amp;category=burglary&amp;month=2018-01">1 wards until May', html)


def test_wards_far_above_the_boroughs_rate_are_named_beside_the_rates(signed_in: Client, borough: Area) -> None:
    far = factories.WardFactory(parent=borough, name="Town", valid_to=date(2022, 5, 5))
    few = factories.WardFactory(parent=borough, name="Hamlet", valid_to=date(2022, 5, 5))
    for place, count, residents in ((borough, 300, 150_000), (far, 20, 6_600), (few, 19, 2_000)):
        summarise(place, "robbery", [count] * MONTHS, since=SINCE, residents=residents)
    words = text(signed_in.get("/wards/?borough=E09000016&category=robbery").content)
    assert "Per 1,000: the count of March 2018 per 1,000 residents; a few crimes move a ward's rate." in words
    assert "Far above the borough's: Town. In a town centre most people present live elsewhere" in words


def test_the_wards_table_is_the_stored_figures(signed_in: Client, borough: Area) -> None:
    first, second = ward_with_everything(borough, "Gooshays"), factories.WardFactory(parent=borough, name="Heaton")
    summarise(second, "all-crime", [3] * 23 + [None] * 12 + [900], since=SINCE)
    Area.objects.filter(pk=second.pk).update(valid_from=first.valid_from, valid_to=first.valid_to)
    html = signed_in.get("/wards/?borough=E09000016&sort=-count").content.decode()
    rows = [
        [unescape(strip_tags(cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)[:6]]
        for row in re.findall(r'<tr class="govuk-table__row"><th scope="row".*?</tr>', html)
    ]
    assert rows == [
        ["Heaton", "900", "–", "Not known", "–", "–"],
        ["Gooshays", "135", "123", "12 more (10%)", "7.9", "1,554"],
        ["All of Havering", "1,035", "1,023", "12 more (1%)", "–", "12,354"],
    ]
    sorter = '<a class="govuk-link govuk-link--no-visited-state" href="/wards/?borough=E09000016&amp;sort=count"'
    assert f'aria-sort="descending">{sorter}' in html
    assert f'href="/wards/{first.code}/" data-area="{first.pk}"><title>Gooshays: 135</title>' in html


def test_unknown_months_are_not_zero_anywhere(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name="Heaton")
    summarise(ward, "all-crime", [5] * 35 + [None], since=SINCE)
    usual = text(signed_in.get(f"/wards/{ward.code}/").content)
    assert "In February 2018 police recorded 5 crimes in Heaton" in usual
    assert "The newest whole month here is February 2018, though files to March 2018 are loaded." in usual
    words = text(signed_in.get(f"/wards/{ward.code}/?month=2018-03").content)
    assert "How many crimes police recorded in Heaton in March 2018 is not known. In March 2017 it was 5." in words
    assert "Per 1,000 residents Not known" in words
    assert "no crimes" not in words


def test_converted_months_are_marked_and_explained(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name="Heaton", valid_from=date(2018, 3, 1))
    summarise(ward, "all-crime", [50] * 36, since=SINCE, converted=factories.months_from(SINCE, 35))
    old = factories.WardFactory(parent=borough, name="Heaton", valid_to=date(2018, 3, 1))
    html = signed_in.get(f"/wards/{ward.code}/").content
    words = text(html)
    assert b"50\xe2\x80\xa0</td>" in html
    assert "These are the boundaries in force from 1 March 2018." in words
    assert "Wards until February 2018: Heaton" in words
    assert f'href="/wards/{old.code}/?category=all-crime"'.encode() in html


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("boroughs/E09000016", "police recorded 1,035 crimes in Havering"),
        ("forces/metropolitan", "Metropolitan Police Service recorded 1,035 crimes,"),
    ],
)
def test_boroughs_and_forces_have_the_same_page(signed_in: Client, borough: Area, kind: str, said: str) -> None:
    assert borough.parent is not None
    summarise(borough.parent, "all-crime", range(1000, 1000 + MONTHS), since=SINCE)
    assert said in text(signed_in.get(f"/{kind}/").content)


@pytest.mark.parametrize("months", [1, 11])
def test_a_profile_of_less_than_a_year(signed_in: Client, borough: Area, months: int) -> None:
    ward = factories.WardFactory(parent=borough, name="Gooshays")
    summarise(ward, "all-crime", [7] * months, since=SINCE)
    summarise(ward, "all-searches", [2] * months, since=SINCE, scheme=categories.SEARCH)
    words = text(signed_in.get(f"/wards/{ward.code}/").content)
    assert "police recorded 7 crimes in Gooshays" in words
    assert re.search(r"total of the 12 months to \w+ \d+ is not known: .* 2015 (is|are) not known\.", words)


def test_the_wards_page_says_which_ward_rose_and_which_fell_most(signed_in: Client, borough: Area) -> None:
    for name, before, now in (("Gooshays", 30, 12), ("Heaton", 30, 41), ("Harold Wood", 30, 34)):
        ward = factories.WardFactory(parent=borough, name=name)
        summarise(ward, "all-crime", [before] * 35 + [now], since=SINCE)
    said = "Against March 2017, Heaton rose most (by 11, from 30 to 41) and Gooshays fell most (by 18, from 30 to 12)."
    words = text(signed_in.get("/wards/").content)
    assert f"{said} Among 3 wards, some rise and some fall this way by chance alone." in words


def test_the_wards_map_hatches_what_was_reported_in_part(signed_in: Client, borough: Area) -> None:
    for name, count in (("Gooshays", 1), ("Heaton", 0)):
        ward = factories.WardFactory(parent=borough, name=name)
        factories.BoundaryFactory(area=ward)
        part = {date(2018, 3, 1): int(MonthlySummary.Coverage.PARTIAL)}
        summarise(ward, "all-crime", [20] * 35 + [count], since=SINCE, residents=30_000, coverage=part)
    html = signed_in.get("/wards/?month=2018-03&show=rate").content.decode()
    assert 'fill="url(#part-' in html
    assert "under 0.1" in html
    assert "Rates are per 1,000 usual residents" in html
    assert 'fill="url(#part-' not in signed_in.get("/wards/?month=2018-02").content.decode()


def test_the_metropolitan_tables_have_a_chart_for_each_heading(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    for slug in ("all-crime", "major-theft", "shoplifting", "other-theft"):
        summarise(ward, slug, [40] * MONTHS, since=SINCE, scheme=categories.MPS)
    headings = text(signed_in.get(f"/wards/{ward.code}/?scheme=mps").content)
    assert "40 in March 2018: same" in headings
    assert "Table : Theft" in headings
    assert "Table : Shoplifting" not in headings
    assert "Table : Shoplifting" in text(signed_in.get(f"/wards/{ward.code}/?scheme=mps&category=major-theft").content)


def test_periods_change_how_far_back_charts_go(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    spans = {period: signed_in.get(f"/wards/{ward.code}/?months={period}").content for period in ("12", "24", "all")}
    assert b"April 2017 to March 2018" in spans["12"]
    assert b"April 2016 to March 2018" in spans["24"]
    assert b"April 2015 to March 2018" in spans["all"]


def test_the_profile_costs_the_same_with_few_and_with_all_types(signed_in: Client, borough: Area) -> None:
    few = ward_with_everything(borough, "Gooshays", types=2)
    for number in range(20):
        factories.WardFactory(parent=borough, name=f"Ward {number}")
    many = ward_with_everything(borough, "Heaton")
    costs = {queries(signed_in, f"/wards/{ward.code}/") for ward in (few, many)}
    assert len(costs) == 1
    assert costs.pop() <= 12


def test_the_wards_page_costs_the_same_with_two_and_with_twenty(signed_in: Client, borough: Area) -> None:
    for name in ("Gooshays", "Heaton"):
        ward_with_everything(borough, name, types=1)
    few = queries(signed_in, "/wards/")
    for number in range(18):
        ward_with_everything(borough, f"Ward {number}", types=1)
    assert queries(signed_in, "/wards/") == few
    assert few <= 12


def test_kept_pages_change_with_the_figures(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    path = f"/wards/{ward.code}/"
    signed_in.get(path)
    with CaptureQueriesContext(connection) as captured:
        signed_in.get(path)
    assert len(captured) <= 3
    number = categories.by_slug(categories.POLICE_UK)["all-crime"].number
    MonthlySummary.objects.filter(area_id=ward.pk, category_id=number, month=date(2018, 3, 1)).update(count=777)
    factories.next_data_version()
    assert "police recorded 777 crimes" in text(signed_in.get(path).content)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("month=March", "A month looks like 2017-03, not “March”."),
        ("month=2030-01", "There are no such figures for Havering: police.uk has April 2015 to March 2018."),
        ("category=nonsense", "“nonsense” is not a category of these figures."),
        ("category=<script>", "A category is named in small letters and hyphens, such as burglary."),
        ("scheme=ftp", "“ftp” is not a source of crime figures. It can be: police.uk, mps."),
        ("scheme=mps", "There are no such figures for Havering: police.uk has April 2015 to March 2018."),
        ("sort=height", "“height” is not a column."),
        ("wards=yesterday", "Wards are chosen by a day on which they were in force, such as 2022-05-05."),
    ],
)
def test_a_bad_address_gets_a_sentence_and_a_way_on(
    signed_in: Client, borough: Area, query: str, sentence: str
) -> None:
    ward_with_everything(borough, "Gooshays", types=1)
    response = signed_in.get(f"/wards/?borough=E09000016&{query}")
    assert response.status_code == 400
    assert sentence in text(response.content)
    assert b'href="/wards/' in response.content


def test_unknown_places_are_not_found(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough)
    assert signed_in.get("/wards/E05999999/").status_code == 404
    assert signed_in.get(f"/boroughs/{ward.code}/").status_code == 404
    assert signed_in.get("/wards/?borough=E09999999").status_code == 404


def test_a_place_without_figures_says_what_to_do(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name="Quiet")
    words = text(signed_in.get(f"/wards/{ward.code}/").content)
    assert "No figures yet for this place" in words


def test_without_figures_the_first_page_says_what_to_do(signed_in: Client) -> None:
    for path in ("/", "/wards/", "/priorities/"):
        response = signed_in.get(path)
        assert response.status_code == 200
        assert "No figures yet: import a police file" in text(response.content)
        assert b'href="/data/upload/"' in response.content


@pytest.mark.parametrize("path", ["/", "/wards/", "/wards/E05000312/", "/boroughs/E09000016/", "/methods/"])
def test_strangers_are_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_names_from_files_are_escaped(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "<b>O'Hara & Sons</b>", types=1)
    for path in ("/", "/wards/", f"/wards/{ward.code}/"):
        assert b"<b>O'Hara" not in signed_in.get(path).content


def test_people_start_in_the_borough_their_agency_is_named_after(signed_in: Client, borough: Area) -> None:
    ward_with_everything(borough, "Gooshays", types=1)
    other = factories.BoroughFactory(name="Barking")
    factories.WardFactory(parent=other)
    summarise(other, "all-crime", [1] * 3, since=SINCE)
    assert "Wards of Havering" in text(signed_in.get("/wards/").content)
    assert "Wards of Barking" in text(signed_in.get(f"/wards/?borough={other.code}").content)


def test_the_wards_in_force_in_the_month_are_shown_unless_others_are_asked_for(
    signed_in: Client, borough: Area
) -> None:
    ward_with_everything(borough, "Gooshays", types=1)
    new = factories.WardFactory(parent=borough, name="New ward", valid_from=date(2022, 5, 5))
    summarise(new, "all-crime", [9] * MONTHS, since=SINCE, converted=factories.months_from(SINCE, MONTHS))
    usual = text(signed_in.get("/wards/").content)
    asked = text(signed_in.get("/wards/?wards=2022-05-05").content)
    assert "Gooshays" in usual
    assert "New ward" not in usual
    assert "New ward" in asked
    assert "These wards were in force from 5 May 2022. The crimes of March 2018 are counted within" in asked


def test_every_link_to_the_methods_page_arrives(signed_in: Client, borough: Area) -> None:
    ward = ward_with_everything(borough, "Gooshays")
    methods = signed_in.get("/methods/").content.decode()
    linked = set()
    for path in ("/", "/wards/", f"/wards/{ward.code}/", "/methods/"):
        linked |= set(re.findall(r'href="(?:/methods/)?#([a-z0-9-]+)"', signed_in.get(path).content.decode()))
    assert {"count", "rate", "coverage"} <= linked
    assert linked - {"main-content"} <= set(re.findall(r'id="([a-z0-9-]+)"', methods))
    assert "Bicycle theft; Burglary" in text(methods.encode())
