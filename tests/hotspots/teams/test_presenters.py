"""Teams in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hotspots.models import Area, WardTeam
from hotspots.teams import presenters
from hotspots.teams.queries import Team
from partners.models import Agency

POSTS = {"officers_established": 2, "pcsos_established": 2, "sergeants_established": 1}
AUGUST = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("in_post", "days", "sentence"),
    [
        (
            {"officers_in_post": 2, "pcsos_in_post": 1, "sergeants_in_post": 0},
            "9.0",
            "2 dedicated ward officers of 2, 1 PCSO of 2, sergeant vacant; 9 days abstracted in August 2026",
        ),
        (
            {"officers_in_post": 0, "pcsos_in_post": 0, "sergeants_in_post": 1},
            "1.0",
            "0 dedicated ward officers of 2, 0 PCSOs of 2, sergeant in post; 1 day abstracted in August 2026",
        ),
        ({}, None, "2 dedicated ward officer posts, 2 PCSO posts, 1 sergeant post"),
        (
            {"pcsos_established": 0, "pcsos_in_post": 0, "sergeants_established": 2, "sergeants_in_post": 1},
            "9.5",
            "2 dedicated ward officer posts, 1 sergeant of 2; 9.5 days abstracted in August 2026",
        ),
    ],
)
def test_a_team_in_a_sentence(in_post: dict[str, Any], days: str | None, sentence: str) -> None:
    row = WardTeam(**{**POSTS, **in_post})
    assert presenters.sentence(row, (AUGUST, Decimal(days)) if days else None) == sentence


def test_what_is_withheld_says_so_and_what_is_not_known_does_not() -> None:
    row = WardTeam(**POSTS)
    assert presenters.posts(row) == ("2 posts", "2 posts", "1 post")
    row.withheld = frozenset({"in_post"})
    assert presenters.posts(row)[2] == "1 post, withheld by agreement"


def test_bars_are_in_proportion_to_the_largest() -> None:
    team = Team([], [(AUGUST, Decimal(10)), (date(2026, 7, 1), Decimal(5)), (date(2026, 6, 1), Decimal(0))])
    assert [(one.month, one.days, one.bar) for one in presenters.months(team)] == [
        ("August 2026", "10", 120),
        ("July 2026", "5", 60),
        ("June 2026", "0", 0),
    ]
    assert presenters.months(Team([], [(AUGUST, Decimal(0))]))[0].bar == 0


def test_a_telephone_dials_digits_alone() -> None:
    row = WardTeam(**POSTS, contact_phone="+44 (0)20 7946-0000", ward=Area(), owner=Agency(), pk=1)
    assert presenters.on_ward_page(row, None).phone_href == "+4402079460000"
