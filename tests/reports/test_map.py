"""The map's page, its data and its files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hotspots import categories, facts
from hotspots.models import Area, Source
from reports import lsoas, maps, shapes
from tests import factories
from tests.factories import PARTIAL, months_from, summarise

SINCE = date(2016, 4, 1)
ALL_CRIME = [one.slug for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK and not one.members]
pytestmark = pytest.mark.django_db


@pytest.fixture
def borough(db: None) -> Any:
    made: Any = factories.BoroughFactory(name="Havering", code="E09000016")
    summarise(made, "all-crime", [300 + n for n in range(24)], since=SINCE, residents=100_000)
    return made


def add_ward(borough: Area, name: str, counts: Sequence[int | None], **options: Any) -> Any:
    ward: Any = factories.WardFactory(parent=borough, name=name)
    factories.BoundaryFactory(area=ward)
    factories.PopulationFactory(area=ward)
    summarise(ward, "all-crime", counts, since=SINCE, residents=10_000, **options)
    return ward


def table(html: str) -> dict[str, list[str]]:
    """First cell -> the other cells, of the page's table."""
    body = html.split("<tbody>")[1].split("</table>")[0]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        cells = [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        found[cells[0]] = cells[1:]
    return found


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/map/{query}")
    assert response.status_code == 200, response.content.decode()[:3000]
    return response.content.decode()


def forget() -> None:
    """Empties the cache of what it keeps of pages and map data."""
    redis = cache._cache.get_client()  # type: ignore[attr-defined]
    for pattern in ("*page:*", "*map:*"):
        for key in redis.scan_iter(pattern):
            redis.delete(key)


def queries(client: Client, path: str) -> int:
    """How many queries an answer costs; shapes, tallies and residents are known."""
    forget()
    client.get(path)
    forget()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# --- Wards ----------------------------------------------------------------------------------------------------------


def test_the_table_the_map_and_the_key_say_what_is_stored(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 12 + [52] * 12)
    add_ward(borough, "Heaton", [20] * 12 + [19] * 12)
    add_ward(borough, "Nowhere", [None] * 24)
    html = page(signed_in)
    assert table(html) == {
        "Gooshays": ["52", "40", "12 more (30%)", "5.2"],
        "Heaton": ["19", "20", "1 fewer (5%)", "1.9"],
        "Nowhere": ["–", "–", "not known", "–"],
        "All of Havering": ["323", "311", "12 more (4%)", "3.2"],
    }
    said = "Gooshays: 52 crimes; 40 in March 2017; 12 more (30%); 5.2 per 1,000 residents"
    assert f"<title>{said}</title>" in html
    assert "<title>Nowhere: not known</title>" in html
    assert "19 (1 ward)" in html
    assert "52 (1 ward)" in html
    assert "not known (1 ward)" in html
    assert "Contains OS data © Crown copyright and database right" in html
    assert html.count('data-area="') == 7, "a link and a row for each ward, and a row for the borough"


def test_twelve_months_and_their_rate(signed_in: Client, borough: Area) -> None:
    ward = add_ward(borough, "Gooshays", [40] * 12 + [52] * 12)
    add_ward(borough, "Heaton", [20] * 20 + [None] + [19] * 3)
    html = page(signed_in, "?period=year&measure=rate")
    assert table(html)["Gooshays"] == ["624", "480", "144 more (30%)", "62.4"]
    assert table(html)["Heaton"] == ["–", "240", "not known", "–"]
    assert f'<a href="/wards/{ward.code}/" data-area="{ward.pk}">' in html


def test_twelve_months_that_begin_before_the_ward_are_marked_converted(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 12 + [52] * 12, converted=factories.months_from(SINCE, 13))
    assert table(page(signed_in, "?period=year"))["Gooshays"][:3] == ["624†", "480†", "144 more (30%)"]
    assert table(page(signed_in))["Gooshays"][:3] == ["52", "40†", "12 more (30%)"]
    assert table(page(signed_in, "?month=2017-04"))["Gooshays"][:2] == ["52†", "40†"]


def test_rates_say_what_they_are_per_and_extremes_what_chance_does(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 12 + [52] * 12)
    add_ward(borough, "Heaton", [20] * 12 + [19] * 12)
    html = page(signed_in, "?measure=rate")
    assert "Rates are per 1,000 usual residents" in html
    assert "1.90 (1 ward)" in html
    assert "62.4 (1 ward)" in page(signed_in, "?measure=rate&period=year")
    html = page(signed_in)
    assert "Rates are per 1,000 usual residents" not in html
    assert "Among 2 wards, some rise and some fall this way by chance alone." in html


def test_a_partial_month_is_hatched_and_not_compared(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 24, coverage={date(2018, 3, 1): PARTIAL})
    html = page(signed_in, "?month=2018-03")
    assert table(html)["Gooshays"] == ["40*", "40", "not compared", "4.0"]
    assert re.search(r'fill="url\(#part-[0-9a-f]{6}\)"', html.split("app-map__areas")[1])
    assert "hatched: reported in part (1)" in html


def test_one_area_can_be_marked_and_another_is_a_sentence(signed_in: Client, borough: Area) -> None:
    ward = add_ward(borough, "Gooshays", [40] * 24)
    html = page(signed_in, f"?at={ward.code}")
    assert "Marked on the map:" in html
    assert f'<tr data-area="{ward.pk}" class="app-map-table__marked">' in html
    response = signed_in.get("/map/?at=E05999999")
    assert response.status_code == 400
    assert "E05999999” is none of the areas on this map" in response.content.decode()


def test_all_boroughs_side_by_side(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 24)
    other: Any = factories.BoroughFactory(name="Redbridge", parent=borough.parent)
    summarise(other, "all-crime", [9] * 24, since=SINCE)
    add_ward(other, "Aldborough", [9] * 24)
    html = page(signed_in, "?borough=all")
    assert table(html) == {
        "Gooshays": ["Havering", "40", "40", "same", "4.0"],
        "Aldborough": ["Redbridge", "9", "9", "same", "0.9"],
    }
    assert list(table(page(signed_in, "?borough=all&sort=-within"))) == ["Aldborough", "Gooshays"]
    assert list(table(page(signed_in))) == ["Gooshays", "All of Havering"]


@pytest.mark.parametrize("classes", ["quantile", "equal", "fixed"])
def test_the_key_counts_every_area(signed_in: Client, borough: Area, classes: str) -> None:
    for number in range(9):
        add_ward(borough, f"Ward {number}", [number * number] * 24)
    html = page(signed_in, f"?classes={classes}&number=4")
    found = re.findall(r"</svg> ([\d,]+)(?: to ([\d,]+))? \((\d+) wards?\)", html)
    assert 1 <= len(found) <= 4
    assert sum(int(areas) for _, _, areas in found) == 9
    for low, high, areas in found:
        inside = [n * n for n in range(9) if int(low) <= n * n <= int(high or low)]
        assert len(inside) == int(areas)
    shades = re.findall(r'Z?z?" fill="(#[0-9a-f]{6})"', html.split("app-map__areas")[1].split("</g>")[0])
    assert len(shades) == 9
    assert set(shades) <= set(maps.shades(len(found)))


def test_classes_of_another_month_are_kept_and_said_to_be(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 24)
    add_ward(borough, "Heaton", [99] * 24)
    html = page(signed_in, "?limits=10,50")
    assert "The classes stay as they are while the month changes." in html
    assert "0 to 10" not in html.replace("10 to 10", "")  # the first class begins at its smallest figure
    assert "11 to 99 (2 wards)" in html


# --- Data for the slider --------------------------------------------------------------------------------------------


def test_the_data_are_what_the_page_of_that_month_shows(signed_in: Client, borough: Area) -> None:
    ward = add_ward(borough, "Gooshays", [*range(40, 64)])
    add_ward(borough, "Heaton", [*range(10, 34)])
    html = page(signed_in, "?month=2018-01")
    answer = signed_in.get("/map/data/?borough=E09000016&month=2018-01").json()
    fill, said, texts, values = answer["areas"][str(ward.pk)]
    assert texts == table(html)["Gooshays"]
    assert values == [61, 49, 12, 6.1]
    assert f"<title>{said}</title>" in html
    assert re.search(rf'data-area="{ward.pk}"><title>[^<]*</title><path d="[^"]*" fill="{fill}"', html)
    assert answer["labels"] in html
    assert all(answer[part] in html for part in ("words", "key", "notes"))
    assert answer["total"] == table(html)["All of Havering"]
    assert answer["name"] == "January 2018"
    assert answer["query"] == "borough=E09000016&month=2018-01"


def test_the_data_are_sent_once_for_as_long_as_they_say_the_same(signed_in: Client, borough: Area) -> None:
    ward = add_ward(borough, "Gooshays", [40] * 24)
    path = "/map/data/?borough=E09000016&month=2018-01"
    first = signed_in.get(path)
    assert "private" in first["Cache-Control"]
    again = signed_in.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    factories.next_data_version()
    assert signed_in.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Area.objects.filter(pk=ward.pk).update(name="Gooshays and Hill")  # areas may change without the figures
    forget()
    changed = signed_in.get(path, headers={"If-None-Match": first["ETag"]})
    assert "Gooshays and Hill" in changed.json()["areas"][str(ward.pk)][1]


def test_the_data_of_no_named_borough_are_each_persons_own(client: Client, borough: Area, make_user: Any) -> None:
    add_ward(borough, "Gooshays", [40] * 24)
    other: Any = factories.BoroughFactory(name="Redbridge", parent=borough.parent)
    summarise(other, "all-crime", [9] * 24, since=SINCE)
    add_ward(other, "Aldborough", [9] * 24)
    for name in ("Havering", "Redbridge"):
        client.force_login(make_user(f"{name}@example.org".lower(), agency=f"{name} Council"))
        assert name in client.get("/map/data/?month=2018-03").json()["title"]


def test_a_problem_with_the_data_is_a_sentence(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays", [40] * 24)
    for query in ("month=soon", "month=2031-01&borough=E09000016", "category=unheard-of&borough=E09000016"):
        response = signed_in.get(f"/map/data/?{query}")
        assert response.status_code == 400
        assert response.json()["problem"].endswith(".")
    assert signed_in.get("/map/data/?borough=E09999999").status_code == 404


# --- Tiles ----------------------------------------------------------------------------------------------------------


def test_tiles_lie_where_their_numbers_say(signed_in: Client, borough: Area, settings: LazySettings) -> None:
    add_ward(borough, "Gooshays", [40] * 24)
    assert "<image" not in page(signed_in)
    settings.MAP_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    settings.MAP_TILE_ATTRIBUTION = "© Tile makers"
    forget()
    html = page(signed_in)
    assert "© Tile makers" in html
    drawn = shapes.drawing([borough.children.get().pk], SINCE)
    assert drawn is not None
    found = re.findall(
        r'<image href="https://tiles.example/(\d+)/(\d+)/(\d+).png" x="(.*?)" y="(.*?)" width="(.*?)"', html
    )
    assert 4 <= len(found) <= 30
    for zoom, column, row, x, y, size in found:
        assert float(x) / drawn.scale + drawn.left == pytest.approx(int(column) / 2 ** int(zoom), abs=1e-7)
        assert float(y) / drawn.scale + drawn.top == pytest.approx(int(row) / 2 ** int(zoom), abs=1e-7)
        assert float(size) / drawn.scale == pytest.approx(1 / 2 ** int(zoom), rel=0.01)
    west, south = min(float(one[3]) for one in found), max(float(one[4]) + float(one[5]) for one in found)
    assert west <= 0
    assert south >= drawn.height
    assert "<image" not in signed_in.get("/map/map.svg?borough=E09000016").content.decode()


# --- Files ----------------------------------------------------------------------------------------------------------


def test_the_table_as_a_file(signed_in: Client, borough: Area) -> None:
    ward = add_ward(borough, "=Gooshays", [40] * 12 + [52] * 12)
    response = signed_in.get("/map/map.csv?borough=E09000016")
    assert "map-E09000016-ward-all-crime-2018-03.csv" in response["Content-Disposition"]
    text = b"".join(response).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Code", "Ward", "Mar 2018", "Mar 2017", "More than a year before", "Per 1,000",
                    "Reported in part", "Converted"]  # fmt: skip
    assert rows[0] == [ward.code, "'=Gooshays", "52", "40", "12", "5.2", "", ""]
    assert rows[1][:3] == ["E09000016", "All of Havering", "323"]


def test_the_map_as_a_drawing_and_a_picture_has_title_key_and_source(signed_in: Client, borough: Area) -> None:
    add_ward(borough, "Gooshays & more", [40] * 24)
    drawing = signed_in.get("/map/map.svg?borough=E09000016")
    assert drawing["Content-Type"] == "image/svg+xml"
    text = drawing.content.decode()
    for words in ("Wards of Havering: All crime, March 2018", "40 (1 ward)", "Contains OS data", "Drawn "):
        assert words in text
    assert "<a " not in text
    picture = signed_in.get("/map/map.png?borough=E09000016")
    assert picture.content.startswith(b"\x89PNG")
    assert len(picture.content) > 5_000


# --- Addresses ------------------------------------------------------------------------------------------------------

BAD = [
    "month=2017-13", "by=street", "measure=guess", "classes=jenks", "number=8", "number=2", "limits=5,4", "limits=a",
    "limits=1,2,3,4,5,6,7,8", "limits=nan", "limits=-1", "sort=colour", "period=week", "scheme=ons", "category=no such",
    "category=removed", "month=2031-01", "month=2001-01", "by=lsoa", "by=lsoa&borough=all", "by=lsoa&scheme=mps",
    "scheme=mps", "wards=soon", "at=nowhere", "borough=" + "x" * 41,
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_bad_address_is_a_sentence_and_a_way_on(signed_in: Client, borough: Area, query: str) -> None:
    add_ward(borough, "Gooshays", [40] * 24)
    for path in ("/map/", "/map/map.svg", "/map/map.csv", "/map/map.png"):
        response = signed_in.get(f"{path}?{query}")
        assert response.status_code == 400
        assert "Go on" in response.content.decode()
    assert signed_in.get(f"/map/data/?{query}").status_code == 400


def test_an_unknown_borough_is_not_found_and_an_empty_product_says_so(signed_in: Client) -> None:
    assert signed_in.get("/map/").status_code == 200
    assert signed_in.get("/map/map.csv").status_code == 400
    assert signed_in.get("/map/data/").status_code == 400
    assert signed_in.get("/map/?borough=E09999999").status_code in (200, 404)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "borough",
                "by",
                "scheme",
                "category",
                "month",
                "wards",
                "period",
                "measure",
                "classes",
                "number",
                "limits",
                "sort",
                "at",
            ]
        ),
        st.one_of(st.text(max_size=50), st.sampled_from(["all", "lsoa", "ward", "rate", "7", "1,2", "E09000016"])),
    )
)
def test_no_address_breaks_the_map(signed_in: Client, borough: Area, query: dict[str, str]) -> None:
    if not borough.children.exists():
        add_ward(borough, "Gooshays", [40] * 24)
    for path in ("/map/", "/map/data/"):
        assert signed_in.get(path, query).status_code in (200, 400, 404)


def test_strangers_are_sent_to_the_sign_in(client: Client, borough: Area) -> None:
    for path in ("/map/", "/map/data/", "/map/map.csv"):
        assert client.get(path).status_code == 302


def test_the_number_of_queries_does_not_grow(signed_in: Client, borough: Area) -> None:
    for number in range(2):
        add_ward(borough, f"Ward {number}", [40] * 24)
    paths = ("/map/", "/map/?period=year&measure=rate", "/map/data/?borough=E09000016&month=2018-01")
    few = [queries(signed_in, path) for path in paths]
    for number in range(18):
        add_ward(borough, f"More {number}", [40] * 24)
    assert [queries(signed_in, path) for path in paths] == few
    assert max(few) <= 12, few


# --- LSOAs ----------------------------------------------------------------------------------------------------------


def add_lsoa(borough: Area, code: str, name: str, west: float) -> Any:
    area: Any = factories.LsoaFactory(code=code, name=name, parent=borough)
    factories.BoundaryFactory(area=area, box_of=(west, 51.5, west + 0.01, 51.51))
    factories.PopulationFactory(area=area, residents=1_000)
    return area


def add_slice(month: date, rows: list[tuple[str, str | None]], publisher: Any = None) -> None:
    """A street slice with rows (category, LSOA)."""
    numbers = categories.by_slug(categories.POLICE_UK)
    frame = pl.DataFrame(
        {"category": [numbers[category].number for category, _ in rows], "lsoa": [lsoa for _, lsoa in rows]},
        schema={"category": pl.UInt16, "lsoa": pl.String},
    ).with_columns(*(pl.lit(None, dtype).alias(name) for name, dtype in facts.SCHEMA[Source.STREET].items()
                     if name not in ("category", "lsoa")))  # fmt: skip
    path = facts.write(Source.STREET, frame.select(list(facts.SCHEMA[Source.STREET])))
    factories.SliceFactory(month=month, path=path, rows=len(rows), publisher=publisher or force())


def force() -> Any:
    return factories.PublisherFactory(slug="metropolitan")


def test_lsoas_are_counted_by_the_code_of_each_row(signed_in: Client) -> None:
    borough: Any = factories.BoroughFactory(name="Havering", code="E09000016")
    one, other = (
        add_lsoa(borough, "E01000001", "Havering 001A", 0.1),
        add_lsoa(borough, "E01000002", "Havering 001B", 0.11),
    )
    ward: Any = factories.WardFactory(parent=borough, name="Gooshays")
    factories.MembershipFactory(child=one, parent=ward)
    summarise(borough, "all-crime", [5] * 11 + [None] + [5] * 12, since=SINCE)
    summarise(borough, "burglary", [3] * 24, since=SINCE)
    met = force()
    btp: Any = factories.PublisherFactory(slug="btp", area=None)
    for month in months_from(SINCE, 24):
        last = [("burglary", "E01000001")] * 2 if month == date(2018, 3, 1) else []
        add_slice(month, [("burglary", "E01000001"), ("robbery", "E01000001"), ("anti-social-behaviour", "E01000002"),
                          ("burglary", None), ("burglary", "E01009999"), *last], met)  # fmt: skip
        add_slice(month, [("robbery", "E01000001")], btp)
    html = page(signed_in, "?by=lsoa&borough=E09000016")
    assert table(html) == {
        "Havering 001A": ["Gooshays", "5", "–", "not known", "5.0"],
        "Havering 001B": ["", "0", "–", "not known", "0.0"],
        "All of Havering": ["", "5", "–", "not known", "–"],
    }
    assert f'<a href="/wards/{ward.code}/" data-area="{one.pk}">' in html
    assert f'<a href="/boroughs/E09000016/" data-area="{other.pk}">' in html
    burglary = table(page(signed_in, "?by=lsoa&borough=E09000016&category=burglary&period=year"))
    assert burglary["Havering 001A"] == ["Gooshays", "14", "12", "2 more", "14.0"]
    assert burglary["Havering 001B"][1:] == ["0", "0", "same", "0.0"]
    text = page(signed_in, "?by=lsoa&borough=E09000016&category=burglary&period=year")
    assert "22 crimes of Havering are in no area here: published without an LSOA code" in text
    year = table(page(signed_in, "?by=lsoa&borough=E09000016&period=year"))
    assert year["Havering 001A"][1:3] == ["38", "–"], "the twelve months before hold one that nobody reported"
    assert "Marked on the map:" in page(signed_in, "?by=lsoa&borough=E09000016&at=E01000002")


def test_an_lsoa_of_the_2021_census_is_unknown_before_its_code_was_used(signed_in: Client) -> None:
    borough: Any = factories.BoroughFactory(code="E09000016")
    factories.WardFactory(parent=borough)
    add_lsoa(borough, "E01000001", "Whole", 0.10)
    old = add_lsoa(borough, "E01000002", "Old", 0.11)
    new = add_lsoa(borough, "E01033784", "New", 0.11)
    summarise(borough, "all-crime", [9] * 30, since=date(2021, 9, 1))
    for month in months_from(date(2021, 9, 1), 30):
        codes = ["E01000001"]
        codes += ["E01000002"] if month <= date(2022, 9, 1) else []
        codes += ["E01033784"] if month >= date(2022, 6, 1) else []
        add_slice(month, [("burglary", code) for code in codes])
    asked = "?by=lsoa&borough=E09000016&month="
    assert {name: cells[1] for name, cells in table(page(signed_in, f"{asked}2022-02")).items()} == {
        "Whole": "1", "Old": "1", f"All of {borough.name}": "9"
    }  # fmt: skip
    for shown, count in (("2022-03", "–"), ("2023-03", "–"), ("2023-04", "1"), ("2024-02", "1")):
        found = {name: cells[1] for name, cells in table(page(signed_in, asked + shown)).items()}
        assert found == {"Whole": "1", "New": count, f"All of {borough.name}": "9"}, shown
    # the slider keeps the shapes of the month at which it began
    answer = signed_in.get(f"/map/data/{asked}2022-02&wards=2023-04-01").json()
    assert answer["areas"][str(new.pk)][2][0] == "–"
    assert str(old.pk) not in answer["areas"]


def test_codes_of_the_census_of_2021() -> None:
    assert [lsoas.came_in_2021(code) for code in ("E01033768", "E01033769", "W01001958", "W01001959", "SYNL00001")] == [
        False, True, False, True, False
    ]  # fmt: skip


def test_lsoa_queries_do_not_grow_and_files_are_read_once(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    borough: Any = factories.BoroughFactory(code="E09000016")
    factories.WardFactory(parent=borough)
    summarise(borough, "all-crime", [5] * 24, since=SINCE)
    for month in months_from(SINCE, 24):
        add_slice(month, [("burglary", "E01000001")])
    add_lsoa(borough, "E01000001", "One", 0.1)
    paths = ("/map/?by=lsoa&borough=E09000016", "/map/data/?by=lsoa&borough=E09000016&period=year&month=2018-02")
    few = [queries(signed_in, path) for path in paths]
    for number in range(12):
        add_lsoa(borough, f"E0100100{number}", f"More {number}", 0.11 + number / 100)
    assert [queries(signed_in, path) for path in paths] == few
    assert max(few) <= 12, few
    read = []
    monkeypatch.setattr(lsoas.facts, "read", lambda path, columns=None: read.append(path))
    forget()
    page(signed_in, "?by=lsoa&borough=E09000016&category=robbery")
    assert read == []


@pytest.mark.realdata
def test_real_lsoas_agree_with_a_plain_count(signed_in: Client, real_data: Path) -> None:
    """Two months of Havering, imported, against the rows of the files."""
    months = ("2016-04", "2017-04")
    data = real_data
    files = [path for month in months for path in (data / "street_havering_derived" / month).glob("*.csv")]
    call_command("import", str(data / "boundaries" / "havering_wards_2018.geojson"),
                 str(data / "boundaries" / "havering_lsoa2021.geojson"), verbosity=0)  # fmt: skip
    call_command("import", *map(str, files), verbosity=0)
    counted: dict[tuple[str, str], int] = {}
    for file in files:
        with file.open(newline="") as stream:
            for row in csv.DictReader(stream):
                if row["Crime type"] == "Anti-social behaviour":
                    key = (row["Month"], row["LSOA code"])
                    counted[key] = counted.get(key, 0) + 1
    answer = signed_in.get(
        "/map/data/?by=lsoa&borough=E09000016&category=anti-social-behaviour&month=2017-04&wards=2017-04-01"
    ).json()
    drawn = Area.objects.filter(kind=Area.Kind.LSOA, pk__in=map(int, answer["areas"]))
    codes = dict(drawn.values_list("pk", "code"))
    for pk, (_, _, _, values) in answer["areas"].items():
        code = codes[int(pk)]
        known = not lsoas.came_in_2021(code)
        assert values[:2] == [counted.get((month, code), 0) if known else None for month in reversed(months)], code
    assert sum(values[0] or 0 for _, _, _, values in answer["areas"].values()) > 300
