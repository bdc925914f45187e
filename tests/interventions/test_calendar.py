"""What is due, by day: to whom it is shown, in the calendar, in feeds and in reminders."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from interventions.calc.clock import LONDON
from interventions.calendar import actions, dates, reminders
from interventions.calendar.dates import Group
from interventions.models import (
    AgreedAction,
    CalendarFeed,
    Digest,
    Hearing,
    Intervention,
    PlanResponse,
    ProblemSolvingPlan,
    RenewalStep,
    Review,
    YearPlanItem,
)
from partners.models import AuditEvent, Membership, SharingAgreement, User
from partners.visibility import Viewer
from tests.interventions.conftest import narrowed

Make = Callable[..., Intervention]
FIRST, LAST = date(2026, 1, 1), date(2029, 12, 31)
SECRET = "Kestrel Arms"


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LONDON)


def soon(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def found(user: User, first: date = FIRST, last: date = LAST, **asked: Any) -> list[tuple[date, str, str]]:
    dues = dates.collect(Viewer.of_user(user), first, last, **asked)
    return [(due.day, f"{due.kind}: {due.words}", due.title) for due in dues]


@pytest.fixture
def make_order(make_activity: Make) -> Make:
    """An order in force that ends with a day: make_order(date(2028, 2, 29), kind="pspo")."""

    def make(last: date, *, kind: str = "pspo", **said: Any) -> Intervention:
        return make_activity(
            kind=kind,
            title=said.pop("title", "Town centre"),
            starts=midnight(last - timedelta(days=700)),
            ends=midnight(last + timedelta(days=1)),
            **{"stage": "in-force", **said},
        )

    return make


def test_each_source_says_its_days(world: SimpleNamespace, make_order: Make, make_activity: Make) -> None:
    """Also the 29th of February, and hearings on either side of the hour that comes twice."""
    order = make_order(date(2028, 2, 29))
    RenewalStep.objects.create(record=order, step="decide", expires_on=date(2028, 2, 29), due_on=date(2027, 12, 31))
    RenewalStep.objects.create(
        record=order, step="draft", expires_on=date(2028, 2, 29), due_on=date(2027, 8, 3), done_on=date(2027, 8, 1)
    )
    Review.objects.create(record=order, due_on=date(2027, 1, 4))
    # 00:30 UTC and 01:30 UTC are both 01:30 in London on that Sunday.
    for hour in (0, 1):
        moment = datetime.fromisoformat(f"2026-10-25T0{hour}:30:00+00:00")
        Hearing.objects.create(record=order, listed=moment)
    plan = make_activity(
        kind="plan", title="Shops", review_on=date(2026, 5, 5), target_by=date(2026, 6, 6), stage="response"
    )
    PlanResponse.objects.create(
        record=ProblemSolvingPlan.objects.get(pk=plan.pk), text="Alarms", strand="protect", due_on=date(2026, 7, 7)
    )
    make_activity(kind="plan", title="Over", review_on=date(2026, 5, 5), stage="closed")
    make_activity(kind="day", title="Joint day", starts=midnight(date(2026, 9, 9)) + timedelta(hours=10))
    make_activity(kind="day", title="Dropped", starts=midnight(date(2026, 9, 9)), status="cancelled")
    make_activity(kind="licensing", title="Bar", follow_up_on=date(2026, 4, 4))
    AgreedAction.objects.create(
        title="Mend the lamp", agency=world.owner, asked_by=world.owner, due_on=date(2026, 3, 3)
    )
    assert found(world.people["owner"]) == [
        (date(2026, 3, 3), "Agreed action: due", "Mend the lamp"),
        (date(2026, 4, 4), "Licensing visit: follow-up due", "Bar"),
        (date(2026, 5, 5), "Problem-solving plan: review due", "Shops"),
        (date(2026, 6, 6), "Problem-solving plan: target due", "Shops"),
        (date(2026, 7, 7), "Problem-solving plan: response due", "Shops"),
        (date(2026, 9, 9), "Day of action: is held", "Joint day"),
        (date(2026, 10, 25), "Public Spaces Protection Order: hearing", "Town centre"),
        (date(2026, 10, 25), "Public Spaces Protection Order: hearing", "Town centre"),
        (date(2027, 1, 4), "Public Spaces Protection Order: review due", "Town centre"),
        (date(2027, 12, 31), "Public Spaces Protection Order: renewal: Decide", "Town centre"),
        (date(2028, 2, 29), "Public Spaces Protection Order: expires", "Town centre"),
    ]
    on_the_day = found(world.people["owner"], date(2028, 2, 29), date(2028, 2, 29))
    assert [one[1] for one in on_the_day] == ["Public Spaces Protection Order: expires"]
    assert found(world.people["owner"], date(2028, 3, 1), LAST) == []
    assert len(found(world.people["owner"], groups=[Group.HEARING])) == 2


def test_others_see_what_agreements_give(world: SimpleNamespace, make_order: Make) -> None:
    """The agreement gives activity, so a plan is asked of it; orders of other types are not given."""
    make_order(date(2028, 2, 29))
    assert found(world.people["partner"]) == []
    SharingAgreement.objects.filter(pk=world.agreement.pk).update(record_types=["pspo"])
    assert [one[2] for one in found(world.people["partner"])] == ["Town centre"]
    assert found(world.people["lapsed"]) == found(world.people["stranger"]) == []
    dues = dates.collect(Viewer.of_user(world.people["partner"]), FIRST, LAST)
    assert dates.own(Viewer.of_user(world.people["partner"]), dues) == []


def test_queries_are_the_same_however_much_is_due(world: SimpleNamespace, make_order: Make) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found(world.people["owner"])
        return len(queries)

    def more(number: int) -> None:
        for _ in range(number):
            order = make_order(date(2028, 2, 29))
            Review.objects.create(record=order, due_on=date(2027, 1, 4))
            AgreedAction.objects.create(
                title="Lamp", agency=world.owner, asked_by=world.owner, due_on=date(2026, 3, 3), source=order
            )

    more(2)
    with_two = count()
    more(18)
    assert count() == with_two < 40


def test_the_page_shows_a_month_or_a_list(
    world: SimpleNamespace, clients: dict[str, Client], make_order: Make, make_activity: Make
) -> None:
    make_order(date(2028, 2, 29), title="Town centre order")
    plan = make_activity(
        kind="year-plan",
        title="Year of the town",
        starts=midnight(date(2028, 1, 1)),
        ends=midnight(date(2029, 1, 1)),
        status="planned",
    )
    YearPlanItem.objects.create(record_id=plan.pk, month=date(2028, 2, 1), lane="joint", text="Bikes", strand="pursue")
    late = make_activity(kind="plan", title="Late plan", review_on=soon(-3), stage="response")
    page = clients["owner"].get("/activity/calendar/?month=2028-02").content.decode()
    assert "Tuesday 29 February" in page
    for text in ("Town centre order", "Bikes", "Overdue: 1", "Late plan"):
        assert text in page
    as_list = clients["owner"].get("/activity/calendar/?month=2027-06&show=list&kind=expiry").content.decode()
    assert "29 February 2028" in as_list
    assert "Late plan" not in as_list
    assert "Town centre order" not in clients["owner"].get("/activity/calendar/?month=2028-03").content.decode()
    for who in ("partner", "stranger"):
        theirs = clients[who].get("/activity/calendar/?month=2028-02").content.decode()
        assert "Town centre" not in theirs
        assert "Bikes" not in theirs
    for wrong in ("month=2026-13", "month=1999-12", "kind=party", "hotspot=99999", "whose=x", "show=x"):
        assert clients["owner"].get(f"/activity/calendar/?{wrong}").status_code == 400
    assert AuditEvent.objects.filter(action="plan.read", objects_named=[f"plan:{late.pk}"]).exists()


# --- Feeds ------------------------------------------------------------------------------------------------------------


def made_feed(client: Client) -> str:
    """The address's path, as the page shows it once."""
    answer = client.post("/activity/calendar/feeds/", {"name": "Outlook at work"})
    assert answer.status_code == 201
    address = re.search(r"http://testserver(/calendar/[\w-]{43}\.ics)", answer.content.decode())
    assert address
    assert address[1] not in client.get("/activity/calendar/feeds/").content.decode()
    return address[1]


def summaries(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_a_feed_shows_what_its_person_sees_and_nothing_restricted(
    world: SimpleNamespace, clients: dict[str, Client], make_order: Make, make_activity: Make
) -> None:
    make_order(soon(10), title="Plain order")
    make_order(soon(20), title=f"Order at the {SECRET}", marking="official-sensitive")
    make_activity(kind="plan", title=f"Covert at {SECRET}", review_on=soon(30), stage="response", audience="team")
    joint = make_activity(kind="day", title="Joint day", starts=midnight(soon(40)) + timedelta(hours=14))
    path = made_feed(clients["owner"])
    answer = Client().get(path)
    assert summaries(answer) == [
        "Public Spaces Protection Order: expires: Plain order (OFFICIAL)",
        "OFFICIAL-SENSITIVE entry, see the dashboard",
        "OFFICIAL-SENSITIVE entry, see the dashboard",
        "Joint day (OFFICIAL)",
    ]
    text = answer.content.decode().replace("\r\n ", "")
    assert SECRET not in text
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert events[0].decoded("dtstart") == soon(10)
    assert (events[3].decoded("dtstart"), events[3].decoded("dtend")) == (joint.starts, joint.ends)
    feed = CalendarFeed.objects.get()
    assert feed.last_used is not None
    assert path.split("/")[-1].removesuffix(".ics") not in (feed.token_hash, str(vars(feed)))
    assert AuditEvent.objects.filter(action="pspo.read", summary="Read (calendar)").exists()
    # The same thing has the same name at each reading.
    again = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    assert [one["uid"] for one in again] == [one["uid"] for one in events]


def test_a_feed_follows_its_persons_rights(
    world: SimpleNamespace, clients: dict[str, Client], make_order: Make
) -> None:
    """A lapsed agreement, a narrowed role, an ended role, an account that may not sign in."""
    make_order(soon(10), title="Shared order")
    SharingAgreement.objects.filter(pk=world.agreement.pk).update(record_types=["pspo"])
    path, own = made_feed(clients["partner"]), made_feed(clients["owner"])
    assert len(summaries(Client().get(path))) == 1
    SharingAgreement.objects.filter(pk=world.agreement.pk).update(valid_until=timezone.now())
    assert summaries(Client().get(path)) == []
    narrowed(world.people["owner"], "E05800311")
    assert summaries(Client().get(own)) == []
    narrowed(world.people["owner"])
    assert len(summaries(Client().get(own))) == 1
    User.objects.filter(pk=world.people["owner"].pk).update(is_active=False)
    assert Client().get(own).status_code == 404
    Membership.objects.filter(user=world.people["partner"]).update(ended_at=timezone.now())
    assert Client().get(path).status_code == 404


def test_a_revoked_and_a_guessed_address_are_alike(
    world: SimpleNamespace, clients: dict[str, Client], settings: LazySettings
) -> None:
    path = made_feed(clients["owner"])
    pk = CalendarFeed.objects.get().pk
    assert clients["stranger"].get(f"/activity/calendar/feeds/{pk}/revoke/").status_code == 404
    assert clients["stranger"].post(f"/activity/calendar/feeds/{pk}/revoke/").status_code == 404
    assert Client().get(path).status_code == 200
    assert clients["owner"].post(f"/activity/calendar/feeds/{pk}/revoke/").status_code == 302
    assert AuditEvent.objects.filter(action="calendarfeed.revoked", objects_named=[f"calendarfeed:{pk}"]).exists()
    revoked, guessed = Client().get(path), Client().get(f"/calendar/{'x' * 43}.ics")
    assert (revoked.status_code, guessed.status_code) == (404, 404)
    with pytest.raises(ValueError, match="revoked already"):
        actions.revoke_feed(by=Viewer.of_user(world.people["owner"]), pk=pk)
    for _ in range(60):
        Client().get(f"/calendar/{'y' * 43}.ics")
    assert Client().get(f"/calendar/{'z' * 43}.ics").status_code == 429


def test_nobody_has_more_than_ten_addresses_and_each_has_a_name(
    world: SimpleNamespace, clients: dict[str, Client]
) -> None:
    by = Viewer.of_user(world.people["owner"])
    for number in range(actions.MOST_FEEDS):
        actions.make_feed(by=by, name=f"Phone {number}")
    assert clients["owner"].post("/activity/calendar/feeds/", {"name": "One more"}).status_code == 422
    assert clients["owner"].post("/activity/calendar/feeds/", {"name": " "}).status_code == 422
    assert CalendarFeed.objects.count() == actions.MOST_FEEDS


# --- Reminders --------------------------------------------------------------------------------------------------------


def asks(world: SimpleNamespace, clients: dict[str, Client], frequency: str = "daily", who: str = "owner") -> None:
    assert clients[who].post("/activity/calendar/reminders/", {"frequency": frequency}).status_code == 302


def test_a_reminder_counts_and_names_nothing(
    world: SimpleNamespace, clients: dict[str, Client], make_order: Make, make_activity: Make, settings: LazySettings
) -> None:
    settings.SITE_ADDRESS = "https://hotspots.example.org"
    today = timezone.localdate()
    for _ in range(2):
        make_order(soon(7), title=f"Order at the {SECRET}")
    make_order(soon(8), title=f"Order at the {SECRET}")
    make_order(soon(91), title="Too far")
    make_order(soon(3), title=SECRET, marking="official-sensitive")
    make_activity(kind="plan", title=SECRET, review_on=soon(-2), stage="response")
    asks(world, clients)
    asks(world, clients, who="stranger")
    assert reminders.send_due(today) == 1
    [sent] = mail.outbox
    assert sent.to == [world.people["owner"].email]
    assert sent.subject == "Hotspot tracker: 3 due within 7 days, 1 overdue"
    assert sent.body.splitlines() == [
        "What your agencies have to see to. Which ones, and what restricted entries are, the dashboard says.",
        "",
        "Overdue (1)",
        f"- {_day(-2)}: Problem-solving plan: review due",
        "",
        "Within 7 days (3)",
        f"- {_day(7)}: Public Spaces Protection Order: expires (2 of them)",
        "- 1 OFFICIAL-SENSITIVE entry, see the dashboard",
        "",
        "Within 30 days (1)",
        f"- {_day(8)}: Public Spaces Protection Order: expires",
        "",
        "Calendar: https://hotspots.example.org/activity/calendar/",
        "To be reminded less often, or never: Calendar, Reminders.",
    ]
    # Once a day, also to whom nothing is due.
    assert reminders.send_due(today) == 0
    assert set(Digest.objects.values_list("sent_for", flat=True)) == {today}
    assert reminders.send_due(today + timedelta(days=1)) == 1


def _day(days: int) -> str:
    day = soon(days)
    return f"{day.day} {day:%B %Y}"


def test_weekly_ones_go_on_monday_or_when_mondays_failed(
    world: SimpleNamespace, clients: dict[str, Client], make_order: Make
) -> None:
    make_order(date(2026, 3, 20))
    asks(world, clients, "weekly")
    wednesday, monday = date(2026, 3, 4), date(2026, 3, 9)
    assert reminders.send_due(wednesday) == 0
    assert reminders.send_due(monday) == 1
    assert [reminders.send_due(monday + timedelta(days=days)) for days in (0, 1, 6)] == [0, 0, 0]
    # Nothing was sent on the next Monday: Tuesday makes up for it.
    assert [reminders.send_due(monday + timedelta(days=days)) for days in (8, 9)] == [1, 0]
    asks(world, clients, "off")
    assert reminders.send_due(monday + timedelta(days=21)) == 0


def test_people_without_a_role_get_none_and_one_failure_stops_nobody(
    world: SimpleNamespace,
    clients: dict[str, Client],
    make_user: Callable[..., User],
    make_order: Make,
    settings: LazySettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_order(soon(5))
    today = timezone.localdate()
    for name, email in (("first", "first@example.org"), ("gone", "gone@example.org"), ("off", "off@example.org")):
        user = make_user(email, role="manager", agency=world.owner.name)
        actions.set_reminders(by=Viewer.of_user(user), frequency="daily")
        if name == "gone":
            Membership.objects.filter(user=user).update(ended_at=timezone.now())
        if name == "off":
            User.objects.filter(pk=user.pk).update(is_active=False)
    asks(world, clients)
    settings.EMAIL_BACKEND = "tests.interventions.test_calendar.Refusing"
    with caplog.at_level(logging.ERROR):
        assert reminders.send_due(today) == 1
    assert "example.org" not in caplog.text
    assert Digest.objects.filter(sent_for=today).count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert reminders.send_due(today) == 1
    assert {address for one in mail.outbox for address in one.to} == {"first@example.org"}


class Refusing:
    """A mail server that does not take mail for one address."""

    def __init__(self, **options: Any) -> None:
        pass

    def send_messages(self, sent: list[Any]) -> int:
        if "first@example.org" in sent[0].to:
            raise ConnectionRefusedError("first@example.org refused")
        return len(sent)


def test_settings_are_ones_own_and_in_the_audit_trail(world: SimpleNamespace, clients: dict[str, Client]) -> None:
    assert clients["owner"].post("/activity/calendar/reminders/", {"frequency": "hourly"}).status_code == 422
    assert not Digest.objects.exists()
    asks(world, clients)
    asks(world, clients)
    event = AuditEvent.objects.get(action="digest.set")
    assert (event.before, event.after) == ({"frequency": "off"}, {"frequency": "daily"})
    assert Digest.objects.get().user == world.people["owner"]
