"""Public Spaces Protection Orders: their terms, who is asked, what is published.

Anti-social Behaviour, Crime and Policing Act 2014, part 4, chapter 2 (sections 59 to 75).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hotspots.words import day_name, plural
from interventions.calc.periods import last_day_of
from interventions.drafts import Draft
from interventions.law.common import condition_numbers
from interventions.law.parameters import Law
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import left_words, pounds
from interventions.models import Consultation, PublicSpacesOrder, Variation

Stage = PublicSpacesOrder.Stage
MADE = (Stage.IN_FORCE, Stage.DISCHARGED)
_DECIDED = (Stage.DECIDED, Stage.IN_FORCE)
_ACT = "Anti-social Behaviour, Crime and Policing Act 2014"
# The first and the last day of a term.
Term = tuple[date, date]


def extensions(variations: Sequence[Any]) -> list[Any]:
    """The extensions of an order whose first and last day are known, in order."""
    dated = [
        row for row in variations if row.sort == Variation.Sort.EXTENSION and row.starts_on and row.ends_on is not None
    ]
    return sorted(dated, key=lambda row: row.starts_on)


def terms(order: Any, variations: Sequence[Any], known: Mapping[str, Any] | None = None) -> list[Term]:
    """All terms of an order, the first one first: it holds from the first day of the first to the last of the last.

    `known` is the draft's, where `last_day` is what was said to be the last day before extensions moved it: where it
    lies before the first extension's end, the first term ended with it.
    """
    rows = extensions(variations)
    first = order.first_day
    if not rows:
        return [(first, order.last_day or first)]
    own: list[Term] = [(row.starts_on, row.ends_on) for row in rows]
    if first >= rows[0].starts_on:
        # The terms before are not written down.
        return own
    said = (known or {}).get("last_day")
    ended = said if said and first <= said < rows[0].ends_on else rows[0].starts_on - timedelta(days=1)
    return [(first, ended), *own]


# --- How long it lasts --------------------------------------------------------------------------------------------


@rule("pspo.term", f"{_ACT}, ss.59A and 60")
def term(draft: Draft) -> Iterator[Said]:
    """No term is longer than the law allows; what is longer needs an extension before it ends."""
    order = draft.record
    if order.stage == Stage.DROPPED:
        return
    rows = extensions(draft.of("variations"))
    for first, last in terms(order, draft.of("variations"), draft.known):
        words, latest = _limit(draft.law, order, first)
        if latest is None or last <= latest:
            continue
        is_extension = any(row.starts_on == first for row in rows)
        called = "An extension" if is_extension else "An expedited order" if order.is_expedited else "A term"
        hint = ""
        if last == latest + timedelta(days=1):
            hint = " If the order says that it expires on the day you gave, its last day in force is the day before."
        yield block(
            "variations" if is_extension else "ends",
            f"{called} lasts at most {words}: from {day_name(first)}, its last day is {day_name(latest)} at the latest."
            f"{hint}",
        )


@rule("pspo.extension-follows", f"{_ACT}, s.60(2)")
def extension_follows(draft: Draft) -> Iterator[Said]:
    """An extension has a first and a last day, and begins when the term before it ends."""
    for row in draft.of("variations"):
        if row.sort != Variation.Sort.EXTENSION:
            continue
        if row.starts_on is None or row.ends_on is None:
            yield block(
                "variations", f"Give the first and the last day of the extension of {day_name(row.decided_on)}."
            )
        elif row.ends_on < row.starts_on:
            yield block("variations", f"The extension from {day_name(row.starts_on)} ends before it begins.")
    for (_, ended), (begins, _) in pairwise(terms(draft.record, draft.of("variations"), draft.known)):
        due = ended + timedelta(days=1)
        if begins != due:
            yield block(
                "variations",
                f"The extension from {day_name(begins)} does not follow on: the term before it ends with "
                f"{day_name(ended)}, so it begins on {day_name(due)}.",
            )


@rule("pspo.extended-late", f"{_ACT}, s.60(2): before the order expires")
def extended_late(draft: Draft) -> Iterator[Said]:
    """After its expiry an order cannot be extended: it has lapsed."""
    both = pairwise(terms(draft.record, draft.of("variations"), draft.known))
    before = {begins: ended for (_, ended), (begins, _) in both}
    for row in extensions(draft.of("variations")):
        ended = before.get(row.starts_on)
        if ended and row.decided_on > ended:
            yield warn(
                "variations",
                f"The extension was decided on {day_name(row.decided_on)}, after the order had lapsed with "
                f"{day_name(ended)}: a new order is needed.",
            )


@rule("pspo.dates", f"{_ACT}, ss.59 to 61")
def dates(draft: Draft) -> Iterator[Said]:
    """What happened, happened in order."""
    order, rows = draft.record, extensions(draft.of("variations"))
    # Decided, sealed and published may be said of the order, or of its last extension.
    latest = max([order.first_day, *(row.starts_on for row in rows)])
    if order.stage in MADE and order.decided_on and order.decided_on > latest:
        yield block("decided_on", f"It cannot be in force ({day_name(latest)}) before it is decided.")
    if order.decided_on and order.sealed_on and order.sealed_on < order.decided_on:
        yield block("sealed_on", f"It cannot be sealed before it is decided ({day_name(order.decided_on)}).")
    if order.decided_on and order.published_on and order.published_on < order.decided_on and not rows:
        yield block("published_on", f"It cannot be published before it is decided ({day_name(order.decided_on)}).")
    if order.first_in_force and order.first_in_force > order.first_day:
        yield block("first_in_force", f"It was first in force by {day_name(order.first_day)} at the latest.")
    if order.stage == Stage.DISCHARGED:
        if order.discharged_on is None:
            yield block("discharged_on", "Give the day on which it was discharged.")
        elif order.discharged_on < order.first_day:
            yield block("discharged_on", f"It cannot be discharged before {day_name(order.first_day)}, its first day.")
    for row in draft.of("consultations"):
        if row.closed_on and row.closed_on < row.opened_on:
            yield block("consultations", f"The consultation of {day_name(row.opened_on)} closes before it opens.")


# --- What it must have --------------------------------------------------------------------------------------------


@rule("pspo.no-conditions", f"{_ACT}, s.59(4)")
def no_conditions(draft: Draft) -> Iterator[Said]:
    if draft.record.stage in _DECIDED and not draft.of("conditions"):
        yield warn("conditions", "The order has no prohibition and no requirement.")


@rule("pspo.unpublished", "SI 2014/2591, regs 2 and 3")
def unpublished(draft: Draft) -> Iterator[Said]:
    """An order that is made is published on the website."""
    if draft.record.stage == Stage.IN_FORCE and draft.record.published_on is None:
        yield warn("published_on", "An order that is made must be published. No day of publication is given.")


@rule("pspo.consultees", f"{_ACT}, s.72(3) and (4)")
def consultees(draft: Draft) -> Iterator[Said]:
    """The chief officer of police and the local policing body are asked before it is decided."""
    if draft.record.stage not in _DECIDED:
        return
    asked = {row.consultee for row in draft.of("consultations")}
    who = Consultation.Consultee
    missing = [str(one.label) for one in (who.POLICE, who.POLICING_BODY) if one not in asked]
    if missing:
        yield warn("consultations", f"Who must be consulted is not written down as asked: {'; '.join(missing)}.")


@rule("pspo.penalty", f"{_ACT}, s.68(6)")
def penalty(draft: Draft) -> Iterator[Said]:
    """The fixed penalty that the order names is one that the law allows."""
    order = draft.record
    days = [order.first_day, *(row.starts_on for row in extensions(draft.of("variations")))]
    # Where the law changes while an order holds, its penalty may follow.
    if order.last_day is not None and order.stage == Stage.IN_FORCE:
        days.append(max(order.first_day, min(draft.today, order.last_day)))
    limits = [most for day in days if (most := draft.law.number("fpn", "pspo-max", on=day)) is not None]
    if order.penalty is not None and limits and order.penalty > max(limits):
        yield block("penalty", f"A fixed penalty is at most {pounds(max(limits))}.")
    if order.penalty is not None and order.penalty_early is not None and order.penalty_early > order.penalty:
        yield block("penalty_early", f"Paid early, it cannot be more than {pounds(order.penalty)}.")


# --- What its reader should know ----------------------------------------------------------------------------------


@rule("pspo.challenge", f"{_ACT}, s.66")
def challenge(draft: Draft) -> Iterator[Said]:
    """Until when it can be challenged in the High Court: from the day on which it was made, extended or varied."""
    order = draft.record
    if order.stage not in _DECIDED:
        return
    made = [
        day for day in (order.sealed_on or order.decided_on, *(row.decided_on for row in draft.of("variations"))) if day
    ]
    latest = max((day for day in made if day <= draft.today), default=None)
    last = challenge_until(draft.law, latest)
    if last and draft.today <= last:
        yield show(
            "decided_on",
            f"It can be challenged in the High Court until {day_name(last)}: {left_words(last, draft.today)}.",
        )


def challenge_until(law: Law, made: date | None) -> date | None:
    """The last day for a challenge of what was made on a day; None = not known."""
    weeks = law.whole("pspo", "challenge", on=made) if made else None
    return made + timedelta(weeks=weeks, days=-1) if made and weeks else None


@rule("pspo.expiry", f"{_ACT}, s.60")
def expiry(draft: Draft) -> Iterator[Said]:
    order = draft.record
    if order.stage != Stage.IN_FORCE or order.last_day is None:
        return
    if order.last_day < draft.today:
        yield show("ends", f"It ran out with {day_name(order.last_day)}: to go on, a new order is needed.")
    elif order.first_day <= draft.today:
        yield show("ends", f"Its last day is {day_name(order.last_day)}: {left_words(order.last_day, draft.today)}.")


@rule("pspo.no-area", f"{_ACT}, s.59(4): the restricted area")
def no_area(draft: Draft) -> Iterator[Said]:
    if draft.record.stage in _DECIDED and draft.zone is None:
        yield show("zone", "Its area is not drawn: whether actions were taken inside it cannot be checked.")


@rule("pspo.signs", "SI 2014/2591, reg 3(b)")
def signs(draft: Draft) -> Iterator[Said]:
    if draft.record.stage != Stage.IN_FORCE:
        return
    bad = [row.location for row in draft.of("signs") if row.is_ok is False]
    if bad:
        count = "1 sign does" if len(bad) == 1 else f"{len(bad)} signs do"
        yield show("signs", f"{count} not stand or cannot be read: {'; '.join(bad)}.")
    if not draft.of("signs"):
        yield show("signs", "No sign is written down: notices must stand at or near the place.")


@rule("pspo.amounts", f"{_ACT}, s.68")
def amounts(draft: Draft) -> Iterator[Said]:
    order = draft.record
    if order.stage not in _DECIDED or order.penalty is None:
        return
    days = draft.law.whole("fpn", "pay-days", on=order.first_day)
    within = f" within {plural(days, 'day')}" if days else ""
    yield show("penalty", f"A fixed penalty is {pounds(order.penalty)}{within}{_early(order)}.")


def _early(order: Any) -> str:
    amount: Decimal | None = order.penalty_early
    if amount is None or not order.penalty_early_days:
        return ""
    return f", {pounds(amount)} if it is paid within {plural(order.penalty_early_days, 'day')}"


def _limit(law: Law, order: Any, first: date) -> tuple[str, date | None]:
    """How long a term from a day may last, in words, and its last day at the latest; None = no verified limit."""
    if order.is_expedited:
        months = law.whole("pspo", "expedited-max", on=first)
        return (plural(months, "month"), last_day_of(first, months=months)) if months else ("", None)
    years = law.whole("pspo", "max", on=first)
    return (plural(years, "year"), last_day_of(first, years=years)) if years else ("", None)


RULES = (
    *(condition_numbers, term, extension_follows, extended_late, dates),
    *(no_conditions, unpublished, consultees, penalty, challenge, expiry, no_area, signs, amounts),
)
