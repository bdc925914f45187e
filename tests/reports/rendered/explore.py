"""Every figure of Explore - its table, its CSV and its workbook - against the reference."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

from django.test import Client
from openpyxl import load_workbook  # type: ignore[import-untyped]

from tests.reference import PARTIAL
from tests.reports.rendered.expected import Known, n
from tests.reports.rendered.reading import Page, Table, month_of


def check_explore(
    client: Client, asked: dict[str, str], known: Known, measure: str, slugs: list[str], base: date
) -> None:
    """The page's table, the CSV and the workbook of one view."""
    page = Page(client.get("/explore/", asked, follow=True))
    (table,) = page.tables()
    text = b"".join(client.get("/explore/download.csv", asked).streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows
    values: dict[tuple[str, str], dict[date, float | None]] = {}
    column = {"change": "change", "share": "share_percent", "index": f"index_{base:%Y_%m}_is_100", "count": "count",
              "rate": "rate_per_1000", "rolling": "rolling_12"}[measure]  # fmt: skip
    for row in rows:
        area, slug, month = row["area_code"], row["category"], date.fromisoformat(row["month"] + "-01")
        figure = known.at(known.scheme, area, slug, month)
        cells = [figure.count, figure.same_month_last_year, figure.rolling_12]
        assert [row[name] for name in ("count", "same_month_last_year", "rolling_12")] == [
            "" if cell is None else str(cell) for cell in cells
        ], row
        assert row["converted"] == ("yes" if figure.converted else "no")
        value = value_of(known, measure, area, slug, month, base)
        assert close(row[column], value), row
        values.setdefault((area, slug), {})[month] = value
    assert {slug for _, slug in values} == set(slugs)
    check_table(table, known, values, measure)
    workbook = load_workbook(io.BytesIO(client.get("/explore/download.xlsx", asked).content))
    check_workbook(workbook.worksheets[0], values, 100 if measure == "share" else 1)


def value_of(known: Known, measure: str, area: str, slug: str, month: date, base: date) -> float | None:
    """One figure of a measure. Months reported in part are compared with nothing."""
    figure = known.at(known.scheme, area, slug, month)
    sure = None if figure.coverage == PARTIAL else figure.count
    if measure == "count":
        return figure.count
    if measure == "rate":
        return figure.rate_per_1000
    if measure == "rolling":
        return figure.rolling_12
    if sure is None:
        return None
    if measure == "change":
        return None if figure.same_month_last_year is None else sure - figure.same_month_last_year
    if measure == "share":
        whole = known.at(known.scheme, area, "all-crime", month)
        if whole.count is None or whole.count < 20 or whole.coverage == PARTIAL:
            return None
        return 100 * sure / whole.count
    start = known.at(known.scheme, area, slug, base)
    return 100 * sure / start.count if start.count and start.coverage != PARTIAL else None


def close(text: str, value: float | None) -> bool:
    """A cell of a file holds the value, to the places that it has."""
    return text == "" if value is None else text != "" and abs(float(text) - value) <= 0.006


def written(measure: str, value: float | None) -> str:
    """A value as the page writes it."""
    if value is None:
        return "–"
    if measure == "rate":
        return "under 0.1" if 0 < value < 0.05 else f"{value:,.1f}"
    if measure == "share":
        return "<1%" if 0 < value < 0.5 else f"{value:.0f}%"
    if measure == "change":
        return f"+{value:,.0f}" if value > 0 else f"\u2212{-value:,.0f}" if value < 0 else "0"
    return n(round(value)) if measure != "index" else f"{value:,.0f}"


def check_table(
    table: Table, known: Known, values: dict[tuple[str, str], dict[date, float | None]], measure: str
) -> None:
    """Every month of every series, in whichever direction the table runs; series in the order of the file."""
    series = list(values.items())
    if table.head[0] == "Month":
        shown = [
            {month_of(row[0]): row[index] for row in table.rows if len(row[0].split()) == 2 and row[0][0].isalpha()}
            for index in range(1, len(series) + 1)
        ]
    else:
        months = [month_of(head) for head in table.head[1:] if head[0].isalpha()]
        shown = [dict(zip(months, row[1:], strict=False)) for row in table.rows]
    assert len(shown) == len(series)
    for cells, ((area, slug), of_series) in zip(shown, series, strict=True):
        for month, value in of_series.items():
            figure = known.at(known.scheme, area, slug, month)
            marks = "*" * (figure.coverage == PARTIAL) + "†" * figure.converted if figure.count is not None else ""
            right = written(measure, value) + (marks if value is not None else "")
            assert cells[month] == right, (area, slug, month, cells[month], right)


def check_workbook(sheet: Any, values: dict[tuple[str, str], dict[date, float | None]], per: int) -> None:
    """Real numbers under real months: in the order of the series, whichever direction they run. A share is a part of
    one there (`per` is 100), with a percent sign by its format."""
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    months = {date(cell.year, cell.month, 1): (r, c) for r, row in enumerate(grid) for c, cell in enumerate(row)
              if isinstance(cell, datetime | date)}  # fmt: skip
    every = {month for of_series in values.values() for month in of_series}
    assert every <= months.keys()
    (first_row, first_column), (last_row, _) = months[min(every)], months[max(every)]
    down = last_row != first_row or (len(every) == 1 and not any(
        isinstance(cell, int | float) for row in grid[first_row + 1 :] for cell in row[first_column : first_column + 1]
    ))  # fmt: skip
    for index, of_series in enumerate(values.values()):
        for month, value in of_series.items():
            row, column = months[month]
            cell = grid[row][column + 1 + index] if down else grid[row + 1 + index][column]
            assert (cell is None) == (value is None), (month, cell, value)
            assert value is None or abs(per * float(cell) - value) < 0.006, (month, cell, value)
