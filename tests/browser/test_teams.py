"""A sergeant brings a file of teams, corrects its mistake, and enters days: with and without a script, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hotspots.models import WardTeam
from partners.models import User
from tests.factories import BoroughFactory, WardFactory

HEADER = "Ward,From,Ward officer posts,PCSO posts,Sergeant posts,E-mail\n"


@pytest.mark.parametrize("js", [True, False])
def test_teams_from_a_file_and_their_days(
    make_page: Callable[..., Page],
    make_user: Callable[..., User],
    assert_accessible: Callable[..., None],
    tmp_path: Path,
    js: bool,
) -> None:
    borough = BoroughFactory(name="Havering")
    for name in ("Heaton", "Gooshays"):
        WardFactory(name=name, parent=borough)
    sergeant = make_user("sergeant@example.org", role="snt-lead", agency="Havering SNT")
    page = make_page(user=sergeant, width=390, js=js)
    file = tmp_path / "teams.csv"

    def bring(text: str) -> None:
        file.write_text(HEADER + text)
        page.goto("/teams/import/")
        page.set_input_files("input[name=file]", file)
        page.get_by_role("button", name="Check the file").click()

    def look() -> None:
        if js:  # axe is a script
            assert_accessible(page)

    bring("Heaton,2026-05-04,2,2,1,heaton@example.org\nGoosehays,2026-05-04,2,1,1,\n")
    expect(page.get_by_text("Did you mean Gooshays?")).to_be_visible()
    expect(page.get_by_role("button", name="Import these teams")).to_have_count(0)
    look()
    bring("Heaton,2026-05-04,2,2,1,heaton@example.org\nGooshays,2026-05-04,2,1,1,\n")
    look()
    page.get_by_role("button", name="Import these teams").click()
    expect(page.get_by_role("heading", name="Ward teams", level=1)).to_be_visible()
    assert WardTeam.objects.count() == 2
    page.get_by_role("link", name="Heaton", exact=True).click()
    page.get_by_role("button", name="Enter days abstracted").click()
    page.get_by_label("Month").fill("2026-08")
    page.get_by_label("Days abstracted").fill("9.3")
    page.get_by_role("button", name="Save the days").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look()
    page.get_by_label("Days abstracted").fill("9.5")
    page.get_by_role("button", name="Save the days").click()
    expect(page.get_by_text("9.5 days abstracted in August 2026")).to_be_visible()
