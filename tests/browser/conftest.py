"""A real Chromium against a real server on the test database.

Every test in this folder bears the marker `browser`. Without a Chromium it is skipped; with REQUIRE_BROWSER=1 it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from partners.models import User

HERE = Path(__file__).parent
SECONDS = 10
WIDTHS = (1280, 390, 320)
# WCAG 2.2's least size of what is tapped: axe leaves it out unless asked.
AXE: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
# On the narrowest screens the pages are those of a phone, with less room: only rules that ask how much there is.
AXE_OF_ROOM = {"runOnly": ["target-size", "scrollable-region-focusable", "meta-viewport"]}
# A page hears of its new width with the next frame, and the menu folds then.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FAILED_REQUESTS = ("Failed to load resource", "Response Status Error Code", "htmx:afterRequest", "htmx:sendError")

# Playwright keeps an event loop in this thread, and Django would refuse its database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str | None:
    """CHROMIUM, else the first Chromium or Chrome on this machine."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = find_chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and no Chromium was found: install one or name it with CHROMIUM=.")
        pytest.skip("no Chromium was found: install one or name it with CHROMIUM=")
    if not (settings.BASE_DIR / "static" / "build" / "app.css").exists():
        pytest.fail("The front end is not built: run script/setup dev.")
    # The live server looks for "django.contrib.staticfiles" by that name, and serves only what is collected without it.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES={**settings.STORAGES, **plain}):
        call_command("collectstatic", interactive=False, verbosity=0)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def server(live_server: LiveServer, settings: LazySettings) -> str:
    """The address of the product, running on this test's database."""
    settings.ALLOWED_HOSTS = ["localhost"]
    return str(live_server.url)


def leaves(address: str, server: str) -> bool:
    """Whether a request goes to anybody but the product."""
    return not address.startswith((f"{server}/", "data:", "blob:", "about:"))


@pytest.fixture
def make_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens a window: make_page(width=390, js=False, user=analyst). Addresses are relative to the server.

    Afterwards, any page error, any breach of the content security policy and any request that leaves the product fails
    the test.
    """
    contexts = []
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A 4xx answer or none is logged as an error too, by the browser and by htmx, and may be what the test is about.
        if message.type == "error" and not message.text.startswith(FAILED_REQUESTS):
            wrong.append(message.text)

    def note_outside(request: Request) -> None:
        if leaves(request.url, server):
            wrong.append(f"asked {request.url}")

    def make(*, width: int = 1280, js: bool = True, user: User | None = None) -> Page:
        context = browser.new_context(
            base_url=server,
            viewport={"width": width, "height": 844},
            java_script_enabled=js,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", note_outside)
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


def run_axe(page: Page, **options: Any) -> AxeResults:
    """What axe finds wrong with the page, and nothing else of its results: the rest of them takes long to collect."""
    axe = Axe()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    ask = "options => axe.run(options).then(({violations}) => ({violations}))"
    return AxeResults(page.evaluate(ask, {"resultTypes": ["violations"], **options}))


def problems(page: Page, *widths: int) -> list[str]:
    """What axe finds wrong at these widths (none = the present one), and whether the page scrolls sideways."""
    found = []
    for width in widths or (page.evaluate("window.innerWidth"),):
        if widths:
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate(SETTLED)
        wrong = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0].get('failureSummary', '')[:200]}"
            for one in run_axe(page, **(AXE_OF_ROOM if width == WIDTHS[-1] else AXE)).response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append("scrolls sideways")
        found += [f"{page.url} at {width}: {one}" for one in wrong]
    return found


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """assert_accessible(page, *widths): nothing is wrong at these widths (none = the present one)."""

    def check(page: Page, *widths: int) -> None:
        wrong = problems(page, *widths)
        assert not wrong, "\n".join(wrong)
        assert page.locator("h1").count() == 1

    return check


def wait_until(page: Page, condition: str) -> None:
    """Waits until a condition in the page holds. (Playwright's own `wait_for_function` asks again by `eval`, which the
    Content-Security-Policy forbids.)"""
    end = monotonic() + SECONDS
    while not page.evaluate(condition):
        assert monotonic() < end, f"not within {SECONDS} seconds: {condition}"
        page.wait_for_timeout(50)
