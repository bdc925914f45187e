"""Who sees what of the audit trail, on its page, in its file, and of one record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from interventions.models import Intervention
from partners import audit, trail, trail_words
from partners.models import AuditEvent, Membership, User
from partners.visibility import Viewer
from tests.partners.audit_worlds import agency, intervention

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
SECRET = "Informant lives at number 7"


@pytest.fixture
def manager(make_user: MakeUser) -> User:
    return make_user("mia@example.org", role="manager")


@pytest.fixture
def partner(make_user: MakeUser) -> User:
    return make_user("paul@example.org", role="manager", agency="Housing Trust")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def lines(answer: Any) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def changed(record: Intervention, by: User | None, **fields: Any) -> AuditEvent:
    before = audit.snapshot(record)
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    event = audit.changed(record, before, by=by, reason="Because of " + SECRET)
    assert event is not None
    return event


# --- Which events -------------------------------------------------------------------------------------------------


def test_a_manager_sees_what_concerns_the_agency_and_its_parts(manager: User, partner: User) -> None:
    part = agency("Havering SNT", part_of=agency())
    own = changed(intervention(), manager, details="New")
    of_part = changed(intervention(owner=part), None, details="New")
    read_by_partner = audit.write("intervention.read", by=partner, about=[intervention()])
    audit.write("sign-in", by=partner, about=[partner])
    audit.write("intervention.read", by=partner, about=[intervention(owner=agency("Housing Trust"))])
    seen = trail.visible_to(Viewer.of_user(manager))
    assert list(seen) == [read_by_partner, of_part, own]


def test_the_partner_whose_person_did_it_sees_it_too_and_no_values(manager: User, partner: User) -> None:
    event = changed(intervention(), partner, details=SECRET)
    viewer = Viewer.of_user(partner)
    assert list(trail.visible_to(viewer)) == [event]
    assert not trail.may_see_inside(viewer, event)
    assert trail.may_see_inside(Viewer.of_user(manager), event)


def test_covert_events_are_for_members_of_the_owner_alone(make_user: MakeUser) -> None:
    part = agency("Havering SNT", part_of=agency())
    event = changed(intervention(owner=part, audience="team"), None, details="New")
    people = {
        "owner": make_user("a@example.org", role="manager", agency=part.name),
        "whole": make_user("b@example.org", role="manager"),
        "partnership": make_user("c@example.org", role="partnership"),
        "stranger": make_user("d@example.org", role="manager", agency="Barnet Council"),
    }
    seen = {name: event in trail.visible_to(Viewer.of_user(user)) for name, user in people.items()}
    assert seen == {"owner": True, "whole": False, "partnership": False, "stranger": False}
    inside = {name: trail.may_see_inside(Viewer.of_user(user), event) for name, user in people.items()}
    assert inside == {"owner": True, "whole": False, "partnership": False, "stranger": False}


@pytest.mark.parametrize(
    ("role", "areas", "inside"),
    [
        ("manager", [], True),
        ("manager", ["E05000001"], False),
        ("administrator", [], False),
        ("partnership", [], False),
    ],
)
def test_values_of_records_are_for_those_who_see_all_of_them(
    make_user: MakeUser, role: str, areas: list[str], inside: bool
) -> None:
    user = make_user("u@example.org", role=role)
    Membership.objects.filter(user=user).update(area_codes=areas)
    event = changed(intervention(), None, details=SECRET)
    viewer = Viewer.of_user(user)
    assert event in trail.visible_to(viewer)
    assert trail.may_see_inside(viewer, event) is inside


def test_partnership_administrators_see_all_but_records_and_covert_things(make_user: MakeUser) -> None:
    viewer = Viewer.of_user(make_user("p@example.org", role="partnership", agency="Partnership"))
    stranger = make_user("s@example.org", agency="Barnet Council")
    event = audit.created(Membership.objects.get(user=stranger), by=stranger)
    assert event in trail.visible_to(viewer)
    assert trail.may_see_inside(viewer, event)


def test_whoever_looks_as_somebody_else_reads_no_trail(manager: User) -> None:
    looking = Viewer.of_user(manager, looking_as=Viewer.of_user(manager))
    audit.write("sign-in", by=manager, about=[manager])
    assert not trail.visible_to(looking).exists()


# --- The page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *(("viewer", 403), ("contributor", 403), ("analyst", 403), ("snt-lead", 403)),
        *(("manager", 200), ("administrator", 200), ("partnership", 200)),
    ],
)
@pytest.mark.parametrize("address", ["/audit/", "/audit/events.csv"])
def test_who_may_read_the_trail(make_user: MakeUser, role: str, status: int, address: str) -> None:
    answer = client_of(make_user("u@example.org", role=role)).get(address)
    assert answer.status_code == status
    if status == 403:
        assert "Only managers and administrators of an agency may read its audit trail." in text(answer)


def test_the_page_says_who_did_what(manager: User, partner: User) -> None:
    record = intervention()
    changed(record, manager, details=SECRET)
    audit.read([record, intervention(), intervention()], by=partner, how="list")
    said = text(client_of(manager).get("/audit/"))
    assert "Paul (Housing Trust) read 3 activity records (list)" in said
    assert f"Activity record {record.pk}" in said
    assert f"Mia (Havering Council) changed 1 activity record Activity record {record.pk}" in said
    assert f"Details before: nothing after: {SECRET}" in said


def test_strangers_and_administrators_find_no_value_of_a_record(make_user: MakeUser, partner: User) -> None:
    changed(intervention(), partner, details=SECRET)
    changed(intervention(audience="team"), None, details=SECRET)
    for user in (
        partner,
        make_user("ad@example.org", role="administrator"),
        make_user("pa@example.org", role="partnership", agency="Partnership"),
        make_user("st@example.org", role="manager", agency="Barnet Council"),
    ):
        client = client_of(user)
        assert SECRET not in client.get("/audit/").content.decode()
        assert SECRET not in str(lines(client.get("/audit/events.csv")))


def test_filters(manager: User, partner: User, time_machine: Any) -> None:
    record = intervention()
    for day in (1, 2, 3):
        time_machine.move_to(datetime(2026, 3, day, 23, 30, tzinfo=ZoneInfo("Europe/London")), tick=False)
        audit.write("sign-in", by=manager, about=[manager], summary=f"Day {day}")
    audit.read([record], by=partner, how="page")
    client = client_of(manager)

    def days(query: str) -> list[str]:
        return re.findall(r"Day \d|\(page\)", text(client.get(f"/audit/?{query}")))

    assert days("from=2026-03-02&to=2026-03-02") == ["Day 2"]
    assert days("from=2026-03-02") == ["(page)", "Day 3", "Day 2"]
    assert days("kind=sign-ins") == ["Day 3", "Day 2", "Day 1"]
    assert days("kind=reads") == ["(page)"]
    assert days("kind=changes") == []
    assert days("who=PAUL") == ["(page)"]
    assert days(f"who=user-{manager.pk}") == ["Day 3", "Day 2", "Day 1"]
    assert days(f"thing=Intervention:{record.pk}") == ["(page)"]
    assert "Nothing fits these filters" in text(client.get("/audit/?who=nobody"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=yesterday", "“From” is not a day of the form 2026-03-04."),
        ("from=2026-03-02&to=2026-03-01", "The last day is before the first."),
        ("kind=everything", "choose from the list"),
        ("who=" + "x" * 101, "at most 100 characters"),
    ],
)
def test_filters_that_make_no_sense_say_so(manager: User, query: str, sentence: str) -> None:
    client = client_of(manager)
    answer = client.get(f"/audit/?{query}")
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert client.get(f"/audit/events.csv?{query}").status_code == 302


def test_pages_lead_through_all_events_once(manager: User) -> None:
    for number in range(120):
        audit.write("sign-in", by=manager, about=[manager], summary=f"Number {number}.")
    client, address, found, sizes = client_of(manager), "/audit/?kind=sign-ins", [], []
    while address:
        content = client.get(address).content.decode()
        numbers = re.findall(r"Number (\d+)\.", content)
        found += numbers
        sizes.append(len(numbers))
        older = re.search(r'href="([^"]+)" rel="next"', content)
        address = unescape(older[1]) if older else ""
    assert found == [str(number) for number in reversed(range(120))]
    assert sizes == [50, 50, 20]


@pytest.mark.parametrize("rows", [2, 20])
def test_as_many_queries_for_many_events_as_for_few(
    manager: User, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(rows):
        audit.created(intervention(created_by=manager), by=manager)
    client = client_of(manager)
    client.get("/audit/")
    with django_assert_num_queries(5):  # person with roles, agencies, events, names of people and of agencies
        client.get("/audit/")


def test_the_file_holds_the_same_and_runs_nothing(manager: User) -> None:
    record = intervention("Patrol")
    changed(record, manager, title="=HYPERLINK()")
    first = lines(client_of(manager).get("/audit/events.csv?kind=changes"))
    assert [row["what"] for row in first] == ["changed 1 activity record"]
    assert first[0]["references"] == f"intervention:{record.pk}"
    assert first[0]["after"] == '{"title":"=HYPERLINK()"}'
    changed(record, manager, details="x")
    AuditEvent.objects.get(action="audit.exported")
    newest = lines(client_of(manager).get("/audit/events.csv"))
    assert [row["action"] for row in newest][:2] == ["intervention.changed", "audit.exported"]


def test_a_cell_that_begins_as_a_formula_is_text(manager: User) -> None:
    audit.write("intervention.read", by=manager, about=[intervention()], reason="=cmd()")
    assert lines(client_of(manager).get("/audit/events.csv"))[0]["reason"] == "'=cmd()"


# --- Who looked at this? ------------------------------------------------------------------------------------------


def test_the_owners_people_see_who_looked_at_a_record(make_user: MakeUser, partner: User) -> None:
    record = intervention()
    other = intervention()
    audit.read([record, other], by=partner, how="list")
    changed(record, None, details=SECRET)
    owner = client_of(make_user("vi@example.org", role="viewer"))
    said = text(owner.get(f"/audit/of/intervention/{record.pk}/"))
    assert "Paul (Housing Trust) read 2 activity records (list)" in said
    assert "The server changed 1 activity record" in said
    assert SECRET not in said  # a viewer does not see all records
    assert f"Activity record {other.pk}" not in said


@pytest.mark.parametrize("audience", ["team", "agency", "agreements", "everyone"])
def test_nobody_else_learns_that_there_is_such_a_record(make_user: MakeUser, partner: User, audience: str) -> None:
    part = agency("Havering SNT", part_of=agency())
    record = intervention(owner=part, audience=audience, marking="open")
    whole = make_user("wh@example.org", role="manager")
    stranger = make_user("st@example.org", role="manager", agency="Barnet Council")
    partnership = make_user("pa@example.org", role="partnership", agency="Partnership")
    address = f"/audit/of/intervention/{record.pk}/"
    assert [client_of(user).get(address).status_code for user in (partner, stranger, partnership)] == [404] * 3
    assert client_of(whole).get(address).status_code == (404 if audience == "team" else 200)
    assert client_of(make_user("ow@example.org", role="viewer", agency=part.name)).get(address).status_code == 200


@pytest.mark.parametrize("address", ["/audit/of/user/1/", "/audit/of/intervention/999999/", "/audit/of/no-such/1/"])
def test_only_records_have_readers(manager: User, address: str) -> None:
    assert client_of(manager).get(address).status_code == 404


# --- Words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "names", "says"),
    [
        ("sign-in", ["user:7"], "signed in"),
        ("membership.created", ["membership:7"], "added 1 role"),
        ("agency.changed", ["agency:7", "agency:8"], "changed 2 agencies"),
        ("intervention.read", [f"intervention:{n}" for n in range(1200)], "read 1,200 activity records"),
        ("new-thing.was-moved", ["new-thing:7"], "was moved 1 new thing"),
    ],
)
def test_events_in_words(action: str, names: list[str], says: str) -> None:
    assert trail_words.did(AuditEvent(action=action, objects_named=names)) == says


def test_every_type_has_its_words() -> None:
    """What is audited by `created`, `changed`, `deleted` or `read` is called as people call it."""
    from partners.models import record_types

    assert set(record_types()) <= set(trail_words.NOUNS)


def test_changes_are_shown_field_by_field() -> None:
    after = {"a": ["x", "y"], "created_by_id": 7, "owner_id": 8, "starts": "2026-07-01T22:30:00.5+00:00"}
    names = {"user:7": "Ana Lyst"}
    found = trail_words.changes({"a": None, "team_only": True}, after, names)
    assert [(one.field, one.before, one.after) for one in found] == [
        ("A", "", "x, y"),
        ("Created by", None, "Ana Lyst"),
        ("Owner", None, "8"),
        ("Starts", None, "1 Jul 2026, 23:30:00"),
        ("Team only", "yes", None),
    ]


@pytest.mark.parametrize(
    "title", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-45T99:99:99+99:99"]
)
def test_a_title_that_looks_like_a_moment_shuts_no_trail(title: str) -> None:
    assert trail_words.changes(None, {"title": title}, {}) == [trail_words.Change("Title", None, title)]


def test_of_what_was_added_only_what_it_holds_is_shown() -> None:
    assert [one.field for one in trail_words.changes(None, {"a": "", "b": None, "c": 0, "d": []}, {})] == ["C"]
