"""No page asks anybody but the product: every test of this folder looks (`make_page`), and would see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import leaves


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("http://localhost:1234/static/js/app.js", False),
        ("data:image/svg+xml,x", False),
        ("http://localhost:12345/static/js/app.js", True),
        ("http://localhost:1234.example.org/", True),
        ("https://cdn.example.org/app.js", True),
    ],
)
def test_what_counts_as_outside(address: str, outside: bool) -> None:
    assert leaves(address, "http://localhost:1234") == outside


def test_browsers_refuse_what_is_inline_or_outside(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)  # not make_page, which would take the refusals for mistakes
    page = context.new_page()
    page.goto("/account/login/")
    refused = page.evaluate(
        """async () => {
            const refused = [];
            document.addEventListener("securitypolicyviolation", one => refused.push(one.effectiveDirective));
            for (const [tag, set] of [
                ["script", one => one.textContent = "window.ran = true"],
                ["style", one => one.textContent = "body { color: red }"],
                ["img", one => one.src = "https://outside.example/x.png"],
            ]) {
                const one = document.createElement(tag);
                set(one);
                document.body.append(one);
            }
            await fetch("https://outside.example/").catch(() => null);
            await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
            return [refused.sort(), window.ran ?? null];
        }"""
    )
    context.close()
    assert refused == [["connect-src", "img-src", "script-src-elem", "style-src-elem"], None]
