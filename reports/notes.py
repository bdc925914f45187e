"""Plain notes on why figures of different months may not be alike, and where figures are short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hotspots import categories
from hotspots.models import Area
from reports.charts import Break
from reports.queries import Figure, Gap, Place, Span
from reports.words import day_name, month_list, month_name

MPS_NEW_SYSTEM = date(2024, 3, 1)
NEW_MAP_POINTS = date(2022, 7, 1)
NEW_LSOA_CODES = (date(2022, 3, 1), date(2023, 3, 1))
METROPOLITAN = "metropolitan"
TRANSPORT_POLICE = "British Transport Police"
_MAP_POINTS = (
    "In July 2022 police.uk replaced the map points to which it moves each crime. Counts of places with a ward edge "
    "along a main road may step up or down there."
)
_NEW_SYSTEM = (
    "The Metropolitan Police moved to a new recording system in February and March 2024. Figures before and after are "
    "not fully alike."
)
_TABLES_OF_OTHER_WARDS = (
    "A Metropolitan Police table counts by the wards of one date. Where these are others, its counts are shared out by "
    "residents, and marked converted. That takes lookups from census areas (LSOAs) to both sets of wards, and "
    "residents by census area: without them the counts are not known."
)
# Beside every map of rates.
_RATES = (
    "Rates are per 1,000 usual residents, by the latest count of them that is not after the month; the profile of a "
    "ward says how many, and of which year. In a town centre most people present live elsewhere: a high rate there "
    "says little of the risk to residents. Read it beside the count."
)
# Months in which the Metropolitan Police published searches without map points.
SEARCHES_WITHOUT_POINTS = (*[date(2015, month, 1) for month in range(4, 13)], *[date(2016, month, 1) for month in
                           range(1, 6)], date(2018, 2, 1), date(2018, 3, 1))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `mark` is the letter at a break in the charts, "" where there is none; `anchor` is on the methods
    page."""

    text: str
    anchor: str
    mark: str = ""
    month: date | None = None


RATES = Note(_RATES, "rate")


def series_breaks(scheme: str, window: Sequence[date], *, force: str) -> list[Note]:
    """Changes in how a scheme's figures were made, within a window of months, lettered in order. `force` is the slug of
    the force that polices the area ("" = unknown)."""
    found: list[tuple[date, str]] = []
    if scheme == categories.POLICE_UK:
        for before, era in zip(categories.ERAS, categories.ERAS[1:], strict=False):
            found.append((era.since, before.note))
        found.append((NEW_MAP_POINTS, _MAP_POINTS))
    if scheme == categories.MPS or (scheme == categories.POLICE_UK and force == METROPOLITAN):
        found.append((MPS_NEW_SYSTEM, _NEW_SYSTEM))
    inside = [(month, text) for month, text in sorted(found) if window and window[0] < month <= window[-1]]
    return [Note(text, "breaks", mark=chr(ord("A") + index), month=month) for index, (month, text) in enumerate(inside)]


def breaks(notes: Sequence[Note]) -> list[Break]:
    """The marks that charts draw for lettered notes."""
    return [Break(note.month, note.mark) for note in notes if note.mark and note.month]


def area_notes(place: Place, scheme: str, window: Sequence[date]) -> list[Note]:
    """What the area's own dates, and changes of area codes, mean for the months shown."""
    found = []
    outside = [month for month in window if not place.in_force_in(month)]
    if place.kind == Area.Kind.WARD and outside and scheme != categories.PARTNER:
        counted = (
            _TABLES_OF_OTHER_WARDS
            if scheme == categories.MPS
            else f"Crimes of other months ({month_list(outside)}) are counted within the same boundaries, and marked "
            "converted, so that the whole line is about one piece of ground."
        )
        dates = dates_in_force(place.valid_from, place.valid_to)
        found.append(Note(f"These are the boundaries in force {dates}. {counted}", "converted"))
    if scheme == categories.POLICE_UK and window and (note := categories.era_of(window[-1]).note):
        # All of the window is older than the break at which the charts would say it.
        found.append(Note(note, "breaks"))
    if scheme not in (categories.MPS, categories.PARTNER) and any(
        NEW_LSOA_CODES[0] <= month <= NEW_LSOA_CODES[1] for month in window
    ):
        found.append(
            Note(
                "From March 2022 to March 2023 police.uk changed from the census areas of 2011 to those of 2021, and "
                "files hold both. Each row is placed by the code it carries.",
                "where",
            )
        )
    return found


def ward_set_notes(
    valid_from: date | None, valid_to: date | None, figures: Sequence[Figure], month: date
) -> list[Note]:
    """That a month's figures were converted to wards of another time."""
    if not any(figure.converted for figure in figures):
        return []
    return [
        Note(
            f"These wards were in force {dates_in_force(valid_from, valid_to)}. The crimes of {month_name(month)} are "
            "counted within the same boundaries, and marked converted.",
            "converted",
        )
    ]


def dates_in_force(valid_from: date | None, valid_to: date | None) -> str:
    """ "from 5 May 2022", "until 4 May 2022": `valid_to` is the first day on which they are not."""
    since = [f"from {day_name(valid_from)}"] if valid_from else []
    until = [f"until {day_name(valid_to - timedelta(days=1))}"] if valid_to else []
    return " ".join(since + until)


def gap_notes(gaps: Sequence[Gap]) -> list[Note]:
    """Who did not report which of the months shown."""
    found = []
    for gap in gaps:
        if gap.missing and gap.publisher == TRANSPORT_POLICE:
            found.append(without_transport_police(gap.missing))
        elif gap.missing:
            found.append(Note(f"{gap.publisher} did not report {month_list(gap.missing)}.", "coverage"))
        if gap.partial:
            found.append(
                Note(
                    f"{gap.publisher} reported {month_list(gap.partial)} in part only: far fewer rows than usual.",
                    "coverage",
                )
            )
    return found


def without_transport_police(months: Sequence[date]) -> Note:
    """That months are used although British Transport Police did not report them, and how far that matters."""
    these = "the month is" if len(months) == 1 else "these months are"
    return Note(
        f"{TRANSPORT_POLICE} did not report {month_list(months)}. It records under one crime in a hundred, more around "
        f"stations; {these} compared and added up without it, so a small fall may be that alone.",
        "coverage",
    )


def end_note(span: Span) -> list[Note]:
    """That the figures that bear comparison end before the files do."""
    if span.newest == span.last:
        return []
    return [
        Note(
            f"The newest whole month here is {month_name(span.newest)}, though files to {month_name(span.last)} are "
            "loaded.",
            "coverage",
        )
    ]


def search_notes(window: Sequence[date], *, force: str) -> list[Note]:
    """Known holes in the Metropolitan Police's published stop and search records."""
    holes = [month for month in window if month in SEARCHES_WITHOUT_POINTS]
    if force != METROPOLITAN or not holes:
        return []
    return [
        Note(
            f"The Metropolitan Police published the searches of {month_list(holes)} almost without map points. "
            "Few or none can be placed in a ward or borough: these months are holes in the record, not calm months.",
            "searches",
        )
    ]
