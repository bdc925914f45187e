"""The explore page's downloads: everything somebody must know who has only the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.http import HttpResponse, HttpResponseBase
from django.utils.text import capfirst, slugify

from hotspots.context_processors import SYNTHETIC_PREFIX
from partners import csvs
from reports import images
from reports.exports import PICTURE_WIDTH, PNG, SVG, download, today
from reports.forms.explore import MEASURES, SCHEMES
from reports.models import MonthlySummary
from reports.pages.explore import Explored
from reports.presenters import explore_notes, explore_words
from reports.presenters.explore_drawings import picture
from reports.words import month_name

LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0. Locations are published "
    "to the nearest map point, never the address. A dash or an empty cell is not known; it is never zero."
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LEVELS = {level.value: level.label for level in MonthlySummary.Coverage}


def csv(found: Explored, address: str) -> HttpResponseBase:
    """A row for each series and month, with the count beside the measure, and how far it is known."""
    measure = found.asked["measure"]
    header = ["area_code", "area", "scheme", "category", "month"]
    header += ["count", "same_month_last_year", "rolling_12", "rate_per_1000", "coverage", "converted"]
    if measure in ("change", "share", "index"):
        header.append(
            {"change": "change", "share": "share_percent", "index": f"index_{found.base:%Y_%m}_is_100"}[measure]
        )

    def rows() -> Iterator[list[Any]]:
        for one in found.series:
            for month, row, value in zip(found.window, one.rows, one.values, strict=True):
                cells: list[Any] = [
                    one.place.code,
                    one.place.name,
                    one.category.scheme,
                    one.category.slug,
                    f"{month:%Y-%m}",
                ]
                cells += [row.count, row.last_year, row.rolling_12, _rounded(row.rate_per_1000), _LEVELS[row.coverage]]
                cells += ["yes" if row.converted else "no"]
                yield [*cells, _rounded(value)] if measure in ("change", "share", "index") else cells

    return csvs.response(f"{_file_name(found)}.csv", header, rows())


def xlsx(found: Explored, address: str) -> HttpResponse:
    """Two sheets: the table with real numbers and months, and the notes without which it must not be read."""
    buffer = BytesIO()
    # Cells go to disk row by row; text that looks like a formula or an address stays text.
    book = xlsxwriter.Workbook(
        buffer,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": explore_words.heading(found), "comments": address})
    _table_sheet(book, found)
    _notes_sheet(book, found, address)
    book.close()
    return download(buffer.getvalue(), XLSX, f"{_file_name(found)}.xlsx")


def svg(found: Explored, address: str) -> HttpResponse:
    """The view as one drawing, with title, date and source inside."""
    return download(_picture(found, address).encode(), SVG, f"{_file_name(found)}.svg")


def png(found: Explored, address: str) -> HttpResponse:
    """The same as a picture."""
    return download(images.to_png(_picture(found, address), width=PICTURE_WIDTH), PNG, f"{_file_name(found)}.png")


DOWNLOADS: dict[str, Callable[[Explored, str], HttpResponseBase]] = {"csv": csv, "xlsx": xlsx, "svg": svg, "png": png}


def _subtitle(found: Explored) -> str:
    return f"{capfirst(explore_words.measure_words(found))}, {explore_words.span(found)}"


def _warning(found: Explored) -> list[str]:
    """That the figures are made up, where they are: a file does not have the page's banner."""
    is_made_up = any(area.code.startswith(SYNTHETIC_PREFIX) for area in found.areas)
    return (
        ["Synthetic data: these figures are made up for demonstration. No real place or event."] if is_made_up else []
    )


def _picture(found: Explored, address: str) -> str:
    marks = []
    if any(any(one.partial) for one in found.series):
        marks.append("Hatched, or *: reported in part.")
    if any(any(one.converted) for one in found.series):
        marks.append("Dashed or underlined: converted to these boundaries.")
    known = [f"{note.mark + ': ' if note.mark else ''}{note.text}" for note in explore_notes.all_notes(found)]
    return images.standalone(
        picture(found),
        title=explore_words.heading(found),
        subtitle=_subtitle(found),
        lines=[
            *_warning(found),
            f"Source: {explore_words.source(found)}. Made {today()}.",
            " ".join(["A gap is not known, never zero.", *marks]),
            *known,
            address,
        ],
    )


def _table_sheet(book: Any, found: Explored) -> None:
    """Months down, series across. Grey: reported in part. Italic: converted. Empty: not known."""
    measure = found.asked["measure"]
    figures = {"rate": "#,##0.0", "share": "0.0%", "index": "#,##0.0", "change": "+#,##0;-#,##0;0"}.get(
        measure, "#,##0"
    )
    formats = {
        (partial, converted): book.add_format(
            {"num_format": figures, "italic": converted, **({"bg_color": "#DFE2E4"} if partial else {})}
        )
        for partial in (False, True)
        for converted in (False, True)
    }
    bold, head = (
        book.add_format({"bold": True}),
        book.add_format({"bold": True, "text_wrap": True, "align": "right", "valign": "top"}),
    )
    month = book.add_format({"num_format": "mmm yyyy", "align": "left"})
    sheet = book.add_worksheet("Table")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, len(found.series), 14)
    sheet.freeze_panes(4, 1)
    sheet.write_string(0, 0, explore_words.heading(found), bold)
    sheet.write_string(1, 0, f"{_subtitle(found)}. How to read it: sheet Notes.")
    sheet.write_string(3, 0, "Month", bold)
    for column, name in enumerate(explore_words.series_names(found), start=1):
        sheet.write_string(3, column, name, head)
    scale = 100 if measure == "share" else 1
    for index, when in enumerate(found.window):
        sheet.write_datetime(4 + index, 0, when, month)
        for column, one in enumerate(found.series, start=1):
            if (value := one.values[index]) is not None:
                sheet.write_number(4 + index, column, value / scale, formats[one.partial[index], one.converted[index]])
    if measure not in ("rolling", "index") and len(found.window) > 1:
        last = 4 + len(found.window)
        total = book.add_format({"num_format": figures, "bold": True, "top": 1})
        sheet.write_string(last, 0, explore_words.whole_name(found), book.add_format({"bold": True, "top": 1}))
        for column, one in enumerate(found.series, start=1):
            if one.whole is None:
                sheet.write_string(last, column, "not known", total)
            else:
                sheet.write_number(last, column, one.whole / scale, total)


def _notes_sheet(book: Any, found: Explored, address: str) -> None:
    sheet = book.add_worksheet("Notes")
    bold, wrapped = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 110)
    rows = [
        *(("Warning", text) for text in _warning(found)),
        ("What was asked", f"{explore_words.heading(found)}: {_subtitle(found)}"),
        ("Areas", "; ".join(f"{area.name} ({area.code})" for area in found.areas)),
        ("Categories", "; ".join(f"{one.name} ({SCHEMES[one.scheme]})" for one in found.chosen)),
        ("Measure", MEASURES[found.asked["measure"]]),
        ("In one sentence", explore_words.sentence(found)),
        ("Source", explore_words.source(found) or "Nothing is loaded for these months."),
        (
            "Signs",
            "An empty cell is not known, never zero. Grey: reported in part. Italic: converted to these boundaries.",
        ),
        *(
            ("To know", f"{note.mark + ': ' if note.mark else ''}{note.text}")
            for note in explore_notes.all_notes(found)
        ),
        ("Small numbers", "One month alone shows no trend: small counts go up and down by chance."),
        ("Licence", LICENCE),
        ("This view", address),
        ("Figures", f"{month_name(found.first)} to {month_name(found.last)} are loaded for these areas."),
        ("Made", today()),
    ]
    for row, (name, text) in enumerate(rows):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, wrapped)


def _file_name(found: Explored) -> str:
    """ "burglary-gooshays-and-heaton-rate-2016-04-to-2018-03": plain ASCII."""
    first, last = found.window[0], found.window[-1]
    name = slugify(explore_words.heading(found))[:80].strip("-") or "figures"
    return f"{name}-{found.asked['measure']}-{first:%Y-%m}-to-{last:%Y-%m}"


def _rounded(value: float | int | None) -> float | int | None:
    return round(value, 4) if isinstance(value, float) else value
