"""Bringing data in by mouse and by keyboard, with a real worker; every data page at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from hotspots.models import ImportedFile, RejectedRow, Source
from partners.models import User
from tests.browser.conftest import WIDTHS, wait_until
from tests.factories import (
    ImportedFileFactory,
    ImportRunFactory,
    PublisherFactory,
    SliceFactory,
    WardFactory,
    months_from,
)
from tests.workers import workers

MakePage = Callable[..., Page]
Check = Callable[..., None]

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
FORCE = "City of London Police"
ROW = f",2016-04,{FORCE},{FORCE},-0.0967,51.5150,On or near Wood Street,E01000001,City of London 001A,{{}},,\n"


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A month of City of London as published, with one row of an unknown type."""
    path = tmp_path / "2016-04-city-of-london-street.csv"
    path.write_text(HEADER + ROW.format("Burglary") * 40 + ROW.format("Gossip"))
    return path


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """One of the product's own workers."""
    with workers() as start:
        start()
        yield
        connection.close()


def expect_quality(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("2016-04-city-of-london-street.csv")
    expect(page.get_by_text("Rows kept by category")).to_be_visible()
    expect(page.locator(".app-figure").filter(has_text="Kept")).to_contain_text("40")
    expect(page.locator(".app-figure").filter(has_text="Rejected")).to_contain_text("1")


def test_upload_by_mouse_and_watch_it_arrive(
    make_page: MakePage, assert_accessible: Check, analyst: User, street: Path, worker: None
) -> None:
    page = make_page(user=analyst)
    page.goto("/data/")
    page.get_by_role("button", name="Upload files").click()
    assert_accessible(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Files ,").click()
    chooser.value.set_files(street)
    page.get_by_role("button", name="Check the files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you import")
    expect(page.get_by_text("This file can be imported.")).to_be_visible()
    expect(page.get_by_role("cell", name="On or near Wood Street").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Import these files").click()
    # The page of the job follows the work by itself.
    page.get_by_role("link", name="See what became of each file").click(timeout=30_000)
    page.get_by_role("link", name="2016-04-city-of-london-street.csv").click()
    expect_quality(page)
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rejected rows").click()
    assert "Gossip" in download.value.path().read_text("utf-8-sig")
    assert download.value.suggested_filename == "rejected-2016-04-city-of-london-streetcsv.csv"


@pytest.mark.parametrize("js", [True, False])
def test_upload_by_keyboard(make_page: MakePage, analyst: User, street: Path, worker: None, js: bool) -> None:
    page = make_page(width=390, js=js, user=analyst)
    page.goto("/data/upload/")
    with page.expect_file_chooser() as chooser:
        if js:  # the component puts a button in front of the input
            page.get_by_role("button", name="Files ,").focus()
        else:
            page.get_by_label("Files", exact=True).focus()
        page.keyboard.press("Space")
    chooser.value.set_files(street)
    button = page.get_by_role("button", name="Check the files")
    for _ in range(10):  # past the three parts of the date
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you import")
    page.get_by_role("button", name="Import these files").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import of 2016-04-city-of-london-street.csv")
    link = page.get_by_role("link", name="See what became of each file")
    for _ in range(60):
        if link.is_visible():
            break
        if not js:  # without scripts a person asks again
            page.reload()
        page.wait_for_timeout(250)
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="2016-04-city-of-london-street.csv").focus()
    page.keyboard.press("Enter")
    expect_quality(page)


def test_errors_lead_to_the_field(make_page: MakePage, assert_accessible: Check, analyst: User) -> None:
    page = make_page(user=analyst)
    page.goto("/data/upload/")
    page.get_by_role("button", name="Check the files").click()
    expect(page).to_have_title("Error: Upload files - Hotspot tracker")
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one file.")
    assert_accessible(page)
    page.get_by_role("link", name="Choose at least one file.").click()
    expect(page.get_by_role("button", name="Files ,")).to_be_focused()


@pytest.fixture
def filled(transactional_db: None) -> ImportedFile:
    """Something on every page: a long name, a refused file, rejected rows, a gap, a revision."""
    WardFactory()
    run = ImportRunFactory(
        title="Import of an-archive-with-a-very-long-name-and-no-spaces-in-it-at-all-2016-to-2018.zip"
    )
    ImportedFileFactory(run=run, state=ImportedFile.State.REFUSED, message="The file is empty.", format="")
    file = ImportedFileFactory(
        run=run,
        name="an-archive-with-a-very-long-name-2016-to-2018.zip: 2016-04/2016-04-metropolitan-street.csv",
        rows_read=1813,
        rows_kept=1812,
        rows_rejected=1,
        quality={
            "without_location": 40,
            "unknown_lsoas": {"E01009999": 3, "elsewhere": 9},
            "by_category": {"Burglary": 1800, "Drugs": 12},
            "notes": ["One record lies more than 300 km from the others."],
            "changes": [
                {
                    "slice": "Metropolitan Police Service, April 2016",
                    "rows_before": 1810,
                    "rows_after": 1812,
                    "categories": [{"name": "Drugs", "before": 10, "after": 12}],
                }
            ],
        },
    )
    RejectedRow.objects.create(file=file, row=7, reason="unknown crime type “Gossip”")
    publisher = PublisherFactory(name="Metropolitan Police Service")
    for month in months_from(date(2015, 4, 1), 26):
        if month != date(2016, 8, 1):
            SliceFactory(publisher=publisher, month=month, file=file, rows=100 if month.month == 9 else 1800)
    SliceFactory(source=Source.OUTCOMES, publisher=publisher, file=file, only_categories=["charged"])
    return file


def test_every_page_is_accessible_and_fits(
    make_page: MakePage, assert_accessible: Check, analyst: User, filled: ImportedFile
) -> None:
    page = make_page(user=analyst)
    release = filled.slices.earliest("pk").pk
    for path in (
        "/data/",
        "/data/upload/",
        "/data/imports/",
        f"/data/imports/{filled.run_id}/",
        f"/data/imports/files/{filled.pk}/",
        "/data/coverage/",
        "/data/coverage/?source=outcomes",
        "/data/coverage/?source=mps-ward",
        f"/data/releases/{release}/",
    ):
        page.goto(path)
        assert_accessible(page, *WIDTHS)


def test_the_coverage_table_scrolls_by_keyboard(make_page: MakePage, analyst: User, filled: ImportedFile) -> None:
    page = make_page(width=390, user=analyst)
    page.goto("/data/coverage/")
    year = page.get_by_role("region", name="2016")
    year.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(year).to_be_focused()
    wait_until(page, "document.activeElement.scrollLeft > 0")
    page.get_by_role("link", name="December 2016: reported, 1,800 rows").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(filled.name)
