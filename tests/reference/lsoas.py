"""Counts of LSOAs: by the code that a row was published with, wherever its point lies."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from tests.reference.categories import STREET_GROUPS
from tests.reference.records import current


def lsoa_counts(files: list[Path]) -> Counter[tuple[str, str, date]]:
    """(LSOA, category or group, month) -> rows of all publishers; no entry where there is none."""
    counts: Counter[tuple[str, str, date]] = Counter()
    for months in current(files)["street"].values():
        for month, rows in months.items():
            for row in rows:
                (slug,) = row.slugs
                for name in (slug, *(group for group, members in STREET_GROUPS.items() if slug in members)):
                    counts[row.lsoa, name, month] += 1
    return counts
