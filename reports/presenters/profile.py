"""The profile in rows and words, made of what `pages` answered, without the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Area
from reports import notes, sentences, words
from reports.forms import LINES, PERIODS, SCALES, SCHEMES
from reports.links import Link, address, explore, month_choices, month_value, set_name, with_query
from reports.notes import Note
from reports.pages.profile import Profile
from reports.presenters import profile_charts, unknown
from reports.presenters.comparison import Comparison, comparison
from reports.presenters.composition import Composition, composition
from reports.presenters.outcomes import Shares, outcomes, searches
from reports.presenters.partner_counts import PartnerRow, partner_rows
from reports.presenters.profile_charts import CARD_MONTHS, Card
from reports.queries import Figure, Place
from reports.schemes import category_choices, charted, groups, is_heading
from reports.sentences import PARTIAL
from reports.words import month_name, thousands


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure to read at a glance, and the anchor on the methods page that says how it is made."""

    label: str
    value: str
    note: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Everything the profile's template prints."""

    heading: str
    caption: str
    words: list[str]
    tiles: list[Tile]
    main: Card
    types: SafeString
    cards: SafeString
    cards_title: str
    cards_note: str
    searches: Card | None
    search_words: str
    outcomes: Shares | None
    comparison: Comparison | None
    composition: Composition | None
    partners: list[PartnerRow]
    notes: list[Note]
    ward_sets: list[Link]
    schemes: list[Link]
    months: list[tuple[str, str]]
    periods: list[tuple[str, str]]
    lines: list[tuple[str, str]]
    scales: list[tuple[str, str]]
    category_choices: list[tuple[str, list[tuple[str, str]]]]
    chosen: dict[str, str]
    category_name: str
    month_name: str
    month_before: str
    has_partial: bool
    has_converted: bool
    csv: str
    explore: str
    each_ward: Link | None


def profile(found: Profile) -> ProfilePage:
    """The profile of an area."""
    place, category, month = found.place, found.category, found.month
    own = found.figures.get(category.number, {})
    now, before = own.get(month) or unknown(month), own.get(back(month, 12))
    year = [own.get(one) or unknown(one) for one in (back(month, step) for step in reversed(range(12)))]
    lettered = notes.series_breaks(found.scheme, found.window, force=found.reporting.force)
    breaks = notes.breaks(lettered)
    search_words, search_card = searches(found)
    said = [
        sentences.recorded(now, category, place.name, is_force=place.kind == Area.Kind.FORCE)
        + sentences.against_last_year(now, before),
        sentences.rate(now, found.residents, sentences.noun(category)[1]),
        sentences.twelve_months(now, before, year),
    ]
    most = _most_common(found)
    query = profile_charts.query(found)
    shown = _shown_categories(found)
    counted_from = profile_charts.source(found)
    main = (
        profile_charts.years("main", category.name, own, found.window, counted_from)
        if found.lines == "years"
        else profile_charts.large("main", category.name, own, found.window, breaks, counted_from)
    )
    # What the marks of the main chart and its table mean: years begin before the window.
    first = found.window[0].replace(month=1) if found.lines == "years" else found.window[0]
    inside = [figure for at, figure in own.items() if first <= at <= month]
    return ProfilePage(
        heading=place.name,
        caption=_caption(place),
        words=[sentence for sentence in [*said, most] if sentence],
        tiles=_tiles(found, now, before, sentences.shortfall(year)),
        main=main,
        types=profile_charts.types(
            found, [*((one, False) for one in shown), *((one, True) for one in groups(found.scheme))]
        ),
        cards=profile_charts.multiples(found, shown, breaks),
        cards_title=f"Within “{category.name}”" if is_heading(category) else "By type",
        cards_note=f"The last {CARD_MONTHS} months of those chosen." if len(found.window) > CARD_MONTHS else "",
        searches=search_card,
        search_words=search_words,
        outcomes=outcomes(found),
        comparison=comparison(found),
        composition=composition(found),
        partners=partner_rows(found),
        notes=[
            *lettered,
            *notes.area_notes(place, found.scheme, found.window),
            *notes.gap_notes(found.reporting.gaps),
            *notes.end_note(found.spans[found.scheme]),
            *(notes.search_notes(found.window, force=found.reporting.force) if search_card else []),
        ],
        ward_sets=_ward_sets(found),
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
        lines=list(LINES.items()),
        scales=list(SCALES.items()),
        category_choices=category_choices(found.scheme),
        chosen={
            "category": category.slug,
            "month": month_value(month),
            "months": found.period,
            "lines": found.lines,
            "scale": found.scale,
            "scheme": found.scheme,
        },
        category_name=category.name,
        month_name=month_name(month),
        month_before=month_name(back(month, 12)),
        has_partial=any(figure.coverage == PARTIAL for figure in inside),
        has_converted=any(figure.converted for figure in inside),
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
        explore=explore([place.code], [category.slug], scheme=found.scheme, **{"from": found.period}),
        each_ward=Link(f"{category.name} in each ward", _wards_page(found, borough=place.code))
        if place.kind == Area.Kind.BOROUGH and found.sets
        else None,
    )


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
    rate = "Not known" if now.rate_per_1000 is None else words.rate(now.rate_per_1000)
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


def _shown_categories(found: Profile) -> list[Definition]:
    """The categories with charts of their own, largest of the last twelve months first."""

    def size(one: Definition) -> int:
        figures = found.figures.get(one.number, {})
        return sum(figures[m].count or 0 for m in found.window[-12:] if m in figures)

    return sorted(charted(found.scheme, found.category), key=lambda one: (-size(one), one.name))


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
    top = sentences.most([(count, name.lower()) for count, name in known], lambda count: f"{count:,.0f}")
    return f"The largest types were {top}." if top else ""


def _ward_sets(found: Profile) -> list[Link]:
    """The borough's ward sets, oldest first: of a ward, the ward of the same name in each, else the whole set; this
    ward's own is the current one. Empty for a ward whose borough has one set, and where there are no wards."""
    is_ward = found.place.kind == Area.Kind.WARD
    if is_ward and len(found.sets) < 2:
        return []
    links = []
    for one in found.sets:
        twin = next((ward for ward in one.wards if ward.name == found.place.name), None)
        if is_ward and found.place.valid_from == one.valid_from:
            links.append(Link(capfirst(set_name(one)), "", current=True))
        elif is_ward and twin:
            query = {**profile_charts.query(found), "category": found.category.slug}
            text = f"{capfirst(set_name(one))}: {twin.name}"
            links.append(Link(text, address(twin.kind, twin.code, **query)))
        else:
            code = found.place.parent_code if is_ward else found.place.code
            wards = one.day.isoformat() if one.day else ""
            links.append(Link(f"{len(one.wards)} {set_name(one)}", _wards_page(found, borough=code, wards=wards)))
    return links


def _wards_page(found: Profile, **which: str) -> str:
    """The wards page of the same category, month and source."""
    asked = {name: value for name, value in profile_charts.query(found).items() if name in ("scheme", "month")}
    return with_query(reverse("reports:wards"), {**which, "category": found.category.slug, **asked})
