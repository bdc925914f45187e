"""The reference's own lists of categories, and how files name them."""

from __future__ import annotations

STREET = {
    "Anti-social behaviour": "anti-social-behaviour",
    "Bicycle theft": "bicycle-theft",
    "Burglary": "burglary",
    "Criminal damage and arson": "criminal-damage-arson",
    "Drugs": "drugs",
    "Other theft": "other-theft",
    "Possession of weapons": "possession-of-weapons",
    "Public order": "public-order",
    "Robbery": "robbery",
    "Shoplifting": "shoplifting",
    "Theft from the person": "theft-from-the-person",
    "Vehicle crime": "vehicle-crime",
    "Violence and sexual offences": "violent-crime",
    "Other crime": "other-crime",
    # as they were called before May 2013
    "Violent crime": "violent-crime",
    "Public disorder and weapons": "public-order",
}
SIX = {"anti-social-behaviour", "burglary", "robbery", "vehicle-crime", "violent-crime", "other-crime"}
ELEVEN = SIX | {"shoplifting", "criminal-damage-arson", "drugs", "other-theft", "public-order"}
CRIMES = set(STREET.values()) - {"anti-social-behaviour"}
STREET_GROUPS = {
    "all-crime": CRIMES,
    "all-crime-and-asb": CRIMES | {"anti-social-behaviour"},
    "victim-reported": CRIMES - {"drugs", "possession-of-weapons", "public-order", "shoplifting"},
    "found-by-police": {"drugs", "possession-of-weapons"},
}
OUTCOMES = {
    "Investigation complete; no suspect identified": ("no-suspect", "no-suspect-identified"),
    "Unable to prosecute suspect": ("unable-to-prosecute", "evidential-difficulties"),
    "Suspect charged": ("charged", "charged-or-summonsed"),
    "Suspect charged as part of another case": ("charged-other-case", "charged-or-summonsed"),
    "Local resolution": ("local-resolution", "out-of-court"),
    "Offender given a caution": ("cautioned", "out-of-court"),
    "Offender given a drugs possession warning": ("drugs-warning", "out-of-court"),
    "Offender given penalty notice": ("penalty-notice", "out-of-court"),
    "Formal action is not in the public interest": ("not-public-interest", "not-in-the-public-interest"),
    "Further investigation is not in the public interest": (
        "further-investigation-not-public-interest",
        "not-in-the-public-interest",
    ),
    "Further action is not in the public interest": (
        "further-action-not-public-interest",
        "not-in-the-public-interest",
    ),
    "Action to be taken by another organisation": ("another-organisation", "another-body"),
    "Under investigation": ("under-investigation", "still-open"),
    "Status update unavailable": ("status-unavailable", "still-open"),
    "Awaiting court outcome": ("awaiting-court", "still-open"),
    "Court result unavailable": ("court-unavailable", "court-result"),
    "Court case unable to proceed": ("court-unable", "court-result"),
    "Defendant sent to Crown Court": ("sent-to-crown-court", "court-result"),
    "Defendant found not guilty": ("not-guilty", "court-result"),
    "Offender sent to prison": ("prison", "court-result"),
    "Offender given suspended prison sentence": ("suspended-prison", "court-result"),
    "Offender given community sentence": ("community-sentence", "court-result"),
    "Offender fined": ("fined", "court-result"),
    "Offender given conditional discharge": ("conditional-discharge", "court-result"),
    "Offender given absolute discharge": ("absolute-discharge", "court-result"),
    "Offender ordered to pay compensation": ("compensation", "court-result"),
    "Offender deprived of property": ("deprived-of-property", "court-result"),
    "Offender otherwise dealt with": ("otherwise-dealt-with", "court-result"),
}
OUTCOME_GROUPS = {
    **{group: {slug for slug, of in OUTCOMES.values() if of == group} for _, group in OUTCOMES.values()},
    "all-outcomes": {slug for slug, _ in OUTCOMES.values()},
}
OBJECTS = {
    "Controlled drugs": "controlled-drugs",
    "Offensive weapons": "offensive-weapons",
    "Stolen goods": "stolen-goods",
    "Firearms": "firearms",
    "Article for use in theft": "article-for-use-in-theft",
    "Evidence of offences under the Act": "evidence-of-offences",
    "Articles for use in criminal damage": "articles-for-criminal-damage",
    "Anything to threaten or harm anyone": "anything-to-threaten-or-harm",
    "Fireworks": "fireworks",
    "Psychoactive substances": "psychoactive-substances",
    "": "object-not-stated",
    "Detailed object of search unavailable": "object-not-stated",
    "Another object": "other-object",
}
RESULTS = {"search-no-further-action", "search-further-action", "search-outcome-not-stated"}
SEARCH_GROUPS = {"all-searches": set(OBJECTS.values())}
NO_ACTION = {"A no further action disposal", "Nothing found - no further action", "False"}

SCHEMES = {
    "street": ("police.uk", set(STREET.values()), STREET_GROUPS),
    "outcomes": ("outcome", {slug for slug, _ in OUTCOMES.values()}, OUTCOME_GROUPS),
    "stop-and-search": ("search", set(OBJECTS.values()) | RESULTS, SEARCH_GROUPS),
}
