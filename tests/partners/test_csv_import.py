"""Small CSV files as people save them: encodings, separators, headings, odd rows."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from partners import csv_import, csvs
from partners.csv_import import Column, CsvFileForm, decode, read

# What a cell can hold. White space around it is not kept, and an apostrophe of its own cannot be told from ours.
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() and not text.startswith("'")
)
COLUMNS = (Column("email", "E-mail"), Column("full_name", "Name"), Column("areas", "Areas", required=False))


def values(text: str) -> list[tuple[int, dict[str, str], str]]:
    return [(row.number, row.values, row.error) for row in read(text, COLUMNS).rows]


@pytest.mark.parametrize(
    "content",
    ["Zoë;–".encode(), "Zoë;–".encode("utf-8-sig"), "Zoë;–".encode("utf-16"), "Zoë;–".encode("cp1252")],
    ids=["UTF-8", "with a mark", "UTF-16", "Windows"],
)
def test_text_is_read_in_each_encoding_that_spreadsheets_write(content: bytes) -> None:
    assert decode(content) == "Zoë;–"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_come_in_any_order_and_with_any_separator(separator: str) -> None:
    text = separator.join(["name", "E-MAIL"]) + "\r\n" + separator.join(["Ann", " a@example.org "]) + "\r\n"
    assert values(text) == [(2, {"email": "a@example.org", "full_name": "Ann"}, "")]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    text = 'E-mail,Name\n\na@x.org,"Ann\nB"\n,\nb@x.org,Bob\n'
    assert [number for number, _, _ in values(text)] == [3, 5]


def test_a_row_with_too_many_cells_says_so_and_a_short_one_is_empty_at_its_end() -> None:
    (_, _, error), (_, short, fine) = values("E-mail,Name\na@x.org,Ann,oops\nb@x.org\n")
    assert error == "It has 3 cells, but the header has 2."
    assert (short, fine) == ({"email": "b@x.org", "full_name": ""}, "")


def test_what_our_own_files_escape_is_read_as_it_was() -> None:
    cell = csvs.safe("+44 20 7946 0000")
    assert cell.startswith("'")
    assert values(f"E-mail,Name\na@x.org,{cell}\nb@x.org,'Tis\n")[0][1]["full_name"] == "+44 20 7946 0000"
    assert values("E-mail,Name\nb@x.org,'Tis\n")[0][1]["full_name"] == "'Tis"


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=20))
def test_what_we_write_is_what_we_read(rows: list[tuple[str, str]]) -> None:
    content = b"".join(csvs.response("people.csv", ("E-mail", "Name"), rows))
    read_again = [(row["email"], row["full_name"]) for row in read(decode(content), COLUMNS).rows]
    assert read_again == rows


def test_columns_that_mean_nothing_are_named() -> None:
    assert read("E-mail,Notes,Name\na@x.org,hm,Ann\n", COLUMNS).ignored == ["Notes"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file has no rows under its header."),
        ("E-mail,Name\n", "The file has no rows under its header."),
        ("E-mail\na@x.org\n", "The header has no column “Name”. The first row must have: E-mail, Name."),
        ("Emial,Name\na,b\n", "The header says “Emial”. Write “E-mail”, if that is what it means."),
        ("E-mail,Name,Area\na,b,c\n", "The header says “Area”. Write “Areas”, if that is what it means."),
        ("E-mail,Name,e mail\na,b,c\n", "The header has the column “E-mail” twice."),
        ("E-mail,Name\na@x.org," + "x" * 140_000, "Row 2 cannot be read: a cell has more than 131,072 characters"),
        ('E-mail,Name\na@x.org,"Ann\n', "Row 2 cannot be read: a quotation mark in it is not closed."),
    ],
)
def test_a_file_that_is_not_this_table_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(text, COLUMNS)


def test_a_file_of_too_many_rows_is_refused_whole() -> None:
    rows = "a@x.org,Ann\n" * csv_import.MOST_ROWS
    assert len(read(f"E-mail,Name\n{rows}", COLUMNS).rows) == csv_import.MOST_ROWS
    with pytest.raises(ValueError, match="more than 5,000 rows"):
        read(f"E-mail,Name\n{rows}a@x.org,Ann\n", COLUMNS)


def test_the_form_takes_a_file_and_then_its_text_again() -> None:
    first = CsvFileForm({}, MultiValueDict({"file": [SimpleUploadedFile("people.csv", b"\xef\xbb\xbfE-mail\n a")]}))
    assert first.is_valid()
    assert first.cleaned_data["text"] == "E-mail\n a"
    again = CsvFileForm({"text": "E-mail\n a"})
    assert again.is_valid()
    assert again.cleaned_data["text"] == "E-mail\n a"


@pytest.mark.parametrize(
    ("data", "files", "sentence"),
    [
        ({}, {}, "Choose a CSV file."),
        (
            {},
            {"file": SimpleUploadedFile("people.xlsx", b"PK")},
            "Choose a CSV file; the name of this file ends otherwise.",
        ),
        ({"text": "x" * 1_000_001}, {}, "The file has too much text. Split it into several."),
    ],
    ids=["nothing", "a workbook", "too long"],
)
def test_the_form_says_what_it_needs(data: dict[str, str], files: dict[str, SimpleUploadedFile], sentence: str) -> None:
    form = CsvFileForm(data, MultiValueDict({name: [file] for name, file in files.items()}))
    assert not form.is_valid()
    assert [message for messages in form.errors.values() for message in messages] == [sentence]


def test_errors_of_a_row_name_their_column() -> None:
    class RowForm(forms.Form):
        email = forms.EmailField(error_messages={"invalid": "enter an address such as a@example.org"})

    assert csv_import.sentences(RowForm({"email": "x"}), COLUMNS) == ["E-mail: enter an address such as a@example.org"]
