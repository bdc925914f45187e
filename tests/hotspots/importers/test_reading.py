import time

import pytest

from hotspots.importers import reading, recognise
from hotspots.importers.base import Quality, Refused
from tests.hotspots.importers.police_files import STREET, file_of, street_row


def table(content: bytes) -> tuple[list[tuple[object, ...]], Quality]:
    quality = Quality()
    return reading.table(content, quality).rows(), quality


def recognised(name: str, content: bytes) -> str:
    return recognise(reading.head(name, content[: reading.HEAD_BYTES], whole=len(content) <= reading.HEAD_BYTES)).NAME


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends_read_alike(encoding: str, newline: str) -> None:
    content = newline.join(["a,b", "1,Café", "2,", ""]).encode(encoding)
    rows, quality = table(content)
    assert rows == [(2, "1", "Café"), (3, "2", None)]
    assert (quality.rows_read, quality.rows_rejected, quality.notes) == (2, 0, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_is_recognised_in_any_encoding(encoding: str) -> None:
    assert recognised("x.csv", file_of([street_row()], encoding=encoding)) == "police.uk street"


def test_zero_characters_are_refused_in_any_encoding() -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(Refused, match="zero bytes"):
            table("a,b\n1,\0\n".encode(encoding))


def test_windows_text_is_read_and_said() -> None:
    rows, quality = table("a,b\n1,Café\n".encode("cp1252"))
    assert rows == [(2, "1", "Café")]
    assert quality.notes == ["The file is not UTF-8; it was read as Windows text."]


def test_quoted_fields_hold_commas_quotes_and_line_ends() -> None:
    rows, quality = table(b'a,b\n"1, or 2","say ""hi"""\n"x\ny",""\n')
    assert rows == [(2, "1, or 2", 'say "hi"'), (3, "x\ny", None)]
    assert quality.rows_read == 2


@pytest.mark.parametrize("odd", ["1,2,3", "1"])
def test_a_row_with_another_number_of_fields_is_rejected_by_its_number(odd: str) -> None:
    rows, quality = table(f"a,b\n1,2\n{odd}\n3,4\n".encode())
    assert rows == [(2, "1", "2"), (4, "3", "4")]
    assert quality.rejected == [(3, f"has {odd.count(',') + 1} fields instead of 2")]
    assert quality.rows_read == 3


def test_one_row_too_long_and_one_too_short_do_not_make_up_for_each_other() -> None:
    rows, quality = table(b"a,b,c\n1,2\n1,2,3,4\n1,2,3\n")
    assert rows == [(4, "1", "2", "3")]
    assert [row for row, _ in quality.rejected] == [2, 3]


def test_blank_lines_are_no_rows_but_keep_the_count() -> None:
    rows, quality = table(b"a,b\n1,2\n\n3,4\n\n")
    assert rows == [(2, "1", "2"), (4, "3", "4")]
    assert (quality.rows_read, quality.rows_rejected) == (2, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n", "not a single row"),
        (b"a,b", "not a single row"),
        (b"a,a\n1,2\n", "column 'a' is there twice"),
        (b"a,b\n1,\x00\n", "zero bytes"),
        (b'a,b\n1,"2\n3,4\n', "quotation mark never closed"),
    ],
)
def test_hopeless_tables_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        table(content)


@pytest.mark.parametrize("content", [b"", b"  \r\n\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="The file is empty"):
        reading.head("x.csv", content, whole=True)


def test_a_huge_line_is_refused_from_its_beginning() -> None:
    start = b"x" * reading.HEAD_BYTES
    began = time.monotonic()
    with pytest.raises(Refused, match="no line end"):
        reading.head("x.csv", start, whole=False)
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel or Word file"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>\n", "a web page (HTML)"),
        (b"<?xml version='1.0'?>\n<kml/>\n", "an XML file"),
        (b"PAR1\x15\x04", "a Parquet file"),
    ],
)
def test_another_format_is_called_by_its_name(start: bytes, what: str) -> None:
    with pytest.raises(Refused) as refusal:
        recognised("x.csv", start)
    assert f"This is {what}, which cannot be read here." in str(refusal.value)
    assert "police.uk street" in str(refusal.value)


def test_renamed_columns_are_named() -> None:
    snake = [name.lower().replace(" ", "_") for name in STREET]
    with pytest.raises(Refused) as refusal:
        recognised("x.csv", (",".join(snake) + "\n" + "," * 11 + "\n").encode())
    assert "almost a police.uk street file" in str(refusal.value)
    assert "'crime_id' should be 'Crime ID'" in str(refusal.value)
    assert "missing" not in str(refusal.value)


def test_a_missing_column_is_named() -> None:
    columns = [name for name in STREET if name != "LSOA code"]
    with pytest.raises(Refused, match=r"almost a police.uk street file.*missing: 'LSOA code'"):
        recognised("x.csv", file_of([street_row()], columns))


def test_a_replaced_column_is_named_with_what_stands_there() -> None:
    columns = ["Offence" if name == "Crime type" else name for name in STREET]
    with pytest.raises(Refused, match="missing: 'Crime type'; not known: 'Offence', 'Context'"):
        recognised("x.csv", file_of([street_row()], columns))


def test_a_table_of_something_else_is_told_what_can_be_read() -> None:
    with pytest.raises(
        Refused, match=r"not a file that can be read here. Files that can be read: .*police.uk outcomes"
    ):
        recognised("x.csv", b"name,age\nA,1\n")


def test_reordered_columns_are_as_good() -> None:
    assert recognised("x.csv", file_of([street_row()], list(reversed(STREET)))) == "police.uk street"
