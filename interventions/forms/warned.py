"""Warnings of rules on a form: each with a box for the reason why the record is kept all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from interventions.registers.register import Register


@dataclass(frozen=True, slots=True)
class Warned:
    """What a rule warned of, at which field of the form ("" = none), and the reason that was given."""

    rule: str
    target: str
    sentence: str
    source: str
    reason: str = ""

    @property
    def kept(self) -> str:
        """It as a hidden field keeps it, so that the reason stays beside its warning while other things are mended."""
        return "|".join((self.target, self.source.replace("|", "/"), self.sentence))


def carried(register: Register, data: Any) -> dict[str, Warned]:
    """The warnings that stood on the form that was sent, by rule, with the reasons that were typed."""
    if data is None:
        return {}
    found = {}
    for rule in register.rules:
        reason = str(data.get(f"reason-{rule.name}", "")).strip()
        if not reason:
            continue
        target, source, sentence = (*str(data.get(f"warned-{rule.name}", "")).split("|", 2), "", "", "")[:3]
        found[rule.name] = Warned(rule.name, target, sentence, source or rule.source, reason)
    return found
