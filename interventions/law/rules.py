"""What a rule is. The rules themselves stand with their registers; here is what they have in common.

    @rule("cbo.adult-duration", "Sentencing Act 2020, s.334")
    def adult_duration(draft: Draft) -> Iterator[Said]:
        ...
        yield block("ends", "An adult's order lasts at least 2 years: it could end on 3 March 2028 at the earliest.")

A rule looks at a draft and nothing else: no query, no clock but `draft.now`. The form, the import and the API ask the
same rules. Three severities:
- *block*: it cannot be true in law, so it is not kept;
- *warn*: it is kept with a reason (a court may have decided otherwise, or a parameter may be stale);
- *show*: what the reader should know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from interventions.drafts import Draft


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says: about which field (a name of Content, of the model, or of a part)."""

    severity: Severity
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a draft, and where the rule is written."""

    rule: str
    severity: Severity
    field: str
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `name` is how a kept reason names it, so it never changes: "cbo.adult-duration"."""

    name: str
    source: str
    look: Callable[[Draft], Iterable[Said]]

    def findings(self, draft: Draft) -> Iterator[Finding]:
        for said in self.look(draft):
            yield Finding(self.name, said.severity, said.field, said.sentence, self.source)


def rule(name: str, source: str) -> Callable[[Callable[[Draft], Iterable[Said]]], Rule]:
    """Makes a function a rule."""
    return lambda look: Rule(name, source, look)


def block(field: str, sentence: str) -> Said:
    return Said(Severity.BLOCK, field, sentence)


def warn(field: str, sentence: str) -> Said:
    return Said(Severity.WARN, field, sentence)


def show(field: str, sentence: str) -> Said:
    return Said(Severity.SHOW, field, sentence)


def findings(rules: Iterable[Rule], draft: Draft) -> list[Finding]:
    """All that some rules say of a draft, in the order of the rules."""
    return [found for one in rules for found in one.findings(draft)]
