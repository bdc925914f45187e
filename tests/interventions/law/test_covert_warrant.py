"""A planned warrant is for the eyes of the owning team alone: a walk over every address, file, feed and message."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interventions.actions import add_intervention, change_intervention
from interventions.calendar.actions import make_feed
from interventions.calendar.reminders import compose
from interventions.contents import Content
from interventions.models import Warrant
from interventions.registers import BY_SLUG
from partners.models import Agency, AuditEvent, Membership, User
from partners.roles import Role
from partners.visibility import Viewer
from partners.webhooks import may_know, message
from tests.access.asking import routes
from tests.factories import BoroughFactory, WardFactory, make_place

WORDS = ("Zircon", "Quillon")
# Where records of activity can stand; other pages are of figures, people and agreements.
_WHERE = ("/activity/", "/api/v1/", "/audit/", "/calendar/", "/hotspots/", "/search/", "/wards/")
_WITH_QUERY = (
    "/search/?q=warrant",
    "/activity/?text=Zircon",
    "/activity/?status=planned",
    "/activity/live/?where=point&point=51.6,0.21",
    "/api/v1/interventions/?status=planned",
)
pytestmark = pytest.mark.django_db


def addresses(pk: int, place: int) -> list[str]:
    """Every address that can be asked with the number of the warrant, of the place, or the name of a register."""
    found = []
    for route in sorted(set(routes())):
        if not (route == "/" or route.startswith(_WHERE)) or "[" in route or "(" in route:
            continue
        number = place if route.startswith(("/hotspots/", "/api/v1/hotspots/")) else pk
        found.append(re.sub(r"<\w+>", str(number), re.sub(r"<(register|slug)>", "warrants", route)))
    return [*found, *_WITH_QUERY]


def leaks(client: Client, asked: list[str]) -> list[str]:
    """The addresses whose answers hold a word of the warrant; each is asked anew."""
    found = []
    for path in asked:
        response: Any = client.get(path)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        said = content + str(response.headers).encode()
        if any(word.encode() in said for word in WORDS):
            found.append(path)
    return found


def test_nobody_outside_the_team_reads_of_it_until_it_is_executed(make_user: Callable[..., User]) -> None:
    owner = make_user("sergeant@example.org", role=Role.MANAGER, agency="Romford Town SNT")
    head = make_user("head@example.org", role=Role.MANAGER, agency="East Area Command")
    team, command = Agency.objects.get(name="Romford Town SNT"), Agency.objects.get(name="East Area Command")
    other = Agency.objects.create(name="Drugs Focus Desk", kind=Agency.Kind.POLICE, part_of=command)
    Membership.objects.create(user=head, agency=other, role=Role.MANAGER)
    team.part_of = command
    team.save()
    ward = WardFactory(parent=BoroughFactory(code="E09000016", name="Havering"))
    place = make_place(owner=team)
    starts = timezone.now() + timedelta(minutes=30)
    warrant = add_intervention(
        by=Viewer.of_user(owner),
        owner=team,
        content=Content(
            kind="warrant",
            title="Zircon warrant",
            strand="pursue",
            starts=starts,
            ends=starts + timedelta(hours=1),
            wards=(ward,),
            hotspots=(place,),
            longitude=0.21,
            latitude=51.6,
            audience="agreements",
            particulars={"premises": "3 Quillon House", "valid_until": timezone.localdate() + timedelta(days=5)},
        ),
    )
    assert warrant.audience == "team"

    asked = addresses(warrant.pk, place.pk)
    assert len(asked) > 100
    clients = {}
    for user in (owner, head):
        clients[user] = Client()
        clients[user].force_login(user)
    # The walk finds what is there: pages, files and the API show it to its own team.
    own = [
        "/activity/",
        f"/activity/{warrant.pk}/",
        "/activity/activity.csv",
        "/activity/registers/warrants/",
        "/activity/registers/warrants.csv",
        "/activity/calendar/",
        "/search/?q=warrant",
        f"/api/v1/interventions/{warrant.pk}/",
    ]
    assert set(own) <= set(asked)
    assert leaks(clients[owner], own) == own
    assert leaks(clients[head], asked) == []
    assert clients[head].get(f"/activity/{warrant.pk}/").status_code == 404
    # In feeds and mails it has no words even for its own team.
    for user, entries in ((owner, True), (head, False)):
        _, token = make_feed(by=Viewer.of_user(user), name="Outlook")
        feed = f"/calendar/{token}.ics"
        assert leaks(Client(), [feed]) == []
        assert ("BEGIN:VEVENT" in Client().get(feed).content.decode()) is entries
        _, text = compose(Viewer.of_user(user), timezone.localdate()) or ("", "")
        assert not any(word in text for word in WORDS)
    told = message("record.created", warrant)
    assert not any(may_know(agency, told) for agency in (command, other))
    assert not any(word in str(told) for word in WORDS)
    hidden = AuditEvent.objects.filter(action="warrant.created").get()
    assert hidden.team_only

    executed = change_intervention(
        by=Viewer.of_user(owner),
        pk=warrant.pk,
        seen=None,
        audience="agency",
        particulars={"executed": timezone.now()},
    )
    assert executed.status == "done"
    assert Warrant.objects.visible_to(Viewer.of_user(head)).filter(pk=warrant.pk).exists()
    assert "Zircon" in clients[head].get(f"/activity/{warrant.pk}/").content.decode()
    assert "warrants" in BY_SLUG
