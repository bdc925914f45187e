"""Breaking the glass: who can, what it shows, who is told, and when it is over."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from partners.models import Agency, AuditEvent, BreakGlass, User
from tests.partners.sharing import DAY, HOUR, NOON, agency, agreement, intervention, person

pytestmark = pytest.mark.django_db
REASON = "A child is missing from this address"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def owner() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def partner(owner: Agency) -> Agency:
    made = agency("Havering SNT", kind="police-snt")
    agreement(owner, made, withheld_fields=["intervention.contact"])
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, record: Any, reason: str = REASON) -> Any:
    return client.post("/glass/", {"record": f"intervention:{record.pk}", "reason": reason})


def test_a_manager_sees_the_whole_for_an_hour(
    owner: Agency, partner: Agency, clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    record = intervention(owner)
    told = {person(owner, "manager").email, person(owner, "administrator").email}
    person(owner, "analyst")
    client = client_of(person(partner, "manager"))
    page = f"/activity/{record.pk}/"
    assert str(record.contact) not in client.get(page).text
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(client, record)["Location"] == page
    assert str(record.contact) in client.get(page).text
    (message,) = mail.outbox
    assert set(message.bcc) == told
    assert not message.to
    everything = f"{message.subject} {message.body}"
    assert f"intervention:{record.pk}" in everything
    assert not any(text in everything for text in (record.title, str(record.place), str(record.contact), REASON))
    event = AuditEvent.objects.get(action="intervention.opened")
    assert (event.reason, event.owners) == (REASON, [owner.pk])
    clock.move_to(NOON + HOUR)
    client.force_login(User.objects.get(memberships__agency=partner))
    assert str(record.contact) not in client.get(page).text


def test_asking_again_does_not_stack(owner: Agency, partner: Agency) -> None:
    record, client = intervention(owner), client_of(person(partner, "manager"))
    ask(client, record)
    ask(client, record)
    assert BreakGlass.objects.get().expires == NOON + HOUR


def test_a_short_reason_is_refused(owner: Agency, partner: Agency) -> None:
    answer = ask(client_of(person(partner, "manager")), intervention(owner), "urgent")
    assert answer.status_code == 422
    assert "Give a reason of 10 to 500 characters" in answer.text
    assert not BreakGlass.objects.exists()


def test_what_cannot_be_opened_answers_as_what_is_not_there(owner: Agency, partner: Agency) -> None:
    """Covert records, those for the owner alone, those above the agreement, a stranger's, and numbers of nothing."""
    client = client_of(person(partner, "manager"))
    closed = [
        intervention(owner, audience="team").pk,
        intervention(owner, audience="agency").pk,
        intervention(owner, marking="official-sensitive").pk,
        intervention(agency()).pk,
        999_999_999,
        999_999_999_999_999_999,
    ]
    answers = set()
    for pk in closed:
        answer = client.post("/glass/", {"record": f"intervention:{pk}", "reason": REASON})
        text = re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"', "", answer.text)
        answers.add((answer.status_code, re.sub(rf"intervention:{pk}\b", "THIS ONE", text)))
    assert len(answers) == 1
    assert answers.pop()[0] == 422
    assert not BreakGlass.objects.exists()
    assert not AuditEvent.objects.filter(action="intervention.opened").exists()


def test_what_is_seen_whole_is_not_opened(partner: Agency, owner: Agency) -> None:
    agreement(owner, partner)
    answer = ask(client_of(person(partner, "manager")), intervention(owner))
    assert "You see all of this record already." in answer.text


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("analyst", 403), ("administrator", 403)])
def test_only_managers_open(owner: Agency, partner: Agency, role: str, status: int) -> None:
    assert ask(client_of(person(partner, role)), intervention(owner)).status_code == status
    assert not BreakGlass.objects.exists()


def test_the_owner_reads_who_and_why_and_ends_it(owner: Agency, partner: Agency, clock: Any) -> None:
    record = intervention(owner)
    sergeant = person(partner, "manager")
    ask(client_of(sergeant), record)
    glass = BreakGlass.objects.get()
    stranger = client_of(person(agency(), "manager"))
    assert REASON not in stranger.get("/glass/").text
    assert stranger.post(f"/glass/{glass.pk}/end/").status_code == 404
    assert client_of(person(owner, "analyst")).post(f"/glass/{glass.pk}/end/").status_code == 404
    holder = client_of(person(owner, "administrator"))
    assert REASON in holder.get("/glass/").text
    clock.shift(60)
    assert holder.post(f"/glass/{glass.pk}/end/").status_code == 302
    assert str(record.contact) not in client_of(sergeant).get(f"/activity/{record.pk}/").text
    assert AuditEvent.objects.filter(action="breakglass.changed").exists()


def test_bad_references_are_named(partner: Agency) -> None:
    client = client_of(person(partner, "manager"))
    for record in ("", "12", "intervention:", "intervention:-1", "intervention:1 OR 1", "x:12", "\0"):
        assert client.post("/glass/", {"record": record, "reason": REASON}).status_code == 422
    assert client.get("/glass/?record=intervention:12").context["form"]["record"].value() == "intervention:12"


def test_a_mail_server_that_is_away_does_not_undo_it(
    owner: Agency, partner: Agency, settings: Any, django_capture_on_commit_callbacks: Any, caplog: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    person(owner, "manager")
    with django_capture_on_commit_callbacks(execute=True):
        ask(client_of(person(partner, "manager")), intervention(owner))
    assert BreakGlass.objects.filter(expires__gt=NOON + HOUR - DAY).exists()
    assert "could not be sent" in caplog.text
    assert REASON not in caplog.text


@pytest.mark.parametrize("number", [2, 20])
def test_the_page_asks_as_much_for_two_as_for_twenty(
    owner: Agency, partner: Agency, number: int, django_assert_num_queries: Any
) -> None:
    sergeant = person(partner, "manager")
    for _ in range(number):
        BreakGlass.objects.create(
            record_type="intervention",
            record_id=intervention(owner).pk,
            owner=owner,
            reason=REASON,
            opened_by=sergeant,
            expires=NOON + HOUR,
        )
    client = client_of(person(owner, "manager"))
    client.get("/glass/")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get("/glass/")


PAGE_QUERIES = 4


def test_the_owner_reads_who_it_was_and_of_which_agency(owner: Agency, partner: Agency) -> None:
    record = intervention(owner)
    opener = person(partner, "manager")
    ask(client_of(opener), record)
    page = client_of(person(owner, "manager")).get("/glass/").text
    assert f"{opener} ({partner})" in page
    assert f">Activity record {record.pk}</a>" in page
