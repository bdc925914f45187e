"""The audit trail: what is written, that it stays as it was written, and that many may write at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import TextChoices
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interventions.models import Intervention
from partners import audit
from partners.models import Agency, AuditEvent, User
from partners.requests import identify
from partners.visibility import Viewer
from tests.partners.audit_worlds import agency, intervention

pytestmark = pytest.mark.django_db


class Colour(TextChoices):
    RED = "red", "Red"


def test_a_change_tells_who_what_before_and_after(analyst: User) -> None:
    record = intervention("Patrol of the market")
    before = audit.snapshot(record)
    record.title = "Patrol of the High Street"
    record.save()
    event = audit.changed(record, before, by=analyst, reason="Moved")

    assert event is not None
    kept = AuditEvent.objects.get()
    assert (kept.action, kept.actor, kept.reason) == ("intervention.changed", f"user-{analyst.pk}", "Moved")
    assert kept.objects_named == [f"intervention:{record.pk}"]
    assert kept.owners == [record.owner_id]
    assert kept.actor_agencies == [Agency.objects.get(name="Havering Council").pk]
    assert (kept.before, kept.after) == ({"title": "Patrol of the market"}, {"title": "Patrol of the High Street"})


def test_a_change_of_nothing_is_no_event(analyst: User) -> None:
    record = intervention()
    assert audit.changed(record, audit.snapshot(record), by=analyst) is None
    assert not AuditEvent.objects.exists()


def test_no_secret_is_written(analyst: User) -> None:
    event = audit.created(analyst, by=None)
    assert event.after is not None
    assert {"password", "last_login"}.isdisjoint(event.after)
    assert analyst.password not in str(event.after)


def test_what_concerns_a_person_concerns_the_persons_agencies(analyst: User) -> None:
    assert audit.write("sign-in.failed", by=None, about=[analyst]).owners == [Agency.objects.get().pk]


def test_reads_are_one_event_for_each_owner_and_covert_ones_another(
    analyst: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    viewer = Viewer.of_user(analyst)
    records = [intervention() for _ in range(20)]
    records += [intervention(owner=agency(f"Agency {number}")) for number in range(3)]
    covert = intervention(audience=Intervention.Audience.TEAM)
    opened = intervention(marking="open", audience=Intervention.Audience.EVERYONE)
    with django_assert_num_queries(3):  # lock, last, insert: as many for 23 records as for one
        audit.read([*records, opened], by=viewer, how="list")
    audit.read([records[0], covert], by=viewer, how="page")

    own, first, second, third, one, hidden = AuditEvent.objects.order_by("number")
    assert own.objects_named == [f"intervention:{record.pk}" for record in records[:20]]
    assert (own.action, own.summary) == ("intervention.read", "Read (list)")
    for event, record in zip((first, second, third), records[20:], strict=True):
        assert (event.objects_named, event.owners) == ([f"intervention:{record.pk}"], [record.owner_id])
    assert one.objects_named == [f"intervention:{records[0].pk}"]
    assert (hidden.objects_named, hidden.team_only) == ([f"intervention:{covert.pk}"], True)


def test_what_is_open_to_all_is_read_without_an_event(analyst: User) -> None:
    audit.read([intervention(marking="open", audience="everyone")], by=analyst, how="page")
    assert not AuditEvent.objects.exists()


def test_an_event_knows_its_request() -> None:
    def view(request: Any) -> Any:
        audit.write("sign-out", by=None)
        from django.http import HttpResponse

        return HttpResponse()

    identify(view)(RequestFactory().get("/", headers={"X-Request-ID": "abcdefgh1234"}, REMOTE_ADDR="::ffff:192.0.2.7"))
    event = AuditEvent.objects.get()
    assert (event.request_id, event.ip_address) == ("abcdefgh1234", "192.0.2.7")
    assert audit.hash_of(event) == event.hash


# --- What was written reads back as it was ------------------------------------------------------------------------

TEXT = st.text(st.characters(codec=None, exclude_categories=[]), max_size=40)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | st.sampled_from([0.1, 1e16, 1e300, -0.0, 5e-324, math.nan, math.inf, Colour.RED, Decimal("1.10"), uuid4()])
    | st.dates()
    | st.datetimes(timezones=st.timezones() | st.none())
    | st.times()
    | st.binary(max_size=10)
    | TEXT
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXT, inner, max_size=4)
        | st.frozensets(st.integers(), max_size=3)
    ),
    max_leaves=8,
)


@given(
    before=st.dictionaries(TEXT, VALUES, max_size=5),
    after=st.dictionaries(TEXT, VALUES, max_size=5),
    reason=TEXT,
    summary=TEXT,
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_event_read_back_verifies(before: dict[str, Any], after: dict[str, Any], reason: str, summary: str) -> None:
    written = audit.write("test", by=None, before=before, after=after, reason=reason, summary=summary)
    kept = AuditEvent.objects.get(number=written.number)
    assert audit.hash_of(kept) == kept.hash == written.hash
    assert kept.before == written.before


def test_values_keep_their_meaning() -> None:
    day = date(2026, 11, 21)
    event = audit.write(
        "test",
        by=None,
        after={"float": 1e16, "big": 2**70, "nul": "a\x00b", "day": day, "half": "\ud800", "e": Colour.RED},
    )
    event.refresh_from_db()
    assert event.after == {
        "float": "1e+16",
        "big": str(2**70),
        "nul": "a\ufffdb",
        "day": "2026-11-21",
        "half": "?",
        "e": "red",
    }


def test_the_moment_keeps_its_microseconds(time_machine: Any) -> None:
    for at in (timezone.now().replace(microsecond=0), timezone.now().replace(microsecond=1)):
        time_machine.move_to(at + timedelta(0), tick=False)
        event = AuditEvent.objects.get(number=audit.write("test", by=None).number)
        assert audit.hash_of(event) == event.hash


# --- The database refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_auditevent SET reason = 'other'",
        "DELETE FROM partners_auditevent",
        "ALTER TABLE partners_auditevent ENABLE TRIGGER no_truncate; TRUNCATE partners_auditevent",
    ],
)
def test_not_even_a_superuser_changes_an_event_by_the_way(statement: str) -> None:
    audit.write("test", by=None)
    refused = pytest.raises(DatabaseError, match="audit trail cannot be changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().reason == ""


@pytest.mark.parametrize(
    ("number", "previous"),
    [(3, "last"), (1, "last"), (2, "0" * 64), (2, "f" * 64)],
    ids=["gap", "taken", "fork", "made up"],
)
def test_an_event_that_does_not_follow_is_refused(number: int, previous: str) -> None:
    last = audit.write("test", by=None)
    event = AuditEvent(number=number, at=timezone.now(), action="test", actor="server", actor_name="x")
    event.previous_hash = last.hash if previous == "last" else previous
    event.hash = audit.hash_of(event)
    with pytest.raises(IntegrityError, match="does not follow the last one"), transaction.atomic():
        event.save(force_insert=True)
    assert AuditEvent.objects.count() == 1


def test_what_is_undone_leaves_no_event() -> None:
    with transaction.atomic():
        audit.write("test", by=None)
        transaction.set_rollback(True)
    assert audit.write("test", by=None).number == 1


@pytest.mark.django_db(transaction=True)
def test_many_write_at_once_and_the_chain_has_no_gap_and_no_fork() -> None:
    def work(worker: int) -> None:
        try:
            for turn in range(25):
                with transaction.atomic():
                    Agency.objects.create(name=f"Agency {worker} {turn}", kind=Agency.Kind.OTHER)
                    audit.write("test", by=None, summary=f"{worker} {turn}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    events = list(AuditEvent.objects.order_by("number"))
    assert [event.number for event in events] == list(range(1, 201))
    assert [event.previous_hash for event in events] == [audit.FIRST_HASH, *(event.hash for event in events[:-1])]
    assert all(audit.hash_of(event) == event.hash for event in events)
    assert len({event.summary for event in events}) == 200
