"""The overview: every number on it is what is stored; it is the reader's own where it should be, shared elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from html import unescape
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from hotspots import categories
from hotspots.models import Area, ImportedFile, Source
from interventions.calc.clock import LONDON
from interventions.models import AgreedAction
from interventions.registers import register_of
from partners.models import Agency, User
from reports.actions import save_view, set_priorities
from reports.cards import VIEWS_SHOWN
from reports.models import MonthlySummary
from tests import factories
from tests.factories import months_from, summarise

SINCE = date(2015, 4, 1)
MONTHS = 36  # to March 2018
TYPES = ("burglary", "shoplifting", "robbery", "anti-social-behaviour")
GROUPS = ("all-crime", "victim-reported", "violent-crime")


def category(slug: str, scheme: str = categories.POLICE_UK) -> categories.Definition:
    return categories.by_slug(scheme)[slug]


@pytest.fixture
def borough(db: None) -> Area:
    """Havering with 36 months of its own; British Transport Police did not publish August 2017."""
    force = factories.ForceFactory(code="metropolitan", name="Metropolitan Police Service")
    met = factories.PublisherFactory(slug="metropolitan", name="Metropolitan Police Service", area=force)
    borough = factories.BoroughFactory(name="Havering", code="E09000016", parent=force, home=met)
    for start, slug in enumerate((*GROUPS, *TYPES)):
        summarise(borough, slug, range(1000 - 100 * start, 1000 - 100 * start + MONTHS), since=SINCE)
    transport = factories.PublisherFactory(slug="btp", name="British Transport Police", area=None)
    for month in months_from(SINCE, MONTHS):
        factories.SliceFactory(publisher=met, month=month)
        if month != date(2017, 8, 1):
            factories.SliceFactory(publisher=transport, month=month)
    factories.next_data_version()
    return borough


def add_wards(
    borough: Area, names: list[str], counts: Callable[[int, int], Sequence[int | None]] | None = None
) -> None:
    """Wards with shapes: `counts(ward, type)` gives the 36 months of one of TYPES; all crime is 100 and something."""
    for index, name in enumerate(names):
        ward = factories.WardFactory(parent=borough, name=name)
        factories.BoundaryFactory(area=ward)
        summarise(ward, "all-crime", range(100 + index, 100 + index + MONTHS), since=SINCE, residents=10_000)
        for position, slug in enumerate(TYPES):
            made = counts(index, position) if counts else [10 + (index * 7 + position * 3) % 11] * MONTHS
            summarise(ward, slug, made, since=SINCE)


def lively(ward: int, kind: int) -> list[int | None]:
    """36 months that differ between wards, types and years."""
    return [(7 * ward + 11 * kind + 5 * step + step * step * (ward + kind) // 7) % 60 for step in range(MONTHS)]


def words(html: bytes) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode()))).replace(" ,", ",").replace(" .", ".")


def tiles(html: str) -> dict[str, dict[str, str]]:
    """What each tile says, by the name of its category."""
    found = {}
    for tile in re.findall(r'<li class="app-measure">(.*?)</li>', html, re.S):
        link = re.search(r'<a [^>]*href="([^"]*)">(.*?)</a>', tile)
        assert link
        lines = [re.sub(r"\s+", " ", unescape(strip_tags(line))).strip() for line in re.findall(r"<p .*?</p>", tile)]
        found[unescape(link[2])] = {"href": unescape(link[1]), "tag": "Priority" if "Priority" in tile else ""} | dict(
            zip(("count", "change", "last year", "year", "year change"), lines, strict=False)
        )
    return found


def table(html: str, around: str) -> list[list[str]]:
    """The rows of the table that holds a text, as text."""
    one = next(found for found in re.findall(r"<table.*?</table>", html, re.S) if around in found)
    rows = re.findall(r'<tr class="govuk-table__row"><th scope="row".*?</tr>', one, re.S)
    return [
        [
            re.sub(r"\s+", " ", unescape(strip_tags(cell))).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        for row in rows
    ]


def stored(area: Area, slug: str, month: date) -> MonthlySummary:
    return MonthlySummary.objects.get(area_id=area.pk, category_id=category(slug).number, month=month)


def test_every_tile_shows_what_is_stored(signed_in: Client, analyst: User, borough: Area) -> None:
    add_wards(borough, ["Gooshays", "Heaton"])
    set_priorities(by=analyst, area=borough, chosen=[category("burglary"), category("violent-crime")])
    found = tiles(signed_in.get("/").content.decode())
    names = ["All crime", "Violence and sexual offences", "Victim-reported crime", "Burglary"]
    assert list(found) == names
    month, year_before = date(2018, 3, 1), date(2017, 3, 1)
    for name, slug in zip(names, ("all-crime", "violent-crime", "victim-reported", "burglary"), strict=True):
        now, before = stored(borough, slug, month), stored(borough, slug, year_before)
        assert now.count is not None
        assert before.count is not None
        assert now.rolling_12 is not None
        assert before.rolling_12 is not None
        tile, more, share = found[name], now.count - before.count, 100 * (now.count - before.count) / before.count
        assert tile["count"] == f"{now.count:,}"
        assert tile["last year"] == f"Mar 2017: {before.count:,}"
        assert tile["change"] == f"{more} more ({share:.0f}%)"
        assert tile["year"] == f"12 months: {now.rolling_12:,}"
        assert tile["year change"].startswith(f"{now.rolling_12 - before.rolling_12:,} more (")
        assert tile["href"] == "/boroughs/E09000016/" + (f"?category={slug}" if slug != "all-crime" else "")
        assert tile["tag"] == ("Priority" if slug in ("burglary", "violent-crime") else "")
        assert tile["href"].split("?")[0] == f"/boroughs/{borough.code}/"


def test_the_sentences_and_their_links(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays", "Heaton"], lively)
    html = signed_in.get("/").content
    said = words(html)
    assert "In March 2018 police recorded 1,035 crimes in Havering, 12 more (1%) than in March 2017 ( 1,023 )." in said
    assert "The total of the 12 months to March 2018 was 12,354, 144 more (1%) than" in said
    assert "than in the 12 months before ( 12,210 )." in said
    assert b'href="/boroughs/E09000016/">1,035</a>' in html
    assert "Figures: police.uk to March 2018; British Transport Police missing for August 2017." in said


def test_the_largest_changes_are_those_of_a_plain_count(signed_in: Client, borough: Area) -> None:
    names = ["Gooshays", "Heaton", "Harold Wood", "Elm Park"]
    add_wards(borough, names, lively)
    html = signed_in.get("/").content.decode()
    assert "What moved most in the wards, January to March 2018" in html
    changes = []
    for (ward, name), (kind, slug) in product(enumerate(names), enumerate(TYPES)):
        months = lively(ward, kind)
        now, before = sum(m or 0 for m in months[-3:]), sum(m or 0 for m in months[-15:-12])
        changes.append((now - before, now, before, f"{name}: {category(slug).name}"))
    for sign, key in ((1, "rises"), (-1, "falls")):
        best = sorted((c for c in changes if sign * c[0] > 0), key=lambda c: (-abs(c[0]), c[2], c[3]))[:5]
        rows = table(html, f'id="{key}"')
        assert [(row[0], row[1], row[2]) for row in rows] == [(name, str(now), str(was)) for _, now, was, name in best]
        for row, (change, _, was, _) in zip(rows, best, strict=True):
            share = f" ({abs(100 * change / was):.0f}%)" if was >= 20 else ""
            assert row[3] == f"{abs(change)} {'more' if change > 0 else 'fewer'}{share}"
    top = max(changes)
    assert f", from {top[2]} to {top[1]}" in words(html.encode())


def test_the_wards_and_the_map_show_what_is_stored(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays", "Heaton", "Elm Park"])
    html = signed_in.get("/?sort=-count").content.decode()
    rows = table(html, "Wards of Havering")
    expected = [
        [ward.name, *(f"{number:,}" for number in (now.count or 0, now.same_month_last_year or 0))]
        for ward in Area.objects.filter(kind=Area.Kind.WARD).order_by("-name")
        for now in [stored(ward, "all-crime", date(2018, 3, 1))]
    ]
    assert sorted(row[:3] for row in rows[:-1]) == sorted(expected)
    assert [row[1] for row in rows[:-1]] == sorted((row[1] for row in rows[:-1]), key=int, reverse=True)
    assert rows[-1][:3] == ["All of Havering", "1,035", "1,023"]
    for name, count, *_ in expected:
        assert f"<title>{name}: {count}</title>" in html
    assert 'href="/?borough=E09000016&amp;sort=count#wards"' in html


def test_groups_are_not_counted_again_among_the_changes(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"], lively)
    ward = Area.objects.get(name="Gooshays")
    summarise(ward, "victim-reported", [1] * 33 + [500] * 3, since=SINCE)
    assert "Gooshays: Victim-reported" not in signed_in.get("/").content.decode()


def test_three_whole_months_are_compared_not_the_last_three(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"], lively)
    partial = {date(2018, 2, 1)}
    MonthlySummary.objects.filter(month__in=partial).update(coverage=MonthlySummary.Coverage.PARTIAL)
    said = words(signed_in.get("/").content)
    assert "What moved most in the wards, December 2017 to January 2018 and March 2018" in said


def test_the_first_year_has_no_comparison_and_says_so(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"])
    said = words(signed_in.get("/?month=2015-06").content)
    assert "Wards are not compared yet: that takes three whole months, known a year before too." in said
    assert "The figure for June 2014 is not known, so there is nothing to compare it with." in said
    assert "What moved most" not in said


def test_unknown_is_never_zero(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"])
    factories.WardFactory(parent=borough, name="Quiet")
    MonthlySummary.objects.filter(area_id=borough.pk, month=date(2018, 2, 1)).update(
        count=None, rolling_12=None, coverage=MonthlySummary.Coverage.MISSING
    )
    html = signed_in.get("/?month=2018-02").content.decode()
    tile = tiles(html)["All crime"]
    assert (tile["count"], tile["change"], tile["year"]) == ("Not known", "Not known", "12 months: not known")
    quiet = next(row for row in table(html, "Wards of Havering") if row[0] == "Quiet")
    assert quiet[1:6] == ["–", "–", "Not known", "–", "–"]


@pytest.mark.parametrize("count", [0, 1])
def test_wards_with_nothing_and_with_one_crime(signed_in: Client, borough: Area, count: int) -> None:
    ward = factories.WardFactory(parent=borough, name="Quiet")
    for slug in ("all-crime", *TYPES):
        summarise(ward, slug, [0] * 35 + [count], since=SINCE)
    html = signed_in.get("/").content.decode()
    assert table(html, "Wards of Havering")[0][:4] == ["Quiet", str(count), "0", "1 more" if count else "Same"]
    if count:
        assert table(html, 'id="rises"')[0][1:] == ["1", "0", "1 more"]
    else:
        assert "No type rose or fell in any ward" in words(html.encode())


def test_a_largest_change_says_that_others_are_as_large_and_among_how_many(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays", "Heaton"], lambda ward, kind: [10] * 33 + [10 + 4 * (kind == 0)] * 3)
    said = words(signed_in.get("/").content)
    assert "the largest rise, as large as 1 other, was in" in said
    assert "The largest changes in count among 2 wards and 14 types; over three months" in said


def test_a_borough_with_metropolitan_tables_alone(signed_in: Client) -> None:
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    ward = factories.WardFactory(parent=borough, name="Gooshays")
    for area in (borough, ward):
        for slug in ("all-crime", "victim-reported", "major-violence-against-the-person", "shoplifting"):
            summarise(area, slug, range(50, 50 + MONTHS), since=SINCE, scheme=categories.MPS)
    html = signed_in.get("/").content.decode()
    assert list(tiles(html)) == ["All crime (without fraud)", "Violence against the person", "Victim-reported crime"]
    assert "scheme=mps" in tiles(html)["Violence against the person"]["href"]
    assert "Figures: Metropolitan Police tables to March 2018." in words(html.encode())
    assert table(html, 'id="rises"')[0][0] == "Gooshays: Shoplifting"


def test_where_both_are_loaded_the_tables_are_left_out_and_named(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"])
    summarise(borough, "all-crime", [5] * MONTHS, since=SINCE, scheme=categories.MPS)
    html = signed_in.get("/").content
    assert b'href="/boroughs/E09000016/?scheme=mps"' in html
    assert tiles(html.decode())["All crime"]["count"] == "1,035"


def queries(client: Client, path: str = "/") -> int:
    """How many queries the page costs with its content not yet kept, and the session and the map's shapes known."""
    client.get(path)
    store = cache._cache.get_client()  # type: ignore[attr-defined]
    for key in store.scan_iter("*page:*"):
        store.delete(key)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_it_costs_the_same_with_two_wards_and_with_twenty(signed_in: Client, analyst: User, borough: Area) -> None:
    add_wards(borough, ["Gooshays", "Heaton"], lively)
    set_priorities(by=analyst, area=borough, chosen=[category(slug) for slug in TYPES])
    save_view(by=analyst, name="Mine", page="explore", query="areas=E09000016")
    factories.ImportedFileFactory(state=ImportedFile.State.REFUSED, message="No.")
    few = queries(signed_in)
    add_wards(borough, [f"Ward {number}" for number in range(18)], lively)
    factories.next_data_version()
    for number in range(5):
        save_view(by=analyst, name=f"Mine {number}", page="map", query="")
    assert queries(signed_in) == few
    assert few <= 18  # seventeen where the address names the borough
    assert queries(signed_in, f"/?borough={borough.code}") == few - 1


def test_it_is_small_at_the_size_of_a_london_borough(signed_in: Client, analyst: User, borough: Area) -> None:
    add_wards(borough, [f"A ward with quite a long name {number}" for number in range(25)], lively)
    set_priorities(by=analyst, area=borough, chosen=[category(slug) for slug in TYPES])
    assert len(signed_in.get("/").content) < 120_000


def test_a_kept_overview_holds_nothing_of_its_reader(
    make_user: Callable[..., User], borough: Area, settings: object
) -> None:
    add_wards(borough, ["Gooshays"])
    one, other = make_user("one@example.org"), make_user("other@example.org", role="viewer", agency="A housing trust")
    council = Agency.objects.get(name="Havering Council")
    save_view(by=one, name="Only mine", page="explore", query="")
    save_view(by=one, name="For the council", page="explore", query="", agency=council)
    factories.ImportedFileFactory(state=ImportedFile.State.REFUSED, message="No.")
    pages = {}
    for user in (one, other):
        client = Client()
        client.force_login(user)
        pages[user] = words(client.get("/").content)
    assert "Only mine yours" in pages[one]
    assert "For the council Havering Council" in pages[one]
    assert "1 file was refused in the last import" in pages[one]
    assert "British Transport Police missing for August 2017" in pages[one]
    for text in ("Only mine", "For the council", "All saved views", "refused", "Data waiting"):
        assert text not in pages[other]
    kept = [cache.get(key.decode().split(":", 2)[2]) for key in cache._cache.get_client().scan_iter("*page:*")]  # type: ignore[attr-defined]
    assert len(kept) == 1
    assert "Only mine" not in str(kept)


def test_without_anything_to_say_there_are_no_cards(
    client: Client, make_user: Callable[..., User], borough: Area
) -> None:
    add_wards(borough, ["Gooshays"])
    client.force_login(make_user(role="viewer"))
    assert b"app-personal" not in client.get("/").content


def test_orders_that_end_soon_and_what_was_promised(
    signed_in: Client, analyst: User, make_user: Callable[..., User], borough: Area
) -> None:
    add_wards(borough, ["Gooshays"])
    make_user("other@example.org", agency="A housing trust")
    council, trust = Agency.objects.get(name="Havering Council"), Agency.objects.get(name="A housing trust")
    now, today = timezone.now(), timezone.localdate()

    def order(kind: str, title: str, left: timedelta, **said: Any) -> None:
        begun = {"owner": council, "status": "done", "starts": now - timedelta(days=400), "ends": now + left}
        register_of(kind).model._base_manager.create(kind=kind, title=title, strand="pursue", **{**begun, **said})

    def promised(title: str, days: int, **said: Any) -> None:
        due = {"agency": council, "asked_by": trust, "due_on": today + timedelta(days=days)}
        AgreedAction.objects.create(title=title, **{**due, **said})

    order("pspo", "Ends in ninety days", timedelta(days=90) - timedelta(minutes=1))
    order("cbo", "Ends tomorrow", timedelta(days=1))
    for kind in ("dispersal", "cpw"):
        order(kind, f"Zebra {kind}", timedelta(hours=30))
    order("pspo", "Zebra, later", timedelta(days=91))
    order("pspo", "Zebra, over", -timedelta(minutes=1))
    order("pspo", "Zebra, not made", timedelta(days=9), status="planned", starts=now + timedelta(days=8))
    order("pspo", "Zebra of the trust", timedelta(days=5), owner=trust)
    order("pspo", "Zebra without an end", timedelta(0), ends=None)
    promised("Fit a lamp", -1)
    promised("Cut a hedge", 14)
    promised("Zebra, later", 15)
    promised("Zebra, done", 1, status="done", done_on=today)
    promised("Zebra promised to us", 1, agency=trust, asked_by=council)
    said = words(signed_in.get("/").content)
    (day,) = re.findall(r"Ends in ninety days Public Spaces Protection Order, ends on (\d+ \w+ \d{4})", said)
    assert day == f"{(now + timedelta(days=90, minutes=-1)).astimezone(LONDON):%-d %B %Y}"
    assert said.index("Orders that end soon") < said.index("Ends tomorrow") < said.index("Ends in ninety days")
    due = today - timedelta(days=1)
    assert f"Promised by your agency Fit a lamp Havering Council, overdue since {due:%-d %B %Y} Cut a hedge" in said
    assert "Zebra" not in said
    for number in range(VIEWS_SHOWN):
        order("cbo", f"Order {number}", timedelta(days=2))
        promised(f"Promise {number}", 2)
    with CaptureQueriesContext(connection) as captured:
        said = words(signed_in.get("/").content)
    assert "The calendar" in said
    assert "All actions" in said
    assert "Ends in ninety days" not in said, "the first ones are shown"
    assert len([one for one in captured if "interventions_agreedaction" in one["sql"]]) == 1
    assert len([one for one in captured if '"interventions_intervention"' in one["sql"] and "ends" in one["sql"]]) <= 3


def test_a_new_import_is_seen_at_once(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"])
    assert tiles(signed_in.get("/").content.decode())["All crime"]["count"] == "1,035"
    MonthlySummary.objects.filter(
        area_id=borough.pk, category_id=category("all-crime").number, month=date(2018, 3, 1)
    ).update(count=777)
    factories.next_data_version()
    assert tiles(signed_in.get("/").content.decode())["All crime"]["count"] == "777"


def test_people_start_in_their_own_borough_and_may_choose_another(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"])
    other = factories.BoroughFactory(name="Barking")
    add_wards(other, ["Abbey"])
    summarise(other, "all-crime", [1] * MONTHS, since=SINCE)
    assert "Havering in March 2018" in words(signed_in.get("/").content)
    said = words(signed_in.get(f"/?borough={other.code}&month=2018-01").content)
    assert "Barking in January 2018" in said


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("month=March", "A month looks like 2017-03, not “March”."),
        ("month=2030-01", "There are no such figures for Havering: police.uk has April 2015 to March 2018."),
        ("sort=height", "“height” is not a column."),
        ("borough=" + "E" * 50, "Ensure this value has at most 40 characters"),
        ("month=%00", "A month looks like"),
    ],
)
def test_a_bad_address_gets_a_sentence_and_a_way_on(
    signed_in: Client, borough: Area, query: str, sentence: str
) -> None:
    add_wards(borough, ["Gooshays"])
    response = signed_in.get(f"/?{query}")
    assert response.status_code == 400
    assert sentence in words(response.content)
    assert b'href="/' in response.content


@pytest.mark.parametrize("code", ["E09999999", "%00", "' OR 1=1 --", "<script>"])
def test_unknown_boroughs_are_not_found(signed_in: Client, borough: Area, code: str) -> None:
    add_wards(borough, ["Gooshays"])
    for path in ("/", "/priorities/"):
        assert signed_in.get(path, {"borough": code}).status_code in (400, 404)
    assert signed_in.get(f"/?borough={Area.objects.get(name='Gooshays').code}").status_code == 404


def test_a_borough_with_searches_alone_has_a_way_on(signed_in: Client) -> None:
    borough = factories.BoroughFactory(name="Havering")
    factories.WardFactory(parent=borough)
    summarise(borough, "all-searches", [1] * 3, since=SINCE, scheme=categories.SEARCH)
    response = signed_in.get("/")
    assert response.status_code == 400
    assert b'href="/data/"' in response.content


def test_a_part_month_is_said_in_the_tile_and_not_compared(signed_in: Client, borough: Area) -> None:
    add_wards(borough, ["Gooshays"])
    MonthlySummary.objects.filter(area_id=borough.pk, month=date(2018, 3, 1)).update(
        coverage=MonthlySummary.Coverage.PARTIAL
    )
    html = signed_in.get("/?month=2018-03").content.decode()
    tile = tiles(html)["All crime"]
    assert (tile["count"], tile["change"]) == ("1,035 in part", "Not compared")
    assert "police recorded at least 1,035 crimes" in words(html.encode())
    assert Source.STREET.label in html
