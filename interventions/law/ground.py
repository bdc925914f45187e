"""Rules of work on the ground and with people: what is counted adds up, and nobody is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from hotspots.words import day_name, plural
from interventions.drafts import Draft
from interventions.law.common import looks_like_a_name
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import left_words, moment_words
from interventions.models import Intervention, LicensingVisit, ReferralCount, SearchCount

_Status = Intervention.Status
_COUNTED = "Counts that add up"
_IN_ORDER = "Dates in their order"
_MINUTES_OF_A_DAY = 24 * 60
MOST_SEVERE = 5
# Fewer searches of one group than these may lead to somebody.
FEW = 5


def _before(draft: Draft, field: str, what: str) -> Iterator[Said]:
    """A day that comes after the record's first day does not lie before it."""
    day = getattr(draft.record, field)
    if day is not None and day < draft.record.first_day:
        yield block(field, f"{what} cannot be before {day_name(draft.record.first_day)}.")


# --- Patrols ------------------------------------------------------------------------------------------------------


def officer_minutes(stints: Sequence[Any]) -> int:
    """What was delivered: minutes times officers."""
    return sum(one.minutes * one.officers for one in stints)


@rule("patrol.stints", _IN_ORDER)
def stints(draft: Draft) -> Iterator[Said]:
    """Each stretch lies in the days of the patrol, is over a minute and under a day, and is not still to come."""
    record = draft.record
    for number, one in enumerate(draft.of("stints"), start=1):
        day = timezone.localtime(one.starts).date()
        if day < record.first_day or (record.last_day is not None and day > record.last_day):
            last = day_name(record.last_day) if record.last_day else "later"
            yield block(
                "stints",
                f"Stint {number} is on {day_name(day)}, outside the patrol, which is from "
                f"{day_name(record.first_day)} to {last}.",
            )
        if one.starts > draft.now:
            yield block("stints", f"Stint {number} begins at {moment_words(one.starts)}: it is not delivered yet.")
        if not 1 <= one.minutes <= _MINUTES_OF_A_DAY:
            yield block("stints", f"Stint {number} lasts from 1 to {_MINUTES_OF_A_DAY:,} minutes.")
        if one.officers < 1:
            yield block("stints", f"Stint {number} needs at least one officer.")


@rule("patrol.no-name", "Patrols are delivered by agencies, never by named officers")
def no_officer(draft: Draft) -> Iterator[Said]:
    for number, one in enumerate(draft.of("stints"), start=1):
        if looks_like_a_name(one.note):
            yield warn("stints", f"What was done in stint {number} looks like a name. Officers are never named here.")


@rule("patrol.delivered", "Minutes times officers, of all stints")
def delivered(draft: Draft) -> Iterator[Said]:
    """How much of the plan was delivered."""
    done, planned = officer_minutes(draft.of("stints")), draft.record.planned_minutes
    over = draft.record.ends is not None and draft.record.ends <= draft.now
    if not planned:
        if done:
            yield show("planned_minutes", f"{done:,} officer-minutes were delivered. None were planned.")
    elif done or (over and draft.record.status != _Status.CANCELLED):
        yield show("planned_minutes", f"{delivered_words(done, planned)}.")


def delivered_words(done: int, planned: int) -> str:
    """ "340 of 480 planned officer-minutes were delivered (71%)"."""
    if not done:
        return f"Nothing of {planned:,} planned officer-minutes is written down as delivered"
    share = 100 * done / planned
    return f"{done:,} of {planned:,} planned officer-minutes were delivered ({share:.0f}%)"


# --- Licensing visits ---------------------------------------------------------------------------------------------


def premises_key(licence_number: str, premises_name: str) -> str:
    """By what visits to the same premises are known: the licence's number, or the name; "" = neither is said."""
    return "".join((licence_number or premises_name).split()).upper()


def of_premises(visit: Any) -> str:
    return premises_key(visit.licence_number, visit.premises_name)


def look_up(drafts: Sequence[Draft]) -> None:
    """Whether the owner was at the same premises after the visit. One query."""
    due = {of_premises(draft.record) for draft in drafts if draft.record.follow_up_on}
    visits: dict[tuple[int, str], list[Any]] = defaultdict(list)
    if due:
        owners = {draft.owner.pk for draft in drafts}
        rows = LicensingVisit._base_manager.filter(owner__in=owners, status=_Status.DONE)
        for owner, number, name, starts in rows.values_list("owner_id", "licence_number", "premises_name", "starts"):
            visits[owner, premises_key(number, name)].append(starts)
    for draft in drafts:
        its = of_premises(draft.record)
        later = visits[draft.owner.pk, its] if its else []
        draft.known["was_there_again"] = any(start > draft.record.starts for start in later)


@rule("licensing.swabs", _COUNTED)
def swabs(draft: Draft) -> Iterator[Said]:
    for one in draft.of("swabs"):
        if one.positive > one.taken:
            yield block("swabs", f"{one.spot}: {one.positive} positive of {one.taken} swabs taken cannot be.")


@rule("licensing.purchases", _COUNTED)
def purchases(draft: Draft) -> Iterator[Said]:
    """Sales are some of the purchases that were tried."""
    one = draft.record
    if one.sales_made and one.sales_attempted is None:
        yield block("sales_attempted", "Say how many test purchases were tried.")
    elif one.sales_made and one.sales_made > one.sales_attempted:
        yield block(
            "sales_made", f"{plural(one.sales_made, 'sale')} in {one.sales_attempted} test purchases cannot be."
        )
    is_purchase = one.kind == Intervention.Kind.TEST_PURCHASE or one.sort == LicensingVisit.Sort.PURCHASE
    if is_purchase and one.status == _Status.DONE and one.sales_attempted is None and not one.sales_made:
        yield warn("sales_attempted", "A test purchase was done, and it is not said how many were tried.")


@rule("licensing.uprn", "A Unique Property Reference Number has up to 12 digits")
def uprn(draft: Draft) -> Iterator[Said]:
    said = draft.record.uprn
    if said and not (said.isascii() and said.isdigit()):
        yield block("uprn", "A UPRN has up to 12 digits, and nothing else.")


@rule("licensing.follow-up", _IN_ORDER)
def follow_up(draft: Draft) -> Iterator[Said]:
    """A follow-up comes after the visit; it is due until somebody was there again."""
    due = draft.record.follow_up_on
    yield from _before(draft, "follow_up_on", "The follow-up")
    if due is None or draft.record.status != _Status.DONE or draft.known.get("was_there_again"):
        return
    if due < draft.today:
        yield show("follow_up_on", f"The follow-up was due on {day_name(due)}, and no visit after this one is known.")
    else:
        yield show("follow_up_on", f"The follow-up is due on {day_name(due)}: {left_words(due, draft.today)}.")


# --- Stop and search ----------------------------------------------------------------------------------------------


@rule("searches.of-them", _COUNTED)
def of_them(draft: Draft) -> Iterator[Said]:
    """What came of searches is no more than there were."""
    one = draft.record
    parts = {
        "found": "searches that found something",
        "found_object": "searches that found what was searched for",
        "no_action": "searches without further action",
        "arrests": "arrests",
        "strip_searches": "searches of more than outer clothing",
    }
    for name, words in parts.items():
        count = getattr(one, name)
        if count is not None and count > one.searches:
            yield block(name, f"{count:,} {words} cannot be of {one.searches:,} searches.")
    if one.found is not None and one.found_object is not None and one.found_object > one.found:
        yield block("found_object", f"What was searched for is something: at most {one.found:,} searches found it.")


@rule("searches.sums", _COUNTED)
def sums(draft: Draft) -> Iterator[Said]:
    """Each way to count the searches comes to all of them, and has each line once."""
    rows, total = draft.of("counts"), draft.record.searches
    for (dimension, value), times in Counter((one.dimension, one.value.casefold()) for one in rows).items():
        if times > 1:
            label = SearchCount.Dimension(dimension).label
            yield block("counts", f"{label}: “{value}” stands there {times} times. Give one line for each.")
    counted: dict[str, int] = defaultdict(int)
    for one in rows:
        counted[one.dimension] += one.count
    off = [
        f"by {SearchCount.Dimension(dimension).label.lower()} {count:,}"
        for dimension, count in counted.items()
        if count != total
    ]
    if off:
        yield warn(
            "counts", f"There are {total:,} searches, but {' and '.join(off)}. Give “Not stated” a line as well."
        )


@rule("searches.few", "Small counts may lead to a person (UK GDPR, article 4(1))")
def few(draft: Draft) -> Iterator[Said]:
    """What everybody may read has no small groups."""
    small = any(0 < one.count < FEW for one in draft.of("counts"))
    if small and draft.record.audience == Intervention.Audience.EVERYONE:
        yield warn("counts", f"Some counts are under {FEW}, and everybody who signs in may read them.")


@rule("searches.possession", "Possession is an offence that searching finds")
def possession(draft: Draft) -> Iterator[Said]:
    if draft.record.searches and draft.record.status == _Status.DONE:
        yield show(
            "searches",
            "Searches find possession: where searches rise, recorded possession of drugs rises too, and need not mean "
            "that more people take drugs.",
        )


# --- Walks --------------------------------------------------------------------------------------------------------


@rule("walk.observations", _IN_ORDER)
def observations(draft: Draft) -> Iterator[Said]:
    """Severities from 1 to 5; what is mended is mended after the walk, and not in the future."""
    first = draft.record.first_day
    for one in draft.of("observations"):
        if not 1 <= one.severity <= MOST_SEVERE:
            yield block("observations", f"“{one}”: the severity is from 1 to {MOST_SEVERE}.")
        if one.done_on and one.done_on < first:
            yield block("observations", f"“{one}”: it cannot be done before the walk of {day_name(first)}.")
        elif one.done_on and one.done_on > draft.today:
            yield block("observations", f"“{one}”: it cannot be done on a day that is still to come.")
        if one.due_on and one.due_on < first:
            yield block("observations", f"“{one}”: it cannot be due before the walk of {day_name(first)}.")
        if (one.longitude is None) != (one.latitude is None):
            yield block("observations", f"“{one}”: give both the latitude and the longitude, or neither.")


@rule("walk.overdue", "Days by which observations are mended")
def overdue(draft: Draft) -> Iterator[Said]:
    late = [one for one in draft.of("observations") if is_overdue(one, draft.today)]
    if late:
        yield show("observations", f"{plural(len(late), 'observation is', 'observations are')} overdue.")


def is_overdue(observation: Any, today: Any) -> bool:
    """Whether it was to be mended by now, and was not."""
    return bool(observation.due_on and observation.due_on < today and not observation.done_on)


@rule("walk.repeat", _IN_ORDER)
def repeat(draft: Draft) -> Iterator[Said]:
    due = draft.record.repeat_on
    yield from _before(draft, "repeat_on", "The next walk")
    if due is None or draft.record.status != _Status.DONE:
        return
    if due < draft.today:
        yield show("repeat_on", f"The next walk was due on {day_name(due)}.")
    elif due - draft.today <= timedelta(days=30):
        yield show("repeat_on", f"The next walk is due on {day_name(due)}: {left_words(due, draft.today)}.")


# --- People and partners ------------------------------------------------------------------------------------------


@rule("build.reach", _COUNTED)
def reach(draft: Draft) -> Iterator[Said]:
    """People of whom something is counted are some of those who were reached."""
    one = draft.record
    if one.people_reached is None:
        return
    parts = {
        "new_contacts": "met for the first time",
        "referred": "referred on",
        "entered_treatment": "entered treatment",
        "housed": "found somewhere to live",
    }
    for name, words in parts.items():
        count = getattr(one, name)
        if count is not None and count > one.people_reached:
            yield warn(name, f"{count:,} people {words}, but only {one.people_reached:,} were reached.")


@rule("joint.next", _IN_ORDER)
def next_on(draft: Draft) -> Iterator[Said]:
    yield from _before(draft, "next_on", "The next one")


@rule("referrals.once", "Referrals are counted by scheme; cases stay in the scheme’s own system")
def once(draft: Draft) -> Iterator[Said]:
    rows = draft.of("counts")
    for scheme, times in Counter(one.scheme for one in rows).items():
        if times > 1:
            label = ReferralCount.Scheme(scheme).label
            yield block("counts", f"{label} stands there {times} times: give one line for each scheme.")


PATROL = (stints, no_officer, delivered)
LICENSING = (swabs, purchases, uprn, follow_up)
SEARCHES = (of_them, sums, few, possession)
WALK = (observations, overdue, repeat)
BUILD = (reach,)
JOINT = (next_on,)
REFERRALS = (once,)
