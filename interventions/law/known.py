"""What the rules ask the law for: the name, unit and meaning of each number. Rules read no others."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hotspots.words import plural
from interventions.law.words import pounds
from interventions.models import LegalParameter

Unit = LegalParameter.Unit


@dataclass(frozen=True, slots=True)
class Known:
    """One number that rules ask for. `per` is what stands behind a count: "square kilometre"."""

    name: str
    unit: str
    per: str = ""


# Instrument -> what it is called, and what has a date of it: "An order of 12 May 2026 keeps ...".
INSTRUMENTS: dict[str, tuple[str, str]] = {
    "cbo": ("Criminal Behaviour Orders", "An order"),
    "pspo": ("Public Spaces Protection Orders", "An order"),
    "fpn": ("Fixed penalties", "An offence"),
    "dispersal": ("Dispersals", "An authorisation or direction"),
    "closure": ("Closures", "A notice or order"),
    "cpn": ("Community protection", "A warning or notice"),
    "warrant": ("Warrants", "A warrant"),
    "day": ("Days of action", "A day of action"),
    "renewal": ("Renewal of a PSPO", "An expiry"),
}
KNOWN: dict[tuple[str, str], Known] = {
    ("cbo", "adult-min"): Known("Shortest order on an adult", Unit.YEARS),
    ("cbo", "youth-min"): Known("Shortest order on somebody under 18", Unit.YEARS),
    ("cbo", "youth-max"): Known("Longest order on somebody under 18", Unit.YEARS),
    ("cbo", "youth-review"): Known("Time between reviews while under 18", Unit.MONTHS),
    ("pspo", "max"): Known("Longest term of an order, and of an extension", Unit.YEARS),
    ("pspo", "expedited-max"): Known("Longest term of an expedited order", Unit.MONTHS),
    ("pspo", "challenge"): Known("Time to challenge it in the High Court", Unit.WEEKS),
    ("fpn", "pspo-max"): Known("Highest penalty for breach of a PSPO", Unit.POUNDS),
    ("fpn", "cpn-max"): Known("Highest penalty for breach of a CPN", Unit.POUNDS),
    ("fpn", "youngest"): Known("Youngest who can be given one", Unit.AGE),
    ("fpn", "pay-days"): Known("Time to pay before proceedings", Unit.DAYS),
    ("dispersal", "authorisation-max"): Known("Longest authorisation", Unit.HOURS),
    ("dispersal", "direction-max"): Known("Longest direction", Unit.HOURS),
    ("dispersal", "youngest"): Known("Youngest who can be directed", Unit.AGE),
    ("dispersal", "large-area"): Known("Area above which the reason is asked", Unit.COUNT, "square kilometre"),
    ("dispersal", "serial-days"): Known("Days over which authorisations of one place are counted", Unit.DAYS),
    ("dispersal", "serial-count"): Known(
        "Authorisations that call for a problem-solving plan", Unit.COUNT, "authorisation"
    ),
    ("closure", "notice-max"): Known("Longest notice", Unit.HOURS),
    ("closure", "notice-max-senior"): Known("Longest notice by a superintendent or chief executive", Unit.HOURS),
    ("closure", "hearing"): Known("Time from service to hearing, without 25 December", Unit.HOURS),
    ("closure", "order-max"): Known("Longest order, and longest extension", Unit.MONTHS),
    ("closure", "total-max"): Known("Longest order with its extensions", Unit.MONTHS),
    ("closure", "housing-may"): Known("Housing providers may issue notices (1 = they may, 0 = not)", Unit.COUNT),
    ("cpn", "youngest"): Known("Youngest who can be given one", Unit.AGE),
    ("cpn", "warning-lapses"): Known("A warning lapses after", Unit.MONTHS),
    ("cpn", "notice-lapses"): Known("A notice lapses after", Unit.MONTHS),
    ("cpn", "appeal"): Known("Time to appeal against a notice", Unit.DAYS),
    ("warrant", "usual-max"): Known("Usual validity of a warrant", Unit.MONTHS),
    ("day", "results-due"): Known("Working days until results are due", Unit.DAYS),
    ("renewal", "evidence"): Known("Evidence pack, before the expiry", Unit.DAYS),
    ("renewal", "draft"): Known("Draft of the consultation, before the expiry", Unit.DAYS),
    ("renewal", "consult"): Known("Consultation opens, before the expiry", Unit.DAYS),
    ("renewal", "decide"): Known("Decision, before the expiry", Unit.DAYS),
    ("renewal", "publish"): Known("Publication and signs, before the expiry", Unit.DAYS),
}
# What may have a part of a unit.
IN_PARTS = {("dispersal", "large-area")} | {key for key, one in KNOWN.items() if one.unit == Unit.POUNDS}


def known(one: LegalParameter) -> Known:
    """What a row is called; one that no rule reads has the name of its key."""
    return KNOWN.get((one.instrument, one.key)) or Known(one.key, one.unit)


def value_words(one: LegalParameter) -> str:
    """ "2 years", "£100", "16 years old", "1 square kilometre"."""
    value: Decimal = one.value
    plain = f"{value:,.2f}".rstrip("0").rstrip(".")
    if one.unit == Unit.POUNDS:
        return pounds(value)
    if one.unit == Unit.AGE:
        return f"{plain} years old"
    what = known(one).per if one.unit == Unit.COUNT else str(Unit(one.unit).label).removesuffix("s")
    if not what:
        return plain
    return plural(int(value), what) if value == int(value) else f"{plain} {what}s"
