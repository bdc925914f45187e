"""The ranking of a search for hotspots, or of a saved set, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponseBase

from partners import csvs
from reports.finding import QUARTERS, Spot
from reports.models import Candidate

HEADER = [
    *("Rank", "Code", "LSOA", "Ward", "Square metres", "Crimes", "At least", "At most", "Crimes per square km"),
    *("Gi* z of the last quarter", "One-sided p", "Stands out", "Pattern"),
    *(f"Gi* z {QUARTERS - number} quarters before" for number in range(1, QUARTERS)),
]


def csv(name: str, spots: Iterable[Spot], notes: Iterable[str] = ()) -> HttpResponseBase:
    """All rows, whatever the page shows, and notes below them. `name` must be plain ASCII."""

    def rows() -> Iterator[list[Any]]:
        for spot in spots:
            yield [
                *(spot.rank, spot.code, spot.name, spot.ward_name, round(spot.square_metres), spot.count),
                *(round(spot.low, 1), round(spot.high, 1), round(spot.density, 1), _number(spot.z), _number(spot.p)),
                *("yes" if spot.is_hot else "no", Candidate.HotClass(spot.hot_class).label),
                *map(_number, spot.quarters[:-1]),
            ]
        yield from ([note] for note in notes)

    return csvs.response(f"{name}.csv", HEADER, rows())


def _number(value: float | None) -> float | str:
    return "" if value is None else float(f"{value:.4g}")
