"""Whatever an address or a form says, the answer is a page: never an error of ours, and where something is wrong, a
sentence and a way on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspots.models import Area
from partners.models import Membership, Role, User
from tests import factories
from tests.reports.rendered.reading import read
from tests.reports.rendered.worlds import standing
from tests.reports.test_summaries_reference import load
from tests.reports.test_summaries_worlds import HEADERS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIGURES = ("scheme", "category", "month")
MAP = (*FIGURES, "borough", "by", "wards", "period", "measure", "classes", "number", "limits", "sort", "at")
EXPLORE = ("areas", "cat", "scheme", "from", "last", "to", "measure", "base", "view", "compare", "scale")
# Address -> what may stand in its query.
ACTIVITY = ("q", "kind", "strand", "status", "agency", "area", "marking", "from", "to", "page")
PLACES = ("agency", "area", "problem")
PAGES: dict[str, tuple[str, ...]] = {
    "/": ("borough", "month", "sort"),
    "/wards/": (*FIGURES, "borough", "wards", "show", "sort"),
    "/wards/E05000001/": (*FIGURES, "months", "lines", "scale"),
    "/boroughs/E09000016/": ("scheme", "month"),
    "/forces/metropolitan/": ("scheme", "month"),
    "/map/": MAP,
    "/map/data/": MAP,
    "/map/map.csv": ("borough", "month", "at"),
    "/map/map.svg": ("borough", "month", "limits"),
    "/explore/": EXPLORE,
    "/explore/download.csv": ("areas", "cat", "base"),
    "/explore/download.xlsx": ("areas", "from"),
    "/explore/download.svg": ("areas", "to"),
    "/search/": ("q",),
    "/priorities/": ("borough",),
    "/views/": (),
    "/views/new/": ("page", "query", "name", "agency"),
    "/methods/": (),
    "/style/": ("shades",),
    "/data/": (),
    "/data/imports/": ("page",),
    "/data/coverage/": ("source",),
    "/jobs/": ("page",),
    "/agencies/": (),
    "/agencies/new/": ("part_of",),
    "/agencies/people/": ("q", "page"),
    "/agreements/": (),
    "/agreements/new/": (),
    "/teams/": (),
    "/teams/new/": ("ward",),
    "/roles/": (),
    "/glass/": ("record",),
    "/looking-as/": (),
    "/audit/": ("kind", "who", "thing", "from", "to", "before"),
    "/audit/events.csv": ("who", "from"),
    "/hotspots/": (*PLACES, "q", "phase", "kind", "status", "overdue", "order", "page"),
    "/hotspots/places.csv": PLACES,
    "/hotspots/board/": PLACES,
    "/hotspots/agenda/": PLACES,
    "/hotspots/compare/": ("place",),
    "/hotspots/find/": ("borough", "cat", "month", "months", "show"),
    "/hotspots/sets/": ("page",),
    "/hotspots/gate-questions/": (),
    "/law/": (),
    "/law/order-types/": (),
    "/law/new/": (),
    "/law/order-types/new/": (),
    "/activity/": ACTIVITY,
    "/activity/activity.csv": ACTIVITY,
    "/activity/activity.geojson": ("area", "from"),
    "/activity/activity.ics": ("agency", "to"),
    "/activity/registers/": (),
    "/activity/registers/pspo-actions/": (*ACTIVITY, "order", "action", "now", "hotspot", "page"),
    "/activity/registers/pspo-actions.csv": ("order", "hotspot"),
    "/activity/live/": ("at", "street", "ward", "hotspot"),
    "/activity/pspo-action/": ("order",),
    "/activity/new/": ("hotspot",),
    "/activity/new/pspo-actions/": ("hotspot", "day", "order", "date", "kind"),
    "/activity/days/": ("from",),
    "/activity/actions/": ("q", "state", "agency", "whose", "hotspot", "source", "page"),
    "/activity/actions/actions.csv": ("state", "agency", "hotspot"),
    "/activity/actions/new/": ("source", "hotspot"),
    "/activity/calendar/": ("month", "show", "whose", "kind", "hotspot"),
    "/activity/counts/": ("borough", "quarter", "by"),
    "/activity/counts/publication.csv": ("borough", "quarter"),
}
# Drawn by another program: a second each.
SLOW = {"/map/map.png": MAP, "/explore/download.png": EXPLORE}
PATHS_WITH_CODES = ("/wards/{}/", "/boroughs/{}/", "/forces/{}/")
PATHS_WITH_NUMBERS = (
    "/views/{}/rename/", "/views/{}/delete/", "/data/imports/{}/", "/data/imports/files/{}/",
    "/data/imports/files/{}/rejected.csv", "/data/releases/{}/", "/jobs/{}/", "/data/upload/{}/",
    "/data/templates/{}.csv",
    "/agencies/{}/", "/agencies/{}/keys/", "/agreements/{}/", "/teams/{}/", "/activity/{}/",
    "/audit/of/intervention/{}/", "/law/{}/change/", "/law/order-types/{}/change/",
    "/activity/{}/renewal/", "/activity/{}/evidence/", "/activity/{}/year/", "/activity/{}/year/draft/",
    "/activity/{}/answer/", "/activity/{}/results/", "/activity/{}/briefing/", "/activity/{}/summary/",
    "/activity/{}/summary.txt", "/activity/{}/agenda/", "/activity/{}/sheet/", "/activity/actions/{}/",
)  # fmt: skip
# What nobody means, and what somebody might.
ODD = (
    "", "nonsense", "E09999999", "-1", "1e999", "nan", "9" * 30, "2030-01", "9999-12-31", "2017-13", "20١٧-٠١",
    "removed-category", "mps", "search", "all", ",,,", "E09000016.wards.2016-02-31", "5,4,3", "--count",
    "<script>alert(1)</script>", "' OR 1=1 --", "\x00", "😀", "https://evil.example/", "a" * 5_000,
    ",".join(f"E05{number:06d}" for number in range(5_000)),
)  # fmt: skip
# How many parameters it takes until each odd value has been asked for.
ROUNDS = 4


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A borough with a name of 80 characters: a ward with figures, one that closed, one where nothing happened, one
    without a shape, an LSOA; fourteen months, the last but one missing. And a borough without figures."""
    folder = tmp_path_factory.mktemp("world")
    with standing(django_db_blocker, folder) as facts:
        borough = factories.BoroughFactory(code="E09000016", name=("Havering and " * 7)[:80].strip(), parent=None)
        factories.BoundaryFactory(area=borough, box_of=(0.1, 51.5, 0.4, 51.6))
        change = date(2016, 5, 5)
        for number, dates in enumerate([{"valid_to": change}, *[{"valid_from": change}] * 3], 1):
            ward = factories.WardFactory(code=f"E0500000{number}", parent=borough, **{"valid_from": None, **dates})
            if number < 4:
                factories.BoundaryFactory(
                    area=ward,
                    box_of=(0.1, 51.5, 0.4, 51.6) if number == 1 else (0.1 * number, 51.5, 0.1 * number + 0.1, 51.6),
                )
            lsoa = factories.LsoaFactory(code=f"E0100000{number}", parent=borough)
            if number > 1:
                factories.MembershipFactory(child=lsoa, parent=ward)
                factories.PopulationFactory(area=lsoa, residents=(0, 0, 1_500, 2_000, 1)[number])
            factories.BoundaryFactory(area=lsoa)
        factories.WardFactory(code="E05000009", parent=factories.BoroughFactory(code="E09000002", parent=None))
        load(*(_street(folder, month) for month in factories.months_from(date(2016, 1, 1), 14)[:12]))
        load(_street(folder, date(2017, 2, 1)))
        yield facts


def _street(folder: Path, month: date) -> Path:
    path = folder / f"{month:%Y-%m}-metropolitan-street.csv"
    force = "Metropolitan Police Service"
    with path.open("w", newline="") as stream:
        stream.write(HEADERS["street"] + "\n")
        csv.writer(stream).writerows(
            ["", f"{month:%Y-%m}", force, force, "0.25", "51.55", "On or near A Street", "E01000002", "Havering 001A",
             kind, "", ""]
            for kind in ("Burglary", "Drugs", "Anti-social behaviour", *["Vehicle crime"] * 20)
        )  # fmt: skip
    return path


@pytest.fixture
def reader(_world: Path, settings: LazySettings, signed_in: Client, analyst: User) -> Client:
    """A signed-in client that gets our errors as answers of 500."""
    settings.FACTS_DIR = _world
    agency = analyst.memberships.get().agency
    for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.PARTNERSHIP):  # every page opens
        Membership.objects.create(user=analyst, agency=agency, role=role)
    signed_in.raise_request_exception = False
    return signed_in


def fault(client: Client, response: HttpResponseBase) -> str:
    """What is wrong with an answer, "" where nothing is. One address leads on, to a good page."""
    if response.status_code == 302:
        if away := urlsplit(response["Location"]).netloc:
            return f"leads away, to {away}"
        response = client.get(response["Location"], follow=True)  # to one short address of the view
    if response.status_code not in (200, 400, 404, 422):
        return f"status {response.status_code}"
    if response.streaming:
        b"".join(response)
        return ""
    body: bytes = response.content  # type: ignore[attr-defined]
    if response["Content-Type"].startswith("application/json"):
        problem = response.json().get("problem", "") if response.status_code != 200 else "all is well here"  # type: ignore[attr-defined]
        return "" if len(problem.split()) > 3 else "says nothing"
    if b"<script>alert(1)" in body:
        return "shows what was asked unescaped"
    if response.status_code in (200, 422):
        return ""
    (main,) = read(body).all("main")
    said = " ".join(paragraph.text() for paragraph in main.all("p"))
    if len(said.split()) < 5:
        return f"says nothing: {said!r}"
    if len(said) > 1_000:
        return "says far too much"
    if main.all("form"):
        return ""  # where it was typed, it can be put right
    links = [link.attributes["href"] for link in main.all("a") if link.attributes.get("href", "").startswith("/")]
    if not links:
        return "offers no way on"
    status = _status(client, links[0])
    return "" if status == 200 else f"leads on to {links[0]}, which is answered with {status}"


_SEEN: dict[str, int] = {}


def _status(client: Client, address: str) -> int:
    """How an address is answered in the end; the world stands still, so that it is asked for once."""
    if address not in _SEEN:
        _SEEN[address] = client.get(address, follow=True).status_code
    return _SEEN[address]


def faults(client: Client, addresses: Iterable[str]) -> str:
    """A line for each address whose answer has a fault."""
    answers = ((address, fault(client, client.get(address))) for address in addresses)
    return "\n".join(f"{address[:200]}: {problem}" for address, problem in answers if problem)


@pytest.mark.parametrize(("path", "names"), [*PAGES.items()], ids=[*PAGES])
def test_each_parameter_with_odd_values(reader: Client, path: str, names: tuple[str, ...]) -> None:
    """Each parameter with some of the odd values; the values go round, so that each meets pages of every kind."""
    start = sum(len(PAGES[before]) for before in [*PAGES][: [*PAGES].index(path)])
    asked = [(name, ODD[(start + place) % ROUNDS :: ROUNDS]) for place, name in enumerate((*names, "unknown"))]
    assert not faults(reader, (f"{path}?{urlencode({name: value})}" for name, values in asked for value in values))


def test_addresses_with_several_faults(reader: Client) -> None:
    """One fault may hide the next: the way on has none of them."""
    wards = ",".join(f"E0500000{number}" for number in range(1, 6))
    assert not faults(reader, (
        "/explore/?areas=E09000016,E09999999&cat=robbery,removed&from=2030-01&to=2030-02&measure=index&base=1999-01",
        "/explore/?areas=E09000016&cat=drug-supply&scheme=mps&measure=nonsense&to=2031-01",
        f"/explore/?areas={wards},E09000002&scheme=nonsense&cat=,,removed&from=2016-05&to=2016-02",
        "/explore/?areas=E09000002,E05000009&scheme=search&view=nonsense",
        "/explore/?areas=E09000002&scheme=search&to=2016-13",
        "/explore/download.csv?areas=boroughs,E09000016.wards.1999-01-01&cat=removed&to=1999-01",
        "/map/?borough=E09000016&by=lsoa&category=removed&month=2030-01",
        "/map/?borough=all&at=nonsense&month=1999-01&category=removed",
        "/wards/?borough=E09000016&category=removed&month=2030-01&wards=1999-01-01",
        "/wards/E05000001/?scheme=mps&category=removed&month=2030-01",
    ))  # fmt: skip


@pytest.mark.parametrize("path", [*PAGES])
def test_queries_that_are_none(reader: Client, path: str) -> None:
    repeated = "&".join(f"{name}=1" for name in PAGES[path] * 3)
    queries = ("&&&=", "%ff%fe", "%", "a" * 9_000, repeated, "&".join(f"x{n}=" for n in range(3_000)))
    assert not faults(reader, (f"{path}?{query}" for query in queries))


# Good values of the parameters, so that odd ones reach further than the first check.
GOOD = {
    "borough": ("E09000016", "all"), "category": ("burglary", "all-crime", "drugs"), "month": ("2016-03", "2017-01"),
    "areas": ("E09000016.wards", "E05000001", "metropolitan", "E09000016"), "cat": ("burglary", "burglary,drugs"),
    "from": ("2016-03", "all"), "to": ("2016-02", "2016-09"), "base": ("2016-02",), "by": ("ward", "lsoa"),
    "measure": ("count", "rate", "index", "share", "rolling", "change"), "wards": ("2016-05-05", "2015-01-01"),
    "view": ("line", "bar", "multiples", "heat"), "scheme": ("police.uk", "mps", "search"), "period": ("year",),
    "classes": ("quantile", "equal", "fixed"), "limits": ("1,2,3", "0"), "at": ("E05000002", "E01000002"),
    "months": ("12", "all"), "show": ("rate",), "lines": ("years",), "scale": ("same",), "compare": ("categories",),
}  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_parameters_together(reader: Client, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path, names in PAGES.items() if len(names) > 1]), "path")
    names = PAGES[path]
    query = {
        name: data.draw(
            st.one_of(st.sampled_from(GOOD.get(name, ("1",))), st.sampled_from(ODD), st.text(max_size=30)), name
        )
        for name in data.draw(st.lists(st.sampled_from(names), unique=True, max_size=6))
    }
    response = reader.get(path, {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()})
    assert not fault(reader, response)


@pytest.mark.parametrize("path", [*SLOW])
def test_pictures(reader: Client, path: str) -> None:
    queries = ("month=2030-01", "areas=E09999999&category=nonsense&at=x", "areas=E09000002&borough=E09000002")
    assert not faults(reader, (f"{path}?{query}" for query in queries))


@pytest.mark.parametrize("pattern", [*PATHS_WITH_CODES, *PATHS_WITH_NUMBERS])
def test_addresses_of_what_is_not_there(reader: Client, pattern: str) -> None:
    wrong = []
    for value in ("E09999999", "x", "E01000001", "0", "9" * 30, "9" * 12, "a" * 5_000, "%00", "%F0%9F%98%80", "-", "_",
                  "00000000-0000-0000-0000-000000000000"):  # fmt: skip
        response = reader.get(pattern.format(value))
        if response.status_code not in (400, 404):
            wrong.append(f"{pattern.format(value)[:80]}: status {response.status_code}")
        elif problem := fault(reader, response):
            wrong.append(f"{pattern.format(value)[:80]}: {problem}")
    assert not wrong, "\n".join(wrong)


def test_places_where_nothing_is_known(reader: Client) -> None:
    """Boroughs and wards that have no figures, or none but zeros, have a page."""
    for path in ("/boroughs/E09000002/", "/wards/E05000009/", "/wards/E05000003/", "/wards/E05000004/"):
        assert reader.get(path).status_code == 200, path
    assert Area.objects.filter(kind="ward", code="E05000003").exists()


FORMS = {
    "/priorities/?borough=E09000016": ("first", "second", "third", "fourth"),
    "/views/new/": ("name", "page", "query", "agency"),
}


@pytest.mark.parametrize(("path", "names"), [*FORMS.items()], ids=[*FORMS])
def test_forms_with_odd_values(reader: Client, path: str, names: tuple[str, ...]) -> None:
    asked = [(name, value) for place, name in enumerate(names) for value in ODD[place::ROUNDS]]
    filled = ({"page": "explore", "name": "A view", name: value} for name, value in asked)
    answers = ((form, fault(reader, reader.post(path, form))) for form in filled)
    assert not [(str(form)[:200], problem) for form, problem in answers if problem]


def test_every_page_is_swept() -> None:
    """A page that is new has its line here."""
    swept = {path.strip("/").partition("/")[0] for path in [*PAGES, *SLOW]}
    own = {"account", "admin", "api", "health", "static", "healthz", "readyz", "invitations", "calendar"}
    found = {
        str(pattern.pattern).lstrip("^").partition("/")[0]
        for module in ("reports.urls", "interventions.urls", "hotspots.urls", "partners.urls")
        for pattern in get_resolver(module).url_patterns
    }
    assert found - own <= swept
