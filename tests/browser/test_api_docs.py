"""The API's page works in a browser without breaking the content security policy or asking another server."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from partners.models import User


def test_the_api_can_be_tried_on_its_page(make_page: Callable[..., Page], analyst: User) -> None:
    page = make_page(user=analyst)
    elsewhere: list[str] = []
    page.on("request", lambda request: None if "//localhost" in request.url else elsewhere.append(request.url))
    page.set_default_timeout(60_000)  # the bundle and the description have 1.5 MB each
    page.goto("/api/docs/")
    page.locator("#operations-tag-Imports").click()
    operation = page.locator("#operations-Imports-getVersion")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table tr.response .response-col_status")).to_contain_text(
        "200", timeout=30_000
    )
    expect(operation.locator(".live-responses-table")).to_contain_text('"data_version"')
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []
