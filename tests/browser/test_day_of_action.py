"""A whole day of action of three agencies: planned, accepted, reported (one by its system), debriefed, told to the
public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hotspots.models import Area
from interventions.models import DayAgency, DayOfAction, Intervention
from partners.actions.keys import make_api_key
from partners.models import Agency, User
from partners.roles import Scope
from tests.factories import BoroughFactory, WardFactory


@pytest.fixture
def ward(db: None) -> Area:
    borough = BoroughFactory(code="E09800016", name="Havering")
    ward: Area = WardFactory(code="E05800308", name="Gooshays", parent=borough)
    return ward


def unfold(page: Page) -> None:
    """Opens the parts of a form that are folded."""
    expect(page.locator("#id_title")).to_be_visible()
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")


def plan(page: Page, agencies: list[Agency]) -> None:
    """The council writes the plan down."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.goto("/activity/days/")
    page.get_by_role("button", name="Plan a day of action").click()
    unfold(page)
    page.locator("#id_title").fill("Operation Quartz")
    page.locator("#id_starts_day").fill(f"{tomorrow}")
    page.locator("#id_starts_time").fill("09:00")
    page.locator("#id_ends_time").fill("17:00")
    page.locator("#id_objective").fill("Fewer thefts in the high street by May")
    page.locator("#id_briefing").fill("Meet at the town hall")
    page.locator("#id_wards_0").check()
    rows = page.locator("[data-rows='agencies']")
    while rows.locator("[data-row]").count() < len(agencies):
        rows.get_by_role("button", name="Add another agency").click()
    for number, agency in enumerate(agencies):
        row = rows.locator("[data-row]").nth(number)
        row.locator("select[name$='-agency']").select_option(str(agency.pk))
        row.locator("input[name$='-role']").fill("Visits")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Operation Quartz")
    expect(page.locator("main")).to_contain_text("0 of 2 agencies accepted")


def test_a_day_of_three_agencies(
    make_page: Callable[..., Page],
    make_user: Callable[..., User],
    assert_accessible: Callable[..., None],
    server: str,
    ward: Area,
) -> None:
    lead = make_user("sam@example.org", role="snt-lead", agency="Havering Council")
    fire_officer = make_user("fay@example.org", role="contributor", agency="Fire Brigade")
    fire = Agency.objects.get(name="Fire Brigade")
    homes = Agency.objects.create(name="Harbour Homes", kind=Agency.Kind.HOUSING)
    council, phone = make_page(user=lead), make_page(width=390, user=fire_officer)
    for page in (council, phone):
        page.set_default_timeout(30_000)
    plan(council, [fire, homes])
    assert_accessible(council)
    day = DayOfAction.objects.get()

    # The fire brigade answers on a phone; no agreement gives it anything.
    phone.goto("/activity/days/")
    phone.get_by_role("link", name="Operation Quartz").first.click()
    phone.get_by_role("radio", name="Yes").check()
    phone.get_by_label("People").fill("4")
    phone.get_by_label("Hours of each").fill("7.5")
    assert_accessible(phone)
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.locator("main")).to_contain_text("Fire Brigade takes part.")
    expect(phone.locator("main")).to_contain_text("1 of 2 agencies accepted: 4 people, 30 hours of work.")

    # The housing association's system answers, and later reports, by its key.
    _, key = make_api_key(agency=homes, name="Homes", days=30, scopes=[Scope.RECORDS, Scope.WRITE], area_codes=())

    def send(what: str, said: dict[str, object]) -> int:
        address = f"{server}/api/v1/days-of-action/{day.pk}/{what}/"
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": what}
        return council.request.post(address, data={"agency_id": homes.pk, **said}, headers=headers).status

    assert send("answers", {"answer": "accepted", "people": 2}) == 200

    # The day comes and goes.
    yesterday = timezone.now() - timedelta(days=1)
    Intervention.objects.filter(pk=day.pk).update(starts=yesterday, ends=yesterday + timedelta(hours=8))
    assert send("results", {"results": [{"measure": "letters", "value": 196}]}) == 200
    phone.goto(f"/activity/{day.pk}/")
    phone.get_by_role("link", name="Report results of Fire Brigade").click()
    phone.get_by_label("Premises visited").fill("12")
    phone.get_by_role("button", name="Report the results").click()
    expect(phone.locator("main")).to_contain_text("1 results of Fire Brigade are reported.")
    council.goto(f"/activity/{day.pk}/")
    council.get_by_role("link", name="Report your agency’s results").click()
    council.get_by_label("Arrests").fill("3")
    council.get_by_role("button", name="Report the results").click()
    expect(council.locator("main")).to_contain_text("196")
    assert set(DayAgency.objects.values_list("answer", flat=True)) == {"accepted"}

    # Debrief, a follow-up, and what the public may know.
    council.get_by_role("button", name="Mark as done").click()
    expect(council.locator("main")).to_contain_text("No debrief yet")
    council.get_by_role("button", name="Change").click()
    unfold(council)
    council.locator("#id_went_well").fill("Early start")
    council.locator("#id_debriefed_on").fill(f"{timezone.localdate()}")
    council.locator("#id_public_summary").fill("We visited homes and shops.")
    council.get_by_role("button", name="Save", exact=True).last.click()
    council.get_by_role("link", name="Write an action down").click()
    council.get_by_label("What was promised").fill("Fit a lamp in the alley")
    council.get_by_label("Who promised").select_option(str(homes.pk))
    council.get_by_label("Due on").fill(f"{timezone.localdate() + timedelta(days=30)}")
    council.get_by_role("button", name="Save the action").click()
    expect(council.locator("main")).to_contain_text("Fit a lamp in the alley")
    council.get_by_role("link", name="Summary for the public").click()
    told = council.locator(".govuk-inset-text")
    for words in ("We visited homes and shops.", "Addresses visited with letters: 196", "Arrests: fewer than 5"):
        expect(told).to_contain_text(words)
    expect(told).to_contain_text("Fire Brigade, Harbour Homes, Havering Council")
    expect(told).not_to_contain_text("Quartz")
    assert_accessible(council)
