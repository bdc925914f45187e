from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from config.celery import app
from hotspots import inbox
from partners.models import Job, User


def file(name: str, content: bytes = b"a,b\n1,2\n") -> SimpleUploadedFile:
    made = SimpleUploadedFile("x", content)
    made.__dict__["_name"] = name  # past Django's own cleaning
    return made


def test_keeps_files_and_who_sent_them(analyst: User) -> None:
    stored = inbox.store([file("one.csv", b"1"), file("two.csv", b"22")], by=analyst, valid_from=date(2022, 5, 5))
    loaded = inbox.load(stored.token, by=analyst)
    assert loaded == stored
    assert [path.read_bytes() for path in loaded.paths] == [b"1", b"22"]
    assert [(f.name, f.size) for f in loaded.files] == [("one.csv", 1), ("two.csv", 2)]
    assert loaded.valid_from == date(2022, 5, 5)


def test_is_nobody_elses(analyst: User, make_user: Callable[..., User]) -> None:
    stored = inbox.store([file("one.csv")], by=analyst)
    assert inbox.load(stored.token, by=make_user("eve@example.org")) is None
    assert inbox.load(uuid.uuid4(), by=analyst) is None


def test_two_files_of_one_name_are_both_kept_and_the_same_content_once(analyst: User) -> None:
    stored = inbox.store([file("a.csv", b"1"), file("a.csv", b"2"), file("b.csv", b"1")], by=analyst)
    assert [f.name for f in stored.files] == ["a.csv", "a.csv"]
    assert [path.read_bytes() for path in stored.paths] == [b"1", b"2"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/abs/2016-04-btp-street.csv", "2016-04-btp-street.csv"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("a\x00\n\u202eb.csv", "ab.csv"),
        ("", "file"),
        ("Ward boundaries (May 2022).geojson", "Ward boundaries (May 2022).geojson"),
    ],
)
def test_makes_names_safe(sent: str, kept: str, analyst: User) -> None:
    stored = inbox.store([file(sent)], by=analyst)
    assert stored.files[0].name == kept
    assert stored.paths[0].resolve().is_relative_to(stored.folder.resolve())


@given(st.text(max_size=400))
def test_a_safe_name_is_one_step_of_a_path(name: str) -> None:
    safe = inbox.safe_name(name)
    assert Path(safe).name == safe
    assert safe.isprintable()
    assert 0 < len(safe.encode("utf-8", "surrogatepass")) <= inbox.LONGEST_NAME


def test_long_names_keep_their_ending() -> None:
    assert inbox.safe_name("é" * 300 + ".geojson").endswith("é.geojson")


def test_leaves_nothing_behind_where_the_disk_is_full(analyst: User, settings: LazySettings) -> None:
    class Full(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            yield b"begins"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        inbox.store([file("a.csv"), Full("b.csv", b"x")], by=analyst)
    assert not list(settings.INBOX_DIR.iterdir())


def test_forgets_only_what_is_in_the_inbox(analyst: User, tmp_path: Path) -> None:
    stored = inbox.store([file("a.csv", b"1"), file("b.csv", b"2")], by=analyst)
    mine = tmp_path / "mine.csv"
    mine.write_text("a")
    inbox.forget([*map(str, stored.paths), str(mine), str(inbox.root()), str(inbox.root() / "latest.zip")])
    assert not stored.folder.exists()
    assert inbox.root().is_dir()
    assert mine.exists()


def test_sweeps_by_age_but_not_what_a_live_job_needs_nor_other_peoples_things(analyst: User) -> None:
    old, needed, new = (inbox.store([file("a.csv")], by=analyst) for _ in range(3))
    download = inbox.root() / "archive"
    download.mkdir()
    for folder in (old.folder, needed.folder, download):
        os.utime(folder, (time.time() - 8 * 86400,) * 2)
    Job.objects.create(kind="import", title="x", unique_key="k", arguments={"paths": [str(needed.paths[0])]})
    assert inbox.sweep(timedelta(days=7)) == 1
    assert sorted(path for path in inbox.root().iterdir()) == sorted([needed.folder, new.folder, download])


def test_sweeping_before_the_first_upload_does_nothing(db: None) -> None:
    assert inbox.sweep() == 0


def test_the_sweep_and_every_other_regular_task_is_known_to_the_workers() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= app.tasks.keys()
    assert "hotspots.tasks.sweep_inbox" in app.tasks
