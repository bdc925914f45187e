"""Zip files from outside: harmless ones are read, others refused with a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from hotspots.importers import archives
from hotspots.importers.base import Refused

CONTENT = {"2016-04/2016-04-btp-street.csv": b"Crime ID,Month\n,2016-04\n", "2016-04/notes.txt": b"hello"}


def pack(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read_all(path: Path) -> dict[str, bytes]:
    return {name: read() for name, read in archives.open_members(path, wanted=lambda name: True)}


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read_all(path)
    with pytest.raises(Refused):
        archives.check(path)
    return str(caught.value)


def test_reads_what_is_wanted_by_name(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"z.csv": b"z", **CONTENT, "folder/": b"", "__MACOSX/._z.csv": b"litter"})
    archives.check(path)
    assert read_all(path) == {**CONTENT, "z.csv": b"z"}
    assert [*read_all(path)] == sorted(read_all(path))
    assert [name for name, _ in archives.open_members(path, wanted=lambda name: name.endswith(".csv"))] == [
        "2016-04/2016-04-btp-street.csv",
        "z.csv",
    ]
    assert archives.is_zip(path)
    assert read_all(pack(tmp_path / "empty.zip", {})) == {}


@pytest.mark.parametrize(
    "name",
    ["../evil.csv", "a/../../evil.csv", "/etc/passwd", "..\\evil.csv", "C:\\evil.csv", "C:/evil.csv", "\\\\x\\y"],
)
def test_names_that_point_outside(name: str, tmp_path: Path) -> None:
    sentence = refusal(pack(tmp_path / "a.zip", {**CONTENT, name: b"x"}))
    assert sentence.startswith("a.zip holds a file named ")
    assert "points outside the zip" in sentence


def test_names_that_only_look_odd_are_read(tmp_path: Path) -> None:
    odd = {"a..b.csv": b"1", "...csv": b"2", "a b/ü.csv": b"3"}
    assert read_all(pack(tmp_path / "a.zip", odd)) == odd


def test_bombs(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = pack(tmp_path / "zeros.zip", {"zeros.csv": bytes(3 * 1024**2)})
    assert "zeros.csv unpacks to more than 100 times its size" in refusal(zeros)
    # Small files may pack well.
    assert read_all(pack(tmp_path / "small.zip", {"zeros.csv": bytes(1024**2)}))

    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    many = pack(tmp_path / "many.zip", {f"{number}.csv": b"" for number in range(4)})
    assert refusal(many) == "many.zip holds 4 files; at most 3 are read."

    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 4)
    assert refusal(pack(tmp_path / "long.zip", {"a.csv": b"12345"})) == (
        "long.zip: a.csv unpacks to 5 bytes; at most 4 bytes are read."
    )
    settings.IMPORT_MAX_BYTES = 5
    assert refusal(pack(tmp_path / "sum.zip", {"a": b"123", "b": b"123"})) == (
        "sum.zip unpacks to 6 bytes; at most 5 bytes are read at once."
    )


def test_members_that_share_their_bytes(tmp_path: Path) -> None:
    """The bomb whose every member is honest: one packed block, listed many times."""
    path = pack(tmp_path / "a.zip", {"a.csv": bytes(range(256)) * 4}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path, "a") as archive:
        archive.filelist += archive.filelist * 9
        archive._didModify = True  # type: ignore[attr-defined]
    assert "members overlap" in refusal(path)


def test_member_that_lies_about_its_size(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.csv": b"x" * 500})
    raw = bytearray(path.read_bytes())
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<L", 10)
    path.write_bytes(raw)
    assert refusal(path) == "a.zip: a.csv is damaged or cut off. Get the zip file again."


def test_locked_and_strangely_packed(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.csv": b"x" * 50}, zipfile.ZIP_STORED)
    plain = path.read_bytes()
    directory = plain.index(b"PK\x01\x02")
    locked, strange = bytearray(plain), bytearray(plain)
    locked[directory + 8] |= 1
    path.write_bytes(locked)
    assert refusal(path) == "a.zip: a.csv is locked with a password. Pack it again without one."
    strange[8], strange[directory + 10] = 97, 97
    path.write_bytes(strange)
    assert "packed in a way that cannot be read here" in refusal(path)


def test_not_a_zip_and_cut_off(tmp_path: Path) -> None:
    text = tmp_path / "a.zip"
    text.write_text("Crime ID,Month\n")
    assert refusal(text) == "a.zip is not a zip file."
    text.write_bytes(b"")
    assert refusal(text) == "a.zip is not a zip file."
    whole = pack(tmp_path / "b.zip", CONTENT).read_bytes()
    cut = tmp_path / "c.zip"
    cut.write_bytes(whole[: len(whole) - 60])
    assert archives.is_zip(cut)
    assert refusal(cut) == "c.zip is damaged or cut off. Get the zip file again."


@given(data=st.data())
def test_any_damage_is_refused_or_harmless(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever bytes change: a sentence, or members that are byte for byte what was packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in CONTENT.items():
            archive.writestr(name, content)
    raw = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(raw[: data.draw(st.integers(len(raw) // 2, len(raw)))])
    try:
        members = read_all(path)
    except Refused:
        return
    assert set(members.values()) <= {*CONTENT.values(), b""}
