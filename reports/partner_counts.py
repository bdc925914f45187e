"""From the counts that partners send to a cube of counts. Nothing is converted, placed or added up: a ward or borough
has the counts that were sent for it, and any other is unknown."""

from __future__ import annotations

import numpy as np
import polars as pl

from hotspots import categories, facts
from hotspots.coverage import months_between
from hotspots.importers.partner_counts import scope_of
from hotspots.models import Area, Slice
from reports.calc.cube import COMPLETE
from reports.counting import Cube, empty_cube

# Each is the scheme of the source of the same name.
SCHEMES = (categories.PARTNER, categories.PARTNER_QUARTER)


def senders(borough: str) -> dict[tuple[str, str], str]:
    """(scheme, name of the series) -> the agency that sends it for a borough and its wards, newest last. One query."""
    start = scope_of(borough, "")
    sent = Slice.objects.current().filter(source__in=SCHEMES, scope__startswith=start).order_by("month")
    return {
        (source, scope.removeprefix(start)): agency
        for source, scope, agency in sent.values_list("source", "scope", "publisher__name")
    }


def read_counts(scheme: str) -> Cube:
    """The cube of one of `SCHEMES`. A quarter's count stands in its first month; the other two are unknown.

    Should two agencies' files of one import have the same series, the first agency's count stands.
    """
    loaded = list(Slice.objects.current().filter(source=scheme).order_by("publisher", "pk"))
    if not loaded:
        return empty_cube(scheme, (), ())
    rows = pl.concat(
        facts.read(found.path, ["category", "area", "count"]).with_columns(month=pl.lit(found.month))
        for found in loaded
    )
    rows = rows.drop_nulls("count").unique(["category", "area", "month"], keep="first", maintain_order=True)
    ids = dict(Area.objects.filter(code__in=rows["area"].unique().to_list()).values_list("code", "pk"))
    rows = rows.filter(pl.col("area").is_in([*ids]))
    months = months_between(min(found.month for found in loaded), max(found.month for found in loaded))
    cube = empty_cube(scheme, ids.values(), months)
    areas = rows["area"].replace_strict(ids, return_dtype=pl.Int64).to_numpy() if rows.height else np.array([], int)
    at = (
        np.searchsorted(cube.areas, areas),
        np.searchsorted(cube.categories, rows["category"].to_numpy()),
        np.array([months.index(month) for month in rows["month"]], int),
    )
    cube.counts[at], cube.coverage[at] = rows["count"].to_numpy(), COMPLETE
    return cube
