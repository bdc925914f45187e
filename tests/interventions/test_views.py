"""The pages of activity: who sees which rows and parts, what can be done, and what is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions import presenters
from interventions.calc.clock import LONDON
from interventions.models import Intervention
from partners.models import Agency, AuditEvent, User
from partners.roles import Marking
from tests.interventions.conftest import narrowed

SECRETS = ("Kestrel", "Zebra", "Quill", "417", "51.60312", "0.21874")
Make = Callable[..., Intervention]


def posted(**said: Any) -> dict[str, Any]:
    """What a browser sends for a new record."""
    return {
        "title": "Evening patrol of the station approach",
        "strand": "protect",
        "status": "planned",
        "starts_day": "2026-12-04",
        "starts_time": "19:00",
        "ends_day": "",
        "ends_time": "21:30",
        "wards": ["E05800308"],
        "marking": "official",
        "audience": "agreements",
        **said,
    }


def shown_changes(client: Client, record: Intervention) -> dict[str, Any]:
    """What a browser would send back from the form of a record, unchanged."""
    form = client.get(f"/activity/{record.pk}/change/").context["form"]
    values = {name: form[name].value() for name in form.fields if name != "owner"}
    values |= {name: str(values[name])[:5] for name in ("starts_time", "ends_time")}
    return {name: value for name, value in values.items() if value is not None}


# --- Who sees what -----------------------------------------------------------------------------------------------


def test_the_owner_sees_all_of_it(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    page = clients["owner"].get(f"/activity/{record.pk}/").content.decode()
    for secret in SECRETS:
        assert secret in page
    assert "Withheld" not in page
    assert f"/activity/{record.pk}/change/" in page
    assert f"/audit/of/intervention/{record.pk}/" in page
    assert page.count("OFFICIAL") >= 3  # at the head, as a tag, at the foot


def test_a_partner_sees_what_the_agreement_gives(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    for address in (f"/activity/{record.pk}/", "/activity/"):
        page = clients["partner"].get(address).content.decode()
        assert "Evening patrol" in page
        assert "Withheld by agreement" in page
        assert not [secret for secret in SECRETS if secret in page]
        assert "/change/" not in page
        assert "Owner@" not in page
    assert (
        f"/glass/?record=intervention:{record.pk}" in clients["partner"].get(f"/activity/{record.pk}/").content.decode()
    )
    assert "1 record, 1 with parts withheld by agreement." in clients["partner"].get("/activity/").content.decode()


@pytest.mark.parametrize("who", ["lapsed", "stranger"])
def test_to_others_it_does_not_exist(clients: dict[str, Client], make_activity: Make, who: str) -> None:
    record = make_activity()
    there, never = (clients[who].get(f"/activity/{pk}/") for pk in (record.pk, 10**9))
    assert there.status_code == never.status_code == 404
    for way in ("change/", "status/"):
        assert clients[who].post(f"/activity/{record.pk}/{way}", {"status": "done"}).status_code == 404
    page = clients[who].get("/activity/").content.decode()
    assert "Evening patrol" not in page
    assert "No activity yet" in page


def test_a_suspended_agreement_gives_nothing_at_once(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    record = make_activity()
    assert clients["partner"].get(f"/activity/{record.pk}/").status_code == 200
    world.agreement.status = "suspended"
    world.agreement.save()
    assert clients["partner"].get(f"/activity/{record.pk}/").status_code == 404


def test_a_planned_warrant_is_the_teams_alone(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(kind="warrant", status="planned", audience="team", title="Warrant at dawn")
    page = clients["owner"].get(f"/activity/{record.pk}/").content.decode()
    assert "Only the owning team sees it until it is executed" in page
    assert "Only people of" not in page  # said once
    patrol = make_activity(audience="team")
    assert "Only people of Owner Agency see this record" in clients["owner"].get(f"/activity/{patrol.pk}/").text
    for who in ("partner", "lapsed", "stranger"):
        assert clients[who].get(f"/activity/{record.pk}/").status_code == 404
        assert "Warrant at dawn" not in clients[who].get("/activity/").content.decode()


def test_a_partner_may_not_change_what_it_sees(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    for way in ("change/", "status/"):
        answer = clients["partner"].post(f"/activity/{record.pk}/{way}", {"status": "planned"})
        assert answer.status_code == 403
    record.refresh_from_db()
    assert record.status == "done"


def test_a_contributor_changes_only_the_own(
    contributor: User, as_person: Callable[[User], Client], make_activity: Make
) -> None:
    client = as_person(contributor)
    own, others = make_activity(created_by=contributor), make_activity()
    assert client.get(f"/activity/{own.pk}/change/").status_code == 200
    assert client.get(f"/activity/{others.pk}/change/").status_code == 403
    assert client.get(f"/activity/{others.pk}/").status_code == 200


def test_a_viewer_may_not_add(make_user: Callable[..., User], as_person: Callable[[User], Client]) -> None:
    client = as_person(make_user("v@example.org", role="viewer"))
    answer = client.get("/activity/new/")
    assert answer.status_code == 403
    assert "Contributors, analysts" in answer.content.decode()
    assert "Add activity" not in client.get("/activity/").content.decode()


# --- The register ------------------------------------------------------------------------------------------------


def titles(client: Client, query: str) -> list[str]:
    return [row.title for row in client.get(f"/activity/?{query}").context["rows"]]


def test_filters(clients: dict[str, Client], make_activity: Make, world: SimpleNamespace) -> None:
    now = timezone.now()
    make_activity(title="Old", starts=now - timedelta(days=40), kind="outreach", strand="prevent")
    make_activity(title="New", wards=[world.other], marking="official-sensitive")
    make_activity(title="Next", starts=now + timedelta(days=2), status="planned")
    make_activity(title="Theirs", owner=world.stranger)
    owner = clients["owner"]
    assert titles(owner, "") == ["Next", "New", "Old"]
    assert titles(owner, "kind=outreach") == ["Old"]
    assert titles(owner, "strand=prevent") == ["Old"]
    assert titles(owner, "status=planned") == ["Next"]
    assert titles(owner, "marking=official-sensitive") == ["New"]
    assert titles(owner, "area=E05800311") == ["New"]
    assert titles(owner, "area=E09800016") == ["Next", "New", "Old"]
    assert titles(owner, f"agency={world.owner.pk}") == ["Next", "New", "Old"]
    assert titles(owner, f"agency={world.stranger.pk}") == []
    assert titles(owner, f"to={now - timedelta(days=30):%Y-%m-%d}") == ["Old"]
    assert titles(owner, f"from={now - timedelta(days=30):%Y-%m-%d}") == ["Next", "New"]
    assert titles(owner, "q=ol") == ["Old"]


def test_text_is_sought_in_what_is_shown_only(clients: dict[str, Client], make_activity: Make) -> None:
    make_activity()
    for word in ("Zebra", "kestrel", "quill"):
        assert titles(clients["owner"], f"q={word}") == ["Evening patrol"]
        assert titles(clients["partner"], f"q={word}") == []
    assert titles(clients["partner"], "q=evening") == ["Evening patrol"]


@pytest.mark.parametrize(
    "query", ["kind=nothing", "from=soon", "from=2026-03-02&to=2026-03-01", "agency=0", "area=X", "q=" + "x" * 101]
)
def test_a_filter_that_makes_no_sense_is_said(clients: dict[str, Client], make_activity: Make, query: str) -> None:
    make_activity()
    answer = clients["owner"].get(f"/activity/?{query}")
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    assert "Evening patrol" not in answer.content.decode()
    file = clients["owner"].get(f"/activity/activity.csv?{query}")
    assert file.status_code == 302
    assert file["Location"].startswith("/activity/?")


def test_pages_of_fifty(clients: dict[str, Client], make_activity: Make) -> None:
    for number in range(52):
        make_activity(title=f"Patrol {number}", starts=timezone.now() - timedelta(days=number))
    assert len(titles(clients["owner"], "")) == 50
    assert titles(clients["owner"], "page=2") == ["Patrol 50", "Patrol 51"]
    assert "52 records." in clients["owner"].get("/activity/").content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["owner", "partner"])
@pytest.mark.parametrize("address", ["/activity/", "/activity/activity.csv", "/activity/counts/"])
def test_as_many_queries_for_twenty_as_for_two(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace, who: str, address: str
) -> None:
    for _ in range(2):
        make_activity(wards=[world.ward, world.other])
    queries(clients[who], address)  # what is kept is kept now
    few = queries(clients[who], address)
    for number in range(18):
        make_activity(title=f"Patrol {number}", wards=[world.ward, world.other])
    assert queries(clients[who], address) == few
    assert few <= 22


# --- Adding and changing -----------------------------------------------------------------------------------------


def test_the_form_says_what_may_not_be_written(clients: dict[str, Client]) -> None:
    page = clients["owner"].get("/activity/new/patrols/").text
    assert "dates of birth, telephone numbers or addresses of members of the public" in page
    assert "Not for intelligence (5x5x5, 3x5x2)" in page
    assert "SECRET or above" in page


def test_adding(clients: dict[str, Client], world: SimpleNamespace) -> None:
    answer = clients["owner"].post("/activity/new/patrols/", posted(owner=world.owner.pk, point="51.60312, 0.21874"))
    record = Intervention.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/activity/{record.pk}/"
    assert (record.owner, record.created_by) == (world.owner, world.people["owner"])
    assert f"{record.starts:%Y-%m-%d %H:%M} {record.ends:%d %H:%M}" == "2026-12-04 19:00 04 21:30"
    assert (record.latitude, record.longitude) == (51.60312, 0.21874)
    assert record.area_codes == ["E05800308", "E09800016"]
    event = AuditEvent.objects.filter(action="intervention.created").get()
    assert event.objects_named == [f"intervention:{record.pk}"]
    assert "The patrol is added." in clients["owner"].get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"wards": []}, "Choose at least one ward."),
        ({"starts_day": "soon"}, "Enter a valid date."),
        ({"ends_time": "18:00"}, "The end is before the start."),
        ({"point": "here"}, "Write the point as latitude and longitude"),
        ({"point": "99, 0.2"}, "The latitude is from -90 to 90"),
        ({"status": "done"}, "It has not begun yet, so it cannot be done."),
        ({"audience": "everyone"}, "Only an OPEN record can be for everyone who signs in."),
        ({"people_reached": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    clients: dict[str, Client], world: SimpleNamespace, wrong: dict[str, Any], sentence: str
) -> None:
    starts = timezone.localdate() + timedelta(days=9)
    answer = clients["owner"].post(
        "/activity/new/patrols/", posted(owner=world.owner.pk, starts_day=f"{starts}") | wrong
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Error: " in page
    assert re.search(r'id="id_\w+_error"', page)
    assert not Intervention.objects.exists()


def test_the_agency_chosen_first_is_ones_own(clients: dict[str, Client], world: SimpleNamespace) -> None:
    """By name a part may come before its whole; what is saved in haste is still the whole's."""
    Agency.objects.create(name="A part", kind=world.owner.kind, part_of=world.owner)
    form = clients["owner"].get("/activity/new/patrols/").context["form"]
    assert form["owner"].value() == world.owner.pk


def test_nobody_adds_for_another_agency(clients: dict[str, Client], world: SimpleNamespace) -> None:
    answer = clients["owner"].post("/activity/new/patrols/", posted(owner=world.stranger.pk))
    assert answer.status_code == 422
    assert not Intervention.objects.exists()


def test_wards_are_those_in_which_one_may_add(clients: dict[str, Client], world: SimpleNamespace) -> None:
    narrowed(world.people["owner"], "E05800308")
    page = clients["owner"].get("/activity/new/patrols/").content.decode()
    assert "Gooshays" in page
    assert "Heaton" not in page
    answer = clients["owner"].post("/activity/new/patrols/", posted(owner=world.owner.pk, wards=["E05800311"]))
    assert answer.status_code == 422


def test_a_planned_warrant_is_made_covert_and_said_to_be(clients: dict[str, Client], world: SimpleNamespace) -> None:
    answer = clients["owner"].post(
        "/activity/new/warrants/", posted(owner=world.owner.pk, power="s23-mda", entries_allowed="1"), follow=True
    )
    assert Intervention.objects.get().audience == "team"
    assert "for the owning team only, until it is marked as done" in answer.content.decode()


def test_marking_sensitive_needs_the_right_to_see_it(
    contributor: User, as_person: Callable[[User], Client], world: SimpleNamespace
) -> None:
    client = as_person(contributor)
    assert Marking.SENSITIVE.label not in client.get("/activity/new/patrols/").content.decode()
    answer = client.post("/activity/new/patrols/", posted(owner=world.owner.pk, marking="official-sensitive"))
    assert answer.status_code == 422
    assert not Intervention.objects.exists()


@pytest.mark.parametrize(("choice", "utc"), [("0", "00:30"), ("1", "01:30")])
def test_the_hour_that_comes_twice_is_asked_about(
    clients: dict[str, Client], world: SimpleNamespace, choice: str, utc: str
) -> None:
    sent = posted(owner=world.owner.pk, starts_day="2025-10-26", starts_time="01:30", ends_time="05:00", status="done")
    asked = clients["owner"].post("/activity/new/patrols/", sent)
    assert asked.status_code == 422
    assert "clocks go back from 02:00 to 01:00, so 01:30 comes twice" in asked.content.decode()
    assert 'name="starts_twice"' in asked.content.decode()
    assert clients["owner"].post("/activity/new/patrols/", sent | {"starts_twice": choice}).status_code == 302
    record = Intervention.objects.get()
    assert f"{record.starts:%H:%M} {record.ends:%H:%M}" == f"{utc} 05:00"
    page = clients["owner"].get(f"/activity/{record.pk}/").content.decode()
    assert f"26 October 2025, 01:30 {'BST' if choice == '0' else 'GMT'} to 05:00" in page
    # Saved again unchanged, it is the same moment.
    clients["owner"].post(f"/activity/{record.pk}/change/", shown_changes(clients["owner"], record))
    again = Intervention.objects.get()
    assert (again.starts, again.changed_at) == (record.starts, record.changed_at)


def test_the_hour_that_is_left_out_is_refused(clients: dict[str, Client], world: SimpleNamespace) -> None:
    sent = posted(owner=world.owner.pk, starts_day="2025-03-30", starts_time="01:30", ends_time="05:00", status="done")
    answer = clients["owner"].post("/activity/new/patrols/", sent)
    assert "there is no 01:30" in answer.content.decode()
    assert not Intervention.objects.exists()


def test_changing(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    sent = shown_changes(clients["owner"], record) | {"title": "Night patrol", "wards": ["E05800311"]}
    assert clients["owner"].post(f"/activity/{record.pk}/change/", sent).status_code == 302
    after = Intervention.objects.get()
    assert (after.title, after.area_codes) == ("Night patrol", ["E05800311", "E09800016"])
    assert after.details == record.details
    assert (after.latitude, after.longitude) == (record.latitude, record.longitude)
    event = AuditEvent.objects.get(action="intervention.changed")
    assert event.before is not None
    assert event.before["title"] == "Evening patrol"
    assert set(event.before) == {"title", "wards", "area_codes", "changed_at"}


def test_the_second_of_two_is_told_and_nothing_is_lost(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    first, second = (shown_changes(clients["owner"], record) for _ in range(2))
    address = f"/activity/{record.pk}/change/"
    assert clients["owner"].post(address, first | {"title": "First version"}).status_code == 302
    answer = clients["owner"].post(address, second | {"title": "Second version", "details": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "changed this record at" in page
    assert "What is saved now, by somebody else" in page
    assert 'value="Second version"' in page
    assert Intervention.objects.get().title == "First version"
    again = second | {"title": "Second version", "seen": answer.context["form"]["seen"].value()}
    assert clients["owner"].post(address, again).status_code == 302
    assert Intervention.objects.get().title == "Second version"


def test_buttons_of_the_owner(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(status="planned")
    for status, words in (("done", "is done."), ("cancelled", "is cancelled."), ("planned", "is planned.")):
        answer = clients["owner"].post(f"/activity/{record.pk}/status/", {"status": status}, follow=True)
        assert words in answer.content.decode()
        assert Intervention.objects.get().status == status
    answer = clients["owner"].post(f"/activity/{record.pk}/status/", {"status": "lost"}, follow=True)
    assert "The status is one of" in answer.content.decode()


def test_what_has_not_begun_has_no_button_done(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(starts=timezone.now() + timedelta(days=1), status="planned")
    page = clients["owner"].get(f"/activity/{record.pk}/").text
    assert "Cancel this activity" in page
    assert "Mark as done" not in page
    # Nor has what is done a button that cancels it.
    record.status = "done"
    record.save(update_fields=["status"])
    assert "Cancel this activity" not in clients["owner"].get(f"/activity/{record.pk}/").text


def test_what_ends_at_midnight_ends_with_the_day_before() -> None:
    begins = datetime(2026, 3, 4, 20, tzinfo=LONDON)
    for ends, said in (
        (datetime(2026, 3, 5, tzinfo=LONDON), " to midnight"),
        (datetime(2026, 6, 4, tzinfo=LONDON), ", to the end of 3 June 2026"),
        (datetime(2026, 3, 5, 2, tzinfo=LONDON), ", to 5 March 2026, 02:00"),
    ):
        assert presenters.when(begins, ends) == f"4 March 2026, 20:00{said}"


def test_boxes_of_what_is_planned_say_nothing_yet(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(kind="licensing", status="planned", premises_name="The Kestrel")
    assert "Warning given" not in clients["owner"].get(f"/activity/{record.pk}/").text
    Intervention.objects.update(status="done")
    assert "Warning given" in clients["owner"].get(f"/activity/{record.pk}/").text


def test_reading_is_audited(clients: dict[str, Client], make_activity: Make, world: SimpleNamespace) -> None:
    record, open_one = make_activity(), make_activity(marking="open", audience="everyone")
    clients["partner"].get("/activity/")
    clients["partner"].get(f"/activity/{record.pk}/")
    clients["partner"].get(f"/activity/{open_one.pk}/")
    events = list(AuditEvent.objects.filter(action="intervention.read").order_by("number"))
    assert [event.summary for event in events] == ["Read (list)", "Read (page)"]
    assert all(event.objects_named == [f"intervention:{record.pk}"] for event in events)
    assert events[0].actor == f"user-{world.people['partner'].pk}"
