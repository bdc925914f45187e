"""Every figure on a profile against the reference."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from math import log

from tests.reference import OUTCOME_GROUPS, PARTIAL, STREET, STREET_GROUPS, Place, World
from tests.reports.rendered.expected import NOTHING, Known, back, capital, change, difference, n, total
from tests.reports.rendered.expected import rate as written_rate
from tests.reports.rendered.reading import Page, Table, month_of, months_of_column

STREET_SCHEME, SEARCH, OUTCOME = "police.uk", "search", "outcome"
AMOUNT = r"((?:at least |about )?(?:no|[\d,]+))"


def newest(known: Known, area: str, slug: str = "all-crime", scheme: str = STREET_SCHEME) -> date:
    """The month that is shown unasked: the newest whole one, else the newest known, else the last."""
    months = known.months(scheme, area)
    figures = {month: known.at(scheme, area, slug, month) for month in months}
    whole = [month for month in months if figures[month].coverage > PARTIAL]
    counted = [month for month in months if figures[month].count is not None]
    return (whole or counted or months)[-1]


def check_profile(page: Page, known: Known, world: World, area: str, month: date, slug: str = "all-crime") -> int:
    """Compares all; how many table cells there were. A table that is not known here fails."""
    check_tiles(page, known, area, month, slug)
    check_words(page, known, area, month, slug)
    cells = 0
    for table in page.tables():
        caption = table.caption
        cells += sum(len(row) - 1 for row in table.rows)
        name, _, rest = caption.rpartition(", ")
        if caption.endswith("beside the borough and similar wards"):
            check_comparison(table, known, world, area, month, slug)
        elif caption.startswith("Parts of “"):
            check_parts(table, known, area, slug)
        elif caption.startswith("Outcomes, "):
            check_outcomes(table, known, area, month)
        elif rest == f"{month:%B %Y}" and table.head[0] == "Type":
            check_types(table, known, area, month)
        elif re.fullmatch(r"\w+ \d{4} to \w+ \d{4}", rest):
            scheme, of = (SEARCH, "all-searches") if name == "All stop and searches" else ("", "")
            if not scheme:
                scheme, of = STREET_SCHEME, known.slug(STREET_SCHEME, name)
            check_months(table, known, scheme, area, of, month)
        else:
            raise AssertionError(f"No check for the table “{caption}”.")
    return cells


def check_tiles(page: Page, known: Known, area: str, month: date, slug: str) -> None:
    now = known.at(STREET_SCHEME, area, slug, month)
    before = known.at(STREET_SCHEME, area, slug, back(month, 12))
    tiles = page.tiles()
    rate = "Not known" if now.rate_per_1000 is None else written_rate(now.rate_per_1000)
    year = "Not known" if now.rolling_12 is None else n(now.rolling_12)
    count = "Not known" if now.count is None else n(now.count)
    values = {label: value for label, (value, _) in tiles.items()}
    assert values == {
        f"{month:%B %Y}": count,
        f"Against {back(month, 12):%B %Y}": capital(change(now, before)),
        "12 months": year,
        "Per 1,000 residents": rate,
    }
    was = now.same_month_last_year
    note = tiles[f"Against {back(month, 12):%B %Y}"][1]
    assert note == ("" if was is None else "was none" if was == 0 else f"was {was:,}")
    if now.rolling_12 is not None:
        was, note = before.rolling_12, tiles["12 months"][1]
        assert note == ("" if was is None else f"was {was or 'none':,} in the 12 months before" if was else
                        "was none in the 12 months before")  # fmt: skip
    if (
        now.rate_per_1000
        and now.count
        and (found := re.search(r"([\d,]+) residents?", tiles["Per 1,000 residents"][1]))
    ):
        assert number(found[1]) == round(1000 * now.count / now.rate_per_1000)


def check_words(page: Page, known: Known, area: str, month: date, slug: str) -> None:
    """The numbers in the sentences, and that the rate is among them."""
    said = page.main.classed("app-words")[0].text()
    now = known.at(STREET_SCHEME, area, slug, month)
    assert ("The rate is " in said) == (now.rate_per_1000 is not None and (now.count != 0 or now.coverage != PARTIAL))
    check_sentences(said, known, area, month, slug)


def check_sentences(said: str, known: Known, area: str, month: date, slug: str) -> None:
    """The month, against last year, the rate where it is said, and twelve months."""
    now = known.at(STREET_SCHEME, area, slug, month)
    year_ago = back(month, 12)
    if now.count is None:
        assert re.search(rf"How many .* recorded.* in {month:%B %Y} is not known", said), said
    elif not (now.count == 0 and now.coverage == PARTIAL):
        found = re.search(rf"In {month:%B %Y} .*? recorded {AMOUNT} ", said)
        assert found, said
        hedge = "at least " if now.coverage == PARTIAL else "about " if now.converted else ""
        assert found[1] == hedge + ("no" if now.count == 0 and not hedge else n(now.count)), said
    was, before = now.same_month_last_year, known.at(STREET_SCHEME, area, slug, year_ago)
    if now.count is not None and before.count is not None and before.coverage == PARTIAL:
        assert f". {year_ago:%B %Y} was reported in part (at least {n(before.count)}), so the two are not" in said
    elif now.count is not None and was is not None and now.coverage != PARTIAL:
        if now.count == was:
            assert f", the same as in {year_ago:%B %Y}." in said
        else:
            assert f", {difference(now.count, was)} than in {year_ago:%B %Y} ({n(was) if was else 'none'})." in said
    if "The rate is " in said:
        assert now.rate_per_1000 is not None
        assert re.search(
            rf"The rate is (at least |about )?{written_rate(now.rate_per_1000)} \w+.*? per 1,000 residents", said
        ), said
    check_year(said, known, area, month, slug)
    check_largest(said, known, area, month, slug)


def check_year(said: str, known: Known, area: str, month: date, slug: str) -> None:
    """The sentence on twelve months."""
    now = known.at(STREET_SCHEME, area, slug, month).rolling_12
    was = known.at(STREET_SCHEME, area, slug, back(month, 12)).rolling_12
    if now is None:
        assert f"The total of the 12 months to {month:%B %Y} is not known" in said
        return
    found = re.search(rf"The total of the 12 months to {month:%B %Y} was ([\d,]*\d)([^.]*)\.", said)
    assert found, said
    assert number(found[1]) == now
    if was is None:
        assert "the 12 months before are not fully known" in found[2]
    elif now == was:
        assert "the same as in the 12 months before" in found[2]
    else:
        assert found[2] == f", {difference(now, was)} than in the 12 months before ({n(was) if was else 'none'})", said


def check_largest(said: str, known: Known, area: str, month: date, group: str) -> None:
    """The three largest types, where they are named."""
    found = re.search(r"The largest types were (.*?)\.", said)
    if not found:
        return
    named = [
        (name.lower(), number(count)) for name, count in re.findall(r"(?:, | and |^)([^(]+?) \(([\d,]+)\)", found[1])
    ]
    counts = {
        known.names[STREET_SCHEME, slug].lower(): known.at(STREET_SCHEME, area, slug, month).count or 0
        for slug in STREET_GROUPS[group]
    }
    assert len(named) == 3
    assert all(counts[name] == count for name, count in named), said
    assert [count for _, count in named] == sorted(counts.values(), reverse=True)[:3]


def check_types(table: Table, known: Known, area: str, month: date) -> None:
    """The table of types and groups: the month, last year, change, and both years."""
    slugs = [known.slug(STREET_SCHEME, row[0]) for row in table.rows]
    assert sorted(slugs) == sorted({*STREET.values(), *STREET_GROUPS})
    for slug, row in zip(slugs, table.rows, strict=True):
        now = known.at(STREET_SCHEME, area, slug, month)
        before = known.at(STREET_SCHEME, area, slug, back(month, 12))
        assert row[1:] == [
            n(now.count), n(now.same_month_last_year), capital(change(now, before)),
            n(now.rolling_12), n(before.rolling_12),
        ], row  # fmt: skip


def check_months(table: Table, known: Known, scheme: str, area: str, slug: str, last: date) -> None:
    """A table of months by years, its sums, and that it covers the months that it says."""
    first_shown, last_shown = (month_of(text) for text in table.caption.rpartition(", ")[2].split(" to "))
    assert last_shown == last
    *body, foot = table.rows
    assert foot[0] in ("12 months", "Year")  # a year that is not over has no sum
    names = [row[0] for row in body]
    shown = {}
    for column, heading in enumerate(table.head[1:], 1):
        for month, row in zip(months_of_column(heading, names), body, strict=True):
            shown[month] = row[column]
        end = months_of_column(heading, names)[-1]
        assert foot[column] == ("" if end > last else n(known.at(scheme, area, slug, end).rolling_12))
    window = [month for month in shown if first_shown <= month <= last]
    assert [shown[month] for month in shown if month not in window] == [""] * (len(shown) - len(window))
    figures = {month: known.at(scheme, area, slug, month) for month in window}
    mark = not all(figure.converted for figure in figures.values())
    for month, figure in figures.items():
        marks = "*" * (figure.coverage == PARTIAL) + "†" * (mark and figure.converted)
        assert shown[month] == ("–" if figure.count is None else n(figure.count) + marks), (table.caption, month)
    assert window[0] == first_shown


def check_outcomes(table: Table, known: Known, area: str, last: date) -> None:
    """The outcome groups' sums over the whole ones of the last twelve months, and their shares."""
    months = [back(last, step) for step in range(12)]
    every = {month: known.at(OUTCOME, area, "all-outcomes", month) for month in months}
    whole = [month for month, figure in every.items() if figure.count is not None and figure.coverage != PARTIAL]
    counts = {
        known.names[OUTCOME, group]: sum(known.at(OUTCOME, area, group, month).count or 0 for month in whole)
        for group in OUTCOME_GROUPS
        if group != "all-outcomes"
    }
    counts = {name: count for name, count in counts.items() if count}
    everything = sum(counts.values())
    shares = {
        name: "–" if everything < 20 else "under 1%" if count * 200 < everything else f"{100 * count / everything:.0f}%"
        for name, count in counts.items()
    }
    assert {row[0]: row[1:] for row in table.rows} == {name: [n(counts[name]), shares[name]] for name in counts}


def check_parts(table: Table, known: Known, area: str, slug: str) -> None:
    """Each type's part of a sum, by three or twelve months."""
    whole = slug if slug in STREET_GROUPS else "all-crime"
    assert table.rows[-1][0] == known.names[STREET_SCHEME, whole]
    assert sorted(known.slug(STREET_SCHEME, row[0]) for row in table.rows[:-1]) == sorted(STREET_GROUPS[whole])
    for column, heading in enumerate(table.head[1:], 1):
        last = month_of(heading.rpartition(" to ")[2])
        step = 12 if heading.startswith("12 months") else 3
        months = [back(last, index) for index in range(step)]
        of_whole = total(known.at(STREET_SCHEME, area, whole, month) for month in months)
        for row in table.rows:
            count = total(known.at(STREET_SCHEME, area, known.slug(STREET_SCHEME, row[0]), month) for month in months)
            share = ""
            if row is not table.rows[-1] and count is not None and of_whole is not None and of_whole >= 20:
                small = count and 200 * count < of_whole
                share = " (under 1%)" if small else f" ({round(Fraction(100 * count, of_whole))}%)"
            assert row[column] == n(count) + share, (heading, row)


def check_comparison(table: Table, known: Known, world: World, area: str, month: date, slug: str) -> None:
    """The ward, its borough, and the similar wards by the rule that docs and page say."""
    own = next(ward for ward in world.wards if ward.code == area)
    borough = next(one for one in world.boroughs if one.code == own.parent)
    chosen_by = back(month, 24)
    if known.at(STREET_SCHEME, area, "all-crime", chosen_by).rolling_12 is None:
        chosen_by = back(month, 12)
    alike = similar_wards(known, world, own, month, chosen_by)
    alike = alike if len(alike) >= 3 else []
    lines = [(f"{own.name} (this ward)", [own]), (f"All of {borough.name}", [borough])]
    if alike:
        lines.append((f"{len(alike)} similar wards together", alike))
    parents = {one.code: one.name for one in world.boroughs}
    lines += [(f"{one.name}, {parents[one.parent or '']}", [one]) for one in alike]
    assert [row[0] for row in table.rows] == [name for name, _ in lines]
    for row, (_, places) in zip(table.rows, lines, strict=True):
        now = [known.at(STREET_SCHEME, one.code, slug, month).rolling_12 for one in places]
        was = [known.at(STREET_SCHEME, one.code, slug, back(month, 12)).rolling_12 for one in places]
        people = [residents_of_rate(known, world, one.code, month) for one in places]
        year, before, residents = (None if None in all_of else sum(one or 0 for one in all_of)
                                   for all_of in (now, was, people))  # fmt: skip
        rate = written_rate(None if year is None or not residents else 1000 * year / residents)
        moved = "not known" if year is None or before is None else difference(year, before)
        assert row[1:] == [rate, n(year), n(before), capital(moved), n(residents)], row


def residents_of_rate(known: Known, world: World, area: str, month: date) -> int | None:
    """Those that the month's rate is per; only where there is a rate of some crime to tell."""
    figure = known.at(STREET_SCHEME, area, "all-crime", month)
    return world.residents.get((area, month.year)) if figure.count and figure.rate_per_1000 else None


def similar_wards(known: Known, world: World, own: Place, month: date, chosen_by: date) -> list[Place]:
    """Up to five wards, of those in force with this one, nearest in residents and in the rate of all crime of twelve
    months, none of which differs by more than half."""
    day = month
    if not ((own.valid_from is None or own.valid_from <= day) and (own.valid_to is None or day < own.valid_to)):
        day = own.valid_from or (own.valid_to or month) - timedelta(days=1)
    levels = {}
    for ward in world.wards:
        if (ward.valid_from and ward.valid_from > day) or (ward.valid_to and ward.valid_to <= day):
            continue
        figure = known.at(STREET_SCHEME, ward.code, "all-crime", chosen_by)
        people = world.residents.get((ward.code, chosen_by.year))
        if figure.count and figure.rolling_12 and people:
            levels[ward.code] = (people, figure.rolling_12 / people)
    if own.code not in levels:
        return []
    found = []
    for ward in world.wards:
        if ward.code in levels and ward.code != own.code:
            ratios = [one / other for one, other in zip(levels[ward.code], levels[own.code], strict=True)]
            if all(1 / 1.5 <= ratio <= 1.5 for ratio in ratios):
                found.append((sum(abs(log(ratio)) for ratio in ratios), ward))
    return [ward for _, ward in sorted(found, key=lambda item: item[0])[:5]]


def number(text: str) -> int:
    """12 of "12", 1234 of "1,234"; 0 of "no"."""
    return 0 if text == "no" else int(text.replace(",", ""))


__all__ = ["NOTHING", "check_profile", "newest"]
