"""Figures of the counts that partners send, from the files alone: the newest file of a series, borough and period."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

# (scheme, area, series, first day of the period) -> (count, same period of last year); None = not known.
Figures = dict[tuple[str, str, str, date], tuple[int | None, int | None]]


def partner_figures(paths: Iterable[Path], boroughs: Mapping[str, str]) -> Figures:
    """`paths` in the order in which they came; `boroughs`: code of each ward or borough -> its borough's."""
    sent: dict[tuple[str, str, str, date], dict[str, int | None]] = {}  # of a borough -> area -> count
    for path in paths:
        fresh: dict[tuple[str, str, str, date], dict[str, int | None]] = {}
        with path.open(newline="") as stream:
            for row in csv.DictReader(stream):
                year, part = row["Period"].split("-")
                by_quarter = part.startswith("Q")
                month = int(part[1:]) * 3 - 2 if by_quarter else int(part)
                scheme = "partner-quarter" if by_quarter else "partner"
                key = scheme, boroughs[row["Area code"]], row["Series"], date(int(year), month, 1)
                fresh.setdefault(key, {})[row["Area code"]] = int(row["Count"]) if row["Count"].isdigit() else None
        sent |= fresh
    counts = {
        (scheme, area, series, since): count
        for (scheme, _, series, since), its in sent.items()
        for area, count in its.items()
    }
    return {
        key: (count, counts.get((*key[:3], key[3].replace(year=key[3].year - 1))))
        for key, count in counts.items()
        if count is not None
    }
