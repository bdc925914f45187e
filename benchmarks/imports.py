"""From files to summaries: time, memory, and the steps that have bars of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from statistics import median

import orjson
import shapely

from benchmarks import london
from benchmarks.ground import TIMES, Report, forget_facts, run_import, timed


def _copy(paths: list[Path]) -> None:
    """COPY FROM STDIN of the files into an unlogged table of twelve text columns: what the bars are set against."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_copy")
        columns = ", ".join(f"c{number} text" for number in range(12))
        cursor.execute(f"CREATE UNLOGGED TABLE benchmark_copy ({columns})")
        for path in paths:
            with path.open("rb") as stream:
                cursor.copy_expert("COPY benchmark_copy FROM STDIN WITH (FORMAT csv, HEADER)", stream)
        cursor.execute("DROP TABLE benchmark_copy")


def measure(city: Path, report: Report) -> None:
    """The whole way from files to summaries."""
    from reports import summaries

    files = london.months(city)
    first, extra = files[: london.MONTHS], files[london.MONTHS :]
    series: dict[str, list[float]] = {name: [] for name in ("copy", "import", "again", "month", "update", "rebuild")}
    peaks: list[float] = []
    for _ in range(TIMES):
        forget_facts()
        series["copy"].append(timed(lambda: _copy(first)))
        imported = run_import(first)
        series["import"].append(imported["seconds"])
        peaks.append(imported["megabytes"])
        series["again"].append(run_import(first)["seconds"])
        series["rebuild"].append(timed(summaries.rebuild))
        series["month"].append(run_import(extra)["seconds"])
        touched = {"street": [date(2024 + london.MONTHS // 12, london.MONTHS % 12 + 1, 1)]}
        series["update"].append(timed(lambda: summaries.recompute(touched)))  # noqa: B023 - called at once
    base, whole, again, month, update, rebuild = (median(values) for values in series.values())
    report.add(
        "import of 24 months, summaries included",
        f"{whole:.2f} s = {whole / base:.2f} x COPY ({base:.2f} s)",
        "<= 1.2 x",
        whole <= 1.2 * base,
    )
    report.add("the same files again", f"{again:.2f} s = {again / whole:.3f} x", "<= 0.1 x", again <= 0.1 * whole)
    report.add(
        "one new month, imported and summarised, to a full import of 24",
        f"{month:.2f} s = {month / whole:.3f} x",
        "<= 0.15 x",
        month <= 0.15 * whole,
    )
    report.add(
        "summaries of one new month, to a rebuild of all summaries",
        f"{update:.2f} s = {update / rebuild:.3f} x of {rebuild:.2f} s",
        "<= 0.15 x",
        update <= 0.15 * rebuild,
    )
    by_months = []
    for count in (6, 12):
        forget_facts()
        by_months.append(run_import(first[:count])["megabytes"])
    peak = max(peaks)
    text = f"{by_months[0]:.0f}, {by_months[1]:.0f}, {peak:.0f} MB"
    report.add("peak memory of an import of 6, 12, 24 months", text, "<= 400 MB", peak <= 400)
    _placing(city, whole, report)


def _placing(city: Path, whole: float, report: Report) -> None:
    """45,000 distinct points into 680 wards."""
    import polars as pl

    from hotspots.calc.placing import place

    points = pl.concat(
        pl.read_csv(path, columns=["Longitude", "Latitude"]).drop_nulls() for path in london.months(city)
    ).unique(maintain_order=True)
    lon, lat = (points[name].to_numpy() for name in points.columns)
    features = orjson.loads((city / "areas" / "wards.geojson").read_bytes())["features"]
    codes = [feature["properties"]["WD25CD"] for feature in features]

    times = []
    for _ in range(TIMES):
        wards = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        times.append(timed(lambda: place(lon, lat, wards, codes)))  # noqa: B023 - called at once
    seconds = median(times)
    report.add(
        f"placing {len(points):,} distinct points into {len(codes)} wards",
        f"{seconds:.3f} s = {seconds / whole:.1%} of the import",
        "<= 0.15 s, <= 10 %",
        seconds <= 0.15 and seconds <= 0.1 * whole,
    )
