"""Every kind of tampering is found by `verify_audit`, as whoever owns the database could do it."""

from __future__ import annotations

import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partners import audit, tasks
from partners.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_events(db: None) -> None:
    for number in range(10):
        audit.write("test", by=None, after={"turn": number}, summary=f"Event {number}")


def verify(*arguments: str) -> str:
    output = StringIO()
    call_command("verify_audit", *arguments, stdout=output)
    return output.getvalue()


def last() -> str:
    return verify().split()[-1]


def tamper(*statements: str) -> None:
    """As the owner of the table would, with the triggers out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partners_auditevent DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("ALTER TABLE partners_auditevent ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE partners_auditevent DISABLE TRIGGER no_truncate")


def test_an_untouched_trail_is_as_written() -> None:
    event = AuditEvent.objects.get(number=10)
    assert verify() == f"10 events are as written. The last is 10:{event.hash}\n"
    assert verify("--from", "10") == f"1 event is as written. The last is 10:{event.hash}\n"
    assert verify("--expect", f"10:{event.hash}") == verify()


def test_it_grows_and_what_was_kept_still_holds() -> None:
    kept = last()
    audit.write("test", by=None)
    assert verify("--expect", kept).startswith("11 events")
    assert verify("--from", "11", "--expect", kept).startswith("1 event is")


@pytest.mark.parametrize(
    "change",
    [
        "action = 'other'",
        "actor = 'user-1'",
        "actor_name = 'Somebody else'",
        "actor_agencies = '{7}'",
        "objects_named = '{intervention:7}'",
        "owners = '{7}'",
        "team_only = true",
        "before = '{}'",
        "after = '{\"turn\": 5}'",
        "after = NULL",
        "reason = 'x'",
        "summary = ''",
        "request_id = 'x'",
        "ip_address = '192.0.2.1'",
        "at = at + interval '1 microsecond'",
        "hash = repeat('a', 64)",
    ],
)
def test_a_changed_field_is_found(change: str) -> None:
    tamper(f"UPDATE partners_auditevent SET {change} WHERE number = 4")
    with pytest.raises(CommandError, match=r"^Event 4 was changed, or put in another's place\.$"):
        verify()


def test_every_field_is_covered() -> None:
    """A field that is added to the model and not to the hash could be changed unseen."""
    assert {field.name for field in AuditEvent._meta.fields} == {
        *("number", "at", "action", "actor", "actor_name", "actor_agencies", "objects_named", "owners", "team_only"),
        *("before", "after", "reason", "summary", "request_id", "ip_address", "previous_hash", "hash"),
    }


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM partners_auditevent WHERE number = 4", "Event 4 is missing."),
        ("DELETE FROM partners_auditevent WHERE number IN (4, 5, 6)", "Events 4 to 6 are missing."),
        ("DELETE FROM partners_auditevent WHERE number = 1", "Event 1 is missing."),
        ("DELETE FROM partners_auditevent WHERE number < 4", "Events 1 to 3 are missing."),
    ],
)
def test_a_missing_event_is_found(statement: str, says: str) -> None:
    tamper(statement)
    with pytest.raises(CommandError, match=f"^{says}$"):
        verify()


def test_exchanged_events_are_found() -> None:
    tamper(
        "UPDATE partners_auditevent SET number = -4 WHERE number = 4",
        "UPDATE partners_auditevent SET number = 4 WHERE number = 7",
        "UPDATE partners_auditevent SET number = 7 WHERE number = -4",
    )
    with pytest.raises(CommandError, match=r"^Event 4 was changed, or put in another's place\.$"):
        verify()


def test_a_gap_that_was_closed_is_found() -> None:
    tamper(
        "DELETE FROM partners_auditevent WHERE number = 4",
        "UPDATE partners_auditevent SET number = number - 1 WHERE number = 5",
    )
    with pytest.raises(CommandError, match=r"^Event 4 was changed"):
        verify()


def test_an_event_with_a_hash_of_its_own_making_is_found() -> None:
    event = AuditEvent.objects.get(number=4)
    event.summary = "Nothing happened"
    forged = audit.hash_of(event)
    tamper(f"UPDATE partners_auditevent SET summary = 'Nothing happened', hash = '{forged}' WHERE number = 4")
    with pytest.raises(
        CommandError, match=r"^Event 5 does not follow event 4: one of them was changed or exchanged\.$"
    ):
        verify()


def test_a_cut_off_end_is_found_by_what_was_kept() -> None:
    kept = last()
    tamper("DELETE FROM partners_auditevent WHERE number > 7")
    assert verify().startswith("7 events")
    with pytest.raises(
        CommandError, match=r"^The end is cut off: event 10 was there once, and the last one now is 7\.$"
    ):
        verify("--expect", kept)


def test_an_end_that_was_written_anew_is_found_by_what_was_kept() -> None:
    kept = last()
    tamper("DELETE FROM partners_auditevent WHERE number = 10")
    audit.write("test", by=None, summary="Nothing happened")
    assert verify().startswith("10 events")
    with pytest.raises(CommandError, match=r"^Event 10 is not the one that was there: its hash should be "):
        verify("--expect", kept)


def test_a_beginning_that_is_not_read_is_still_the_one_that_was_kept() -> None:
    kept = f"3:{AuditEvent.objects.get(number=3).hash}"
    tamper("DELETE FROM partners_auditevent WHERE number = 3")
    with pytest.raises(CommandError, match=r"^Event 3 is missing or not the one that was there\.$"):
        verify("--from", "6", "--expect", kept)
    with pytest.raises(CommandError, match=r"^Event 3 is missing\.$"):
        verify("--from", "4")


def test_an_emptied_trail_is_found_by_what_was_kept() -> None:
    kept = last()
    tamper("TRUNCATE partners_auditevent")
    assert verify() == f"0 events are as written. The last is 0:{'0' * 64}\n"
    with pytest.raises(CommandError, match="cut off: event 10"):
        verify("--expect", kept)


@pytest.mark.parametrize("text", ["7", "7:abc", f"x:{'0' * 64}", f"7:{'G' * 64}"])
def test_what_is_expected_must_be_a_number_and_a_hash(text: str) -> None:
    with pytest.raises(CommandError, match="is not NUMBER:HASH, as this command prints it"):
        verify("--expect", text)


def test_every_night_the_log_says_how_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        tasks.verify_audit()
        tamper("DELETE FROM partners_auditevent WHERE number = 4")
        tasks.verify_audit()
    good, bad = caplog.records
    assert good.getMessage().startswith("Audit trail: 10 events are as written. The last is 10:")
    assert (bad.levelname, bad.getMessage()) == ("CRITICAL", "Audit trail: DAMAGED. Event 4 is missing.")
