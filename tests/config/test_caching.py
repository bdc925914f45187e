"""Who may keep an answer, and how it travels."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from django.test import Client

from tests import factories
from tests.factories import summarise

ZIPPED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/jobs/", "/data/", "/methods/", "/nothing-here/", "/wards/?month=soon"])
def test_nothing_of_a_signed_in_page_is_stored(signed_in: Client, path: str) -> None:
    assert {"private", "no-store"} <= set(signed_in.get(path)["Cache-Control"].split(", "))


def test_strangers_are_sent_away_without_a_trace(client: Client, db: None) -> None:
    assert "no-store" in client.get("/wards/")["Cache-Control"]
    assert "no-store" in client.get("/account/login/")["Cache-Control"]


def test_published_figures_may_be_kept_by_the_browser_that_asks_again(signed_in: Client) -> None:
    ward = factories.WardFactory(parent=factories.BoroughFactory())
    summarise(ward, "all-crime", [5] * 24, since=date(2016, 1, 1))
    answer = signed_in.get(f"/wards/{ward.code}/", headers=ZIPPED)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "HX-Request", "Accept-Encoding"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_pages_travel_compressed_and_no_two_alike(signed_in: Client) -> None:
    plain = signed_in.get("/methods/")
    zipped = [signed_in.get("/methods/", headers=ZIPPED) for _ in range(8)]
    assert "Content-Encoding" not in plain
    assert {answer["Content-Encoding"] for answer in zipped} == {"gzip"}
    assert all("How the numbers are made" in gzip.decompress(answer.content).decode() for answer in zipped)
    assert len(zipped[0].content) < len(plain.content) / 2
    # Lengths that differ say nothing to somebody who guesses at the content.
    assert len({len(answer.content) for answer in zipped}) > 1
