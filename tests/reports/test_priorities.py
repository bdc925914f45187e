"""A partnership's priorities: who may choose them, what is refused, and that everybody sees who chose them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from hotspots import categories
from hotspots.models import Area
from partners.models import AuditEvent, User
from reports import priorities
from reports.actions import set_priorities
from reports.models import Priority
from tests import factories
from tests.factories import summarise


def category(slug: str) -> categories.Definition:
    return categories.by_slug(categories.POLICE_UK)[slug]


@pytest.fixture
def borough(db: None) -> Area:
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    factories.WardFactory(parent=borough)
    for slug in ("all-crime", "burglary", "robbery"):
        summarise(borough, slug, [30] * 24, since=date(2016, 4, 1))
    factories.next_data_version()
    return borough


def text(html: bytes) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode())))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(borough: Area) -> list[str]:
    return [one.category.slug for one in priorities.chosen(borough.pk)]


@pytest.mark.parametrize("role", ["analyst", "manager"])
def test_analysts_and_managers_choose_and_everybody_sees_who(
    make_user: Callable[..., User], borough: Area, role: str
) -> None:
    chooser, viewer = make_user("chooser@example.org", role=role), make_user("viewer@example.org", role="viewer")
    assert "None are chosen." in text(as_(viewer).get("/priorities/").content)
    answer = as_(chooser).post("/priorities/?borough=E09000016", {"first": "robbery", "third": "burglary"}, follow=True)
    assert answer.redirect_chain == [("/?borough=E09000016", 302)]
    assert "The priorities of Havering are changed." in text(answer.content)
    assert names(borough) == ["robbery", "burglary"]
    seen = as_(viewer).get("/priorities/")
    today = Priority.objects.latest("pk").set_at
    assert f"1. Robbery Chooser {today.day} {today:%B %Y}" in text(seen.content)
    assert b"Save priorities" not in seen.content
    assert "Robbery Priority" in text(as_(viewer).get("/").content)


@pytest.mark.parametrize("role", ["viewer", "snt-lead"])
def test_others_may_look_and_not_choose(make_user: Callable[..., User], borough: Area, role: str) -> None:
    client = as_(make_user(role=role))
    assert client.get("/priorities/").status_code == 200
    assert client.post("/priorities/", {"first": "robbery"}).status_code == 403
    assert names(borough) == []


def test_strangers_are_sent_to_sign_in(client: Client, borough: Area) -> None:
    for answer in (client.get("/priorities/"), client.post("/priorities/", {"first": "robbery"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
    assert names(borough) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first": "robbery", "second": "robbery"}, "Robbery is chosen twice. Choose another category, or none."),
        ({"first": "witchcraft"}, "“witchcraft” is not a category of these figures."),
        ({"first": "shoplifting\x00"}, "is not a category of these figures."),
    ],
)
def test_what_cannot_be_chosen_is_said_beside_its_field(
    signed_in: Client, borough: Area, fields: dict[str, str], sentence: str
) -> None:
    answer = signed_in.post("/priorities/", fields)
    assert answer.status_code == 422
    assert sentence in text(answer.content)
    assert names(borough) == []


def test_an_overview_that_was_kept_changes_with_the_priorities(signed_in: Client, analyst: User, borough: Area) -> None:
    assert "Burglary" not in text(signed_in.get("/").content)
    set_priorities(by=analyst, area=borough, chosen=[category("burglary")])
    assert "Burglary Priority" in text(signed_in.get("/").content)
    set_priorities(by=analyst, area=borough, chosen=[])
    said = text(signed_in.get("/").content)
    assert "Burglary" not in said
    assert "The partnership has chosen no priorities yet." in said


def test_the_same_choice_again_keeps_who_made_it(make_user: Callable[..., User], borough: Area) -> None:
    first, second = make_user("first@example.org"), make_user("second@example.org")
    chosen = [category("burglary"), category("robbery")]
    assert set_priorities(by=first, area=borough, chosen=chosen)
    assert not set_priorities(by=second, area=borough, chosen=chosen)
    assert {one.set_by for one in priorities.chosen(borough.pk)} == {"First"}
    assert set_priorities(by=second, area=borough, chosen=chosen[::-1])
    assert names(borough) == ["robbery", "burglary"]
    assert {one.set_by for one in priorities.chosen(borough.pk)} == {"Second"}


def test_the_action_refuses_by_itself(make_user: Callable[..., User], borough: Area) -> None:
    viewer, analyst = make_user("viewer@example.org", role="viewer"), make_user()
    five = [category(slug) for slug in ("burglary", "robbery", "drugs", "shoplifting", "other-theft")]
    with pytest.raises(ValueError, match="Only analysts and managers"):
        set_priorities(by=viewer, area=borough, chosen=five[:1])
    with pytest.raises(ValueError, match="at most 4 priorities; these are 5"):
        set_priorities(by=analyst, area=borough, chosen=five)
    with pytest.raises(ValueError, match="once"):
        set_priorities(by=analyst, area=borough, chosen=five[:1] * 2)
    assert names(borough) == []


def test_priorities_of_tables_that_are_not_shown_are_named(signed_in: Client, analyst: User, borough: Area) -> None:
    knives = categories.by_slug(categories.MPS)["major-weapons"]
    set_priorities(by=analyst, area=borough, chosen=[knives])
    said = text(signed_in.get("/").content)
    assert "Priorities that are counted in Metropolitan Police tables only: Possession of weapons." in said


def test_the_audit_trail_tells_what_they_were(analyst: User, borough: Area) -> None:
    set_priorities(by=analyst, area=borough, chosen=[category("burglary")])
    set_priorities(by=analyst, area=borough, chosen=[category("robbery"), category("burglary")])
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.action, event.objects_named) == ("area.priorities-changed", [f"area:{borough.pk}"])
    assert (event.before, event.after) == (
        {"priorities": ["burglary"]},
        {"priorities": ["robbery", "burglary"]},
    )
