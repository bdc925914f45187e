"""What an action says where it cannot be done: a sentence, and the field that it is about."""

from __future__ import annotations


class Refused(ValueError):
    """What is wrong with one field, in a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(Refused):
    """Somebody else saved the record after it was read."""


def checked_text(field: str, said: str, longest: int, *, one_line: bool = False) -> str:
    """What was said, without spaces around it. Raises Refused where it is too long or cannot be shown."""
    said = " ".join(said.split()) if one_line else said.strip()
    called = field.replace("_", " ")
    if len(said) > longest:
        raise Refused(field, f"The {called} has at most {longest:,} characters; this has {len(said):,}.")
    if any(not (letter.isprintable() or letter in "\n\r\t") for letter in said):
        raise Refused(field, f"The {called} holds characters that cannot be shown. Use letters, numbers and signs.")
    return said
