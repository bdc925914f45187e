from __future__ import annotations

import errno
import itertools
import resource
import threading
import zipfile
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import orjson
import polars as pl
import pytest
from django.db import connection

from hotspots import facts
from hotspots.importers import pipeline, police_street
from hotspots.models import Area, DataVersion, ImportedFile, ImportRun, Publisher, RejectedRow, Slice, Source
from partners.jobs import JobFailed, Progress
from partners.models import AuditEvent, Job
from tests import factories
from tests.hotspots.importers.police_files import NAME, OUTCOMES, file_of, street_row

STORED, UNCHANGED, REFUSED = ImportedFile.State.STORED, ImportedFile.State.UNCHANGED, ImportedFile.State.REFUSED
OCTOBER, NOVEMBER = date(2018, 10, 1), date(2018, 11, 1)


class Importing:
    """Runs the pipeline and remembers what it asked to be summarised."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touched: list[dict[str, set[date]]] = []
        self.areas_changed = 0

    def put(self, content: bytes, name: str = NAME) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def summarise(self, touched: Mapping[str, Collection[date]]) -> None:
        assert connection.in_atomic_block
        self.touched.append({source: set(months) for source, months in touched.items()})

    def rebuild(self) -> None:
        assert connection.in_atomic_block
        self.areas_changed += 1

    def run(self, *paths: Path, job: Job | None = None, names: dict[str, str] | None = None) -> ImportRun:
        return pipeline.run(
            paths,
            title="Test",
            by=None,
            job=job,
            progress=Progress(None),
            summarise=self.summarise,
            areas_changed=self.rebuild,
            names=names,
        )

    def file(self, content: bytes, name: str = NAME) -> ImportedFile:
        """Imports one file; its record."""
        return self.run(self.put(content, name)).files.get()


@pytest.fixture
def importing(tmp_path: Path, db: None) -> Importing:
    folder = tmp_path / "offered"
    folder.mkdir()
    return Importing(folder)


def rows(count: int, **cells: str) -> list[dict[str, str]]:
    """Different thefts, so that no file looks like an extract."""
    kinds = ["Burglary", "Drugs", "Robbery"]
    return [street_row(Crime_ID=f"{n:016x}" + "0" * 48, Crime_type=kinds[n % 3], **cells) for n in range(count)]


def month(name: str, count: int = 3, newline: str = "\n") -> bytes:
    return file_of(rows(count, Month=name), newline=newline)


def test_a_file_becomes_a_slice_and_a_record(importing: Importing) -> None:
    file = importing.file(file_of(rows(30)), NAME)
    assert (file.state, file.format, file.message) == (STORED, "police.uk street", "")
    assert (file.rows_read, file.rows_kept, file.rows_rejected) == (30, 30, 0)
    assert file.quality["by_category"] == {"Burglary": 10, "Drugs": 10, "Robbery": 10}
    stored = Slice.objects.get()
    assert (stored.source, stored.month, stored.rows, stored.rows_located) == (Source.STREET, OCTOBER, 30, 30)
    assert (stored.file, stored.sha256, stored.superseded) == (file, file.sha256, None)
    assert facts.read(stored.path).height == 30
    assert (stored.publisher.slug, stored.publisher.name) == ("metropolitan", "Metropolitan Police Service")
    force = Area.objects.get(kind=Area.Kind.FORCE)
    assert (force.code, stored.publisher.area) == ("metropolitan", force)
    assert importing.touched == [{"street": {OCTOBER}}]
    assert DataVersion.objects.get().number == 1
    assert ImportRun.objects.get().finished is not None


def test_the_transport_police_have_no_area(importing: Importing) -> None:
    importing.file(file_of([street_row(Reported_by="British Transport Police")]), "2018-10-btp-street.csv")
    assert Publisher.objects.get().area is None
    assert not Area.objects.exists()


def test_a_folder_and_a_zip_in_the_published_tree(importing: Importing, tmp_path: Path) -> None:
    importing.put(month("2018-10"), f"tree/2018-10/{NAME}")
    importing.put(month("2018-11"), "tree/2018-11/2018-11-metropolitan-street.csv")
    importing.put(file_of([street_row()], OUTCOMES), "tree/2018-10/2018-10-metropolitan-outcomes.csv")
    importing.put(b"Thank you", "tree/README.txt")
    archive = tmp_path / "latest.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted((importing.folder / "tree").rglob("*.*")):
            packed.write(path, path.relative_to(importing.folder / "tree"))
    run = importing.run(importing.folder / "tree")
    assert [(file.name, file.state) for file in run.files.all()] == [
        ("2018-10/2018-10-metropolitan-outcomes.csv", STORED),
        (f"2018-10/{NAME}", STORED),
        ("2018-11/2018-11-metropolitan-street.csv", STORED),
    ]
    assert importing.touched == [{"outcomes": {OCTOBER}, "street": {OCTOBER, NOVEMBER}}]
    again = importing.run(archive)
    assert {file.state for file in again.files.all()} == {UNCHANGED}
    assert [file.name for file in again.files.all()][1] == f"latest.zip: 2018-10/{NAME}"
    assert Slice.objects.count() == 3


def test_an_upload_goes_by_the_name_its_sender_gave_it(importing: Importing) -> None:
    path = importing.put(month("2018-10"), "upload-1")
    run = importing.run(path, names={str(path): "2018-10-metropolitan-street (1).csv"})
    assert run.files.get().name == "2018-10-metropolitan-street (1).csv"
    assert Slice.objects.get().month == OCTOBER


def test_only_the_forces_asked_for_are_taken_from_a_folder(importing: Importing) -> None:
    importing.put(month("2018-10"), f"tree/{NAME}")
    importing.put(month("2018-10"), "tree/2018-10-essex-street.csv")
    run = pipeline.run(
        [importing.folder / "tree"],
        title="x",
        by=None,
        progress=Progress(None),
        summarise=importing.summarise,
        areas_changed=importing.rebuild,
        forces=["metropolitan"],
    )
    assert [file.name for file in run.files.all()] == [NAME]


def test_the_same_file_again_is_not_even_read(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    first = importing.file(file_of(rows(30)))
    monkeypatch.delattr(police_street, "parse")
    again = importing.file(file_of(rows(30)))
    assert (again.state, again.sha256) == (UNCHANGED, first.sha256)
    assert (Slice.objects.count(), len(importing.touched), DataVersion.objects.get().number) == (1, 1, 1)


def test_queries_do_not_grow_with_the_number_of_files(
    importing: Importing, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for number in range(1, 13):
        importing.put(month(f"2018-{number:02}"), f"tree/2018-{number:02}-metropolitan-street.csv")
    with django_assert_max_num_queries(38):  # seven of them tell the audit trail that it began and ended
        importing.run(importing.folder / "tree")
    assert Slice.objects.count() == 12


def test_the_same_figures_in_other_bytes_change_nothing(importing: Importing) -> None:
    importing.file(month("2018-10"))
    again = importing.file(month("2018-10", newline="\r\n"))
    assert (again.state, Slice.objects.count(), len(importing.touched)) == (UNCHANGED, 1, 1)


def test_a_new_release_supersedes_the_old_one_and_says_what_changed(importing: Importing) -> None:
    importing.file(month("2018-10", 6))
    file = importing.file(month("2018-10", 7))
    old, new = Slice.objects.order_by("id")
    assert (old.superseded is not None, old.superseded_by, new.superseded) == (True, new, None)
    assert facts.read(old.path).height == 6
    assert file.quality["changes"] == [
        {
            "slice": "Metropolitan Police Service 2018-10",
            "source": "street",
            "publisher": "metropolitan",
            "month": "2018-10",
            "rows_before": 6,
            "rows_after": 7,
            "categories": [{"name": "Burglary", "before": 2, "after": 3}],
        }
    ]
    assert DataVersion.objects.get().number == 2


def test_a_release_with_far_fewer_rows_says_so(importing: Importing) -> None:
    importing.file(month("2018-10", 60))
    file = importing.file(month("2018-10", 6))
    assert "now has 6 records instead of 60" in file.quality["notes"][0]


def test_the_first_release_sent_again_counts_again(importing: Importing) -> None:
    first, second = month("2018-10", 6), month("2018-10", 7)
    importing.file(first)
    importing.file(second)
    assert importing.file(first).state == STORED
    assert Slice.objects.current().get().rows == 6


def test_a_crash_before_the_commit_leaves_the_old_state_whole(importing: Importing) -> None:
    importing.file(month("2018-10", 6))
    before = (Slice.objects.get(), DataVersion.objects.get().number)
    path = importing.put(month("2018-10", 7))
    usual = importing.summarise

    def crash(touched: Mapping[str, Collection[date]]) -> None:
        raise MemoryError

    importing.summarise = crash  # type: ignore[method-assign]
    with pytest.raises(MemoryError):
        importing.run(path)
    assert (Slice.objects.current().get(), DataVersion.objects.get().number) == before
    assert ImportedFile.objects.count() == 1
    importing.summarise = usual  # type: ignore[method-assign]
    assert importing.run(path).files.get().state == STORED
    assert Slice.objects.current().get().rows == 7


def test_a_job_that_died_is_finished_once(importing: Importing) -> None:
    job = Job.objects.create(kind="import", title="Test", unique_key="x")
    path = importing.put(month("2018-10"))
    first = importing.run(path, job=job)
    ImportRun.objects.update(finished=None)  # it died after the commit, before it could say so
    second = importing.run(path, job=job)
    assert (first, second.finished is not None) == (second, True)
    assert [file.state for file in second.files.all()] == [STORED]
    assert (Slice.objects.count(), len(importing.touched)) == (1, 1)


def test_a_full_disk_is_a_sentence_and_nothing_is_loaded(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = itertools.count()  # files are taken side by side
    really = facts.write

    def write(source: str, frame: pl.DataFrame) -> str:
        if next(calls):
            raise OSError(errno.ENOSPC, "No space left on device")
        return really(source, frame)

    monkeypatch.setattr(facts, "write", write)
    paths = [importing.put(month(f"2018-1{n}"), f"2018-1{n}-metropolitan-street.csv") for n in (0, 1)]
    with pytest.raises(JobFailed, match=r"The disk is full. Nothing of this import was loaded"):
        importing.run(*paths)
    assert not Slice.objects.exists()
    assert not ImportedFile.objects.exists()


def test_a_disk_that_fills_up_while_writing_is_the_same_sentence(importing: Importing) -> None:
    """The limit on the size of files stands for a full disk: the operating system itself refuses to write more."""
    path = importing.put(month("2018-10", count=500))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(JobFailed, match=r"The disk is full. Nothing of this import was loaded"):
            importing.run(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not Slice.objects.exists()
    assert not [found for found in facts.root().rglob("*") if found.is_file()]


def test_a_refused_file_does_not_stop_the_others(importing: Importing) -> None:
    bad = importing.put(b"name,age\nA,1\n", "people.csv")
    good = importing.put(month("2018-10"))
    refused, stored = importing.run(bad, good).files.all()
    assert (refused.state, refused.format, stored.state) == (REFUSED, "", STORED)
    assert refused.message.startswith("This is not a file that can be read here.")
    assert len(refused.sha256) == 64


def test_too_many_rejected_rows_refuse_the_file_and_are_listed(importing: Importing) -> None:
    content = file_of([*rows(18), street_row(Crime_type="Piracy"), street_row(Longitude="east")])
    file = importing.file(content)
    assert (file.state, file.rows_rejected, file.rows_kept) == (REFUSED, 2, 0)
    assert "2 of 20 rows cannot be used, more than 5%" in file.message
    assert list(RejectedRow.objects.values_list("row", flat=True)) == [20, 21]
    assert not Slice.objects.exists()


def test_a_few_rejected_rows_are_listed_and_the_rest_is_kept(importing: Importing) -> None:
    file = importing.file(file_of([*rows(39), street_row(Crime_type="Piracy")]))
    assert (file.state, file.rows_read, file.rows_kept, file.rows_rejected) == (STORED, 40, 39, 1)
    assert [(row.row, row.reason) for row in file.rejected.all()] == [(41, "unknown crime type: “Piracy”")]


def test_the_same_month_twice_with_other_content_refuses_both(importing: Importing) -> None:
    one = importing.put(month("2018-10", 6), f"a/{NAME}")
    two = importing.put(month("2018-10", 7), f"b/{NAME}")
    other = importing.put(month("2018-11"), "2018-11-metropolitan-street.csv")
    files = importing.run(one, two, other, names={str(one): "one.csv", str(two): "two.csv"}).files.all()
    assert [file.state for file in files] == [REFUSED, REFUSED, STORED]
    assert "2018-10 came twice in this import, with different content: in one.csv and two.csv" in files[0].message
    assert Slice.objects.get().month == NOVEMBER


def test_the_same_month_twice_with_the_same_content_counts_once(importing: Importing) -> None:
    one = importing.put(month("2018-10"), f"a/{NAME}")
    two = importing.put(month("2018-10", newline="\r\n"), f"b/{NAME}")
    assert [file.state for file in importing.run(one, two).files.all()] == [STORED, UNCHANGED]
    assert Slice.objects.count() == 1


def test_an_extract_never_replaces_the_whole(importing: Importing) -> None:
    importing.file(file_of(rows(120)))
    file = importing.file(file_of([street_row()] * 110), "burglary.csv")
    assert (file.state, Slice.objects.count()) == (REFUSED, 1)
    assert "already stored whole" in file.message


def test_the_whole_replaces_an_extract(importing: Importing) -> None:
    importing.file(file_of([street_row()] * 110))
    assert Slice.objects.get().only_categories == ["burglary"]
    importing.file(file_of(rows(120)))
    assert (Slice.objects.count(), Slice.objects.current().get().only_categories) == (2, [])


def test_unknown_lsoas_are_counted_where_they_matter(importing: Importing) -> None:
    factories.LsoaFactory(code="E01002342")
    factories.BoroughFactory(name="Havering")
    content = file_of(
        [
            *rows(3),
            *rows(2, LSOA_code="E01999999"),
            *rows(4, LSOA_code="E01000001", LSOA_name="City of London 001A"),
            *rows(1, LSOA_code="", LSOA_name=""),
        ]
    )
    assert importing.file(content).quality["unknown_lsoas"] == {"elsewhere": 4, "E01999999": 2}


@pytest.mark.parametrize("name", ["../2018-10-metropolitan-street.csv", "/etc/2018-10-metropolitan-street.csv"])
def test_a_zip_that_points_outside_is_refused_whole(importing: Importing, name: str) -> None:
    path = importing.folder / "evil.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("2018-11/2018-11-metropolitan-street.csv", month("2018-11"))
        packed.writestr(name, month("2018-10"))
    file = importing.run(path).files.get()
    assert (file.name, file.state) == ("evil.zip", REFUSED)
    assert "points outside the zip" in file.message


def test_a_truncated_zip_is_refused_and_the_others_go_on(importing: Importing) -> None:
    path = importing.folder / "cut.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(NAME, month("2018-10", 500))
    path.write_bytes(path.read_bytes()[:-200])
    refused, stored = importing.run(
        path, importing.put(month("2018-11"), "2018-11-metropolitan-street.csv")
    ).files.all()
    assert (refused.state, refused.message) == (REFUSED, "cut.zip is damaged or cut off. Get the zip file again.")
    assert stored.state == STORED


def test_a_workbook_is_refused_by_its_name(importing: Importing) -> None:
    path = importing.folder / "figures.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
    assert importing.run(path).files.get().message.startswith("This is an Excel workbook, which cannot be read here.")


def test_an_endless_line_is_refused_without_being_read(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    path = importing.put(b"x" * 70_000, "line.csv")
    with path.open("r+b") as stream:
        stream.truncate(200 * 1024 * 1024)  # sparse
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read whole"))
    assert "no line end" in importing.run(path).files.get().message


def test_an_empty_file_is_refused(importing: Importing) -> None:
    assert importing.file(b"").message == "The file is empty."


def test_a_path_that_is_gone_is_a_sentence(importing: Importing) -> None:
    with pytest.raises(JobFailed, match=r"gone\.csv is not there any more"):
        importing.run(importing.folder / "gone.csv")


def test_an_unknown_force_with_an_endless_name_is_cut(importing: Importing) -> None:
    by_row = importing.file(file_of(rows(3, Reported_by="F" * 3_000)), "x.csv")
    by_name = importing.file(file_of(rows(3, Reported_by="Zed")), f"2018-10-{'z' * 100}-street.csv")
    assert (by_row.state, by_name.state) == (STORED, STORED)
    assert set(Publisher.objects.values_list("slug", "name")) == {("f" * 40, "F" * 100), ("zed", "Zed")}


@pytest.mark.parametrize("members", [{}, {"notes.txt": "hello"}])
def test_a_zip_without_a_readable_file_says_so(importing: Importing, members: dict[str, str]) -> None:
    path = importing.folder / "a.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name, content in members.items():
            target.writestr(name, content)
    refused = importing.run(path).files.get()
    assert refused.state == REFUSED
    assert refused.message.startswith("a.zip holds no file that is read here")


def test_two_unknown_forces_of_one_name_are_told_apart(importing: Importing) -> None:
    for count, slug in enumerate(("sheep", "lamb"), start=3):
        importing.file(file_of(rows(count, Reported_by="Isle of Sheep Police")), f"2018-10-{slug}-street.csv")
    assert [*Publisher.objects.order_by("id").values_list("slug", "name")] == [
        ("sheep", "Isle of Sheep Police"),
        ("lamb", "Isle of Sheep Police (lamb)"),
    ]


def test_answers_of_the_api_are_put_together_by_id(importing: Importing) -> None:
    def answer(*ids: int) -> bytes:
        location = {"latitude": "51.5759", "longitude": "0.1834", "street": {"name": "x"}}
        return orjson.dumps(
            [
                {"id": n, "category": "drugs", "location_type": "Force", "location": location, "month": "2018-10"}
                for n in ids
            ]
        )

    paths = [importing.put(answer(1, 2, 3), "north.json"), importing.put(answer(3, 4), "south.json")]
    north, south = importing.run(*paths).files.all()
    stored = Slice.objects.get()
    assert facts.read(stored.path)["id"].to_list() == [1, 2, 3, 4]
    assert (north.rows_kept, south.rows_kept, stored.rows) == (3, 1, 4)
    assert south.quality["notes"] == ["1 records came with another file of this import, and are counted once."]
    assert {file.state for file in importing.run(*paths).files.all()} == {UNCHANGED}
    assert Slice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_month_at_once_leave_one_current(tmp_path: Path) -> None:
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def work(folder: Path, count: int) -> None:
        try:
            folder.mkdir()
            importing = Importing(folder)
            path = importing.put(month("2018-10", count))
            start.wait()
            importing.run(path)
        except BaseException as failure:  # noqa: BLE001 - a thread's failure has to reach the test
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(tmp_path / str(count), count)) for count in (6, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(ImportedFile.objects.values_list("state", flat=True)) == {STORED}
    assert (Slice.objects.count(), Slice.objects.current().count(), DataVersion.objects.get().number) == (2, 1, 2)


# --- Real files -----------------------------------------------------------------------------------------------------

HAVERING = [
    1812, 1906, 1867, 1952, 1861, 1827, 1833, 1695, 1825, 1845, 1641, 1965,
    1886, 2044, 1929, 1931, 1997, 1824, 1959, 1926, 1844, 1770, 1640, 1900,
]  # fmt: skip


@pytest.mark.realdata
def test_havering_has_its_published_totals(importing: Importing, real_data: Path) -> None:
    run = importing.run(real_data / "street_havering_derived")
    assert {file.state for file in run.files.all()} == {STORED}
    months: dict[date, int] = {}
    for found in Slice.objects.current():
        assert found.rows == found.rows_located
        months[found.month] = months.get(found.month, 0) + found.rows
    assert list(months) == sorted(months)
    assert list(months.values()) == HAVERING


@pytest.mark.realdata
def test_the_city_of_london_has_32_whole_months(importing: Importing, real_data: Path) -> None:
    run = importing.run(real_data / "street_city_of_london")
    assert run.files.filter(state=STORED, rows_rejected=0).count() == 32
    published = sum(path.read_bytes().count(b"\n") - 1 for path in (real_data / "street_city_of_london").rglob("*.csv"))
    assert sum(Slice.objects.current().values_list("rows", flat=True)) == published
    assert importing.touched == [{"street": set(Slice.objects.values_list("month", flat=True))}]


@pytest.mark.realdata
def test_quirky_forces_load_and_the_renamed_header_is_refused(importing: Importing, real_data: Path) -> None:
    files = importing.run(real_data / "street_quirk_forces").files
    assert files.filter(state=STORED).count() == 8
    refused = files.get(state=REFUSED)
    assert refused.name == "snake_case_header/2018-01-essex-street.csv"
    assert "'crime_id' should be 'Crime ID'" in refused.message


@pytest.mark.realdata
def test_api_answers_of_neighbouring_wards_are_deduplicated(importing: Importing, real_data: Path) -> None:
    folder = real_data / "api_json_havering_wards"
    ids: dict[str, list[int]] = {}
    for path in folder.rglob("*.json"):
        for record in orjson.loads(path.read_bytes()):
            ids.setdefault(record["month"], []).append(record["id"])
    run = importing.run(folder)
    stored = {f"{found.month:%Y-%m}": found.rows for found in Slice.objects.current()}
    assert stored == {name: len(set(found)) for name, found in ids.items()}
    assert sum(run.files.values_list("rows_read", flat=True)) == sum(map(len, ids.values()))
    assert sum(run.files.values_list("rows_kept", flat=True)) == sum(stored.values())


@pytest.mark.realdata
def test_areas_are_loaded_before_facts_and_then_all_is_summarised_again(importing: Importing, real_data: Path) -> None:
    street = importing.put(month("2018-10"))
    boroughs = real_data / "boundaries" / "london_boroughs.gpkg"
    run = importing.run(street, boroughs)
    assert [file.name for file in run.files.all()] == [boroughs.name, NAME]
    assert (importing.areas_changed, importing.touched) == (1, [{"street": {OCTOBER}}])
    assert Area.objects.filter(kind=Area.Kind.BOROUGH).count() == 33
    assert importing.run(boroughs).files.get().state == UNCHANGED
    assert importing.areas_changed == 1


def test_the_audit_trail_tells_that_it_began_and_what_became_of_it(importing: Importing) -> None:
    job = Job.objects.create(kind="import", title="Import", unique_key="x")
    path = importing.put(month("2018-10"))
    importing.run(path, job=job)
    importing.run(path, job=job)  # the worker died before it could say so: nothing is told twice
    run = ImportRun.objects.get()
    started, finished = AuditEvent.objects.order_by("number")
    assert [(event.action, event.objects_named) for event in (started, finished)] == [
        ("import.started", [f"importrun:{run.pk}"]),
        ("import.finished", [f"importrun:{run.pk}"]),
    ]
    assert finished.after == {"files": {"stored": 1}}
