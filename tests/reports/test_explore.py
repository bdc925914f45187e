"""The explore page: every figure is the stored one or follows from it; bad addresses get a sentence and a way on."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotspots.models import Area
from tests import factories
from tests.factories import months_from, summarise
from tests.reports.explore_world import (
    CODES,
    LAST,
    MONTHS,
    RESIDENTS,
    SINCE,
    columns,
    counts,
    havering,
    table,
    text,
    usable,
)

ALL = ",".join(CODES.values())


@pytest.fixture
def borough(db: None) -> Area:
    return havering()


def page(client: Client, query: str) -> str:
    response = client.get(f"/explore/?{query}", follow=True)  # to the short address, where this is not it
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def shown(client: Client, query: str) -> dict[str, list[str]]:
    return columns(table(page(client, query)))


def marked(ward: str, index: int, figure: str) -> str:
    """A figure with the star of a month in part."""
    return f"{figure}*" if ward == "Gooshays" and index == 30 else figure


def written(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


@pytest.mark.parametrize("category", ["burglary", "robbery", "all-crime"])
def test_counts_are_the_stored_ones(signed_in: Client, borough: Area, category: str) -> None:
    found = shown(signed_in, f"areas={ALL}&cat={category}&from=36")
    for name in CODES:
        expected = [marked(name, i, written(n, "{:,}")) for i, n in enumerate(counts(name, category))]
        total = [n for n in usable(name, category) if n is not None]
        assert found[name] == [*expected, f"{sum(total):,}" if len(total) == 36 else "–"]
    assert found["Month"] == [f"{month:%b %Y}" for month in MONTHS] + ["36 months"]


def test_rates_are_per_thousand_residents(signed_in: Client, borough: Area) -> None:
    found = shown(signed_in, f"areas={ALL}&cat=burglary&from=36&measure=rate")
    for name in CODES:
        rates = [None if n is None else 1000 * n / RESIDENTS for n in counts(name, "burglary")]
        assert found[name][:36] == [marked(name, i, written(rate, "{:.1f}")) for i, rate in enumerate(rates)]
    assert found["Upminster"][36] == f"{sum(1000 * (n or 0) / RESIDENTS for n in counts('Upminster', 'burglary')):.1f}"
    assert found["Heaton"][36] == "–"


def test_an_index_is_of_its_base_month_and_says_where_that_is_small(signed_in: Client, borough: Area) -> None:
    html = page(signed_in, f"areas={ALL}&cat=burglary&from=12&measure=index&base=2016-04")
    found = columns(table(html))
    base = MONTHS.index(date(2016, 4, 1))
    for name in CODES:
        known, start = usable(name, "burglary"), counts(name, "burglary")[base]
        expected = [None if n is None or not start else 100 * n / start for n in known]
        assert found[name] == [written(value, "{:,.0f}") for value in expected[24:]]
    assert found["Upminster"] == ["–"] * 12  # nothing in April 2016
    assert "No index for Upminster: the count of April 2016 is zero, unknown or in part." in text(html)
    html = page(signed_in, f"areas={ALL}&cat=burglary&measure=index&from=2016-05")
    assert "Small bases: Upminster (1)." in text(html)


def test_rolling_12_are_twelve_whole_months(signed_in: Client, borough: Area) -> None:
    found = shown(signed_in, f"areas={ALL}&cat=robbery&from=24&measure=rolling")
    for name in CODES:
        known = usable(name, "robbery")
        years = [known[i - 11 : i + 1] for i in range(12, 36)]
        sums = [None if None in year else sum(n for n in year if n is not None) for year in years]
        assert found[name] == [written(total, "{:,}") for total in sums]


def test_shares_are_of_all_crime_with_its_own_rule_for_small_wholes(signed_in: Client, borough: Area) -> None:
    html = page(signed_in, f"areas={ALL}&cat=burglary&from=36&measure=share")
    found = columns(table(html))
    for name in CODES:
        expected = []
        for part, whole in zip(usable(name, "burglary"), usable(name, "all-crime"), strict=True):
            share = None if part is None or whole is None or whole < 20 else 100 * part / whole
            expected.append("–" if share is None else "<1%" if 0 < share < 0.5 else f"{share:.0f}%")
        assert found[name][:36] == expected
    parts, wholes = counts("Upminster", "burglary"), counts("Upminster", "all-crime")
    assert found["Upminster"][36] == f"{100 * sum(n or 0 for n in parts) / sum(n or 0 for n in wholes):.0f}%".replace(
        "0%", "<1%", 1
    )
    assert "A share is the count in percent of all crime in the same area and month." in text(html)


def test_changes_are_counts_with_a_percentage_only_on_twenty_or_more(signed_in: Client, borough: Area) -> None:
    found = shown(signed_in, f"areas={ALL}&cat=burglary&from=12&to=2016-11&measure=change")
    for name in CODES:
        known = usable(name, "burglary")
        expected = []
        for i in range(12, 20):
            now, was = known[i], known[i - 12]
            difference = None if now is None or was is None else now - was
            expected.append(
                "–"
                if difference is None
                else f"+{difference}"
                if difference > 0
                else f"\u2212{-difference}"
                if difference
                else "0"
            )
        assert found[name][4:12] == expected
        assert found[name][:4] == ["–"] * 4  # no year before
    found = shown(signed_in, f"areas={ALL}&cat=burglary&from=2016-04&to=2016-11&measure=change")
    now, was = (sum(n or 0 for n in counts("Gooshays", "burglary")[a:b]) for a, b in ((12, 20), (0, 8)))
    assert 0 < now - was < was / 200
    assert found["Gooshays"][-1] == f"+{now - was} (under 1%)"
    small = sum(n or 0 for n in counts("Upminster", "burglary")[0:8])
    assert small < 20
    assert "(" not in found["Upminster"][-1]


def test_wards_of_a_borough_are_those_in_force(signed_in: Client, borough: Area) -> None:
    later = factories.WardFactory(parent=borough, name="Beam Park", valid_from=date(2022, 5, 5))
    summarise(later, "all-crime", [1] * 36, since=SINCE, converted=MONTHS)
    html = page(signed_in, "areas=E09000016.wards")
    assert columns(table(html)).keys() == {"Month", "Gooshays", "Hacton", "Heaton", "Upminster"}
    assert "There are no figures of police.uk crimes for Hacton." in text(html)
    html = page(signed_in, "areas=E09000016.wards.2022-05-05")
    found = columns(table(html))
    assert found["Beam Park"][:2] == ["1†", "1†"]
    assert "these are the boundaries in force from 5 May 2022" in text(html)


def test_a_closed_ward_is_explored_and_called_closed(signed_in: Client, borough: Area) -> None:
    ward = factories.WardFactory(parent=borough, name="Old Ward", valid_to=date(2016, 5, 5))
    summarise(ward, "all-crime", [9] * 36, since=SINCE, converted=months_from(date(2016, 6, 1), 22))
    words = text(page(signed_in, f"areas={ward.code}"))
    assert "Old Ward (no longer in force): these are the boundaries in force from" in words


def test_more_series_have_a_row_each_and_the_heat_table_has_shades(signed_in: Client, borough: Area) -> None:
    html = page(signed_in, f"areas={ALL}&cat=burglary,robbery,all-crime&from=12")
    rows = table(html)
    assert len(rows) == 10
    assert rows[0][1] == "Apr 2017"
    assert rows[1][0] == "Gooshays: Burglary"
    assert rows[1][1:13] == [
        marked("Gooshays", i, str(n)) for i, n in enumerate(counts("Gooshays", "burglary")) if i >= 24
    ]
    html = page(signed_in, f"areas={ALL}&cat=burglary&from=12&view=heat")
    assert "app-heat-6" in html
    assert [row[0] for row in table(html)] == ["Area", *CODES]
    assert '<svg class="app-chart"' not in html


@pytest.mark.parametrize("measure", ["count", "rate", "rolling", "change", "share", "index"])
def test_every_measure_is_drawn_every_way(signed_in: Client, borough: Area, measure: str) -> None:
    asked = f"areas={ALL},E09000016&cat=burglary,robbery&from=all&measure={measure}&compare=categories"
    for view, drawings in {"line": 4, "bar": 4, "multiples": 8, "heat": 0}.items():
        html = page(signed_in, f"{asked}&view={view}")
        assert html.count('<svg class="app-chart"') == drawings
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert "style=" not in html


def test_the_sentence_says_the_figures_and_the_source(signed_in: Client, borough: Area) -> None:
    words = text(page(signed_in, f"areas={CODES['Upminster']}&cat=burglary&from=12"))
    total = sum(n or 0 for n in counts("Upminster", "burglary")[24:])
    assert f"Burglary in Upminster, April 2017 to March 2018: {total} crimes recorded in 12 months, 2 of them" in words
    assert "Source: police.uk street-level crime: Metropolitan Police Service; loaded" in words
    words = text(page(signed_in, f"areas={ALL}&cat=burglary&from=36"))
    assert f"Upminster ({sum(n or 0 for n in counts('Upminster', 'burglary'))})" in words
    assert "; not known, or not for every month, for 2 of 3." in words
    words = text(page(signed_in, f"areas={CODES['Heaton']}&cat=burglary&from=36"))
    assert "there is no figure for all 36 months: December 2016 is not known." in words


def test_a_share_and_an_index_say_their_counts(signed_in: Client, borough: Area) -> None:
    of = f"areas={CODES['Upminster']}&cat=burglary&from=12"
    part, whole = (sum(n or 0 for n in counts("Upminster", slug)[24:]) for slug in ("burglary", "all-crime"))
    assert f"of all crime ({part:,} of {whole:,})." in text(page(signed_in, f"{of}&measure=share"))
    several = f"areas={CODES['Upminster']},{CODES['Gooshays']}&cat=burglary&from=24&measure=index"
    base = counts("Gooshays", "burglary")[12]
    assert re.search(rf"Gooshays \([\d,]+, from {base}\)", text(page(signed_in, several)))


def test_notes_say_what_is_missing_partial_and_overlapping(signed_in: Client, borough: Area) -> None:
    words = text(page(signed_in, f"areas={ALL},E09000016&cat=burglary,all-crime&from=36"))
    assert "Not known: December 2016 (Heaton: All crime and Heaton: Burglary)." in words
    assert "Reported in part only, far fewer rows than usual: October 2017 (Gooshays" in words
    assert "Some of these areas lie on the same ground: do not add them up." in words
    assert "Some of these categories hold others: do not add them up." in words


def test_a_form_without_scripts_is_led_once_to_the_short_address(signed_in: Client, borough: Area) -> None:
    sent = "scheme=&areas=E09000016.wards&areas=E05000310&cat=burglary&cat=robbery&measure=count&from=36&to=&view=bar"
    response = signed_in.get(f"/explore/?{sent}", follow=True)
    assert response.redirect_chain == [
        ("/explore/?areas=E09000016.wards,E05000310&cat=burglary,robbery&from=36&view=bar", 302)
    ]
    assert response.status_code == 200
    assert signed_in.get("/explore/?scheme=&measure=count", follow=True).redirect_chain == [("/explore/", 302)]


def test_nothing_chosen_offers_views_that_work(signed_in: Client, borough: Area) -> None:
    html = signed_in.get("/explore/").content.decode()
    offered = re.search(r'<ul class="app-starts">.*?</ul>', html, re.S)
    assert offered
    links = re.findall(r'href="(/explore/\?[^"]+)"', offered[0])
    assert len(links) == 6
    for link in links:
        response = signed_in.get(link.replace("&amp;", "&"))
        assert response.status_code == 200, link
        assert b"All wards of Havering" not in response.content or b"app-starts" not in response.content
    assert "All wards of Havering, all crime, last 24 months" in text(html)


def test_without_figures_the_page_says_what_to_do(signed_in: Client) -> None:
    assert "No figures yet: import a police file" in text(signed_in.get("/explore/").content.decode())


def test_what_is_chosen_is_ticked(signed_in: Client, borough: Area) -> None:
    html = page(signed_in, "areas=E05000310,E09000016.wards&cat=burglary")
    ticked = set(re.findall(r'<input type="checkbox" name="(?:areas|cat)" value="([^"]+)" checked>', html))
    assert ticked == {"E05000310", "E09000016.wards", "burglary"}
    html = page(signed_in, "areas=E09000016.wards.2016-05-05")
    assert 'value="E09000016.wards.2016-05-05" checked' in html


def test_the_list_of_all_areas(signed_in: Client, borough: Area) -> None:
    query = "areas=E05000310,E09000016.wards"
    html = signed_in.get(f"/explore/areas/?{query}", headers={"HX-Request": "true"}).content.decode()
    assert set(re.findall(r'value="([^"]+)" checked>', html)) == set(query.removeprefix("areas=").split(","))
    assert {CODES["Upminster"], "E09000016"} < set(re.findall(r'name="areas" value="([^"]+)"', html))
    # A view's own page holds what it shows; asked for as a page, the list leads there.
    assert re.findall(r'name="areas" value="([^"]+)"', page(signed_in, query)) == ["E05000310", "E09000016.wards"]
    assert "All wards of Havering" in text(page(signed_in, query))
    assert signed_in.get(f"/explore/areas/?{query}")["Location"] == f"/explore/?{query}"
    assert signed_in.get("/explore/areas/?areas=%00", headers={"HX-Request": "true"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("areas=E05999999", "There is no area with the code E05999999."),
        ("areas=E05000310,E05999999", "There is no area with the code E05999999."),
        ("areas=E05000310.wards", "Gooshays is not a borough: it has no wards."),
        ("areas=E01000001", "only wards, boroughs and police forces have monthly figures"),
        ("areas=E05000311", "There are no figures of police.uk crimes for Hacton."),
        ("areas=E05000310&scheme=outcome", "There are no figures of Outcomes for Gooshays."),
        (
            "areas=E05000310&cat=all-searches",
            "“all-searches” is a category of Stop and search, not of police.uk crimes.",
        ),
        ("areas=E05000310&cat=burglary,witchcraft", "“witchcraft” is not a category of police.uk crimes."),
        ("areas=E05000310&to=2030-05", "run from April 2015 to March 2018: there are none for May 2030."),
        ("areas=E05000310&to=2011-05", "there are none to May 2011."),
        ("areas=E05000310&from=2018-04", "there are none from April 2018."),
        ("areas=E05000310&from=2018-03&to=2017-03", "The months run backwards"),
        ("areas=E05000310&measure=index&base=2011-01", "The base month of an index must have figures"),
        ("areas=" + ",".join(f"E{n}" for n in range(5000)), "A view holds at most 60 series"),
        ("&".join(f"areas=E{n}" for n in range(10_001)), "a view holds at most 60 series"),
        ("areas=%00", "is not one of the areas"),
    ],
)
def test_bad_addresses_get_a_sentence_and_a_way_on(signed_in: Client, borough: Area, query: str, words: str) -> None:
    factories.LsoaFactory(code="E01000001", parent=borough)
    response = signed_in.get(f"/explore/?{query}")
    assert response.status_code == 400
    html = response.content.decode()
    assert words in text(html)
    way = re.search(r'<a class="govuk-link" href="([^"]+)">Go on', html)
    assert way
    assert signed_in.get(way[1].replace("&amp;", "&"), follow=True).status_code == 200


def test_too_many_series_or_cells_say_how_to_narrow(signed_in: Client, borough: Area) -> None:
    wards = [factories.WardFactory(parent=borough, valid_to=date(2022, 5, 5)) for _ in range(58)]
    summarise(wards[0], "all-crime", [1] * 36, since=SINCE)
    response = signed_in.get("/explore/?areas=E09000016.wards")
    assert response.status_code == 400
    assert "62 areas times 1 category are 62 series; a view holds at most 60." in text(response.content.decode())
    assert "are 62 series" in text(signed_in.get("/explore/download.csv?areas=E09000016.wards").content.decode())
    long = factories.BoroughFactory(name="Long")
    summarise(long, "all-crime", [1] * 150, since=date(2011, 1, 1))
    codes = ",".join([long.code, *(ward.code for ward in wards[:49])])
    response = signed_in.get(f"/explore/?areas={codes}&from=all")
    assert response.status_code == 400
    assert "50 series over 150 months are more than a page can hold. Choose at most 120 months" in text(
        response.content.decode()
    )


def cost(client: Client, path: str) -> int:
    """Queries of a page that is made anew, with the session and the list of areas known."""
    client.get(path)
    server = cache._cache.get_client()  # type: ignore[attr-defined]
    for key in server.scan_iter("*page:*"):
        server.delete(key)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_cost_does_not_grow(signed_in: Client, borough: Area) -> None:
    few = cost(signed_in, f"/explore/?areas={CODES['Heaton']}")
    many = cost(
        signed_in, f"/explore/?areas={ALL},E09000016&cat=burglary,robbery,all-crime&from=36&measure=share&view=heat"
    )
    assert few == many <= 12
    assert cost(signed_in, "/explore/") <= 12


def test_names_are_shown_and_not_run(signed_in: Client, borough: Area) -> None:
    bad = "<script>alert(1)</script>\"'&"
    for index in range(2):
        ward = factories.WardFactory(parent=borough, name=bad, code=f"E0500099{index}", valid_to=date(2022, 5, 5))
        summarise(ward, "all-crime", [index + 1] * 36, since=SINCE)
    for view in ("line", "bar", "multiples", "heat"):
        html = page(signed_in, f"areas=E05000990,E05000991{'' if view == 'line' else f'&view={view}'}")
        assert "<script>alert" not in html
    assert f"{bad} (until May 2022)" not in text(html)  # two alike: told apart by code
    assert "(E05000990)" in text(html)


def test_the_newest_month_is_the_last_shown(signed_in: Client, borough: Area) -> None:
    assert shown(signed_in, "areas=E09000016")["Month"][-2] == f"{LAST:%b %Y}"
