"""What the map says of its areas: the figure of one, the month in sentences, notes, and whose boundaries they are."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from hotspots.context_processors import SYNTHETIC_PREFIX
from hotspots.coverage import back
from reports import notes, sentences
from reports.forms.map import LSOA, RATE, YEAR
from reports.models import MonthlySummary
from reports.notes import Note
from reports.pages.map import Cell, Map, Spot
from reports.queries import Figure
from reports.words import change, listed, month_name, rate

COMPLETE = MonthlySummary.Coverage.COMPLETE


def when(found: Map) -> str:
    """ "March 2017", "12 months to March 2017"."""
    name = month_name(found.month)
    return f"12 months to {name}" if found.period == YEAR else name


def before(found: Map) -> str:
    """ "in March 2016", "in the 12 months to March 2016"."""
    earlier = month_name(back(found.month, 12))
    return f"in the 12 months to {earlier}" if found.period == YEAR else f"in {earlier}"


def changed(cell: Cell) -> int | None:
    """How many more than a year before; None where the two cannot be compared."""
    if cell.value is None or cell.before is None or cell.partial or cell.before_partial:
        return None
    return cell.value - cell.before


def change_text(cell: Cell) -> str:
    """ "12 more (15%)", "not compared", "not known"."""
    if changed(cell) is None and None not in (cell.value, cell.before):
        return "not compared"
    return change(cell.value, cell.before)


def rate_text(cell: Cell) -> str:
    """ "5.4", a dash where it is not known."""
    return rate(cell.rate)


def said(found: Map, cell: Cell) -> str:
    """One area's figures as its link says: "94 crimes; 82 in March 2017; 12 more (15%); 5.4 per 1,000 residents"."""
    one, many = sentences.noun(found.category)
    earlier = [] if cell.before is None else [f"{cell.before:,} {before(found)}"]
    if cell.value is None:
        return "; ".join(["not known", *earlier])
    count = f"{cell.value:,} {one if cell.value == 1 else many}" + ", reported in part" * cell.partial
    compared = change_text(cell)
    per = [] if cell.rate is None else [f"{rate_text(cell)} per 1,000 residents"]
    return "; ".join([count, *earlier, *([] if compared == "not known" else [compared]), *per])


def sentences_of(found: Map, measure: str) -> list[str]:
    """The borough's figure, the areas with most, those that rose and fell most, and what is in no area."""
    every = [_whole(found), _most(found, measure), _moved(found), _outside(found)]
    return [sentence for sentence in every if sentence]


def _whole(found: Map) -> str:
    total, borough = found.total, found.borough
    if total is None or borough is None:
        return ""
    month, earlier = found.month, back(found.month, 12)
    if found.period == YEAR:
        now = Figure(month, None, None, None, total.value, None, COMPLETE, total.converted)
        text = sentences.twelve_months(now, Figure(earlier, None, None, None, total.before, None, COMPLETE, False))
        return f"{found.category.name} in {borough.name}: {text[0].lower()}{text[1:]}"
    coverage = sentences.PARTIAL if total.partial else COMPLETE
    now = Figure(month, total.value, None, total.before, None, total.rate, coverage, total.converted)
    coverage = sentences.PARTIAL if total.before_partial else COMPLETE
    was = Figure(earlier, total.before, None, None, None, None, coverage, False)
    return sentences.recorded(now, found.category, borough.name) + sentences.against_last_year(now, was)


def _cells(found: Map) -> list[tuple[Spot, Cell]]:
    return [(spot, found.cells[spot.pk]) for spot in found.spots]


def _most(found: Map, measure: str) -> str:
    """The three areas with most; nothing of a month that was reported in part."""
    cells = _cells(found)
    if any(cell.partial for _, cell in cells):
        return ""
    by_rate = measure == RATE
    known = [(value, spot.name) for spot, cell in cells if (value := cell.rate if by_rate else cell.value)]
    known.sort(key=lambda item: -item[0])
    top = sentences.most(known, rate if by_rate else lambda count: f"{count:,.0f}")
    what = "The highest rates per 1,000 residents" if by_rate else "Most"
    return f"{what}: {top}." if top else ""


def _moved(found: Map) -> str:
    """The area that rose most and the one that fell most, where it is one."""
    changes = [(step, spot, cell) for spot, cell in _cells(found) if (step := changed(cell)) is not None]
    parts = []
    for sign, verb in ((1, "rose"), (-1, "fell")):
        most = max((sign * step for step, _, _ in changes), default=0)
        alike = [(spot, cell) for step, spot, cell in changes if most > 0 and sign * step == most]
        if len(alike) == 1:
            spot, cell = alike[0]
            parts.append(f"{spot.name} {verb} most (by {most:,}, from {cell.before:,} to {cell.value:,})")
    earlier = month_name(back(found.month, 12))
    against = f"the 12 months to {earlier}" if found.period == YEAR else earlier
    chance = sentences.by_chance(len(changes), kinds(found))
    return f"Against {against}, {listed(parts)}. {chance}" if parts else ""


def kinds(found: Map) -> str:
    """What several of the areas are called."""
    return "LSOAs" if found.by == LSOA else "wards"


def _outside(found: Map) -> str:
    """How many of the borough's rows are in none of the areas shown."""
    values = [found.cells[spot.pk].value for spot in found.spots]
    if found.total is None or found.borough is None or found.total.value is None:
        return ""
    if found.by != LSOA and None in values:
        return ""
    rest = found.total.value - sum(value for value in values if value is not None)
    if rest <= 0:
        return ""
    one, many = sentences.noun(found.category)
    amount = f"{rest:,} {one if rest == 1 else many} of {found.borough.name}"
    if found.by == LSOA:
        be = "is" if rest == 1 else "are"
        return f"{amount} {be} in no area here: published without an LSOA code, or with one that is not on this map."
    return f"{amount} could be placed in none of its wards."


def notes_of(found: Map, measure: str) -> list[Note]:
    """What a rate says, who did not report, what was converted, and how LSOAs are counted."""
    made = [notes.RATES] if measure == RATE else []
    made += notes.gap_notes(found.reporting.gaps)
    if any(cell.is_converted for cell in found.cells.values()):
        made.append(
            Note(
                f"The wards are those of {month_name(found.day)}. Crimes of months in which they were not in force are "
                "counted within the same boundaries, and marked converted (†).",
                "converted",
            )
        )
    if found.by == LSOA:
        made.append(
            Note(
                "Each crime is counted in the LSOA whose code it was published with. An LSOA has about 1,700 "
                "residents, so its count of one month is mostly chance: look at 12 months.",
                "where",
            )
        )
        if (
            any(found.cells[spot.pk].value is None for spot in found.spots)
            and found.total
            and found.total.value is not None
        ):
            made.append(
                Note(
                    "LSOAs that the census of 2021 made or ended are known only for months in which all files used "
                    "their codes: new ones from April 2023, old ones until February 2022.",
                    "where",
                )
            )
    return made


def attribution(found: Map) -> list[str]:
    """Whose boundaries these are."""
    return attribution_of(found.spots[0].code)


def attribution_of(code: str) -> list[str]:
    """Whose boundaries those of this area, and of its like, are."""
    if code.startswith(SYNTHETIC_PREFIX):
        lines = ["Boundaries are made up for demonstration."]
    else:
        lines = [
            f"Contains OS data © Crown copyright and database right {timezone.localdate().year}.",
            "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
        ]
    return lines + ([settings.MAP_TILE_ATTRIBUTION] if settings.MAP_TILE_URL else [])
