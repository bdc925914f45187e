"""The category schemes of every source, as data.

A category's number is written into immutable fact slices, so numbers are append-only: never renumber, never reuse.
`sync` copies the registry into the `Category` table after every migrate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

POLICE_UK, MPS, SEARCH, OUTCOME = "police.uk", "mps", "search", "outcome"
# Counts that partners send, by month and by quarter: the same series, never added to each other nor to crime.
PARTNER, PARTNER_QUARTER = "partner", "partner-quarter"


@dataclass(frozen=True)
class Definition:
    """One category or group of a scheme.

    `members` is empty for a category counted from facts and lists the slugs a group adds up. `flags` are the
    enforcement-lens groups of the methods reference: violence, victim_reported, found_by_police,
    drug_possession, drug_supply. `in_totals` is False where the publisher keeps a type out of its totals.
    """

    number: int
    scheme: str
    slug: str
    name: str
    parent: str = ""
    members: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    in_totals: bool = True


def _plain(scheme: str, start: int, rows: list[tuple[str, str, str]]) -> list[Definition]:
    return [
        Definition(start + index, scheme, slug, name, flags=frozenset(flags.split()))
        for index, (slug, name, flags) in enumerate(rows)
    ]


# Slugs are those of the data.police.uk API, names those of the CSV files.
_POLICE_UK = _plain(
    POLICE_UK,
    1,
    [
        ("anti-social-behaviour", "Anti-social behaviour", ""),
        ("bicycle-theft", "Bicycle theft", "victim_reported"),
        ("burglary", "Burglary", "victim_reported"),
        ("criminal-damage-arson", "Criminal damage and arson", "victim_reported"),
        ("drugs", "Drugs", "found_by_police"),
        ("other-theft", "Other theft", "victim_reported"),
        ("possession-of-weapons", "Possession of weapons", "found_by_police"),
        ("public-order", "Public order", ""),
        ("robbery", "Robbery", "victim_reported"),
        ("shoplifting", "Shoplifting", ""),
        ("theft-from-the-person", "Theft from the person", "victim_reported"),
        ("vehicle-crime", "Vehicle crime", "victim_reported"),
        ("violent-crime", "Violence and sexual offences", "violence victim_reported"),
        ("other-crime", "Other crime", "victim_reported"),
    ],
)
_CRIMES = tuple(d.slug for d in _POLICE_UK if d.slug != "anti-social-behaviour")
_POLICE_UK_GROUPS = [
    Definition(50, POLICE_UK, "all-crime", "All crime", members=_CRIMES),
    Definition(51, POLICE_UK, "all-crime-and-asb", "All crime and anti-social behaviour",
               members=("anti-social-behaviour", *_CRIMES)),
    Definition(52, POLICE_UK, "victim-reported", "Victim-reported crime",
               members=tuple(d.slug for d in _POLICE_UK if "victim_reported" in d.flags)),
    Definition(53, POLICE_UK, "found-by-police", "Crime found by police",
               members=("drugs", "possession-of-weapons")),
]  # fmt: skip

# The Metropolitan Police's own types ("minor text") under their heading ("major text"), by today's names.
_MPS_TYPES: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {
    ("arson-and-criminal-damage", "Arson and criminal damage", "victim_reported"): [
        ("arson", "Arson", ""), ("criminal-damage", "Criminal damage", "")],
    ("burglary", "Burglary", "victim_reported"): [
        ("burglary-business-and-community", "Burglary: business and community", ""),
        ("domestic-burglary", "Domestic burglary", ""),
        ("residential-burglary-of-a-home", "Residential burglary of a home", ""),
        ("residential-burglary-of-unconnected-building", "Residential burglary of an unconnected building", "")],
    ("drug-offences", "Drug offences", "found_by_police"): [
        ("possession-of-drugs", "Possession of drugs", "drug_possession"),
        ("trafficking-of-drugs", "Drug trafficking", "drug_supply")],
    ("fraud-and-forgery", "Fraud and forgery", ""): [
        ("fraud-and-forgery-offences", "Fraud and forgery", ""), ("nfib-fraud", "NFIB fraud", "")],
    ("miscellaneous-crimes-against-society", "Miscellaneous crimes against society", ""): [
        ("misc-crimes-against-society", "Miscellaneous crimes against society", "")],
    ("weapons", "Possession of weapons", "found_by_police"): [
        ("possession-of-weapons", "Possession of weapons", "")],
    ("public-order-offences", "Public order offences", ""): [
        ("other-offences-public-order", "Other public order offences", ""),
        ("public-fear-alarm-or-distress", "Public fear, alarm or distress", ""),
        ("race-or-religious-aggravated-public-fear", "Racially or religiously aggravated public fear", ""),
        ("violent-disorder", "Violent disorder", "")],
    ("robbery", "Robbery", "victim_reported"): [
        ("robbery-of-business-property", "Robbery of business property", ""),
        ("robbery-of-personal-property", "Robbery of personal property", "")],
    ("sexual-offences", "Sexual offences", "victim_reported"): [
        ("other-sexual-offences", "Other sexual offences", ""), ("rape", "Rape", "")],
    ("theft", "Theft", ""): [
        ("bicycle-theft", "Bicycle theft", "victim_reported"), ("other-theft", "Other theft", "victim_reported"),
        ("shoplifting", "Shoplifting", ""), ("theft-from-the-person", "Theft from the person", "victim_reported")],
    ("vehicle-offences", "Vehicle offences", "victim_reported"): [
        ("aggravated-vehicle-taking", "Aggravated vehicle taking", ""),
        ("interfering-with-a-motor-vehicle", "Interfering with a motor vehicle", ""),
        ("theft-from-a-vehicle", "Theft from a motor vehicle", ""),
        ("theft-or-taking-of-a-motor-vehicle", "Theft or taking of a motor vehicle", "")],
    ("violence-against-the-person", "Violence against the person", "violence victim_reported"): [
        ("death-serious-injury-illegal-driving", "Death or serious injury by illegal driving", ""),
        ("homicide", "Homicide", ""), ("stalking-and-harassment", "Stalking and harassment", ""),
        ("violence-with-injury", "Violence with injury", ""),
        ("violence-without-injury", "Violence without injury", "")],
}  # fmt: skip


def _mps() -> list[Definition]:
    types: list[Definition] = []
    headings: list[Definition] = []
    number = 100
    for position, ((slug, name, flags), minors) in enumerate(_MPS_TYPES.items()):
        in_totals = slug != "fraud-and-forgery"
        heading = f"major-{slug}"
        members = []
        for minor, minor_name, minor_flags in minors:
            members.append(minor)
            types.append(
                Definition(
                    number,
                    MPS,
                    minor,
                    minor_name,
                    parent=heading,
                    flags=frozenset((flags + " " + minor_flags).split()),
                    in_totals=in_totals,
                )
            )
            number += 1
        headings.append(
            Definition(
                180 + position,
                MPS,
                heading,
                name,
                members=tuple(members),
                flags=frozenset(flags.split()),
                in_totals=in_totals,
            )
        )
    groups = [
        Definition(200, MPS, "all-crime", "All crime (without fraud)",
                   members=tuple(d.slug for d in types if d.in_totals)),
        Definition(201, MPS, "victim-reported", "Victim-reported crime",
                   members=tuple(d.slug for d in types if "victim_reported" in d.flags)),
        Definition(202, MPS, "found-by-police", "Crime found by police",
                   members=tuple(d.slug for d in types if "found_by_police" in d.flags)),
    ]  # fmt: skip
    return types + headings + groups


_SEARCH_OBJECTS = [
    ("controlled-drugs", "Controlled drugs", ""),
    ("offensive-weapons", "Offensive weapons", ""),
    ("stolen-goods", "Stolen goods", ""),
    ("firearms", "Firearms", ""),
    ("article-for-use-in-theft", "Article for use in theft", ""),
    ("evidence-of-offences", "Evidence of offences under the Act", ""),
    ("articles-for-criminal-damage", "Articles for use in criminal damage", ""),
    ("anything-to-threaten-or-harm", "Anything to threaten or harm anyone", ""),
    ("fireworks", "Fireworks", ""),
    ("psychoactive-substances", "Psychoactive substances", ""),
    ("other-object", "Another object", ""),
    ("object-not-stated", "Object not stated", ""),
]
_SEARCH_RESULTS = [
    ("search-no-further-action", "Searches that ended in no further action", ""),
    ("search-further-action", "Searches with an outcome other than no further action", ""),
    ("search-outcome-not-stated", "Searches whose outcome is not stated", ""),
]
_SEARCHES = [
    *_plain(SEARCH, 301, _SEARCH_OBJECTS),
    *_plain(SEARCH, 330, _SEARCH_RESULTS),
    Definition(350, SEARCH, "all-searches", "All stop and searches",
               members=tuple(slug for slug, _, _ in _SEARCH_OBJECTS)),
]  # fmt: skip

# (slug, name in the files, group): the types police.uk has used since 2012.
_OUTCOME_TYPES = [
    ("no-suspect", "Investigation complete; no suspect identified", "no-suspect-identified"),
    ("unable-to-prosecute", "Unable to prosecute suspect", "evidential-difficulties"),
    ("charged", "Suspect charged", "charged-or-summonsed"),
    ("charged-other-case", "Suspect charged as part of another case", "charged-or-summonsed"),
    ("local-resolution", "Local resolution", "out-of-court"),
    ("cautioned", "Offender given a caution", "out-of-court"),
    ("drugs-warning", "Offender given a drugs possession warning", "out-of-court"),
    ("penalty-notice", "Offender given penalty notice", "out-of-court"),
    ("not-public-interest", "Formal action is not in the public interest", "not-in-the-public-interest"),
    ("further-investigation-not-public-interest", "Further investigation is not in the public interest",
     "not-in-the-public-interest"),
    ("further-action-not-public-interest", "Further action is not in the public interest",
     "not-in-the-public-interest"),
    ("another-organisation", "Action to be taken by another organisation", "another-body"),
    ("under-investigation", "Under investigation", "still-open"),
    ("status-unavailable", "Status update unavailable", "still-open"),
    ("awaiting-court", "Awaiting court outcome", "still-open"),
    ("court-unavailable", "Court result unavailable", "court-result"),
    ("court-unable", "Court case unable to proceed", "court-result"),
    ("sent-to-crown-court", "Defendant sent to Crown Court", "court-result"),
    ("not-guilty", "Defendant found not guilty", "court-result"),
    ("prison", "Offender sent to prison", "court-result"),
    ("suspended-prison", "Offender given suspended prison sentence", "court-result"),
    ("community-sentence", "Offender given community sentence", "court-result"),
    ("fined", "Offender fined", "court-result"),
    ("conditional-discharge", "Offender given conditional discharge", "court-result"),
    ("absolute-discharge", "Offender given absolute discharge", "court-result"),
    ("compensation", "Offender ordered to pay compensation", "court-result"),
    ("deprived-of-property", "Offender deprived of property", "court-result"),
    ("otherwise-dealt-with", "Offender otherwise dealt with", "court-result"),
]  # fmt: skip
_OUTCOME_GROUPS = [
    ("charged-or-summonsed", "Charged or summonsed"),
    ("out-of-court", "Out-of-court disposal"),
    ("no-suspect-identified", "No suspect identified"),
    ("evidential-difficulties", "Unable to prosecute"),
    ("not-in-the-public-interest", "Not in the public interest"),
    ("another-body", "Action by another organisation"),
    ("still-open", "Open or not known"),
    ("court-result", "Court result"),
]
_OUTCOMES = [
    *[
        Definition(401 + index, OUTCOME, slug, name, parent=group)
        for index, (slug, name, group) in enumerate(_OUTCOME_TYPES)
    ],
    *[
        Definition(450 + index, OUTCOME, slug, name,
                   members=tuple(s for s, _, group in _OUTCOME_TYPES if group == slug))
        for index, (slug, name) in enumerate(_OUTCOME_GROUPS)
    ],
    Definition(470, OUTCOME, "all-outcomes", "All outcomes", members=tuple(s for s, _, _ in _OUTCOME_TYPES)),
]  # fmt: skip

# The depersonalised information that partners give each other (Crime and Disorder (Prescribed Information) Regulations
# 2007), and what councils usually add, by the kind of agency that sends it: (number, slug, name). A name is part
# of what a release supersedes: do not change it. No groups: nothing of it is added up.
PARTNER_SERIES: dict[str, list[tuple[int, str, str]]] = {
    "police": [
        (1, "police-asb-personal", "Police incidents: personal anti-social behaviour"),
        (2, "police-asb-nuisance", "Police incidents: nuisance anti-social behaviour"),
        (3, "police-asb-environmental", "Police incidents: environmental anti-social behaviour"),
        (4, "police-transport", "Police incidents: transport"),
        (5, "police-public-safety", "Police incidents: public safety"),
    ],
    "fire": [
        (6, "fire-deliberate-primary", "Fire service: deliberate primary fires, without vehicles"),
        (7, "fire-deliberate-vehicles", "Fire service: deliberate fires in vehicles"),
        (8, "fire-deliberate-secondary", "Fire service: deliberate secondary fires"),
        (9, "fire-violence-to-staff", "Fire service: violence to its staff"),
        (10, "fire-no-smoke-alarm", "Fire service: fires in homes without a smoke alarm"),
    ],
    "council": [
        (11, "council-asb", "Council: anti-social behaviour reported"),
        (12, "council-noise", "Council: noise reported"),
        (13, "council-fly-tipping", "Council: fly-tipping"),
        (14, "council-graffiti", "Council: graffiti"),
    ],
    "nhs": [
        (15, "nhs-assault", "NHS: admissions for assault (X85 to Y09)"),
        (16, "nhs-alcohol", "NHS: admissions for alcohol"),
        (17, "nhs-drugs", "NHS: admissions for drugs"),
        (18, "nhs-domestic-abuse", "NHS: admissions for domestic abuse"),
    ],
    "ambulance": [(19, "ambulance-calls", "Ambulance: calls to crime and disorder")],
}
_PARTNER = [
    Definition(start + number, scheme, slug, name)
    for scheme, start in ((PARTNER, 500), (PARTNER_QUARTER, 600))
    for number, slug, name in sorted(row for rows in PARTNER_SERIES.values() for row in rows)
]

DEFINITIONS: tuple[Definition, ...] = (*_POLICE_UK, *_POLICE_UK_GROUPS, *_mps(), *_SEARCHES, *_OUTCOMES, *_PARTNER)

# Groups that are one category in a scheme: not stored twice, resolved here. (scheme, group) -> slug.
GROUP_ALIASES: dict[tuple[str, str], str] = {
    (POLICE_UK, "violence"): "violent-crime",
    (MPS, "violence"): "major-violence-against-the-person",
    (MPS, "drug-possession"): "possession-of-drugs",
    (MPS, "drug-supply"): "trafficking-of-drugs",
}


@dataclass(frozen=True)
class Era:
    """A time in which police.uk used one set of categories. `until` is the first month of the next era.

    `names` maps the names that differ from today's to today's slug; `measured` are the slugs that exist in the
    era: any other category is unknown (None), not zero. `note` is shown wherever the era is.
    """

    since: date
    until: date | None
    names: dict[str, str]
    measured: frozenset[str]
    note: str


_TODAY = frozenset(d.slug for d in _POLICE_UK)
_SIX = frozenset(["anti-social-behaviour", "burglary", "robbery", "vehicle-crime", "violent-crime", "other-crime"])
_ELEVEN = _SIX | {"shoplifting", "criminal-damage-arson", "drugs", "other-theft", "public-order"}
ERAS = (
    Era(date(2010, 1, 1), date(2011, 9, 1), {"Violent crime": "violent-crime"}, _SIX,
        "Until August 2011 police.uk used six categories: 'Violent crime' is shown as violence and sexual "
        "offences, and 'Other crime' held theft, damage, drugs, weapons and public order."),
    Era(date(2011, 9, 1), date(2013, 5, 1),
        {"Violent crime": "violent-crime", "Public disorder and weapons": "public-order"}, _ELEVEN,
        "From September 2011 to April 2013 police.uk used eleven categories: 'Violent crime' is shown as violence "
        "and sexual offences, 'Public disorder and weapons' as public order, and 'Other theft' held bicycle theft "
        "and theft from the person."),
    Era(date(2013, 5, 1), None, {}, _TODAY, ""),
)  # fmt: skip


def era_of(month: date) -> Era:
    """The police.uk era of a month (first day). Months before 2010 fall in the first."""
    return next(era for era in reversed(ERAS) if month >= era.since or era is ERAS[0])


@cache
def by_slug(scheme: str) -> dict[str, Definition]:
    """slug -> definition, of one scheme, group aliases included."""
    found = {d.slug: d for d in DEFINITIONS if d.scheme == scheme}
    found.update({alias: found[slug] for (of, alias), slug in GROUP_ALIASES.items() if of == scheme})
    return found


@cache
def by_number() -> dict[int, Definition]:
    """number -> definition, all schemes."""
    return {d.number: d for d in DEFINITIONS}


def sync(**_: object) -> None:
    """Makes the Category table equal to this registry. Called after every migrate."""
    from hotspots.models import Category

    flags = ("violence", "victim_reported", "found_by_police", "drug_possession", "drug_supply")
    numbers = {(d.scheme, d.slug): d.number for d in DEFINITIONS}
    rows = [
        Category(
            number=d.number,
            scheme=d.scheme,
            slug=d.slug,
            name=d.name,
            is_group=bool(d.members),
            in_totals=d.in_totals,
            parent_id=numbers.get((d.scheme, d.parent)),
            **{flag: flag in d.flags for flag in flags},
        )
        for d in sorted(DEFINITIONS, key=lambda d: not d.members)
    ]
    Category.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["scheme", "slug", "name", "is_group", "in_totals", "parent", *flags],
    )
