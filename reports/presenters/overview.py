"""The overview in rows and words, made of what `pages` answered, without the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Source
from reports import charts, maps, moves, sentences
from reports.charts.direction import direction
from reports.forms import SCHEMES
from reports.links import Link, address, month_choices, month_value, same_figures, with_query
from reports.moves import Move
from reports.notes import TRANSPORT_POLICE
from reports.pages.overview import Overview
from reports.presenters import points, unknown
from reports.presenters.small_map import SmallMap, small_map
from reports.presenters.ward_table import Row, WardTable, row_of, ward_table
from reports.queries import Gap, Place
from reports.schemes import sources_of
from reports.sentences import PARTIAL
from reports.words import change, listed, month_list, month_name, plural, thousands

# Around a number that becomes a link. Text of files cannot hold them: they are taken out of it.
_OPEN, _CLOSE = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Tile:
    """One category's month and year in the borough. `signs` are arrows that say what `change` words do."""

    name: str
    href: str
    priority: bool
    count: str
    in_part: bool
    sign: SafeString
    change: str
    last_year: str
    year: str
    year_sign: SafeString
    year_change: str
    chart: SafeString


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One ward's type of crime over three months, against a year before."""

    ward: str
    category: str
    href: str
    now: str
    before: str
    sign: SafeString
    change: str


@dataclass(frozen=True, slots=True)
class Moves:
    """The largest rises, or the largest falls."""

    key: str
    title: str
    none: str
    rows: list[MoveRow]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything the overview's template prints."""

    heading: str
    words: list[SafeString]
    freshness: str
    gaps: list[str]
    tables: Link | None
    tiles: list[Tile]
    priorities: str
    priorities_href: str
    month_name: str
    month_before: str
    month_before_short: str
    compared: str
    compared_before: str
    moves: list[Moves]
    moves_note: str
    moves_converted: bool
    table: WardTable
    wards_href: str
    set_note: str
    map: SmallMap | None
    source: str
    boroughs: list[tuple[str, str]]
    months: list[tuple[str, str]]
    chosen: dict[str, str]


def overview(found: Overview, *, sort: str, asked: Mapping[str, str]) -> OverviewPage:
    """The overview. `asked` is the query of its address, which links carry over."""
    borough, month = found.borough, found.month
    carried = {name: value for name, value in asked.items() if value}
    rows = [_row(found, ward) for ward in found.ward_set.wards]
    names = {ward.pk: ward.name for ward in found.ward_set.wards}
    rises, falls = (moves.largest(found.moves, names, sign) for sign in (1, -1))
    span = months_in_words(found.compared)
    gaps = [_gap(one) for one in found.reporting.gaps]
    return OverviewPage(
        heading=f"{borough.name} in {month_name(month)}",
        words=[*_words(found), _moved(found, rises, falls, span)],
        freshness=_freshness(found, gaps),
        gaps=gaps,
        tables=_tables(found),
        tiles=[_tile(found, one) for one in found.tiles],
        priorities=_priorities(found),
        priorities_href=with_query(reverse("reports:priorities"), {"borough": borough.code}),
        month_name=month_name(month),
        month_before=month_name(back(month, 12)),
        month_before_short=f"{back(month, 12):%b %Y}",
        compared=span,
        compared_before=months_in_words([back(one, 12) for one in found.compared]),
        moves=[
            Moves("rises", "Largest rises", "Nothing rose.", [_move(found, one) for one in rises]),
            Moves("falls", "Largest falls", "Nothing fell.", [_move(found, one) for one in falls]),
        ]
        if found.moves
        else [],
        moves_note=(
            f"The largest changes in count among {plural(len(found.ward_set.wards), 'ward', 'wards')} and "
            f"{len(moves.types(found.scheme))} types; over three months, as a single month of one ward is mostly "
            "chance. Among so many, some move far by chance alone."
        ),
        moves_converted=any(
            not ward.in_force_in(back(one, 12)) for ward in found.ward_set.wards for one in found.compared
        ),
        table=ward_table(
            rows,
            _row(found, borough),
            month,
            caption=f"Wards of {borough.name}: {found.headline.name}, {month_name(month)}",
            sort=sort,
            address=lambda column: with_query(reverse("reports:home"), {**carried, "sort": column}) + "#wards",
        ),
        wards_href=with_query(reverse("reports:wards"), {"borough": borough.code, "month": _month(found)}),
        set_note=_set_note(found),
        map=small_map(
            found.drawing,
            _regions(found, rows),
            heading=f"{found.headline.name}, {month_name(month)}",
            title=f"{found.headline.name}, count in {month_name(month)}, by ward",
            description=f"Wards of {borough.name} shaded by count. The table has the same figures.",
        ),
        source=", ".join(Source(source).label for source in sources_of(found.scheme, borough.kind)[:1]),
        boroughs=[(one.code, one.name) for one in found.boroughs],
        months=month_choices(found.spans[found.scheme].first, found.spans[found.scheme].last),
        chosen={"borough": borough.code, "month": month_value(month), "sort": sort if sort != "name" else ""},
    )


def months_in_words(months: list[date]) -> str:
    """ "June to August 2026"; with each month's own year where they do not follow one another or cross a new year."""
    if not months:
        return ""
    first, last = months[0], months[-1]
    if first.year == last.year and last.month - first.month == len(months) - 1:
        return f"{first:%B} to {month_name(last)}"
    return month_list(months)


def _month(found: Overview) -> str:
    """The month for a link to carry, "" where it is the one that pages show by themselves."""
    return month_value(found.month) if found.month != found.spans[found.scheme].newest else ""


def _profile(found: Overview, place: Place, category: Definition) -> str:
    """The address of a place's profile of a category; what is usual is left out of it."""
    carried = same_figures(found.scheme, category.slug, found.month, found.spans[found.scheme].newest)
    return address(place.kind, place.code, **carried)


def _row(found: Overview, place: Place) -> Row:
    figures = found.figures.get((place.pk, found.headline.number), {})
    return row_of(place, figures, found.month, _profile(found, place, found.headline))


def _linked(href: str, say: Callable[[sentences.Numeral], str]) -> SafeString:
    """A sentence whose numbers are links; all else in it is escaped."""
    text = escape(say(lambda number: f"{_OPEN}{number:,}{_CLOSE}"))
    link = f'<a class="govuk-link govuk-link--no-visited-state" href="{escape(href)}">'
    return mark_safe(text.replace(_OPEN, link).replace(_CLOSE, "</a>"))  # noqa: S308 - escaped before


def _plain(name: str) -> str:
    return name.replace(_OPEN, "").replace(_CLOSE, "")


def _words(found: Overview) -> list[SafeString]:
    """The month and the twelve months of the headline."""
    own, month = found.figures.get((found.borough.pk, found.headline.number), {}), found.month
    now, before = own.get(month) or unknown(month), own.get(back(month, 12))
    year = [own.get(one) or unknown(one) for one in found.window[-12:]]
    href, place = _profile(found, found.borough, found.headline), _plain(found.borough.name)

    def of_month(numeral: sentences.Numeral) -> str:
        text = sentences.recorded(now, found.headline, place, numeral=numeral)
        return text + sentences.against_last_year(now, before, numeral)

    return [
        _linked(href, of_month),
        _linked(href, lambda numeral: sentences.twelve_months(now, before, year, numeral)),
    ]


def _moved(found: Overview, rises: list[Move], falls: list[Move], span: str) -> SafeString:
    """The largest rise and the largest fall in a ward, with their counts."""
    names = {ward.pk: ward for ward in found.ward_set.wards}
    said = []
    for kind, of in (("rise", rises), ("fall", falls)):
        if of:
            move, ward = of[0], names[of[0].area]
            level = sum(one.change == move.change for one in found.moves) - 1
            verb = f"{kind}, as large as {plural(level, 'other', 'others')}, was" if level else f"{kind} was"
            what = move.category.name.lower() if found.scheme == categories.POLICE_UK else move.category.name
            count = _linked(_profile(found, ward, move.category), lambda numeral, now=move.now: numeral(now))  # type: ignore[misc]
            was = thousands(move.before)
            said.append(format_html("the largest {} in {} in {}, from {} to {}", verb, what, ward.name, was, count))
    if said:
        return format_html("Over {}, against the same months a year before, {}.", span, SafeString(", and ".join(said)))
    if len(found.compared) == moves.MONTHS:
        return SafeString("No type rose or fell in any ward over the last three whole months.")
    return SafeString("Wards are not compared yet: that takes three whole months, known a year before too.")


def _freshness(found: Overview, gaps: list[str]) -> str:
    """How far the figures go, and who is missing from them: "police.uk to September 2026; ..."."""
    span = found.spans[found.scheme]
    text = "; ".join([f"{SCHEMES[found.scheme]} to {month_name(span.last)}", *gaps]) + "."
    if any(gap.publisher == TRANSPORT_POLICE and found.month in gap.missing for gap in found.reporting.gaps):
        text += f" {TRANSPORT_POLICE} records under one crime in a hundred; {month_name(found.month)} is "
        text += "without it, and so a little low."
    if span.newest != span.last and found.month == span.newest:
        text += f" {month_name(span.newest)} is shown: it is the newest whole month."
    return text


def _gap(gap: Gap) -> str:
    """ "British Transport Police missing for August 2026"."""
    missing = f"missing for {month_list(gap.missing)}" if gap.missing else ""
    partial = f"reported in part for {month_list(gap.partial)}" if gap.partial else ""
    return f"{gap.publisher} {listed([text for text in (missing, partial) if text])}"


def _tables(found: Overview) -> Link | None:
    """Where the Metropolitan Police's own tables are, which the overview leaves out where there is police.uk."""
    if found.scheme == categories.MPS or categories.MPS not in found.spans:
        return None
    href = address(found.borough.kind, found.borough.code, scheme=categories.MPS)
    return Link("The Metropolitan Police’s own tables, with finer types, are on the borough profile", href)


def _set_note(found: Overview) -> str:
    since = found.ward_set.valid_from
    return (
        f"These wards are in force from {month_name(since)}; earlier months are counted within the same boundaries (†)."
        if since and since > back(found.month, 12)
        else ""
    )


def _priorities(found: Overview) -> str:
    """What the line under the tiles says of the partnership's priorities."""
    if found.other_priorities:
        names = listed([one.name for one in found.other_priorities])
        return f"Priorities that are counted in {SCHEMES[found.other_priorities[0].scheme]} only: {names}."
    return "" if found.priorities else "The partnership has chosen no priorities yet."


def _tile(found: Overview, category: Definition) -> Tile:
    own, month = found.figures.get((found.borough.pk, category.number), {}), found.month
    now, before = own.get(month) or unknown(month), own.get(back(month, 12))
    year, year_before = now.rolling_12, before.rolling_12 if before else None
    return Tile(
        name=category.name,
        href=_profile(found, found.borough, category),
        priority=category in found.priorities,
        count=thousands(now.count) if now.count is not None else "Not known",
        in_part=now.coverage == PARTIAL and now.count is not None,
        sign=direction(sentences.difference(now, before)),
        change=sentences.compare(now, before),
        last_year=thousands(now.last_year) if now.last_year is not None else "not known",
        year=thousands(year) if year is not None else "not known",
        year_sign=direction(None if year is None or year_before is None else year - year_before),
        year_change=_year_change(year, year_before),
        chart=charts.sparkline(
            points(own, found.window), title=f"{category.name}: the last {len(found.window)} months"
        ),
    )


def _year_change(year: int | None, before: int | None) -> str:
    """ "179 more (1%) than the 12 before"."""
    if year is None:
        return ""
    if before is None:
        return "the 12 before are not known"
    return f"{change(year, before)} {'as' if year == before else 'than'} the 12 before"


def _move(found: Overview, move: Move) -> MoveRow:
    ward = next(ward for ward in found.ward_set.wards if ward.pk == move.area)
    converted = "†" * any(not ward.in_force_in(back(month, 12)) for month in found.compared)
    return MoveRow(
        ward=ward.name,
        category=move.category.name,
        href=_profile(found, ward, move.category),
        now=thousands(move.now),
        before=thousands(move.before) + converted,
        sign=direction(move.change),
        change=change(move.now, move.before),
    )


def _regions(found: Overview, rows: list[Row]) -> list[maps.Region]:
    shapes = found.drawing.shapes if found.drawing else {}
    return [
        maps.Region(
            row.place.pk,
            row.place.name,
            row.href,
            row.now.count,
            "not known" if row.now.count is None else thousands(row.now.count),
            partial=row.now.coverage == PARTIAL,
        )
        for row in rows
        if row.place.pk in shapes
    ]
