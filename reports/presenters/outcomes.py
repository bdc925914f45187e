"""Stop and search, and outcomes, as profiles show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from hotspots import categories
from hotspots.coverage import back
from hotspots.models import Area
from reports import charts, sentences
from reports.pages.profile import Profile
from reports.presenters import unknown
from reports.presenters.profile_charts import CARD_MONTHS, Card, large, source
from reports.schemes import groups
from reports.sentences import PARTIAL
from reports.words import SMALLEST_BASE, month_name, plural, thousands


@dataclass(frozen=True, slots=True)
class Shares:
    """How the outcomes of up to twelve months divide."""

    title: str
    line: str
    chart: SafeString
    rows: list[tuple[str, str, str]]
    source: str


def searches(found: Profile) -> tuple[str, Card | None]:
    """The month's searches in words, and their chart; None where none are loaded."""
    if categories.SEARCH not in found.spans:
        return "", None
    headline = categories.by_slug(categories.SEARCH)["all-searches"]
    figures = found.figures.get(headline.number, {})
    now, before = figures.get(found.month) or unknown(found.month), figures.get(back(found.month, 12))
    is_force = found.place.kind == Area.Kind.FORCE
    words = sentences.recorded(now, headline, found.place.name, is_force=is_force)
    words += sentences.against_last_year(now, before)
    window = found.window[-CARD_MONTHS:]
    return words, large("searches", headline.name, figures, window, (), source(found, categories.SEARCH))


def outcomes(found: Profile) -> Shares | None:
    """Shares of the outcome groups over the whole ones of the last twelve months; None where there are none."""
    if categories.OUTCOME not in found.spans:
        return None
    year = [back(found.month, step) for step in range(12)]
    overall = found.figures.get(categories.by_slug(categories.OUTCOME)["all-outcomes"].number, {})
    known = [m for m in year if m in overall and overall[m].count is not None and overall[m].coverage != PARTIAL]
    counts = []
    for group in groups(categories.OUTCOME):
        if group.slug == "all-outcomes":
            continue
        figures = found.figures.get(group.number, {})
        counts.append((group.name, sum(figures[m].count or 0 for m in known if m in figures)))
    counts = sorted((item for item in counts if item[1]), key=lambda item: -item[1])
    total = sum(count for _, count in counts)
    if not total:
        return None
    span = f"{month_name(year[-1])} to {month_name(year[0])}"
    said = plural(total, "outcome", "outcomes")
    line = f"{said} recorded from {span}, whenever the crime took place."
    if len(known) < 12:
        line = (
            f"{said} recorded in {plural(len(known), 'whole month', 'whole months')} of {span}; the others "
            "are not known, or were reported in part."
        )
    has_shares = total >= SMALLEST_BASE
    if not has_shares:
        line += f" Shares are given from {SMALLEST_BASE} outcomes on."
    return Shares(
        title=f"Outcomes, {span}",
        line=line,
        chart=charts.shares(counts, key="outcomes", title=f"Outcomes by group, {span}"),
        rows=[(name, thousands(count), charts.share(count, total) if has_shares else "–") for name, count in counts],
        source=source(found, categories.OUTCOME),
    )
