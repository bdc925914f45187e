"""The data pages through the real client; the importers behind them are the real ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hotspots import inbox
from hotspots.models import Area, ImportedFile, RejectedRow, Slice, Source
from partners.jobs import Progress
from partners.models import Job, User
from reports.jobs import import_files
from tests.factories import (
    ImportedFileFactory,
    ImportRunFactory,
    MembershipFactory,
    PopulationFactory,
    PublisherFactory,
    SliceFactory,
    WardFactory,
    months_from,
)

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
MET = "Metropolitan Police Service"


def street(*types: str, month: str = "2016-04") -> bytes:
    rows = [
        f",{month},{MET},{MET},0.18,51.57,On or near Park Lane,E01002276,Havering 001A,{type_},," for type_ in types
    ]
    return "\n".join([HEADER, *rows, ""]).encode()


STREET = SimpleUploadedFile("2016-04-metropolitan-street.csv", street("Burglary", "Drugs", "Drugs"))
MANY = ["Burglary"] * 60


def send(client: Client, *files: tuple[str, bytes], **fields: str) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("hotspots:upload"), {"upload": uploads, **fields})


def text(response: Any) -> str:
    return response.content.decode()


def run_job(job: Job) -> str:
    """Does the work of a job as a worker would."""
    return import_files(Progress(job), **job.arguments)


# --- Upload -------------------------------------------------------------------------------------------------------


def test_the_whole_way_of_a_file(
    signed_in: Client, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    sent = send(signed_in, ("2016-04-metropolitan-street.csv", street(*MANY, "Drugs", "Gossip")))
    page = text(signed_in.get(sent["Location"]))
    assert "This file can be imported." in page
    assert f"{MET}: April 2016, 61 rows" in page
    assert "62 rows, 1 rejected (1.6%)" in page
    assert "On or near Park Lane" in page
    assert not ImportedFile.objects.exists()
    assert not Slice.objects.exists()

    started = signed_in.post(sent["Location"], {"do": "import"})
    job = Job.objects.get()
    assert started["Location"] == reverse("partners:job", args=[job.pk])
    run_job(job)

    file = ImportedFile.objects.get()
    assert (file.rows_read, file.rows_kept, file.rows_rejected) == (62, 61, 1)
    assert signed_in.get(sent["Location"]).status_code == 404  # the inbox is empty again
    run = text(signed_in.get(reverse("hotspots:import", args=[file.run_id])))
    assert "2016-04-metropolitan-street.csv" in run
    quality = text(signed_in.get(reverse("hotspots:imported-file", args=[file.pk])))
    assert "Gossip" in quality
    assert "1.6%" in quality

    again = send(signed_in, ("2016-04-metropolitan-street.csv", street(*MANY, "Drugs", "Gossip")))
    page = text(signed_in.get(again["Location"]))
    assert "This file is stored already." in page
    assert "Import these files" not in page

    newer = send(signed_in, ("2016-04-metropolitan-street.csv", street(*MANY, "Burglary", "Robbery", "Robbery")))
    page = text(signed_in.get(newer["Location"]))
    assert f"April 2016, {MET}: 63 rows instead of 61 rows loaded on" in page
    signed_in.post(newer["Location"], {"do": "import"})
    run_job(Job.objects.latest("pk"))
    changed = ImportedFile.objects.latest("pk")
    quality = text(signed_in.get(reverse("hotspots:imported-file", args=[changed.pk])))
    assert "63 rows instead of 61 (+2)" in quality
    old = Slice.objects.get(file=file)
    releases = text(signed_in.get(reverse("hotspots:releases", args=[old.pk])))
    assert releases.count("2016-04-metropolitan-street.csv") == 2
    assert releases.count("<strong>Yes</strong>") == 1


def test_area_files_are_tried_and_rolled_back(signed_in: Client, real_data: Path) -> None:
    content = (real_data / "boundaries" / "havering_wards_2018.geojson").read_bytes()
    sent = send(signed_in, ("havering_wards_2018.geojson", content), valid_from="2002-05-02")
    page = text(signed_in.get(sent["Location"]))
    assert "This file can be imported." in page
    assert "in force from 2 May 2002" in page
    assert "E05000306" in page
    assert not Area.objects.filter(kind=Area.Kind.WARD).exists()


def test_zips_show_their_members_and_what_is_too_much_is_left_to_the_import(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    from hotspots import previews

    monkeypatch.setattr(previews, "MOST_FILES", 2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for month in ("2016-04", "2016-05", "2016-06"):
            archive.writestr(f"{month}/{month}-metropolitan-street.csv", street(*MANY, month=month))
    sent = send(signed_in, ("latest.zip", packed.getvalue()))
    page = text(signed_in.get(sent["Location"]))
    assert "latest.zip: 2016-04/2016-04-metropolitan-street.csv" in page
    assert "2 files can be imported. 1 more file will be looked at during the import." in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "This is a PNG picture"),
        ("notes.csv", b"dear colleague,\nsee you on Monday\n", "This is not a file that can be read here"),
        (
            "2016-04-metropolitan-street.csv",
            HEADER.replace("Crime type", "crime_type").encode() + b"\nx\n",
            "crime_type",
        ),
        ("latest.zip", b"PK\x03\x04 cut off", "damaged or cut off"),
        ("2016-04-metropolitan-street.csv", street("Gossip", "Drugs"), "1 of 2 rows cannot be used"),
    ],
)
def test_files_that_cannot_be_read_say_why(signed_in: Client, name: str, content: bytes, sentence: str) -> None:
    sent = send(signed_in, (name, content))
    page = text(signed_in.get(sent["Location"]))
    assert "This file cannot be imported." in page
    assert sentence in page
    assert "Import these files" not in page


def test_a_rubbish_file_does_not_stop_the_others(signed_in: Client) -> None:
    sent = send(signed_in, ("a.csv", b"\xff\xfe\x00\x00rubbish"), ("2016-04-metropolitan-street.csv", street(*MANY)))
    page = text(signed_in.get(sent["Location"]))
    assert "1 file can be imported, 1 cannot be read." in page
    assert "Import these files" in page


def test_file_names_and_contents_are_escaped(signed_in: Client) -> None:
    sent = send(signed_in, ("<img src=x onerror=alert(1)>.csv", b"a<script>alert(1)</script>,b\n<b>1</b>,2\n"))
    page = text(signed_in.get(sent["Location"]))
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_no_file_an_empty_file_and_a_wrong_date(signed_in: Client) -> None:
    none = signed_in.post(reverse("hotspots:upload"), {})
    assert none.status_code == 422
    assert "Choose at least one file." in text(none)
    assert "One of the files is empty." in text(send(signed_in, ("a.csv", b"")))
    wrong = text(send(signed_in, ("a.csv", b"a"), valid_from="the fifth of May"))
    assert "Enter the day on which the wards came into force" in wrong
    assert "must lie between" in text(send(signed_in, ("a.csv", b"a"), valid_from="0022-05-05"))
    assert not inbox.root().exists()


def test_too_large_an_upload_is_refused_unread(signed_in: Client, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000
    refused = send(signed_in, ("a.csv", b"a" * 2_000))
    assert refused.status_code == 413
    assert "at most 1.0 KB can be uploaded at once" in text(refused)
    assert not inbox.root().exists()


def test_too_many_files(signed_in: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    refused = send(signed_in, ("a.csv", b"1"), ("b.csv", b"2"), ("c.csv", b"3"))
    assert refused.status_code == 422
    assert "At most 2 files can be uploaded at once." in text(refused)


def test_a_full_disk_is_said(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(inbox, "store", full)
    refused = send(signed_in, ("a.csv", b"1"))
    assert refused.status_code == 507
    assert "disk is full" in text(refused)


def test_uploads_need_the_token_of_the_form(analyst: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(analyst)
    assert send(client, ("a.csv", b"1")).status_code == 403
    assert not inbox.root().exists()


def test_cancel_removes_the_files(signed_in: Client) -> None:
    sent = send(signed_in, ("a.csv", b"a,b\n1,2\n"))
    cancelled = signed_in.post(sent["Location"], {"do": "cancel"}, follow=True)
    assert "Nothing was imported." in text(cancelled)
    assert not list(inbox.root().iterdir())
    assert signed_in.get(sent["Location"]).status_code == 404


def test_the_same_files_twice_are_one_job(signed_in: Client, make_user: Callable[..., User]) -> None:
    first = send(signed_in, ("2016-04-metropolitan-street.csv", street(*MANY)))
    second = send(signed_in, ("2016-04-metropolitan-street.csv", street(*MANY)))
    jobs = [signed_in.post(sent["Location"], {"do": "import"})["Location"] for sent in (first, second)]
    assert jobs[0] == jobs[1]
    assert Job.objects.count() == 1


def test_an_upload_is_its_senders_alone(signed_in: Client, make_user: Callable[..., User]) -> None:
    address = send(signed_in, ("a.csv", b"a,b\n1,2\n"))["Location"]
    other = Client()
    other.force_login(make_user("manager@example.org", role="manager"))
    assert other.get(address).status_code == 404
    assert other.post(address, {"do": "cancel"}).status_code == 404
    assert signed_in.get(address).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "snt-lead"])
def test_others_may_look_but_not_import(role: str, client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("sam@example.org", role=role))
    data = client.get(reverse("hotspots:data"))
    assert data.status_code == 200
    assert reverse("hotspots:upload") not in text(data)
    refused = client.get(reverse("hotspots:upload"))
    assert refused.status_code == 403
    assert "Only analysts, managers and administrators may import data." in text(refused)
    assert send(client, ("a.csv", b"1")).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/data/", "/data/upload/", "/data/imports/", "/data/imports/1/", "/data/imports/files/1/",
     "/data/imports/files/1/rejected.csv", "/data/coverage/", "/data/releases/1/",
     "/data/upload/00000000-0000-4000-8000-000000000000/"],
)  # fmt: skip
def test_strangers_must_sign_in(client: Client, db: None, address: str) -> None:
    assert client.get(address)["Location"].startswith("/account/login/")


# --- What is loaded -----------------------------------------------------------------------------------------------


def test_empty_pages_say_how_to_begin(signed_in: Client) -> None:
    assert "script/manage import wards.geojson --valid-from" in text(signed_in.get("/data/"))
    assert "Nothing was imported yet" in text(signed_in.get("/data/imports/"))
    assert "Nothing is loaded from this source" in text(signed_in.get("/data/coverage/"))


def fill(count: int) -> None:
    """`count` runs, publishers, months, wards, each with what hangs on it."""
    for _ in range(count):
        ward = WardFactory()
        MembershipFactory(parent=ward)
        PopulationFactory(area=ward)
        file = ImportedFileFactory(run=ImportRunFactory(), rows_rejected=1)
        RejectedRow.objects.create(file=file, row=3, reason="unknown crime type")
        publisher = PublisherFactory()
        for month in months_from(date(2016, 4, 1), 2):
            SliceFactory(publisher=publisher, month=month, file=file)


@pytest.mark.parametrize("address", ["/data/", "/data/imports/", "/data/coverage/?source=street"])
def test_queries_do_not_grow(
    address: str, signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in.get(address)
    numbers = []
    for count in (2, 18):
        fill(count)
        with django_assert_max_num_queries(20) as queries:
            assert signed_in.get(address).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_queries_of_a_run_and_of_a_file_do_not_grow(
    signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    run = ImportRunFactory()
    file = ImportedFileFactory(run=run, rows_rejected=20)
    numbers = []
    for count in (2, 18):
        for number in range(count):
            ImportedFileFactory(run=run)
            RejectedRow.objects.create(file=file, row=number + 2, reason=f"unknown crime type {number}")
            SliceFactory(file=file)
        for address in (reverse("hotspots:import", args=[run.pk]), reverse("hotspots:imported-file", args=[file.pk])):
            signed_in.get(address)
            with django_assert_max_num_queries(12) as queries:
                signed_in.get(address)
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:]


def test_imports_are_paged_newest_first(signed_in: Client) -> None:
    ImportRunFactory(title="The oldest")
    for number in range(20):
        ImportRunFactory(title=f"Run {number}")
    first, second = (text(signed_in.get("/data/imports/", {"page": page})) for page in (1, 2))
    assert "The oldest" not in first
    assert first.index("Run 19") < first.index("Run 18")
    assert "The oldest" in second


def test_a_run_under_way_asks_for_its_part_again_and_a_finished_one_does_not(signed_in: Client) -> None:
    job = Job.objects.create(kind="import", title="x", unique_key="k", state=Job.State.RUNNING)
    run = ImportRunFactory(job=job)
    address = reverse("hotspots:import", args=[run.pk])
    part = text(signed_in.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part
    run.finished = run.started
    run.save()
    assert "hx-trigger" not in text(signed_in.get(address))


def test_a_run_that_died_says_so(signed_in: Client) -> None:
    job = Job.objects.create(kind="import", title="x", unique_key="k", state=Job.State.FAILED)
    run = ImportRunFactory(job=job)
    assert "It did not finish." in text(signed_in.get(reverse("hotspots:import", args=[run.pk])))


def test_a_run_lists_refused_files_first_with_their_sentence(signed_in: Client) -> None:
    run = ImportRunFactory(title="Run <one>")
    ImportedFileFactory(run=run, name="good.csv")
    ImportedFileFactory(run=run, name="bad.csv", state=ImportedFile.State.REFUSED, message="The file is empty.")
    page = text(signed_in.get(reverse("hotspots:import", args=[run.pk])))
    assert page.index("bad.csv") < page.index("good.csv")
    assert "The file is empty." in page
    assert "Run <one>" not in page
    assert "1 stored, <strong>1 refused</strong>" in page


def test_rejected_rows_download_with_row_numbers_and_without_formulas(signed_in: Client) -> None:
    file = ImportedFileFactory(name="=cmd/../évil.csv", rows_rejected=3)
    for row, reason in ((7, "=HYPERLINK(1)"), (3, "unknown crime type “Gossip”"), (9, "@SUM(A1)")):
        RejectedRow.objects.create(file=file, row=row, reason=reason)
    response = signed_in.get(reverse("hotspots:rejected-rows", args=[file.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="rejected-cmdevilcsv.csv"'
    content = b"".join(response).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content))) == [
        ["Row", "Reason"],
        ["3", "unknown crime type “Gossip”"],
        ["7", "'=HYPERLINK(1)"],
        ["9", "'@SUM(A1)"],
    ]


def test_coverage_marks_lead_to_files_and_gaps_are_named(signed_in: Client) -> None:
    publisher = PublisherFactory(name="Essex Police")
    first, _, last = months_from(date(2016, 12, 1), 3)
    files = [SliceFactory(publisher=publisher, month=month, rows=1_000).file for month in (first, last)]
    page = text(signed_in.get("/data/coverage/"))
    assert "January 2017: missing" in page
    assert "December 2016: reported, 1,000 rows" in page
    for file in files:
        assert reverse("hotspots:imported-file", args=[file.pk]) in page
    assert page.index('id="year-2017"') < page.index('id="year-2016"')
    data = text(signed_in.get("/data/"))
    assert "January 2017 missing" in data
    assert "December 2016 to February 2017 (2)" in data


@pytest.mark.parametrize(
    "address", ["/data/coverage/?source=rumours", "/data/imports/9/", "/data/imports/files/9/", "/data/releases/9/"]
)
def test_what_is_not_there_is_not_found(signed_in: Client, address: str) -> None:
    assert signed_in.get(address).status_code == 404


def test_every_source_has_a_coverage_page(signed_in: Client) -> None:
    for source in Source:
        assert signed_in.get("/data/coverage/", {"source": source}).status_code == 200
