"""Dispersals, closures and notices as they are added, kept and shown: what their rules look up, and their sections."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interventions.actions import Unlawful, add_intervention
from interventions.contents import Content
from interventions.drafts import Draft
from interventions.law.dispersal import look_up_authorisations
from interventions.law.parameters import Law
from interventions.models import Closure, DispersalAuthorisation, Intervention
from partners.models import User
from partners.visibility import Viewer
from tests.factories import BoundaryFactory, make_place
from tests.interventions.conftest import at
from tests.interventions.law.drafting import zone

pytestmark = pytest.mark.django_db
REASON = {"dispersal.serial": "The fair is here for a month."}


@pytest.fixture
def authorise(world: SimpleNamespace) -> Callable[..., Intervention]:
    """An authorisation of 2 hours from a moment, by somebody of an agency."""

    def add(
        starts: datetime, *, who: str = "owner", west: float = 0.21, reasons: Any = None, **said: Any
    ) -> Intervention:
        owner = getattr(world, who)
        fields = {
            "kind": "dispersal",
            "strand": "pursue",
            "starts": starts,
            "ends": starts + timedelta(hours=2),
            "wards": (world.ward,),
            "zone": zone(west, 51.6, 0.002),
            "particulars": {"grounds": "Fights outside the station.", "rights_considered": True},
            "reasons": reasons or {},
            **said,
        }
        return add_intervention(by=Viewer.of_user(world.people[who]), owner=owner, content=Content(**fields))

    return add


def test_the_third_authorisation_of_a_place_wants_a_reason_and_its_page_a_plan(
    world: SimpleNamespace,
    authorise: Callable[..., Intervention],
    clients: dict[str, Client],
    make_activity: Callable[..., Intervention],
) -> None:
    authorise(at("2026-03-01 20:00"), title="First one")
    # Elsewhere, never in effect, or another agency's covert one: none of them counts.
    authorise(at("2026-03-02 20:00"), west=0.25)
    never = {"grounds": "Fights.", "rights_considered": True, "cancelled_from": at("2026-03-03 20:00")}
    authorise(at("2026-03-03 20:00"), particulars=never)
    authorise(at("2026-03-04 20:00"), who="stranger", audience="team", title="Zircon cordon")
    second = authorise(at("2026-03-05 20:00"), west=0.2115)
    with pytest.raises(Unlawful, match="authorisation number 3 in 28 days") as unlawful:
        authorise(at("2026-03-06 20:00"))
    assert [one.rule for one in unlawful.value.found] == ["dispersal.serial"]
    third = authorise(at("2026-03-06 20:00"), reasons=REASON, title="")
    page = clients["owner"].get(f"/activity/{third.pk}/").content.decode()
    assert "authorisation number 3 in 28 days at this place: people are moved on again and again" in page
    assert "/activity/new/problem-solving-plans/" in page
    place = make_place(world.owner)
    third.hotspots.add(place)
    make_activity(kind="plan", title="Why they fight").hotspots.add(place)
    make_activity(kind="plan", title="An old plan", stage="closed").hotspots.add(place)
    make_activity(kind="plan", title="A plan elsewhere")
    page = clients["owner"].get(f"/activity/{third.pk}/").content.decode()
    assert "/activity/new/problem-solving-plans/" not in page
    assert "Why they fight" in page
    assert "An old plan" not in page
    assert "A plan elsewhere" not in page
    assert "First one" in page
    assert "Zircon" not in page
    assert "The fair is here for a month." in page
    assert "number 2 in 28 days" in clients["owner"].get(f"/activity/{second.pk}/").content.decode()
    assert clients["stranger"].get(f"/activity/{third.pk}/").status_code == 404


def test_an_area_that_takes_in_a_whole_ward_needs_a_reason(
    world: SimpleNamespace, authorise: Callable[..., Intervention]
) -> None:
    BoundaryFactory(area=world.ward, box_of=(0.2101, 51.6001, 0.2119, 51.6019))
    with pytest.raises(Unlawful, match="all of Gooshays"):
        authorise(at("2026-03-01 20:00"))


def test_what_rules_look_up_takes_as_many_queries_for_twenty_as_for_two(world: SimpleNamespace) -> None:
    def queries(count: int) -> int:
        drafts = []
        for number in range(count):
            record = DispersalAuthorisation(
                owner=world.owner, kind="dispersal", starts=at("2026-03-01 20:00") + timedelta(hours=number)
            )
            record.zone = zone(0.21, 51.6)
            drafts.append(Draft(record, world.owner, (world.ward,), (), {}, Law([]), at("2026-03-09 12:00")))
        with CaptureQueriesContext(
            connection,
        ) as made:
            look_up_authorisations(drafts)
        # The others of the same import count, itself does not.
        assert all(len(draft.known["others_here"]) == count - 1 for draft in drafts)
        return len(made)

    assert queries(2) == queries(20)


def test_a_direction_is_given_under_an_authorisation_that_is_seen(
    world: SimpleNamespace, authorise: Callable[..., Intervention]
) -> None:
    under = authorise(at("2026-03-01 20:00"), audience="agency")

    def direct(who: str, starts: datetime) -> Intervention:
        content = Content(
            kind="direction",
            strand="pursue",
            starts=starts,
            ends=starts + timedelta(hours=48),
            wards=(world.ward,),
            particulars={"authorisation": under.pk, "age_band": "18-24"},
        )
        return add_intervention(by=Viewer.of_user(world.people[who]), owner=getattr(world, who), content=content)

    last_minute = direct("owner", at("2026-03-01 21:59"))
    assert (last_minute.west, last_minute.north) == (under.west, under.north)
    with pytest.raises(Unlawful, match="no direction from then on"):
        direct("owner", at("2026-03-01 22:00"))
    with pytest.raises(ValueError, match="not shared with you"):
        direct("stranger", at("2026-03-01 21:00"))


def test_376_homes_are_kept_shown_and_changed_on_a_form(world: SimpleNamespace, clients: dict[str, Client]) -> None:
    starts = at("2025-11-03 10:00")
    closure = add_intervention(
        by=Viewer.of_user(world.people["owner"]),
        owner=world.owner,
        content=Content(
            kind="closure",
            title="Estate closed in part",
            strand="pursue",
            starts=starts,
            wards=(world.ward,),
            particulars={
                "issuer": "chief-executive",
                "served": starts,
                "notice_hours": 48,
                "advice_given": True,
                "outcome": "made",
                "order_from": date(2025, 11, 5),
                "order_to": date(2026, 2, 4),
            },
            parts={"premises_list": [{"name": f"Home {number}", "uprn": f"{number:012}"} for number in range(376)]},
        ),
    )
    assert isinstance(closure, Closure)
    assert closure.last_day == date(2026, 2, 4)
    assert closure.hearing == at("2025-11-05 10:00")
    page = clients["owner"].get(f"/activity/{closure.pk}/").content.decode()
    assert "It closes 376 premises." in page
    assert "Home 375" in page
    form = clients["owner"].get(f"/activity/{closure.pk}/change/").content.decode()
    fields = {
        name: next(iter(re.findall(r'value="([^"]*)"', tag)), "on" if "checkbox" in tag else "")
        for tag, name in re.findall(r'(<input[^>]*name="([^"]+)"[^>]*>)', form)
        if ('type="checkbox"' not in tag and 'type="radio"' not in tag) or " checked" in tag
    }
    for select, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        fields[select] = next(iter(re.findall(r'value="([^"]*)" selected', inner)), "")
    for area, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[area] = text.strip()
    assert len(fields) > 1000
    fields["premises_list-7-note"] = "Boarded up"
    saved = clients["owner"].post(f"/activity/{closure.pk}/change/", fields)
    assert saved.status_code == 302, re.findall(r"error-summary.*?</div>", saved.content.decode(), re.DOTALL)
    assert closure.premises_list.count() == 376
    assert closure.premises_list.filter(note="Boarded up").count() == 1


def test_the_chain_from_warning_to_breach_shows_what_its_reader_sees(
    world: SimpleNamespace, clients: dict[str, Client], make_user: Callable[..., User]
) -> None:
    by = Viewer.of_user(world.people["owner"])

    def add(kind: str, day: str, audience: str = "everyone", marking: str = "open", **said: Any) -> Intervention:
        parts = {"conditions": [{"number": 1, "text": "Keep the noise down"}], **said.pop("parts", {})}
        content = Content(
            kind=kind,
            title=f"Noise, {kind}",
            strand="protect",
            starts=at(f"{day} 12:00"),
            wards=(world.ward,),
            audience=audience,
            marking=marking,
            particulars={"informed": "Landlord", **said},
            parts=parts,
        )
        return add_intervention(by=by, owner=world.owner, content=content)

    warning = add("cpw", "2026-02-02", "agency", "official", comply_by=date(2026, 2, 20))
    breach = {"breaches": [{"happened_on": date(2026, 4, 1), "outcome": "Fixed penalty"}]}
    notice = add("cpn", "2026-03-10", warning=warning.pk, comply_by=date(2026, 3, 24), parts=breach)
    own = clients["owner"].get(f"/activity/{notice.pk}/").content.decode()
    chain = own[own.index("From the warning on") :]
    order = ["2 February 2026", "20 February 2026", "10 March 2026", "24 March 2026", "1 April 2026"]
    assert [day for day in order if day in chain] == order
    assert sorted(order, key=chain.index) == order
    theirs = clients["stranger"].get(f"/activity/{notice.pk}/").content.decode()
    assert "20 February 2026" not in theirs
    assert f"/activity/{warning.pk}/" not in theirs
