"""How much was done: ward by kind (or agency) in a calendar quarter, exact inside the partnership.

What leaves it is another count: of the same records whoever asks, done, in whole past quarters, marked OPEN or
OFFICIAL, and meant for partners or everyone; never what an agency keeps to itself. Counts under `SUPPRESS_BELOW` are
hidden there, and others with them (`partners.calc.suppression`). One table is published, ward by kind: two that share
totals could be set against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count

from hotspots.models import Area
from hotspots.queries import wards_in_force
from interventions.models import Intervention
from interventions.models.interventions import kind_types
from partners.calc.suppression import shown, with_totals
from partners.filters import day_begins
from partners.models import Agency
from partners.roles import Marking
from partners.visibility import Viewer

# How a hidden count is written, as the Government Analysis Function advises.
HIDDEN = "[c]"
# Work of the day; orders and what is planned together have pages of their own.
KINDS = [
    (str(value), str(label))
    for value, label in Intervention.Kind.choices
    if kind_types()[value] == Intervention.TYPE and value != Intervention.Kind.REFERRALS
]
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter, 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """ "2026-Q3". Raises ValueError with a sentence."""
        found = _QUARTER.fullmatch(text)
        if not found:
            raise ValueError(f"{text[:20]!r} is not a quarter of the form 2026-Q3.")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def name(self) -> str:
        """ "July to September 2026"."""
        last = date(self.year, 3 * self.number, 1)
        return f"{self.first:%B} to {last:%B} {self.year}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> date:
        """The day after its last."""
        return self.before_or_after(1).first

    def before_or_after(self, quarters: int) -> Quarter:
        year, number = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of wards (rows) by kinds or agencies (columns: key, name), without totals."""

    quarter: Quarter
    wards: list[Area]
    columns: list[tuple[str, str]]
    counts: list[list[int]]

    def totalled(self) -> list[list[int]]:
        """With the column and the row of totals: a record in two wards is in both."""
        return with_totals(self.counts)


def seen(viewer: Viewer, borough: str, quarter: Quarter, by: str) -> tuple[Table, int]:
    """What a reader sees of what was done, and of how many records; `by` is "kind" or "agency".

    Columns without a count are left out. Four queries at most.
    """
    wards = _wards(quarter, borough)
    rows = _done(Intervention.objects.visible_to(viewer), quarter, wards)
    if by == "kind":
        table = _table(rows, quarter, wards, "kind", KINDS)
    else:
        agencies = [(str(pk), name) for pk, name in Agency.objects.values_list("pk", "name")]
        table = _table(rows, quarter, wards, "owner_id", agencies)
    kept = [index for index, _ in enumerate(table.columns) if any(row[index] for row in table.counts)]
    columns = [table.columns[index] for index in kept]
    kept_only = Table(quarter, wards, columns, [[row[index] for index in kept] for row in table.counts])
    return kept_only, rows.values("pk").distinct().count()


def publishable(quarter: Quarter, borough: str | None = None) -> list[Table]:
    """Ward by kind of what may be counted in public, a table for each borough, exact: not to be shown as it is.

    Three queries.
    """
    rows = Intervention.objects.filter(
        marking__in=(Marking.OPEN, Marking.OFFICIAL),
        audience__in=(Intervention.Audience.AGREEMENTS, Intervention.Audience.EVERYONE),
    )
    wards = _wards(quarter, borough)
    table = _table(_done(rows, quarter, wards), quarter, wards, "kind", KINDS)
    of_boroughs: dict[int | None, list[int]] = {}
    for index, ward in enumerate(wards):
        of_boroughs.setdefault(ward.parent_id, []).append(index)
    return [
        Table(quarter, [wards[index] for index in its], KINDS, [table.counts[index] for index in its])
        for its in of_boroughs.values()
    ]


def suppressed(counts: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """A table with its totals, None where a count may not leave the partnership."""
    return shown(counts, settings.SUPPRESS_BELOW)


def is_over(quarter: Quarter, today: date) -> bool:
    """Whether a quarter can be published."""
    return quarter.after <= today


def _wards(quarter: Quarter, borough: str | None) -> list[Area]:
    """The wards in force at the end of a quarter, of one borough or of all, by borough and name."""
    wards = wards_in_force(quarter.after - timedelta(days=1)).filter(parent__kind=Area.Kind.BOROUGH)
    return list(wards if borough is None else wards.filter(parent__code=borough))


def _done(rows: Any, quarter: Quarter, wards: Sequence[Area]) -> Any:
    return rows.filter(
        kind__in=[kind for kind, _ in KINDS],
        status=Intervention.Status.DONE,
        starts__gte=day_begins(quarter.first),
        starts__lt=day_begins(quarter.after),
        wards__in=wards,
    ).order_by()


def _table(rows: Any, quarter: Quarter, wards: list[Area], key: str, columns: list[tuple[str, str]]) -> Table:
    found = {(ward, str(of)): n for ward, of, n in rows.values_list("wards", key).annotate(n=Count("pk"))}
    return Table(quarter, wards, columns, [[found.get((ward.pk, of), 0) for of, _ in columns] for ward in wards])
