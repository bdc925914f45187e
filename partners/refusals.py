"""What an action says where it cannot be done: a sentence, and the field that it is about."""

from __future__ import annotations


class Refused(ValueError):
    """What is wrong with one field, in a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(Refused):
    """Somebody else saved the record after it was read."""
