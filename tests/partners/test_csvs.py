from __future__ import annotations

import csv
import io

import pytest
from django.http import StreamingHttpResponse

from partners import csvs


def text(response: StreamingHttpResponse) -> str:
    return b"".join(response).decode("utf-8-sig")


@pytest.mark.parametrize(
    "start",
    [
        *("=", "+", "-", "@", "|", "\t", "\r", "\n"),
        *(" =", "\xa0@", "\x00-", "\u200b+", "\ufeff="),
        *("\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe63"),
    ],
    ids=ascii,
)
def test_formulas_do_not_run(start: str) -> None:
    assert csvs.safe(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("value", ["Burglary", "", " ", "a=b", "(1)", "'Tis", "\u2212 3", -3, 2.5, None])
def test_other_values_stay(value: object) -> None:
    assert csvs.safe(value) == value


@pytest.mark.parametrize("text", ["=1", " @x", "'Tis", "''", "plain", ""])
def test_what_was_made_safe_can_be_read_again(text: str) -> None:
    assert csvs.plain(csvs.safe(text)) == text


def test_writes_rows_as_they_come_and_quotes_them() -> None:
    response = csvs.response("rejected.csv", ("Row", "Reason"), [(2, 'unknown type "=1+1"'), (3, "=cmd|' /C calc'!A0")])
    assert response["Content-Disposition"] == 'attachment; filename="rejected.csv"'
    assert list(csv.reader(io.StringIO(text(response)))) == [
        ["Row", "Reason"],
        ["2", 'unknown type "=1+1"'],
        ["3", "'=cmd|' /C calc'!A0"],
    ]
