"""Partners' counts on a profile: each series by itself, named with who sends it, never beside a total."""

from __future__ import annotations

from dataclasses import dataclass

from hotspots import categories
from hotspots.coverage import back
from reports import words
from reports.links import explore
from reports.pages.profile import Profile
from reports.partner_counts import SCHEMES
from reports.words import month_name, thousands


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A series' newest known month or quarter, and the same of the year before. `href` "" = no page of its own."""

    name: str
    agency: str
    period: str
    count: str
    before: str
    change: str
    href: str


def partner_rows(found: Profile) -> list[PartnerRow]:
    """The series that are known for the area up to the month shown, in the order of the registry; months first."""
    made = []
    for scheme in SCHEMES:
        by_quarter = scheme == categories.PARTNER_QUARTER
        last = back(found.month, 2) if by_quarter else found.month
        for series in categories.by_slug(scheme).values():
            own = found.figures.get(series.number, {}).values()
            known = [figure for figure in own if figure.count is not None and figure.month <= last]
            if not known:
                continue
            newest = max(known, key=lambda figure: figure.month)
            period = month_name(newest.month)
            made.append(
                PartnerRow(
                    name=series.name,
                    agency=found.senders.get((scheme, series.name), ""),
                    period=f"{newest.month:%B} to {month_name(back(newest.month, -2))}" if by_quarter else period,
                    count=thousands(newest.count),
                    before=thousands(newest.last_year),
                    change=words.change(newest.count, newest.last_year),
                    href="" if by_quarter else explore([found.place.code], [series.slug], scheme=scheme),
                )
            )
    return made
