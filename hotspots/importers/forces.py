"""The police forces of data.police.uk: slug, name as published, and roughly the middle of their records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.text import slugify

# A force's slug is the code of its area.
LONGEST_SLUG = 40
# Of the slugs of agencies that send counts of their own.
PARTNER_PREFIX = "partner-"


@dataclass(frozen=True)
class Force:
    """One force. `middle`: longitude, latitude near the middle of the people it serves; None without a territory."""

    slug: str
    name: str
    middle: tuple[float, float] | None


# Old files and some extracts use the other names behind the first.
_FORCES: dict[str, tuple[tuple[str, ...], tuple[float, float] | None]] = {
    "avon-and-somerset": (("Avon and Somerset Constabulary", "Avon and Somerset Police"), (-2.6, 51.4)),
    "bedfordshire": (("Bedfordshire Police",), (-0.43, 51.98)),
    "btp": (("British Transport Police",), None),
    "cambridgeshire": (("Cambridgeshire Constabulary",), (-0.02, 52.4)),
    "cheshire": (("Cheshire Constabulary", "Cheshire Police"), (-2.65, 53.3)),
    "city-of-london": (("City of London Police",), (-0.09, 51.51)),
    "cleveland": (("Cleveland Police",), (-1.2, 54.6)),
    "cumbria": (("Cumbria Constabulary",), (-3.0, 54.6)),
    "derbyshire": (("Derbyshire Constabulary",), (-1.5, 53.05)),
    "devon-and-cornwall": (("Devon & Cornwall Police", "Devon and Cornwall Police",
                            "Devon and Cornwall Constabulary"), (-4.1, 50.5)),
    "dorset": (("Dorset Police",), (-2.0, 50.73)),
    "durham": (("Durham Constabulary",), (-1.6, 54.7)),
    "dyfed-powys": (("Dyfed-Powys Police",), (-4.2, 51.9)),
    "essex": (("Essex Police",), (0.55, 51.7)),
    "gloucestershire": (("Gloucestershire Constabulary",), (-2.2, 51.85)),
    "greater-manchester": (("Greater Manchester Police",), (-2.25, 53.5)),
    "gwent": (("Gwent Police",), (-3.0, 51.65)),
    "hampshire": (("Hampshire Constabulary", "Hampshire & Isle of Wight Constabulary",
                   "Hampshire and Isle of Wight Constabulary"), (-1.25, 50.9)),
    "hertfordshire": (("Hertfordshire Constabulary",), (-0.25, 51.78)),
    "humberside": (("Humberside Police",), (-0.4, 53.7)),
    "kent": (("Kent Police",), (0.6, 51.3)),
    "lancashire": (("Lancashire Constabulary", "Lancashire Police"), (-2.7, 53.8)),
    "leicestershire": (("Leicestershire Police", "Leicestershire Constabulary"), (-1.15, 52.65)),
    "lincolnshire": (("Lincolnshire Police",), (-0.4, 53.1)),
    "merseyside": (("Merseyside Police",), (-2.93, 53.43)),
    "metropolitan": (("Metropolitan Police Service", "Metropolitan Police"), (-0.1, 51.51)),
    "norfolk": (("Norfolk Constabulary", "Norfolk Police"), (1.2, 52.62)),
    "north-wales": (("North Wales Police",), (-3.5, 53.2)),
    "north-yorkshire": (("North Yorkshire Police",), (-1.2, 54.1)),
    "northamptonshire": (("Northamptonshire Police",), (-0.85, 52.3)),
    "northern-ireland": (("Police Service of Northern Ireland",), (-6.1, 54.6)),
    "northumbria": (("Northumbria Police",), (-1.6, 55.0)),
    "nottinghamshire": (("Nottinghamshire Police",), (-1.17, 53.0)),
    "south-wales": (("South Wales Police",), (-3.4, 51.55)),
    "south-yorkshire": (("South Yorkshire Police",), (-1.4, 53.45)),
    "staffordshire": (("Staffordshire Police",), (-2.05, 52.85)),
    "suffolk": (("Suffolk Constabulary", "Suffolk Police"), (1.1, 52.15)),
    "surrey": (("Surrey Police",), (-0.5, 51.27)),
    "sussex": (("Sussex Police",), (-0.1, 50.87)),
    "thames-valley": (("Thames Valley Police",), (-1.0, 51.65)),
    "warwickshire": (("Warwickshire Police",), (-1.5, 52.35)),
    "west-mercia": (("West Mercia Police", "West Mercia Constabulary"), (-2.4, 52.4)),
    "west-midlands": (("West Midlands Police",), (-1.9, 52.5)),
    "west-yorkshire": (("West Yorkshire Police",), (-1.65, 53.75)),
    "wiltshire": (("Wiltshire Police", "Wiltshire Constabulary"), (-1.95, 51.35)),
}  # fmt: skip


@cache
def by_slug() -> dict[str, Force]:
    """slug -> force."""
    return {slug: Force(slug, names[0], middle) for slug, (names, middle) in _FORCES.items()}


@cache
def _by_name() -> dict[str, Force]:
    return {name.lower(): by_slug()[slug] for slug, (names, _) in _FORCES.items() for name in names}


def named(name: str) -> Force:
    """The force that files call `name`; one we do not know gets a slug of its own and no known territory."""
    short = name.strip()[:100]
    return _by_name().get(short.lower()) or Force(slugify(short)[:LONGEST_SLUG] or "unknown", short, None)


def of_slug(slug: str) -> Force:
    """The force with a slug, as published file names have it; one we do not know is named after the slug."""
    return by_slug().get(slug) or Force(slug, slug.replace("-", " ").capitalize(), None)


def has_territory(slug: str) -> bool:
    """Whether a publisher's figures are those of a police area: all but British Transport Police, the API, and agencies
    that send counts of their own."""
    return slug not in ("btp", "data-police-uk") and not slug.startswith(PARTNER_PREFIX)
