"""The action tracker: who may write down, finish, move and drop what, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.calendar import dates
from interventions.models import AgreedAction, Intervention
from interventions.tracker import actions, queries
from partners.models import Agency, AuditEvent, User
from partners.refusals import Refused
from partners.roles import Role
from tests.factories import make_place
from tests.interventions.conftest import seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(world: SimpleNamespace) -> Callable[..., AgreedAction]:
    """The owner's manager writes down what the partner promised: promise(title="Fit a lamp")."""

    def make(**said: Any) -> AgreedAction:
        told: dict[str, Any] = {
            "title": "Fit a lamp in the alley",
            "agency": world.partner,
            "asked_by": world.owner,
            "due_on": timezone.localdate() + timedelta(days=10),
            **said,
        }
        return actions.promise_action(by=seen_by(world.people["owner"]), **told)

    return make


def test_its_two_agencies_see_it_and_nobody_else(
    world: SimpleNamespace, promise: Callable[..., AgreedAction], make_activity: Callable[..., Intervention]
) -> None:
    source = make_activity(title="Walk at night", audience="agency")
    action = promise(source=source.pk)
    for name, seen in (("owner", True), ("partner", True), ("lapsed", False), ("stranger", False)):
        viewer = seen_by(world.people[name])
        assert queries.actions(viewer).filter(pk=action.pk).exists() is seen, name
        # The partner reads what it promised, and nothing of the record that it came out of.
        assert bool(queries.around(viewer, [action]).sources) is (name == "owner"), name
    assert queries.of_record(seen_by(world.people["owner"]), source.pk) == [action]


def test_who_sees_the_record_sees_its_actions(
    world: SimpleNamespace, promise: Callable[..., AgreedAction], make_activity: Callable[..., Intervention]
) -> None:
    own = promise(agency=world.owner, source=make_activity().pk)
    assert queries.actions(seen_by(world.people["partner"])).filter(pk=own.pk).exists()
    assert not queries.actions(seen_by(world.people["stranger"])).filter(pk=own.pk).exists()


def test_the_partner_finishes_and_the_owner_moves_and_drops(
    world: SimpleNamespace, promise: Callable[..., AgreedAction]
) -> None:
    owner, partner = seen_by(world.people["owner"]), seen_by(world.people["partner"])
    action = promise()
    first, later = action.due_on, action.due_on + timedelta(days=30)
    for not_allowed in (
        lambda: actions.change_action(by=partner, pk=action.pk, due_on=later, reason="No time"),
        lambda: actions.drop_action(by=partner, pk=action.pk, reason="No money"),
    ):
        with pytest.raises(Refused, match="those who keep the list for Owner Agency"):
            not_allowed()
    with pytest.raises(AgreedAction.DoesNotExist):
        actions.finish_action(by=seen_by(world.people["stranger"]), pk=action.pk, evidence="Done")
    actions.change_action(by=owner, pk=action.pk, due_on=later, reason="The lamp is late")
    actions.change_action(by=owner, pk=action.pk, due_on=later + timedelta(days=1), reason="Later still")
    action.refresh_from_db()
    assert (action.moved_from, action.moved_why) == (first, "Later still"), "the day promised first stays known"
    with pytest.raises(Refused, match="what shows that it was done"):
        actions.finish_action(by=partner, pk=action.pk, evidence="  ")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="after today"):
        actions.finish_action(by=partner, pk=action.pk, evidence="Photo", done_on=tomorrow)
    done = actions.finish_action(by=partner, pk=action.pk, evidence="Photo of the lamp")
    assert (done.status, done.done_on) == ("done", timezone.localdate())
    with pytest.raises(Refused, match="done already"):
        actions.drop_action(by=owner, pk=action.pk, reason="Twice")
    event = AuditEvent.objects.latest("number")
    assert event.action == "agreedaction.changed"
    assert set(event.owners) == {world.owner.pk, world.partner.pk}


def test_a_contributor_keeps_what_the_contributor_wrote_down(
    world: SimpleNamespace, contributor: User, promise: Callable[..., AgreedAction]
) -> None:
    by = seen_by(contributor)
    due = timezone.localdate()
    own = actions.promise_action(by=by, title="Call", agency=world.stranger, asked_by=world.owner, due_on=due)
    assert actions.may_keep(by, own)
    assert not actions.may_keep(by, promise())


def test_what_cannot_be_promised(
    world: SimpleNamespace, promise: Callable[..., AgreedAction], make_activity: Callable[..., Intervention]
) -> None:
    covert = make_activity(kind="warrant", status="planned", audience="team", starts=timezone.now())
    for said, sentence in (
        ({"title": " "}, "Say in one line"),
        ({"asked_by": world.partner}, "only for an agency in which you may add"),
        ({"due_on": date(1999, 12, 31)}, "2000 to 2099"),
        ({"source": 10**8}, "no such record"),
        ({"hotspot": 10**8}, "no such hotspot"),
        ({"is_mine": True}, "Only somebody of Partner Agency"),
        ({"source": covert.pk}, "Only the owning team may know"),
    ):
        with pytest.raises(Refused, match=sentence):
            promise(**said)
    assert promise(agency=world.owner, source=covert.pk, is_mine=True).person == world.people["owner"]


def test_who_promised_and_who_did(world: SimpleNamespace, promise: Callable[..., AgreedAction]) -> None:
    today = timezone.localdate()
    owner = seen_by(world.people["owner"])
    due = {"overdue": today - timedelta(days=1), "today": today, "late": today - timedelta(days=3), "in time": today}
    made = {name: promise(title=name, due_on=day) for name, day in due.items()}
    for name in ("late", "in time"):
        actions.finish_action(by=owner, pk=made[name].pk, evidence="Seen")
    actions.drop_action(by=owner, pk=promise(title="dropped").pk, reason="Not needed")
    [tally] = queries.tallies(queries.actions(owner), today)
    assert tally == queries.Tally("Partner Agency", promised=4, in_time=1, late=1, overdue=1, open=2, moved=0)


def test_the_page_narrows_and_costs_the_same_at_2_and_20(
    world: SimpleNamespace,
    clients: dict[str, Client],
    promise: Callable[..., AgreedAction],
    make_activity: Callable[..., Intervention],
) -> None:
    def queries_of_page() -> int:
        with CaptureQueriesContext(
            connection,
        ) as held:
            assert clients["owner"].get("/activity/actions/").status_code == 200
        return len(held)

    for number in range(2):
        promise(title=f"Action {number}", source=make_activity().pk)
    queries_of_page()  # the session's first request
    at_2 = queries_of_page()
    for number in range(2, 20):
        promise(title=f"Action {number}", source=make_activity().pk)
    assert queries_of_page() == at_2
    late = promise(title="Long ago", due_on=date(2020, 1, 1))
    page = clients["owner"].get("/activity/actions/?state=overdue").content.decode()
    assert "Long ago" in page
    assert "Action 7" not in page
    assert "Long ago" not in clients["stranger"].get("/activity/actions/?state=all").content.decode()
    table = b"".join(clients["partner"].get("/activity/actions/actions.csv?whose=agency"))
    assert b"Long ago" in table
    assert clients["owner"].get("/activity/actions/?state=nonsense").status_code == 400
    assert clients["stranger"].get(f"/activity/actions/{late.pk}/").status_code == 404


def test_pages_write_down_and_finish(
    world: SimpleNamespace,
    clients: dict[str, Client],
    as_person: Callable[[User], Client],
    make_user: Callable[..., User],
    make_activity: Callable[..., Intervention],
) -> None:
    source = make_activity(title="Walk at night")
    address = f"/activity/actions/new/?source={source.pk}"
    said = {
        "title": "Cut the hedge",
        "agency": world.partner.pk,
        "asked_by": world.owner.pk,
        "due_on": "2030-01-31",
        "strand": "protect",
    }
    # The one place at which the source is; of several nobody knows which.
    for name, is_only in (("Hilldene", True), ("Station", False)):
        place = make_place(world.owner, name=name)
        source.hotspots.add(place)
        begins = clients["owner"].get(address).context["form"].initial
        assert begins["hotspot"] == (str(place.pk) if is_only else "")
    refused = clients["owner"].post(address, {**said, "title": ""})
    assert refused.status_code == 422
    assert "Say in one line what was promised." in refused.content.decode()
    assert clients["owner"].post(address, said).headers["Location"] == f"/activity/{source.pk}/"
    action = AgreedAction.objects.get()
    page = f"/activity/actions/{action.pk}/"
    assert "Mark as done" in clients["partner"].get(page).content.decode()
    assert clients["partner"].post(page, {"do": "drop", "drop-reason": "No"}).status_code == 403
    assert clients["partner"].post(page, {"do": "done", "done-evidence": ""}).status_code == 422
    done = {"do": "done", "done-evidence": "Photo", "done-done_on": f"{timezone.localdate()}"}
    assert clients["partner"].post(page, done).status_code == 302
    assert AgreedAction.objects.get().status == "done"
    reader = as_person(make_user("reader@example.org", role=Role.VIEWER, agency="Owner Agency"))
    assert reader.get(address).status_code == 403
    assert clients["stranger"].get(address).status_code == 404


def test_what_came_out_of_a_covert_record_is_for_those_who_see_that(
    world: SimpleNamespace,
    promise: Callable[..., AgreedAction],
    make_activity: Callable[..., Intervention],
    make_user: Callable[..., User],
) -> None:
    covert = make_activity(kind="warrant", status="planned", audience="team", marking="official-sensitive")
    action = promise(agency=world.owner, source=covert.pk, title="Zebra door")
    Agency.objects.filter(pk=world.owner.pk).update(part_of=world.stranger)
    # Of the owner itself, but not somebody who sees what is OFFICIAL-SENSITIVE; and of the agency that it is a part of.
    readers = [make_user("reader@example.org", role=Role.VIEWER, agency=world.owner.name), world.people["stranger"]]
    for person in readers:
        assert not queries.actions(seen_by(person)).exists()
        assert not dates.collect(seen_by(person), action.due_on, action.due_on, groups=[dates.Group.ACTION])
    keeper = seen_by(world.people["owner"])
    assert queries.actions(keeper).get() == action
    # Nothing but that it is there leaves the product.
    (due,) = dates.collect(keeper, action.due_on, action.due_on, groups=[dates.Group.ACTION])
    assert due.is_restricted
    actions.drop_action(by=keeper, pk=action.pk, reason="Zebra reason")
    told = AuditEvent.objects.filter(action__startswith="agreedaction.")
    assert [one.team_only for one in told] == [True, True]
