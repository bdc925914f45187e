"""Rules that several registers share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from interventions.drafts import Draft
from interventions.law.rules import Said, block, rule

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SPARE = re.compile(r"[\s,.]+")


def looks_like_a_name(text: str) -> bool:
    """Whether a reference consists of two or more capitalised words and nothing else: "Ana Lyst", "LYST, Ana"."""
    words = [word for word in _SPARE.split(text) if word]
    return len(words) > 1 and all(_WORD.fullmatch(word) and len(word) > 1 and word[0].isupper() for word in words)


@rule("person.no-name", "UK GDPR, article 5(1)(c): data minimisation")
def no_name(draft: Draft) -> Iterator[Said]:
    """Who it is about is known by a pseudonym."""
    if looks_like_a_name(draft.record.subject_ref or ""):
        yield block(
            "subject_ref",
            "This looks like a name. Use a pseudonym that leads to the person in your own system alone, "
            "such as RT-0142.",
        )


@rule("conditions.numbers", "Conditions are named by their numbers")
def condition_numbers(draft: Draft) -> Iterator[Said]:
    """Each condition has a number of its own, and does not end before it starts."""
    rows = draft.of("conditions")
    for number, count in Counter(row.number for row in rows).items():
        if count > 1:
            yield block("conditions", f"{count} conditions have the number {number}: give each its own.")
    for row in rows:
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            yield block("conditions", f"Condition {row.number} ends before it starts.")
