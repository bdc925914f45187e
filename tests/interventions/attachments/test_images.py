"""Photos as they are kept: the pixels, the right way up, and nothing else."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from interventions.attachments.images import redrawn

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **said: object) -> io.BytesIO:
    """A photo, red at the left and blue at the right."""
    picture = Image.new(mode, size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    kept = io.BytesIO()
    picture.save(kept, form, **said)
    kept.seek(0)
    return kept


def from_phone(orientation: int) -> io.BytesIO:
    exif = Image.Exif()
    exif[MAKE] = "Zebraphone"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 36.0, 11.2), 3: "E", 4: (0.0, 13.0, 7.4)})
    return photo(exif=exif)


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    sent = from_phone(6)  # lies on its side
    assert b"Zebraphone" in sent.getvalue()
    kept, suffix = redrawn(sent)
    assert suffix == ".jpg"
    assert b"Zebraphone" not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (20, 40)
        assert not shown.getexif()
        top, bottom = shown.convert("RGB").getpixel((10, 4)), shown.convert("RGB").getpixel((10, 36))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize(
    ("form", "mode", "suffix"), [("PNG", "RGB", ".jpg"), ("PNG", "RGBA", ".png"), ("WEBP", "RGB", ".jpg")]
)
def test_other_kinds_become_jpeg_unless_they_have_holes(form: str, mode: str, suffix: str) -> None:
    assert redrawn(photo(form, mode=mode))[1] == suffix


def test_comments_of_a_png_stay_behind_and_large_photos_become_smaller() -> None:
    said = PngInfo()
    said.add_text("Comment", "Zebra Passage")
    kept, _ = redrawn(photo("PNG", (3_000, 1_500), pnginfo=said))
    assert b"Zebra" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (2_400, 1_200)


def bomb() -> io.BytesIO:
    """A PNG of some hundred bytes that says it has 400 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 60_001))
        + chunk(b"IEND", b"")
    )


def packed_words() -> io.BytesIO:
    """A PNG of some thousand bytes whose comment unpacks to two million letters."""
    said = PngInfo()
    said.add_text("Comment", "z" * 2_000_000, zip=True)
    return photo("PNG", pnginfo=said)


def truncated() -> io.BytesIO:
    whole = photo(size=(400, 400)).getvalue()
    return io.BytesIO(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (bomb(), "million pixels"),
        (packed_words(), "damaged, was not sent whole"),
        (truncated(), "damaged, was not sent whole"),
        (io.BytesIO(b"PK\x03\x04 a zip"), "something else"),
        (io.BytesIO(b"\xff\xd8\xff but no photo"), "something else"),
        (photo("GIF"), "something else"),
        (io.BytesIO(), "damaged"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(sent: io.BytesIO, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        redrawn(sent)
