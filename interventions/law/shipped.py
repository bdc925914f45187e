"""The numbers of the law that the product ships, each with its source: added after `migrate` where they are missing.

Those from before 2026 are on, as the sources say them. Those of the Crime and Policing Act 2026 are off: which of them
is in force where, a partnership administrator verifies and switches on. What somebody changed is never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from interventions.models import LegalParameter, OrderType

_ACT_2014 = "https://www.legislation.gov.uk/ukpga/2014/12"
_ACT_2020 = "https://www.legislation.gov.uk/ukpga/2020/17"
_SHIPPED_ON = date(2026, 11, 21)
_VERIFIED_BY = "shipped with the product"
_FROM_2026 = date(2026, 6, 29)
_UNVERIFIED = "Of 2026: whether and from when it is in force is not verified. Verify it, then switch it on."


@dataclass(frozen=True, slots=True)
class Shipped:
    """One parameter: the first seven fields as in LegalParameter."""

    instrument: str
    key: str
    value: str
    unit: str
    source: str
    source_url: str = ""
    note: str = ""
    valid_from: date | None = None
    is_on: bool = True


PARAMETERS: tuple[Shipped, ...] = (
    Shipped("cbo", "adult-min", "2", "years", "Sentencing Act 2020, s.334", f"{_ACT_2020}/section/334"),
    Shipped("cbo", "youth-min", "1", "years", "Sentencing Act 2020, s.334", f"{_ACT_2020}/section/334"),
    Shipped("cbo", "youth-max", "3", "years", "Sentencing Act 2020, s.334", f"{_ACT_2020}/section/334"),
    Shipped("cbo", "youth-review", "12", "months", "Sentencing Act 2020, s.337", f"{_ACT_2020}/section/337"),
    Shipped(
        "pspo",
        "max",
        "3",
        "years",
        "Anti-social Behaviour, Crime and Policing Act 2014, s.60",
        f"{_ACT_2014}/section/60",
    ),
    Shipped("pspo", "expedited-max", "6", "months", "2014 Act, s.59A and s.60; Hansard, 22 March 2022"),
    Shipped("pspo", "challenge", "6", "weeks", "2014 Act, s.66", f"{_ACT_2014}/section/66"),
    Shipped("fpn", "pspo-max", "100", "pounds", "2014 Act, s.68(6)", f"{_ACT_2014}/section/68"),
    Shipped("fpn", "cpn-max", "100", "pounds", "2014 Act, s.52(7)", f"{_ACT_2014}/section/52"),
    Shipped("fpn", "pay-days", "14", "days", "2014 Act, s.68(3)", f"{_ACT_2014}/section/68"),
    Shipped(
        "fpn",
        "youngest",
        "10",
        "age",
        "Children and Young Persons Act 1933, s.50",
        "https://www.legislation.gov.uk/ukpga/Geo5/23-24/12/section/50",
        note="Many councils give fixed penalties from an older age: set your own.",
    ),
    Shipped("dispersal", "authorisation-max", "48", "hours", "2014 Act, s.34(1)", f"{_ACT_2014}/section/34"),
    Shipped("dispersal", "direction-max", "48", "hours", "2014 Act, s.35(4)", f"{_ACT_2014}/section/35"),
    Shipped("dispersal", "youngest", "10", "age", "2014 Act, s.35(1)", f"{_ACT_2014}/section/35"),
    Shipped("dispersal", "large-area", "1", "count", "Practice: the minimum area necessary", note="Square kilometres."),
    Shipped("dispersal", "serial-days", "28", "days", "Practice: repeated authorisations of one place"),
    Shipped("dispersal", "serial-count", "3", "count", "Practice: repeated authorisations of one place"),
    Shipped("closure", "notice-max", "24", "hours", "2014 Act, s.77(1)", f"{_ACT_2014}/section/77"),
    Shipped("closure", "notice-max-senior", "48", "hours", "2014 Act, s.77(2)", f"{_ACT_2014}/section/77"),
    Shipped("closure", "hearing", "48", "hours", "2014 Act, s.80(3) and (4)", f"{_ACT_2014}/section/80"),
    Shipped("closure", "order-max", "3", "months", "2014 Act, s.80(6)", f"{_ACT_2014}/section/80"),
    Shipped("closure", "total-max", "6", "months", "2014 Act, s.82(8)", f"{_ACT_2014}/section/82"),
    Shipped("cpn", "youngest", "16", "age", "2014 Act, s.43(1)", f"{_ACT_2014}/section/43"),
    Shipped("cpn", "warning-lapses", "6", "months", "Local practice (Southend-on-Sea); set your own"),
    Shipped("cpn", "notice-lapses", "12", "months", "Local practice (Southend-on-Sea); set your own"),
    Shipped("cpn", "appeal", "21", "days", "2014 Act, s.46(2)", f"{_ACT_2014}/section/46"),
    Shipped(
        "warrant",
        "usual-max",
        "1",
        "months",
        "Misuse of Drugs Act 1971, s.23(3); PACE 1984, s.16(3) has three",
        note="What is printed on the warrant decides.",
    ),
    Shipped("day", "results-due", "5", "days", "Practice: working days after a day of action"),
    Shipped("renewal", "evidence", "270", "days", "Practice: counted back from the expiry of a PSPO"),
    Shipped("renewal", "draft", "210", "days", "Practice: counted back from the expiry of a PSPO"),
    Shipped("renewal", "consult", "150", "days", "Practice: counted back from the expiry of a PSPO"),
    Shipped("renewal", "decide", "60", "days", "Practice: counted back from the expiry of a PSPO"),
    Shipped("renewal", "publish", "14", "days", "Practice: counted back from the expiry of a PSPO"),
    Shipped(
        "fpn",
        "pspo-max",
        "500",
        "pounds",
        "Crime and Policing Act 2026, clause 4 of the bill",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
    Shipped(
        "fpn",
        "cpn-max",
        "500",
        "pounds",
        "Crime and Policing Act 2026, clause 4 of the bill",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
    Shipped(
        "dispersal",
        "authorisation-max",
        "72",
        "hours",
        "Criminal Justice Bill 2023; whether in the Act of 2026 is unverified",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
    Shipped(
        "dispersal",
        "direction-max",
        "72",
        "hours",
        "Criminal Justice Bill 2023; whether in the Act of 2026 is unverified",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
    Shipped(
        "closure",
        "hearing",
        "72",
        "hours",
        "Criminal Justice Bill 2023; whether in the Act of 2026 is unverified",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
    Shipped(
        "cpn",
        "youngest",
        "10",
        "age",
        "Criminal Justice Bill 2023; whether in the Act of 2026 is unverified",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
    Shipped(
        "closure",
        "housing-may",
        "1",
        "count",
        "Crime and Policing Act 2026: registered housing providers may issue notices",
        note=_UNVERIFIED,
        valid_from=_FROM_2026,
        is_on=False,
    ),
)

ORDER_TYPES: tuple[dict[str, Any], ...] = (
    {
        "slug": "injunction",
        "name": "Injunction (2014 Act, s.1)",
        "law": "Anti-social Behaviour, Crime and Policing Act 2014, s.1",
        "youth_max_months": 12,
        "youngest": 10,
        "is_on": True,
    },
    {
        "slug": "respect-order",
        "name": "Respect Order",
        "law": "Crime and Policing Act 2026, Part A1 of the 2014 Act",
        "youngest": 18,
        "breach_is_crime": True,
        "note": _UNVERIFIED,
    },
    {
        "slug": "housing-injunction",
        "name": "Youth or housing injunction",
        "law": "Crime and Policing Act 2026, in place of s.1 injunctions",
        "youth_max_months": 12,
        "youngest": 10,
        "note": _UNVERIFIED,
    },
)


def as_parameter(one: Shipped) -> LegalParameter:
    """What is shipped as a row, not saved."""
    return LegalParameter(
        instrument=one.instrument,
        key=one.key,
        value=Decimal(one.value),
        unit=one.unit,
        source=one.source,
        source_url=one.source_url,
        note=one.note,
        valid_from=one.valid_from,
        is_on=one.is_on,
        verified_by=_VERIFIED_BY if one.is_on else "",
        verified_on=_SHIPPED_ON if one.is_on else None,
    )


def sync(**of_signal: Any) -> None:
    """Adds what is missing."""
    held = set(LegalParameter.objects.values_list("instrument", "key", "valid_from"))
    values = set(LegalParameter.objects.values_list("instrument", "key", "value"))
    keys = {(instrument, key) for instrument, key, _ in held}
    rows = []
    for one in PARAMETERS:
        # Known by its first day or its value: somebody may have changed the other.
        if (one.instrument, one.key, one.valid_from) in held or (one.instrument, one.key, Decimal(one.value)) in values:
            continue
        row = as_parameter(one)
        # Nothing is switched on beside what people keep.
        row.is_on = row.is_on and (one.instrument, one.key) not in keys
        rows.append(row)
    LegalParameter.objects.bulk_create(rows)
    types = set(OrderType.objects.values_list("slug", flat=True))
    OrderType.objects.bulk_create(OrderType(**one) for one in ORDER_TYPES if one["slug"] not in types)
