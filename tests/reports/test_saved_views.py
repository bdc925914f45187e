"""Saved views: who may keep, see, rename and delete which, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from partners.models import Agency, AuditEvent, User
from partners.visibility import Viewer
from reports import actions, saved
from reports.models import SavedView
from tests import factories

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


@pytest.fixture
def council(analyst: User) -> Agency:
    return analyst.memberships.get().agency


@pytest.fixture
def colleague(make_user: MakeUser, council: Agency) -> User:
    """A viewer of the analyst's agency."""
    return make_user("vi@example.org", role="viewer", agency=council.name)


@pytest.fixture
def stranger(make_user: MakeUser) -> User:
    return make_user("st@example.org", role="manager", agency="Barnet Council")


def view_of(
    user: User, name: str = "Burglary", agency: Agency | None = None, query: str = "areas=E05000001"
) -> SavedView:
    return actions.save_view(by=user, name=name, page="explore", query=query, agency=agency)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_view_is_its_makers_own_or_an_agencys(
    analyst: User, colleague: User, stranger: User, council: Agency
) -> None:
    view_of(analyst, "Mine")
    view_of(analyst, "Ours", council)
    mine = saved.rows(Viewer.of_user(analyst))
    assert [(row.agency, row.name) for row in mine] == [
        ("", "Mine"),
        (council.name, "Ours"),
    ]
    assert [(row.name, row.may_change) for row in saved.rows(Viewer.of_user(colleague))] == [("Ours", False)]
    assert saved.rows(Viewer.of_user(stranger)) == []


def test_who_may_change_an_agencys_view(
    analyst: User, colleague: User, stranger: User, council: Agency, make_user: MakeUser
) -> None:
    """Its maker, and analysts and managers of the agency."""
    view = view_of(colleague, "Ours", council)
    manager = make_user("ma@example.org", role="manager", agency=council.name)
    lead = make_user("le@example.org", role="snt-lead", agency=council.name)
    for user, may in ((colleague, True), (analyst, True), (manager, True), (lead, False), (stranger, False)):
        assert saved.changeable_by(Viewer.of_user(user)).filter(pk=view.pk).exists() is may
        if not may:
            with pytest.raises(ValueError, match="Only the person who saved this view"):
                actions.rename_view(by=user, view=view, name="Theirs")
            with pytest.raises(ValueError, match="Only the person who saved this view"):
                actions.delete_view(by=user, view=view)
    colleague.memberships.all().delete()
    assert not saved.changeable_by(Viewer.of_user(colleague)).exists()


def test_names_are_told_apart_and_what_is_wrong_is_said(analyst: User, colleague: User, council: Agency) -> None:
    view_of(analyst, "  Burglary \n in   Romford ")
    assert SavedView.objects.get().name == "Burglary in Romford"
    view_of(analyst, "Burglary in Romford", council)
    view_of(colleague, "Burglary in Romford")
    other = view_of(analyst, "Other")
    with pytest.raises(ValueError, match="You have a view named “Burglary in Romford” already"):
        view_of(analyst, "Burglary in Romford")
    with pytest.raises(ValueError, match="Havering Council has a view named “Burglary in Romford” already"):
        view_of(colleague, "Burglary in Romford", council)
    with pytest.raises(ValueError, match="already"):
        actions.rename_view(by=analyst, view=other, name="Burglary in Romford")
    assert SavedView.objects.filter(name="Other").count() == 1
    for name, words in (("  ", "Give the view a name"), ("x" * 101, "at most 100"), ("a\u202eb", "cannot be shown")):
        with pytest.raises(ValueError, match=words):
            view_of(analyst, name)


def test_only_what_can_be_opened_again_is_kept(analyst: User, stranger: User, council: Agency) -> None:
    with pytest.raises(ValueError, match="Only a view of the map or of Explore"):
        actions.save_view(by=analyst, name="a", page="data", query="")
    with pytest.raises(ValueError, match="do not belong to Havering Council"):
        view_of(stranger, agency=council)
    for query in ("a=" + "x" * 2000, "&" * 10_001, "é" * 1000):
        with pytest.raises(ValueError, match="longer than 2,000 characters"):
            view_of(analyst, query=query)
    assert not SavedView.objects.exists()


@given(query=st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_a_saved_address_is_always_a_page_of_ours(query: str) -> None:
    text = saved.canonical(query)
    href = saved.address("map", text)
    assert href.split("?")[0] == "/map/"
    assert href.isascii()
    assert not set(href) & set("<>\"'#\r\n\\ ")
    assert saved.canonical(text) == text


def test_the_list_costs_the_same_however_long(
    analyst: User, council: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        view_of(analyst, f"View {number}", council if number % 2 else None)
    with django_assert_num_queries(2):  # who asks, and the views
        assert len(saved.rows(Viewer.of_user(analyst))) == 20


# --- Pages --------------------------------------------------------------------------------------------------------


def test_saving_by_the_form_leads_back_with_a_message(analyst: User, council: Agency) -> None:
    client = client_of(analyst)
    form = client.get("/views/new/", {"page": "explore", "query": "areas=E05000001,E05000002&cat=burglary"})
    choices = re.findall(r'type="radio".*?value="(\d*)"( checked)?', form.content.decode(), re.DOTALL)
    assert choices == [("", " checked"), (str(council.pk), "")]
    data = {"name": "Two wards", "page": "explore", "query": "areas=E05000001,E05000002&cat=burglary", "agency": ""}
    answer = client.post("/views/new/", data)
    assert answer["Location"] == "/explore/?areas=E05000001,E05000002&cat=burglary"
    assert client.post("/views/new/", {**data, "agency": council.pk}).status_code == 302
    page = client.get("/views/").content.decode()
    assert "Saved as “Two wards”, seen by you alone." in page
    assert "Saved as “Two wards”, seen by Havering Council." in page
    assert page.count(">Two wards</a>") == 2
    again = client.post("/views/new/", data)
    assert again.status_code == 422
    assert "You have a view named “Two wards” already" in again.content.decode()


def test_the_address_that_the_browser_shows_is_the_one_that_is_kept(signed_in: Client) -> None:
    """The map's slider changes the address after the form was made."""
    data = {"name": "Later", "page": "map", "query": "month=2018-03"}
    answer = signed_in.post("/views/new/", data, headers={"Referer": "http://testserver/map/?month=2018-05"})
    assert answer["Location"] == "/map/?month=2018-05"
    answer = signed_in.post(
        "/views/new/", {**data, "name": "Plain"}, headers={"Referer": "http://elsewhere.example/map/?month=2018-07"}
    )
    assert answer["Location"] == "/map/?month=2018-03"


def test_the_form_comes_alone_where_a_page_fetches_it(signed_in: Client) -> None:
    part = signed_in.get("/views/new/?page=map", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "csrfmiddlewaretoken" in part.content.decode()
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"page": "data", "name": "x"}, 404),
        ({"page": "", "name": "x"}, 404),
        ({"page": "map", "name": ""}, 422),
        ({"page": "map", "name": "<b>\x00"}, 422),
        ({"page": "map", "name": "x", "agency": "999"}, 422),
        ({"page": "map", "name": "x", "agency": "no"}, 422),
        ({"page": "map", "name": "x", "query": "&" * 10_001}, 422),
        ({"page": "map", "name": "x", "query": "//evil.example/?a=\r\nb"}, 302),
    ],
)
def test_odd_forms(signed_in: Client, data: dict[str, str], status: int) -> None:
    answer = signed_in.post("/views/new/", data)
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"].startswith("/map/?")
        assert "evil" not in answer["Location"].split("?")[0]


def test_renaming_and_deleting_by_the_pages(signed_in: Client, analyst: User) -> None:
    view = view_of(analyst, "Old <b>name</b>")
    assert "Old &lt;b&gt;name" in signed_in.get(f"/views/{view.pk}/rename/").content.decode()
    assert signed_in.post(f"/views/{view.pk}/rename/", {"name": " "}).status_code == 422
    assert signed_in.post(f"/views/{view.pk}/rename/", {"name": "New name"})["Location"] == "/views/"
    assert "New name" in signed_in.get(f"/views/{view.pk}/delete/").content.decode()
    assert SavedView.objects.filter(name="New name").exists()  # asking deletes nothing
    assert signed_in.post(f"/views/{view.pk}/delete/")["Location"] == "/views/"
    assert not SavedView.objects.exists()
    assert "No views yet" in signed_in.get("/views/").content.decode()


def test_strangers_and_mere_readers_find_nothing_to_change(
    analyst: User, colleague: User, stranger: User, council: Agency
) -> None:
    ours, mine = view_of(analyst, "Ours", council), view_of(analyst, "Mine")
    for user in (colleague, stranger):
        client = client_of(user)
        for view in (ours, mine):
            for what in ("rename", "delete"):
                assert client.get(f"/views/{view.pk}/{what}/").status_code == 404
                assert client.post(f"/views/{view.pk}/{what}/", {"name": "x"}).status_code == 404
    assert "Rename" not in client_of(colleague).get("/views/").content.decode()
    assert client_of(analyst).get(f"/views/{10**30}/delete/").status_code == 404
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("explore", "areas=E05999999"),  # a ward that is gone
        ("explore", "areas=E05000001&cat=abolished"),
        ("map", "category=abolished"),
        ("map", "borough=E09999999"),
        ("map", "month=2099-01"),
    ],
)
def test_a_view_that_no_longer_works_says_so_and_can_be_deleted(
    analyst: User, colleague: User, council: Agency, page: str, query: str
) -> None:
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    ward = factories.WardFactory(parent=borough, code="E05000001")
    for area in (borough, ward):
        factories.BoundaryFactory(area=area)
        factories.summarise(area, "all-crime", [10] * 13, since=date(2017, 3, 1))
    view = actions.save_view(by=analyst, name="Gone", page=page, query=query, agency=council)
    answer = client_of(analyst).get(saved.address(view.page, view.query))
    text = answer.content.decode()
    assert answer.status_code in (400, 404)
    assert "You saved this address as “Gone”" in text
    assert f'href="/views/{view.pk}/delete/"' in text
    assert 'class="govuk-link"' in text.split("<main")[1].split("You saved")[0], "no way on"
    assert "You saved this" not in client_of(colleague).get(saved.address(view.page, view.query)).content.decode()


def test_there_are_only_so_many_views(
    signed_in: Client, analyst: User, council: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_VIEWS", 2)
    for name in ("One", "Two"):
        view_of(analyst, name)
        view_of(analyst, name, council)
    with pytest.raises(ValueError, match="Havering Council has 2 saved views, the most there can be"):
        view_of(analyst, "Three", council)
    answer = signed_in.post("/views/new/", {"name": "Three", "page": "explore", "query": "areas=E05000001"})
    assert answer.status_code == 422
    assert "You have 2 saved views" in answer.content.decode()
    assert SavedView.objects.count() == 4


def test_the_audit_trail_tells_of_each_step(analyst: User, council: Agency) -> None:
    view = view_of(analyst, "Ours", council)
    pk = view.pk
    actions.rename_view(by=analyst, view=view, name="Theirs")
    actions.delete_view(by=analyst, view=view)
    saved_, renamed, deleted = AuditEvent.objects.order_by("number")
    assert {(event.actor, *event.objects_named, *event.owners) for event in (saved_, renamed, deleted)} == {
        (f"user-{analyst.pk}", f"savedview:{pk}", council.pk)
    }
    assert (saved_.action, (saved_.after or {})["name"]) == ("savedview.created", "Ours")
    assert (renamed.before, renamed.after) == ({"name": "Ours"}, {"name": "Theirs"})
    assert (deleted.action, (deleted.before or {})["name"]) == ("savedview.deleted", "Theirs")
