"""The profile in rows and words, made of what `pages` answered, without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString

from hotspots import categories
from hotspots.categories import Definition
from hotspots.models import Area
from reports import charts, notes, sentences, tables
from reports.charts import LARGE, SMALL, Break, Size
from reports.forms import PERIODS, SCHEMES
from reports.links import Link, address, month_choices, month_value, set_name, with_query
from reports.notes import Note
from reports.pages.profile import Profile
from reports.presenters import points, unknown
from reports.queries import Figure, Place, back
from reports.schemes import category_choices, charted, groups, is_heading, sources_of
from reports.sentences import PARTIAL
from reports.words import listed, month_name, plural, thousands

# Charts by category show at most this many months.
CARD_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure to read at a glance, and the anchor on the methods page that says how it is made."""

    label: str
    value: str
    note: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Card:
    """A chart with its table. `key` is its id in the page."""

    key: str
    title: str
    line: str
    chart: SafeString
    table: SafeString
    source: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category's month and year, as text; `total` marks a group."""

    name: str
    href: str
    count: str
    last_year: str
    change: str
    year: str
    year_before: str
    total: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """How the outcomes of up to twelve months divide."""

    title: str
    line: str
    chart: SafeString
    rows: list[tuple[str, str, str]]
    source: str


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Everything the profile's template prints."""

    heading: str
    caption: str
    words: list[str]
    tiles: list[Tile]
    main: Card
    categories: list[CategoryRow]
    cards: list[Card]
    cards_title: str
    cards_note: str
    searches: Card | None
    search_words: str
    outcomes: Shares | None
    notes: list[Note]
    other_sets: list[Link]
    schemes: list[Link]
    months: list[tuple[str, str]]
    periods: list[tuple[str, str]]
    category_choices: list[tuple[str, list[tuple[str, str]]]]
    chosen: dict[str, str]
    category_name: str
    month_name: str
    month_before: str
    has_partial: bool
    has_converted: bool
    csv: str


def totals(figures: Mapping[date, Figure], last: date, columns: int) -> list[int | None]:
    """Sums of twelve months, ending with `last` and each twelve months before it; oldest first."""
    ends = [back(last, 12 * step) for step in reversed(range(columns))]
    return [figures[end].rolling_12 if end in figures else None for end in ends]


def profile(found: Profile) -> ProfilePage:
    """The profile of an area."""
    place, category, month = found.place, found.category, found.month
    own = found.figures.get(category.number, {})
    now, before = own.get(month) or unknown(month), own.get(back(month, 12))
    year = [own.get(one) or unknown(one) for one in (back(month, step) for step in reversed(range(12)))]
    lettered = notes.series_breaks(found.scheme, found.window, force=found.reporting.force)
    breaks = notes.breaks(lettered)
    search_words, searches = _searches(found)
    said = [
        sentences.recorded(now, category, place.name, is_force=place.kind == Area.Kind.FORCE)
        + sentences.against_last_year(now, before),
        sentences.rate(now, found.residents, sentences.noun(category)[1]),
        sentences.twelve_months(now, before, year),
    ]
    most = _most_common(found)
    query = _query(found)
    shown = _shown_categories(found)
    cards = [_card(found, one, breaks) for one in shown]
    main_points = points(own, found.window)
    return ProfilePage(
        heading=place.name,
        caption=_caption(place),
        words=[sentence for sentence in [*said, most] if sentence],
        tiles=_tiles(found, now, before, sentences.shortfall(year)),
        main=_chart_card("main", category.name, own, found.window, breaks, LARGE, _source(found)),
        categories=[_row(found, one) for one in [*shown, *groups(found.scheme)]],
        cards=cards,
        cards_title=f"Within “{category.name}”" if is_heading(category) else "By type",
        cards_note=f"The last {CARD_MONTHS} months of those chosen." if len(found.window) > CARD_MONTHS else "",
        searches=searches,
        search_words=search_words,
        outcomes=_outcomes(found),
        notes=[
            *lettered,
            *notes.area_notes(place, found.scheme, found.window),
            *notes.gap_notes(found.reporting.gaps),
            *notes.end_note(found.spans[found.scheme]),
            *(notes.search_notes(found.window, force=found.reporting.force) if searches else []),
        ],
        other_sets=_other_sets(found),
        schemes=[
            Link(
                SCHEMES[scheme],
                address(place.kind, place.code, scheme=scheme, months=query.get("months", "")),
                scheme == found.scheme,
            )
            for scheme in SCHEMES
            if scheme in found.spans
        ],
        months=month_choices(found.spans[found.scheme].first, found.spans[found.scheme].last),
        periods=list(PERIODS.items()),
        category_choices=category_choices(found.scheme),
        chosen={
            "category": category.slug,
            "month": month_value(month),
            "months": found.period,
            "scheme": found.scheme,
        },
        category_name=category.name,
        month_name=month_name(month),
        month_before=month_name(back(month, 12)),
        has_partial=any(point.partial for point in main_points),
        has_converted=any(point.converted for point in main_points),
        csv=with_query(
            "/api/v1/summaries/",
            {
                "area": place.code,
                "scheme": found.scheme,
                "from": month_value(found.window[0]),
                "to": month_value(month),
                "format": "csv",
            },
        ),
    )


def _query(found: Profile) -> dict[str, str]:
    """What the address says beside the category, to carry over into links."""
    last = found.spans[found.scheme].newest
    return {
        "scheme": found.scheme if found.scheme != categories.POLICE_UK else "",
        "month": month_value(found.month) if found.month != last else "",
        "months": found.period if found.period != "36" else "",
    }


def _caption(place: Place) -> str:
    kind = Area.Kind(place.kind).label
    text = f"{kind} in {place.parent_name}" if place.parent_name and place.kind == Area.Kind.WARD else kind
    dates = notes.dates_in_force(place.valid_from, place.valid_to)
    return f"{text}, boundaries in force {dates}" if dates else text


def _tiles(found: Profile, now: Figure, before: Figure | None, shortfall: str) -> list[Tile]:
    month, year_before = month_name(found.month), back(found.month, 12)
    count = thousands(now.count) if now.count is not None else "Not known"
    hedge = "reported in part" if now.coverage == PARTIAL and now.count is not None else ""
    year = thousands(now.rolling_12) if now.rolling_12 is not None else "Not known"
    was = before.rolling_12 if before else None
    year_note = (
        shortfall if now.rolling_12 is None else f"{_was(was)} in the 12 months before" if was is not None else ""
    )
    rate = "Not known" if now.rate_per_1000 is None else f"{now.rate_per_1000:.1f}"
    per = ", ".join(
        text for text in (hedge if now.rate_per_1000 is not None else "", sentences.residents(found.residents)) if text
    )
    return [
        Tile(month, count, hedge or ("converted" if now.converted and now.count is not None else ""), "count"),
        Tile(f"Against {month_name(year_before)}", sentences.compare(now, before), _was(now.last_year), "last-year"),
        Tile("12 months", year, year_note, "rolling-12"),
        Tile("Per 1,000 residents", rate, per, "rate"),
    ]


def _was(count: int | None) -> str:
    return "" if count is None else "was none" if count == 0 else f"was {thousands(count)}"


def _source(found: Profile, scheme: str = "") -> str:
    return sentences.source_line(found.releases, sources_of(scheme or found.scheme, found.place.kind))


def _chart_card(
    key: str,
    title: str,
    figures: Mapping[date, Figure],
    window: Sequence[date],
    breaks: Sequence[Break],
    size: Size,
    source: str,
    line: str = "",
    href: str = "",
) -> Card:
    shown = points(figures, window)
    columns = -(-len(window) // 12)
    return Card(
        key=key,
        title=title,
        line=line,
        chart=charts.series(shown, key=key, title=title, breaks=breaks, size=size),
        table=tables.months(shown, totals(figures, window[-1], columns), caption=title),
        source=source,
        href=href,
    )


def _card(found: Profile, category: Definition, breaks: Sequence[Break]) -> Card:
    figures = found.figures.get(category.number, {})
    now, before = figures.get(found.month) or unknown(found.month), figures.get(back(found.month, 12))
    known = now.count is not None
    return _chart_card(
        f"c{category.number}",
        category.name,
        figures,
        found.window[-CARD_MONTHS:],
        breaks,
        SMALL,
        "",
        f"{thousands(now.count)} in {month_name(found.month)}: {sentences.compare(now, before).lower()}"
        if known
        else "Not known",
        address(found.place.kind, found.place.code, **{**_query(found), "category": category.slug}),
    )


def _shown_categories(found: Profile) -> list[Definition]:
    """The categories with charts of their own, largest of the last twelve months first."""

    def size(one: Definition) -> int:
        figures = found.figures.get(one.number, {})
        return sum(figures[m].count or 0 for m in found.window[-12:] if m in figures)

    return sorted(charted(found.scheme, found.category), key=lambda one: (-size(one), one.name))


def _row(found: Profile, category: Definition) -> CategoryRow:
    figures = found.figures.get(category.number, {})
    now = figures.get(found.month) or unknown(found.month)
    before = figures.get(back(found.month, 12))
    return CategoryRow(
        name=category.name,
        href=address(found.place.kind, found.place.code, **{**_query(found), "category": category.slug}),
        count=thousands(now.count),
        last_year=thousands(now.last_year),
        change=sentences.compare(now, before),
        year=thousands(now.rolling_12),
        year_before=thousands(before.rolling_12 if before else None),
        total=bool(category.members) and not is_heading(category),
    )


def _most_common(found: Profile) -> str:
    """The three largest types of a whole month, where the page is about all of them."""
    overall = found.figures.get(found.category.number, {}).get(found.month)
    if not found.category.slug.startswith("all-crime") or overall is None or overall.coverage == PARTIAL:
        return ""
    members = [one for one in charted(found.scheme, found.category) if one.in_totals]
    if found.category.slug == "all-crime":
        members = [one for one in members if one.slug != "anti-social-behaviour"]
    figures = [(found.figures.get(d.number, {}).get(found.month), d.name) for d in members]
    known = sorted(((f.count, name) for f, name in figures if f and f.count), key=lambda item: (-item[0], item[1]))
    if len(known) < 3:
        return ""
    return f"The largest types were {listed([f'{name.lower()} ({count:,})' for count, name in known[:3]])}."


def _searches(found: Profile) -> tuple[str, Card | None]:
    if categories.SEARCH not in found.spans:
        return "", None
    headline = categories.by_slug(categories.SEARCH)["all-searches"]
    figures = found.figures.get(headline.number, {})
    now, before = figures.get(found.month) or unknown(found.month), figures.get(back(found.month, 12))
    is_force = found.place.kind == Area.Kind.FORCE
    words = sentences.recorded(now, headline, found.place.name, is_force=is_force)
    words += sentences.against_last_year(now, before)
    window = found.window[-CARD_MONTHS:]
    source = _source(found, categories.SEARCH)
    return words, _chart_card("searches", headline.name, figures, window, (), LARGE, source)


def _outcomes(found: Profile) -> Shares | None:
    """Shares of the outcome groups over the whole ones of the last twelve months; None where there are none."""
    if categories.OUTCOME not in found.spans:
        return None
    year = [back(found.month, step) for step in range(12)]
    overall = found.figures.get(categories.by_slug(categories.OUTCOME)["all-outcomes"].number, {})
    known = [m for m in year if m in overall and overall[m].count is not None and overall[m].coverage != PARTIAL]
    counts = []
    for group in groups(categories.OUTCOME):
        if group.slug == "all-outcomes":
            continue
        figures = found.figures.get(group.number, {})
        counts.append((group.name, sum(figures[m].count or 0 for m in known if m in figures)))
    counts = sorted((item for item in counts if item[1]), key=lambda item: -item[1])
    total = sum(count for _, count in counts)
    if not total:
        return None
    span = f"{month_name(year[-1])} to {month_name(year[0])}"
    line = f"{total:,} outcomes recorded from {span}, whenever the crime took place."
    if len(known) < 12:
        line = (
            f"{total:,} outcomes recorded in {plural(len(known), 'whole month', 'whole months')} of {span}; the others "
            "are not known, or were reported in part."
        )
    return Shares(
        title=f"Outcomes, {span}",
        line=line,
        chart=charts.shares(counts, key="outcomes", title=f"Shares of outcomes, {span}"),
        rows=[(name, thousands(count), charts.share(count, total)) for name, count in counts],
        source=_source(found, categories.OUTCOME),
    )


def _other_sets(found: Profile) -> list[Link]:
    """The same ground in the borough's other ward sets: the ward of the same name, and the whole set."""
    links = []
    for one in found.sets:
        if found.place in one.wards or (
            found.place.kind == Area.Kind.WARD and found.place.valid_from == one.valid_from
        ):
            continue
        twin = next((ward for ward in one.wards if ward.name == found.place.name), None)
        if twin and found.place.kind == Area.Kind.WARD:
            query = {**_query(found), "category": found.category.slug}
            links.append(Link(f"{twin.name} among the {set_name(one)}", address(twin.kind, twin.code, **query)))
        day = one.day.isoformat() if one.day else ""
        code = found.place.parent_code if found.place.kind == Area.Kind.WARD else found.place.code
        path = with_query(reverse("reports:wards"), {"borough": code, "wards": day})
        links.append(Link(f"All {len(one.wards)} {set_name(one)}", path))
    return links
