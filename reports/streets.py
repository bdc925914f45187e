"""The streets that police.uk names: its map points are labelled "On or near High Street"."""

from __future__ import annotations

import numpy as np
import polars as pl

from hotspots import facts
from hotspots.coverage import back
from hotspots.models import Area, Slice, Source
from hotspots.places import Placer

MONTHS = 12
_BEFORE_NAME = r"(?i)^\s*on or near\s+"
_NO_NAME = ("", "no location")


def streets() -> pl.DataFrame:
    """The distinct published names and the wards in force in which their records lie: columns `street`, `ward` (area
    id) and `rows`, the records of the newest twelve months; the ward with most records of a street first.

    A record lies in the ward in which it is counted. Records that lie in no ward that is loaded are left out.
    Six queries, and the newest slices are read: half a second for London.
    """
    slices = Slice.objects.current().filter(source=Source.STREET).order_by("month", "pk").values_list("month", "path")
    newest = max((month for month, _ in slices), default=None)
    if newest is None:
        return pl.DataFrame(schema={"street": pl.String, "ward": pl.Int64, "rows": pl.UInt32})
    placer = Placer()
    settled = placer.settled(newest)
    tallies = pl.concat(
        facts.tally(path, Source.STREET, ["street"], settled=settled)
        for month, path in slices
        if month > back(newest, MONTHS)
    )
    points = (
        tallies.with_columns(pl.col("street").str.replace(_BEFORE_NAME, "").str.strip_chars())
        .filter(~pl.col("street").str.to_lowercase().is_in(_NO_NAME))
        .group_by("street", *facts.PLACE)
        .agg(pl.col("rows").sum())
    )
    lsoa, district, lon, lat = (points[name] for name in facts.PLACE)
    boroughs = placer.boroughs_of(newest, lsoa, district, lon, lat)
    in_force = np.array(
        Area.objects.filter(kind=Area.Kind.WARD, valid_to=None).values_list("pk", flat=True), dtype=np.int64
    )
    found = np.zeros(points.height, dtype=np.int64)
    for era in placer.eras:
        if np.isin(era.ward_ids, in_force).any():
            wards = placer.wards(newest, lsoa, lon, lat, era)
            found = np.where(np.isin(wards, in_force) & placer.lie_in(wards, boroughs), wards, found)
    return (
        points.select("street", pl.Series("ward", found), "rows")
        .filter(pl.col("ward") > 0)
        .group_by("street", "ward")
        .agg(pl.col("rows").sum())
        .sort("rows", "ward", descending=[True, False])
    )
