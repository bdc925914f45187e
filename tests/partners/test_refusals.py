"""Words that people give, as they are kept."""

from __future__ import annotations

from typing import Any

import pytest

from partners.refusals import Refused, checked_text


@pytest.mark.parametrize(("said", "kept"), [("  two  words ", "two words"), ("a\nb", "a b")])
def test_one_line_is_one_line(said: str, kept: str) -> None:
    assert checked_text("reason", said, 20, one_line=True) == kept


@pytest.mark.parametrize(
    ("said", "sentence"), [("x" * 21, "at most 20 characters; this has 21"), ("a\u200bb", "cannot be shown")]
)
def test_texts_that_cannot_be_kept(said: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        checked_text("reason", said, 20)


def test_words_of_several_lines_stay() -> None:
    values: dict[str, Any] = {"said": " first\nsecond ", "longest": 20}
    assert checked_text("objectives", **values) == "first\nsecond"
