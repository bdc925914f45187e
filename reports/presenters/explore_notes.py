"""What a reader of the explore page must know: how figures are made, breaks, what is missing, what was converted."""

from __future__ import annotations

from datetime import date

from hotspots import categories
from hotspots.models import Area
from reports import notes
from reports.forms.explore import SCHEMES
from reports.models import MonthlySummary
from reports.notes import Note
from reports.pages.explore import Explored
from reports.presenters.explore_words import series_names, share_name, some
from reports.queries import Place
from reports.schemes import is_heading
from reports.words import SMALLEST_BASE, listed, month_list, month_name

# Which part of the methods page says how a measure is made.
ANCHORS = {
    "count": "count",
    "rate": "rate",
    "rolling": "rolling-12",
    "change": "last-year",
    "share": "share",
    "index": "index",
}


def lettered(found: Explored) -> list[Note]:
    """Breaks in the window, with the letters that the drawings show."""
    forces = {area.force for area in found.areas}
    force = notes.METROPOLITAN if notes.METROPOLITAN in forces else next(iter(sorted(forces)), "")
    return notes.series_breaks(found.asked["scheme"], found.window, force=force)


def all_notes(found: Explored) -> list[Note]:
    """Everything a reader of the figures must know: how they were made, breaks, what is missing, what was converted."""
    return [
        Note(_definition(found), ANCHORS[found.asked["measure"]]),
        *_bases(found),
        *lettered(found),
        *_missing(found),
        *_boundaries(found),
        *_search_holes(found),
        *_overlaps(found),
    ]


def _definition(found: Explored) -> str:
    period = " The figure of the whole period is known only where every month is, and none was reported in part."
    return {
        "count": "Counts are rows as the police published them, month by month." + period,
        "rate": "A rate is the month's count per 1,000 usual residents. Town centres have few residents and many "
        "visitors: read a rate beside the count. The rate of the period is the sum of its months' rates." + period,
        "rolling": "Each figure is the sum of the month and the eleven before it, known only where all twelve are.",
        "change": "Each figure is the month's count less that of the same month a year before; none where either month "
        "is unknown or was reported in part. A percentage is given only where the earlier count is "
        f"{SMALLEST_BASE} or more." + period,
        "share": f"A share is the count in percent of {share_name(found)} in the same area and month. There is none "
        f"where that is under {SMALLEST_BASE}, unknown or reported in part.",
        "index": f"Each count is shown per 100 of the count in {month_name(found.base)}. There is no index where that "
        "is zero, unknown or reported in part. One month is a chance base: a lively one makes all others look calm.",
    }[found.asked["measure"]]


def _missing(found: Explored) -> list[Note]:
    made = []
    if found.without_figures:
        names = some([area.name for area in found.without_figures], "areas")
        made.append(Note(f"There are no figures of {SCHEMES[found.asked['scheme']]} for {names}.", "coverage"))
    since = found.asked["from"]
    if since < found.window[0] if isinstance(since, date) else since != "all" and len(found.window) < int(since):
        made.append(Note(f"Figures begin with {month_name(found.first)}.", "coverage"))
    without = MonthlySummary.Coverage.WITHOUT_TRANSPORT_POLICE
    unknown: dict[tuple[date, ...], set[str]] = {}
    partial: dict[tuple[date, ...], set[str]] = {}
    transport: set[date] = set()
    has = {area.pk for area in found.areas} - {area.pk for area in found.without_figures}
    for one in found.series:
        if one.place.pk not in has:
            continue
        months = list(zip(found.window, one.rows, one.partial, strict=True))
        name = one.place.name if len(found.chosen) == 1 else f"{one.place.name}: {one.category.name}"
        if none := tuple(month for month, row, _ in months if row.count is None):
            unknown.setdefault(none, set()).add(name)
        if part := tuple(month for month, _, is_partial in months if is_partial):
            partial.setdefault(part, set()).add(name)
        transport.update(m for m, row, _ in months if row.coverage == without)
    for kept, words in ((unknown, "Not known"), (partial, "Reported in part only, far fewer rows than usual")):
        for told, whose in kept.items():
            everywhere = len(whose) == len(found.series)
            of = "" if everywhere else f" ({some(sorted(whose), 'series')})"
            made.append(Note(f"{words}: {month_list(told)}{of}.", "coverage"))
    if transport:
        made.append(notes.without_transport_police(sorted(transport)))
    return made


def _boundaries(found: Explored) -> list[Note]:
    """Wards that were not in force in all months shown, those of one set together."""
    sets: dict[tuple[date | None, date | None], list[Place]] = {}
    for area in found.areas:
        if area.kind == Area.Kind.WARD:
            sets.setdefault((area.valid_from, area.valid_to), []).append(area)
    made = []
    era = [
        note
        for note in notes.area_notes(found.areas[0], found.asked["scheme"], found.window)
        if note.anchor != "converted"
    ]
    for wards in sets.values():
        for note in notes.area_notes(wards[0], found.asked["scheme"], found.window):
            if note.anchor == "converted":
                closed = wards[0].valid_to is not None and wards[0].valid_to <= found.window[-1]
                which = some([ward.name for ward in wards], "wards")
                text = f"{which}{' (no longer in force)' if closed else ''}: {note.text[0].lower()}{note.text[1:]}"
                made.append(Note(text, note.anchor))
    return [*made, *era]


def _search_holes(found: Explored) -> list[Note]:
    if found.asked["scheme"] != categories.SEARCH:
        return []
    forces = {area.force for area in found.areas}
    return notes.search_notes(found.window, force=notes.METROPOLITAN if notes.METROPOLITAN in forces else "")


def _overlaps(found: Explored) -> list[Note]:
    """That series hold each other, so nobody adds them up."""
    made = []
    codes = {area.code for area in found.areas}
    inside = any(area.parent_code in codes or area.force in codes - {area.code} for area in found.areas)
    starts = {(area.parent_code, area.valid_from) for area in found.areas if area.kind == Area.Kind.WARD}
    if inside or len(starts) > len({parent for parent, _ in starts}):
        made.append(Note("Some of these areas lie on the same ground: do not add them up.", "where"))
    slugs = {category.slug for category in found.chosen}
    if any(slugs & set(category.members) for category in found.chosen if category.members) or (
        len([c for c in found.chosen if c.members and not is_heading(c)]) > 1
    ):
        made.append(Note("Some of these categories hold others: do not add them up.", "categories"))
    return made


def _bases(found: Explored) -> list[Note]:
    """What small or missing bases do to an index, and missing wholes to a share."""
    names = series_names(found)
    if found.asked["measure"] == "index":
        none = [name for name, one in zip(names, found.series, strict=True) if not one.base]
        small = [
            f"{name} ({one.base})"
            for name, one in zip(names, found.series, strict=True)
            if one.base and one.base < SMALLEST_BASE
        ]
        made = []
        if none:
            why = f"the count of {month_name(found.base)} is zero, unknown or in part"
            made.append(Note(f"No index for {some(none, 'series')}: {why}.", "index"))
        if small:
            made.append(
                Note(
                    f"Small bases: {some(small, 'series')}. A handful more or fewer moves such an index far; read the "
                    "counts instead.",
                    "index",
                )
            )
        return made
    outside = sorted({one.category.name for one in found.series if not one.category.in_totals})
    if found.asked["measure"] == "share" and outside:
        return [Note(f"The publisher keeps {listed(outside)} out of its totals: no share of them is shown.", "share")]
    return []
