"""Every page of the product, from the resolver, with a filled database: at three widths, by axe, and by its frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from playwright.sync_api import Page

from hotspots import facts
from hotspots.models import AbstractedDays, Area, ImportedFile, Slice, Source, WardTeam
from interventions.models import (
    Attachment,
    Intervention,
    LegalParameter,
    OrderType,
    PspoAction,
    PublicSpacesOrder,
    Walk,
)
from partners import audit
from partners.actions.invitations import invite_person
from partners.actions.keys import make_api_key
from partners.models import Agency, Job, Membership, User
from partners.roles import Role
from partners.visibility import Viewer
from reports.models import SavedView
from tests.browser.calendar_pages import calendar_pages
from tests.browser.conftest import WIDTHS, problems
from tests.browser.found import pages_of_finding
from tests.browser.joint_pages import joint_pages
from tests.browser.phases_pages import phases
from tests.browser.place_pages import profiles
from tests.browser.register_pages import register
from tests.browser.test_data import HEADER, ROW, filled
from tests.browser.test_wards import ward
from tests.browser.webhook_pages import webhook_pages
from tests.factories import make_administrator
from tests.partners.audit_worlds import intervention
from tests.partners.sharing import agreement

__all__ = ["filled", "ward"]

PAPER = 710  # A4 within its margins, in pixels of CSS
# Answers that are no pages: files, figures for programs and for scripts, health.
NO_PAGES = re.compile(
    r"api:(?!docs)|health:|openid_connect_|mfa_download_recovery_codes|"
    r"reports:(map-data|map-file|explore-file|explore-areas|find-file|set-file)|interventions:(feed$|file|register-file|publication|actions-csv|day-summary-text)|"
    r"partners:(audit-file|import-)|"
    r"hotspots:(map-background|rejected-rows|template$|teams-csv|teams-template|places-csv|document$)"
)
# Addresses of the library for accounts that lead on to another one, as the product does not offer what they are for.
CLOSED = {"account_email", "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code"}
CLOSED |= {"account_set_password", "account_login", "account_signup", "mfa_login_webauthn"}
# Of single sign-on, shadowed by 404 in config/urls.py.
CLOSED |= {"socialaccount_connections", "socialaccount_signup", "socialaccount_login_error"}
# Of signing in and of second factors that somebody has: tests/browser/test_account.py looks at them.
CLOSED |= {"mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes"}
CLOSED |= {"mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_remove_webauthn"}


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Every name of an address, with its name space."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def activity(analyst: User, ward: Area) -> dict[str, list[str]]:
    """The pages of activity, with a record that is the analyst's own."""
    now = timezone.now()
    record = Walk.objects.create(
        owner=Agency.objects.get(name="Havering Council"),
        created_by=analyst,
        kind=Intervention.Kind.WALK,
        title="Walk-with-residents-along-a-footpath-that-has-a-very-long-name-and-no-spaces-in-it-at-all",
        strand=Intervention.Strand.PREVENT,
        status=Intervention.Status.DONE,
        starts=now,
        ends=now,
        audience=Intervention.Audience.TEAM,
        area_codes=[ward.code],
    )
    record.wards.set([ward])
    file = Attachment.objects.create(record=record, title="Broken-lamp-at-the-north-gate-of-the-park-and-a-long-name")
    order = PublicSpacesOrder.objects.create(
        owner=record.owner,
        kind=Intervention.Kind.PSPO,
        title="Public-Spaces-Protection-Order-with-a-very-long-name-and-no-spaces-in-it-at-all",
        strand=Intervention.Strand.PROTECT,
        status=Intervention.Status.DONE,
        stage=PublicSpacesOrder.Stage.IN_FORCE,
        starts=now,
        ends=now + timedelta(days=100),
        area_codes=[ward.code],
    )
    condition = order.conditions.create(number=1, text="Must not drink alcohol in public")
    PspoAction.objects.create(
        owner=record.owner,
        kind=Intervention.Kind.PSPO_ACTION,
        title="Advice",
        strand=Intervention.Strand.PROTECT,
        status=Intervention.Status.DONE,
        starts=now,
        ends=now,
        order=order,
        condition=condition,
        action=PspoAction.Action.ADVICE,
        area_codes=[ward.code],
    )
    order.consultations.create(consultee="public", opened_on=now.date(), in_favour=139)
    step = order.renewal_steps.create(step="evidence", expires_on=order.last_day or now.date(), due_on=now.date())
    limit = LegalParameter.objects.filter(is_on=False).earliest("pk")
    kind = OrderType.objects.earliest("pk")
    return {
        "interventions:law": ["/law/"],
        "interventions:law-add": ["/law/new/"],
        "interventions:law-change": [f"/law/{limit.pk}/change/"],
        "interventions:order-types": ["/law/order-types/"],
        "interventions:order-type-add": ["/law/order-types/new/"],
        "interventions:order-type-change": [f"/law/order-types/{kind.pk}/change/"],
        "interventions:registers": ["/activity/registers/"],
        "interventions:of-register": [
            "/activity/registers/walks/",
            "/activity/registers/pspo-actions/",
            "/activity/registers/walks/?from=soon",
        ],
        "interventions:upload": ["/activity/registers/pspo-actions/upload/"],
        "interventions:upload-template": [],
        "interventions:phone": ["/activity/pspo-action/"],
        "interventions:live": ["/activity/live/", f"/activity/live/?ward={ward.code}", "/activity/live/?at=here"],
        "interventions:register": ["/activity/", "/activity/?kind=patrol", "/activity/?from=soon"],
        "interventions:add": ["/activity/new/"],
        "interventions:add-to": ["/activity/new/criminal-behaviour-orders/", "/activity/new/patrols/"],
        "interventions:detail": [f"/activity/{record.pk}/", f"/activity/{order.pk}/"],
        "interventions:change": [f"/activity/{record.pk}/change/"],
        "interventions:status": [],
        "interventions:attachments": [f"/activity/{record.pk}/attachments/"],
        "interventions:attachment": [],
        "interventions:remove-attachment": [f"/activity/{record.pk}/attachments/{file.pk}/remove/"],
        "interventions:renewal": [f"/activity/{order.pk}/renewal/"],
        "interventions:renewal-step": [f"/activity/{order.pk}/renewal/{step.pk}/"],
        "reports:order-evidence": [f"/activity/{order.pk}/evidence/"],
        "interventions:counts": ["/activity/counts/", "/activity/counts/?by=agency"],
    }


def sharing(council: Agency) -> dict[str, list[str]]:
    """Agreements in each state that has a page of its own, with a party whose name is long."""
    partner = Agency.objects.create(name="Metropolitan Police East Area: Romford Town Ward Team", kind="police-snt")
    now = timezone.now()
    dates = {"valid_from": now - timedelta(days=9), "valid_until": now + timedelta(days=9)}
    shared, waiting, suspended = (
        agreement(council, partner, status=status, withheld_fields=["intervention.contact"], **dates)
        for status in ("in-force", "proposed", "suspended")
    )
    waiting.parties.update(accepted_at=None)
    suspended.statuses.create(status="suspended", agency=council, reason="A breach is being looked into")
    return {
        "partners:agreements": ["/agreements/"],
        "partners:agreement": [f"/agreements/{shared.pk}/", f"/agreements/{waiting.pk}/"],
        "partners:propose-agreement": ["/agreements/new/"],
        "partners:change-agreement": [f"/agreements/{shared.pk}/change/"],
        "partners:agreement-document": [],
        "partners:accept-agreement": [f"/agreements/{waiting.pk}/accept/"],
        "partners:suspend-agreement": [f"/agreements/{shared.pk}/suspend/"],
        "partners:resume-agreement": [f"/agreements/{suspended.pk}/resume/"],
        "partners:end-agreement": [f"/agreements/{shared.pk}/end/"],
        "partners:glass": ["/glass/?record=intervention:12"],
        "partners:end-glass": [],
        "partners:looking-as": ["/looking-as/"],
        "partners:stop-looking": [],
    }


def partnership(analyst: User) -> dict[str, list[str]]:
    """Agencies, people and invitations with names as long as real ones are; one agency left."""
    council = Agency.objects.get()
    part = Agency.objects.create(
        name="Community Safety, Enforcement and Environmental Protection", kind="council-enforcement", part_of=council
    )
    Agency.objects.create(name="Romford Business Watch", kind="other", left_at=timezone.now(), left_by=analyst)
    email = "bartholomew.featherstonehaugh-cholmondeley@community-safety.havering.example.org"
    other = User.objects.create_user(email, None, full_name="Bartholomew Featherstonehaugh-Cholmondeley")
    held = Membership.objects.create(user=other, agency=council, role=Role.SNT_LEAD, area_codes=["E05013968"])
    for of in (council, part):
        invite_person(by=Viewer.of_user(analyst), agency=of, email=f"new.{email}", role=Role.ADMINISTRATOR)
    here = f"/agencies/{council.pk}/"
    return {
        "partners:agencies": ["/agencies/"],
        "partners:add-agency": [f"/agencies/new/?part_of={council.pk}"],
        "partners:import": ["/agencies/import/"],
        "partners:agency": [here, f"/agencies/{part.pk}/", f"/agencies/{part.pk + 1}/"],
        "partners:change-agency": [f"/agencies/{part.pk}/change/"],
        "partners:remove-agency": [f"{here}leave/"],
        "partners:readmit-agency": [],
        "partners:invite": [f"{here}invite/"],
        "partners:send-invitation": [],
        "partners:withdraw-invitation": [],
        "partners:change-role": [f"{here}roles/{held.pk}/"],
        "partners:end-role": [f"{here}roles/{held.pk}/end/"],
        "partners:people": ["/agencies/people/", "/agencies/people/?q=nobody+here"],
        "partners:person": [f"/agencies/people/{other.pk}/"],
        "partners:invitation": ["/invitations/made-up/"],
        "partners:accept-invitation": ["/invitations/accept/"],
        "partners:roles": ["/roles/"],
    }


@pytest.fixture
def pages(filled: ImportedFile, ward: Area, analyst: User) -> dict[str, list[str]]:
    """The addresses to look at, by name: each in the state in which it shows most."""
    make_administrator(analyst)
    partnership_pages = partnership(analyst) | sharing(Agency.objects.earliest("pk"))
    now = timezone.now()
    running = Job.objects.create(kind="import", title="Import of latest.zip", state=Job.State.RUNNING, done=8, total=32)
    failed = Job.objects.create(
        kind="import",
        title="Import of an-archive-with-a-very-long-name-and-no-spaces-in-it-at-all-2016-to-2018.zip",
        state=Job.State.FAILED,
        message="latest.zip is damaged or cut off. Get the zip file again.",
        started=now,
        finished=now,
    )
    view = SavedView.objects.create(
        name="Burglary in Gooshays, for the Monday meeting of the partnership",
        page=SavedView.Page.EXPLORE,
        query=f"areas={ward.code}&cat=burglary",
        created_by=analyst,
        agency=Agency.objects.earliest("pk"),
    )
    key, _ = make_api_key(agency=Agency.objects.earliest("pk"), name="Power BI", days=20, networks=["192.0.2.0/24"])
    # Search reads the streets of the slices that are there.
    path = facts.write(Source.STREET, pl.DataFrame(schema=facts.SCHEMA[Source.STREET]))
    Slice.objects.filter(source=Source.STREET).update(path=path)
    client = Client(SERVER_NAME="localhost")
    client.force_login(analyst)
    street = SimpleUploadedFile("2016-04-city-of-london-street.csv", (HEADER + ROW.format("Burglary") * 40).encode())
    preview = client.post("/data/upload/", {"upload": street})
    assert preview.status_code == 302
    assert ward.parent is not None
    Membership.objects.create(user=analyst, agency=Agency.objects.earliest("pk"), role=Role.MANAGER)
    team = WardTeam.objects.create(
        owner=Agency.objects.earliest("pk"),
        ward=ward,
        marking="open",
        audience="everyone",
        area_codes=[ward.code, ward.parent.code],
        valid_from=date(2026, 5, 4),
        officers_established=2,
        officers_in_post=2,
        pcsos_established=2,
        pcsos_in_post=1,
        contact_email="gooshays-and-harold-hill-north.safer-neighbourhood-team@police.example.org",
        contact_phone="020 7946 0000",
    )
    AbstractedDays.objects.create(team=team, month=date(2026, 8, 1), days=9)
    seen = intervention("Patrol of the market", owner=Agency.objects.earliest("pk"))
    audit.created(seen, by=analyst)
    audit.read([seen], by=analyst, how="list")
    return {
        **partnership_pages,
        "partners:keys": [f"/agencies/{key.agency_id}/keys/"],
        "partners:new-key": [f"/agencies/{key.agency_id}/keys/new/"],
        "partners:rotate-key": [f"/agencies/{key.agency_id}/keys/{key.pk}/rotate/"],
        "partners:revoke-key": [f"/agencies/{key.agency_id}/keys/{key.pk}/revoke/"],
        **webhook_pages(key.agency),
        "partners:audit": ["/audit/", "/audit/?kind=reads", "/audit/?from=yesterday"],
        "partners:audit-of": [f"/audit/of/intervention/{seen.pk}/"],
        "partners:jobs": ["/jobs/"],
        "partners:job": [f"/jobs/{running.pk}/", f"/jobs/{failed.pk}/"],
        "hotspots:data": ["/data/"],
        "hotspots:upload": ["/data/upload/"],
        "hotspots:upload-preview": [preview["Location"]],
        "hotspots:imports": ["/data/imports/"],
        "hotspots:import": [f"/data/imports/{filled.run_id}/"],
        "hotspots:imported-file": [f"/data/imports/files/{filled.pk}/"],
        "hotspots:coverage": ["/data/coverage/", "/data/coverage/?source=outcomes"],
        "hotspots:releases": [f"/data/releases/{filled.slices.earliest('pk').pk}/"],
        "hotspots:teams": ["/teams/"],
        "hotspots:team": [f"/teams/{team.pk}/"],
        "hotspots:team-new": ["/teams/new/"],
        "hotspots:team-change": [f"/teams/{team.pk}/change/"],
        "hotspots:team-correct": [f"/teams/{team.pk}/correct/"],
        "hotspots:team-days": [f"/teams/{team.pk}/days/"],
        "hotspots:teams-import": ["/teams/import/"],
        **activity(analyst, ward),
        **calendar_pages(analyst, ward),
        **joint_pages(analyst, ward),
        **register(analyst),
        **profiles(analyst),
        **phases(analyst),
        "reports:home": ["/?borough=E09000016"],
        "reports:priorities": ["/priorities/?borough=E09000016"],
        "reports:wards": ["/wards/?borough=E09000016", "/wards/?month=soon"],
        "reports:ward": [f"/wards/{ward.code}/", "/wards/E05999999/"],
        "reports:borough": [f"/boroughs/{ward.parent.code}/"],
        "reports:force": [],
        "reports:search": ["/search/?q=Goosehays", "/search/"],
        "reports:saved-views": ["/views/"],
        "reports:save-view": [],
        "reports:rename-view": [f"/views/{view.pk}/rename/"],
        "reports:delete-view": [f"/views/{view.pk}/delete/"],
        "reports:map": ["/map/"],
        "reports:explore": ["/explore/", f"/explore/?areas={ward.code}&cat=burglary,robbery"],
        **pages_of_finding(analyst, Agency.objects.earliest("pk"), ward.parent),
        "reports:board": ["/hotspots/board/", "/hotspots/board/?problem=murder"],
        "reports:agenda": ["/hotspots/agenda/"],
        "reports:compare-places": ["/hotspots/compare/"],
        "reports:style": ["/style/"],
        "reports:methods": ["/methods/"],
        "accessibility:statement": ["/accessibility/"],
        "api:docs": ["/api/docs/"],
        "partners:account": ["/account/"],
        "partners:first-factor": [],  # where a second factor is needed: tests/browser/test_account.py
        "mfa_index": ["/account/second-factor/"],
        "mfa_activate_totp": ["/account/second-factor/totp/activate/"],
        "mfa_add_webauthn": ["/account/second-factor/webauthn/add/"],
        "mfa_list_webauthn": ["/account/second-factor/webauthn/"],
        "mfa_generate_recovery_codes": ["/account/second-factor/recovery-codes/generate/"],
        "usersessions_list": ["/account/sessions/"],
        "socialaccount_login_cancelled": ["/account/sso/login/cancelled/"],
        "account_reauthenticate": ["/account/reauthenticate/"],
        "account_logout": ["/account/logout/"],
        "account_inactive": ["/account/inactive/"],
        "account_change_password": ["/account/password/change/"],
        "account_reset_password": ["/account/password/reset/"],
        "account_reset_password_done": ["/account/password/reset/done/"],
        "account_reset_password_from_key": ["/account/password/reset/key/1-none/"],
        "account_reset_password_from_key_done": ["/account/password/reset/key/done/"],
    }


def cut_off_on_paper(page: Page) -> bool:
    """Whether paper is too narrow for the page. Regions of figures may lie across: their own tests print them."""
    page.set_viewport_size({"width": PAPER, "height": 844})
    page.emulate_media(media="print")
    too_wide = page.evaluate(
        "!document.querySelector('.app-region')"
        " && [...document.querySelectorAll('main :is(table, dl, ol, p, h1, pre)')]"
        ".some(one => one.getBoundingClientRect().right > window.innerWidth + 1)"
    )
    page.emulate_media(media="screen")
    return bool(too_wide)


# What stands on each page once.
FRAME = ["h1", "main", "header.app-header", "footer", "nav[aria-label=Menu]"]


def frame_problems(page: Page) -> list[str]:
    """What is wrong with its title, heading, landmarks and the link that skips the menu."""
    found = []
    if not re.fullmatch(r"\S.* - Hotspot tracker", page.title()):
        found.append(f"title {page.title()!r}")
    counts = page.evaluate("all => all.map(one => document.querySelectorAll(one).length)", FRAME)
    found += [f"{count} {selector}" for selector, count in zip(FRAME, counts, strict=True) if count != 1]
    if page.evaluate("document.querySelector('.govuk-error-summary') !== null"):
        if page.evaluate("document.activeElement.className") != "govuk-error-summary":
            found.append("the focus is not on what is wrong")
        page.evaluate("document.body.tabIndex = -1, document.body.focus()")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "govuk-skip-link":
        found.append("the first Tab does not reach the skip link")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main-content":
        found.append("the skip link does not lead to the content")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    if twice := {one for one in ids if ids.count(one) > 1}:
        found.append(f"twice: {sorted(twice)}")
    return found


def test_every_page(make_page: Callable[..., Page], analyst: User, pages: dict[str, list[str]]) -> None:
    there = {name for name in names(get_resolver()) if name != "None" and not NO_PAGES.match(name)}
    assert there - CLOSED == set(pages), "every address is looked at"
    page = make_page(user=analyst)
    page.set_default_timeout(30_000)
    wrong = []
    for path in sorted(chain.from_iterable(pages.values())):
        page.set_viewport_size({"width": WIDTHS[0], "height": 844})
        answer = page.goto(path)
        assert answer is not None
        if answer.status >= 500:
            wrong.append(f"{path}: status {answer.status}")
            continue
        # Swagger's own markup is the library's.
        page.evaluate("document.getElementById('swagger-ui')?.remove()")
        wrong += problems(page, *WIDTHS)
        if cut_off_on_paper(page):
            wrong.append(f"{path}: cut off on paper")
        wrong += [f"{path}: {problem}" for problem in frame_problems(page)]
    assert not wrong, "\n".join(wrong)
