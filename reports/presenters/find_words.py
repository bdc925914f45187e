"""What a search for hotspots found, in sentences; without the database."""

from __future__ import annotations

from collections.abc import Sequence

from hotspots import categories
from hotspots.coverage import back
from reports.calc import concentration
from reports.finding import QUARTERS, Asked, Found, Spot
from reports.forms.find import FOUND_BY_POLICE, choices, usual
from reports.models import Candidate
from reports.notes import Note
from reports.words import listed, month_list, month_name, plural, thousands

ANCHOR = "finding"


def types(slugs: Sequence[str]) -> str:
    """What was counted: "Victim-reported crime", "Burglary and robbery", "5 types of crime"."""
    known = categories.by_slug(categories.POLICE_UK)
    if tuple(slugs) == usual():
        return "Victim-reported crime"
    names = [known[slug].name for slug in slugs]
    text = listed([names[0], *(name[0].lower() + name[1:] for name in names[1:])])
    return text if len(names) <= 3 else f"{len(names)} types of crime"


def period(asked: Asked) -> str:
    """ "12 months to August 2026"."""
    return f"{asked.months} months to {month_name(asked.last)}"


def words(found: Found) -> list[str]:
    """What an analyst says first: who ranks first, who stands out, how concentrated it is, what is not known."""
    if not found.counted:
        return [f"No month of the {period(found.asked)} is known whole: there is nothing to rank."]
    if not found.total:
        return [f"No such crime was recorded in any LSOA in the {period(found.asked)}."]
    first = listed(
        [
            f"{short(named(spot), found)} ({plural(spot.count, 'crime', 'crimes')})"
            for spot in found.spots[:3]
            if spot.count
        ]
    )
    made = [f"Furthest above an even spread: {first}.", *_standing_out(found), *concentrated(found)]
    if found.left_out:
        be = "is" if len(found.left_out) == 1 else "are"
        made.append(
            f"{month_list(found.left_out)} {be} not known or reported in part, and left out: counts are of "
            f"{plural(len(found.counted), 'month', 'months')}."
        )
    if found.quarters_known < QUARTERS:
        made.append(
            f"No pattern over three years can be told: of the {QUARTERS} quarters to {month_name(found.asked.last)}, "
            f"{found.quarters_known} are known."
        )
    if found.codes_changed:
        made.append(
            f"{plural(len(found.codes_changed), 'LSOA is', 'LSOAs are')} not ranked: the census of 2021 changed their "
            "codes within these months."
        )
    return made


def named(spot: Spot) -> str:
    """ "Havering 014C in St Edward's"."""
    return f"{spot.name} in {spot.ward_name}" if spot.ward_name else spot.name


def short(name: str, found: Found) -> str:
    """ "014C": an LSOA's name without its borough's, which the page's heading says."""
    return name.removeprefix(f"{found.asked.borough.name} ")


def quarter(asked: Asked) -> str:
    """ "June to August 2026": the three months that Gi* is of."""
    first = back(asked.last, 2)
    start = f"{first:%B}" if first.year == asked.last.year else month_name(first)
    return f"{start} to {month_name(asked.last)}"


def _standing_out(found: Found) -> list[str]:
    when = quarter(found.asked)
    if all(spot.z is None for spot in found.spots):
        return [f"Whether any stands out from chance cannot be told for {when}: too little is known, or all are alike."]
    if not found.hot:
        return [f"In {when} no LSOA stands out, with its neighbours, from what chance would do."]
    names = listed([short(spot.name, found) for spot in found.hot[:5]])
    more = f" and {len(found.hot) - 5} more" if len(found.hot) > 5 else ""
    verb = "stands" if len(found.hot) == 1 else "stand"
    return [
        f"In {when} {names}{more} {verb} out: each has, with its neighbours, more crime than chance would put there."
    ]


def concentrated(found: Found) -> list[str]:
    counts = found.counts
    half = concentration.fewest_holding(counts, 0.5)
    have = "has" if half == 1 else "have"
    sentence = f"{half} of {plural(len(counts), 'LSOA', 'LSOAs')} {have} half of the {thousands(found.total)} crimes."
    plain, generalised = concentration.gini(counts), concentration.generalised_gini(counts)
    if plain is None or generalised is None:
        return [sentence]
    text = f"{generalised:.2f}" + (f" (ordinary: {plain:.2f})" if found.total < len(counts) else "")
    return [sentence, f"Gini {text}, where 0 is spread evenly and 1 is all in one."]


def data_notes(found: Found) -> list[Note]:
    slugs = set(found.asked.slugs)
    police = [one.name for one in choices() if FOUND_BY_POLICE in one.flags]
    searched = [one.name for one in choices() if FOUND_BY_POLICE in one.flags and one.slug in slugs]
    depends = [one.name for one in choices() if not one.flags and one.slug in slugs]
    made = []
    if searched:
        made.append(
            f"{listed(searched)} {'follows' if len(searched) == 1 else 'follow'} where the police search: a place may "
            "rank high because it is policed, not because more happens there."
        )
    else:
        made.append(
            f"{listed(police)} are left out: the police find them by searching, so their counts follow where the "
            "police look."
        )
    if depends:
        made.append(f"{listed(depends)}: how much is recorded depends on who reports, such as shops and residents.")
    made.append(
        "Ranked by how far the count is above an even spread over the borough’s ground, which weighs crimes for each "
        "square kilometre with how many they are. Dense housing has more people on less ground. This looks back: it is "
        "no forecast, and no finding about the people who live there."
    )
    return [Note(text, ANCHOR) for text in made]


def count_text(spot: Spot | Candidate) -> str:
    """ "412 (374 to 453)": the count with its exact 95 % interval, outwards in whole crimes."""
    return f"{spot.count:,} ({spot.low:,.0f} to {spot.high:,.0f})"


def file_notes(found: Found) -> list[str]:
    """What somebody must know who has only the file."""
    return [
        f"{found.asked.borough.name}: {types(found.asked.slugs)}, {period(found.asked)}",
        *words(found),
        *(note.text for note in data_notes(found)),
    ]
