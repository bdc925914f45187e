"""What somebody on the spot may do about an order, in one or two plain sentences, and where the law says so.

Amounts are those of the order itself: what the law allows at most is for those who make it (`interventions.law`).
"""

from __future__ import annotations

from typing import Any

from interventions.law.words import pounds
from interventions.models import Intervention

Kind = Intervention.Kind
_ACT = "Anti-social Behaviour, Crime and Policing Act 2014"
# Of orders about which there is the same to say of each: (the sentences, the source).
_ALIKE = {
    Kind.CBO: (
        "To break it without reasonable excuse is a crime: the person may be arrested. Tell the agency that keeps it.",
        "Sentencing Act 2020, s.339",
    ),
    Kind.DISPERSAL: (
        (
            "A constable in uniform, or a PCSO who is designated for it, may direct somebody in a public place to "
            "leave and not to come back for a time: in writing where that can be done, naming the area, and saying "
            "that it is an offence not to comply. Each direction is recorded."
        ),
        f"{_ACT}, ss.35 to 39",
    ),
    Kind.DIRECTION: (
        "To come back before the time is over, without reasonable excuse, is an offence.",
        f"{_ACT}, s.39",
    ),
    Kind.CLOSURE: (
        "To enter or to stay against the notice or order, without reasonable excuse, is an offence.",
        f"{_ACT}, s.86",
    ),
    Kind.CPW: (
        "It is a warning: to go on is no offence yet, but a notice may follow. Note what is seen, and tell the agency.",
        f"{_ACT}, s.43",
    ),
    Kind.CPN: (
        "Not to comply, without reasonable excuse, is an offence. Note what is seen, and tell the agency.",
        f"{_ACT}, s.48",
    ),
}


def may_do(record: Any) -> tuple[str, str]:
    """(the sentences, the source) of an order as its own model has it. Fields that are withheld are not read."""
    if record.kind == Kind.PSPO:
        return _pspo(record)
    return _order(record) if record.kind == Kind.ORDER else _ALIKE[record.kind]


def _pspo(order: Any) -> tuple[str, str]:
    said = "Ask, explain and warn first. To break it without reasonable excuse is an offence"
    if order.penalty is not None:
        early = ""
        if order.penalty_early is not None and order.penalty_early_days:
            early = f" ({pounds(order.penalty_early)} if paid within {order.penalty_early_days} days)"
        said += f"; a constable or an authorised person may give a fixed penalty of {pounds(order.penalty)}{early}"
    return f"{said}.", f"{_ACT}, ss.63, 67, 68"


def _order(order: Any) -> tuple[str, str]:
    if order.order_type.breach_is_crime:
        return "To break it is a crime: the person may be arrested.", order.order_type.law
    if order.power_of_arrest:
        said = (
            "To break it is contempt of court. It has a power of arrest: look at which of its conditions that covers."
        )
        return said, order.order_type.law
    return (
        "To break it is contempt of court, not a crime. Note what is seen, and tell the agency.",
        order.order_type.law,
    )
