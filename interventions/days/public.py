"""What may be said of a day of action in public: words that its keeper wrote for it, and counts of all agencies.

Nothing else of the record goes out: not its title, its place, its briefing, nor the work and results of one agency.
Counts from 1 to `SUPPRESS_BELOW` - 1 are "fewer than 5". No totals stand beside them, so none can be worked out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from hotspots.words import day_name
from interventions.models import DayAgency, DayOfAction, DayResult
from partners.roles import Marking


@dataclass(frozen=True, slots=True)
class Summary:
    """A day as the public may know it; `counts` are (measure, count in words)."""

    title: str
    text: str
    agencies: list[str]
    counts: list[tuple[str, str]]

    def as_text(self) -> str:
        """The same as plain text."""
        parts = [self.title, self.text]
        if self.agencies:
            parts.append(f"Who took part: {', '.join(self.agencies)}.")
        if self.counts:
            parts.append("\n".join(f"{name}: {count}" for name, count in self.counts))
        return "\n\n".join(part for part in parts if part) + "\n"


def why_not(day: DayOfAction) -> str:
    """Why nothing of a day may be published; "" where it may."""
    if day.marking == Marking.SENSITIVE:
        return "This day of action is OFFICIAL-SENSITIVE: nothing of it is published."
    if day.audience not in (DayOfAction.Audience.AGREEMENTS, DayOfAction.Audience.EVERYONE):
        return "This day of action is not shared with partners: nothing of it is published."
    if day.status != DayOfAction.Status.DONE:
        return "This day of action is not marked as done yet. Once it is, its results can be published."
    return ""


def summary(day: DayOfAction, agencies: Iterable[DayAgency], results: Iterable[DayResult]) -> Summary:
    """What may be published of a day that `why_not` says nothing against; wards and agencies must be at hand."""
    wards = ", ".join(sorted(ward.name for ward in day.wards.all()))
    names = {one.agency.name for one in agencies if one.answer == DayAgency.Answer.ACCEPTED} | {day.owner.name}
    return Summary(
        f"Day of action on {day_name(day.first_day)} in {wards}", day.public_summary, sorted(names), _counts(results)
    )


def _counts(results: Iterable[DayResult]) -> list[tuple[str, str]]:
    """By measure, in the order of the list. What "Other" counts is free text written for partners: it stays inside."""
    totals: Counter[str] = Counter()
    for one in results:
        totals[one.measure] += one.value
    listed = [(value, label) for value, label in DayResult.Measure.choices if value != DayResult.Measure.OTHER]
    return [(str(label), count_words(totals[value])) for value, label in listed if value in totals]


def count_words(count: int) -> str:
    """ "12", "none", "fewer than 5"."""
    below = settings.SUPPRESS_BELOW
    return "none" if count == 0 else f"fewer than {below}" if count < below else f"{count:,}"
