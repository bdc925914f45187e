"""Rules of dispersals: section 34 authorisations and section 35 directions. Both count hours as time goes by, whatever
the clocks do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import shapely
from shapely.geometry import shape

from hotspots.calc.metres import area_m2, grown
from hotspots.models import Boundary
from hotspots.words import day_name
from interventions.calc.clock import clock
from interventions.drafts import Draft, zone_of
from interventions.law.common import no_name
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import is_younger, moment_words, span_words
from interventions.models import DispersalAuthorisation, DispersalDirection, Intervention
from partners.models import Agency
from partners.roles import Role
from partners.visibility import Viewer

_Rank = DispersalAuthorisation.Rank
_Band = DispersalDirection.AgeBand
# What of a ward must lie in a zone to call it the whole ward: edges are drawn by hand.
_WHOLE = 0.9
# Metres that a line drawn by hand may lie beside another.
_SLACK = 5
# Read around the start of an authorisation; what counts is then set by the parameter.
_MOST_DAYS = 400


def _day(draft: Draft) -> date:
    day: date = draft.record.first_day
    return day


@rule("dispersal.too-long", "2014 Act, s.34(1)")
def too_long(draft: Draft) -> Iterator[Said]:
    """An authorisation lasts so many hours at most."""
    one = draft.record
    most = draft.law.whole("dispersal", "authorisation-max", _day(draft))
    if one.ends == one.starts and one.cancelled_from is None:
        yield block("ends", "The authorisation lasts no time: give when it ends.")
    elif most is not None and one.ends - one.starts > timedelta(hours=most):
        latest = one.starts + timedelta(hours=most)
        yield block(
            "ends",
            f"An authorisation lasts at most {most} hours: it could run until {moment_words(latest)} at the latest.",
        )


@rule("dispersal.rank", "2014 Act, s.34(1)")
def rank(draft: Draft) -> Iterator[Said]:
    """Only an inspector, or somebody above, may authorise."""
    if draft.record.authorised_rank in (_Rank.CONSTABLE, _Rank.SERGEANT):
        said = draft.record.get_authorised_rank_display().lower()
        yield block("authorised_rank", f"An inspector or above authorises dispersals; a {said} cannot.")


@rule("dispersal.grounds", "2014 Act, s.34(4)")
def grounds(draft: Draft) -> Iterator[Said]:
    """The grounds stand in the authorisation."""
    if not draft.record.grounds.strip():
        yield block("grounds", "Write the grounds: an authorisation must give them in writing.")


@rule("dispersal.area", "2014 Act, s.34(1)")
def area(draft: Draft) -> Iterator[Said]:
    """An authorisation names a locality."""
    if draft.zone is None:
        yield block("zone", "Draw the area: an authorisation holds in the locality that it names, and nowhere else.")


@rule("dispersal.large-area", "The minimum area necessary (practice)")
def large_area(draft: Draft) -> Iterator[Said]:
    """A large locality, or a whole ward, needs explaining."""
    if draft.zone is None:
        return
    for name in draft.known.get("whole_wards", []):
        yield warn("zone", f"The area takes in all of {name}. Say why no less would do.")
        return
    most = draft.law.number("dispersal", "large-area", _day(draft))
    size = area_m2(draft.zone) / 1_000_000
    if most is not None and size > most:
        yield warn("zone", f"The area has {size:.1f} square kilometres, more than {most:g}. Say why no less would do.")


@rule("dispersal.serial", "Repeated authorisations of one place (practice)")
def serial(draft: Draft) -> Iterator[Said]:
    """One authorisation after the other at a place is a problem that wants solving."""
    count = draft.law.whole("dispersal", "serial-count", _day(draft))
    days = draft.law.whole("dispersal", "serial-days", _day(draft))
    if count is None or days is None:
        return
    since = draft.record.starts - timedelta(days=days)
    here = 1 + sum(since < starts <= draft.record.starts for starts in draft.known.get("others_here", []))
    if here >= count:
        yield warn(
            "zone",
            f"This is authorisation number {here} in {days} days at this place. Begin a problem-solving plan for it, "
            "or say which one it has, or why it has none.",
        )


@rule("dispersal.rights", "2014 Act, s.34(3)")
def rights(draft: Draft) -> Iterator[Said]:
    """Particular regard to articles 10 and 11."""
    if not draft.record.rights_considered:
        yield warn(
            "rights_considered",
            "Freedom of expression and of assembly (articles 10 and 11) must be considered; nothing says they were.",
        )


@rule("dispersal.ended-early", "2014 Act, s.34")
def ended_early(draft: Draft) -> Iterator[Said]:
    """It can be ended early only while it runs."""
    one = draft.record
    if one.cancelled_from is not None and not one.starts <= one.cancelled_from <= one.ends:
        yield block("cancelled_from", "It was ended early, so at a time from its start to its end.")


@rule("dispersal.running", "2014 Act, s.34")
def running(draft: Draft) -> Iterator[Said]:
    """How long it still holds."""
    one = draft.record
    if draft.now < one.starts:
        yield show("starts", f"It begins in {span_words(one.starts - draft.now)}, at {moment_words(one.starts)}.")
    elif draft.now < one.ends:
        yield show("ends", f"It holds until {moment_words(one.ends)}: {span_words(one.ends - draft.now)} left.")
    elif one.cancelled_from is not None:
        yield show("cancelled_from", f"It was ended early, at {moment_words(one.cancelled_from)}.")
    else:
        yield show("ends", f"It ended at {moment_words(one.ends)}.")


AUTHORISATION = (too_long, rank, grounds, area, large_area, serial, rights, ended_early, running)


def complete_authorisation(draft: Draft) -> None:
    """A title where none was given; the end, where it was ended early."""
    one = draft.record
    if not one.title:
        one.title = f"Dispersal authorisation from {moment_words(one.starts)}"
    if one.cancelled_from is not None and one.ends is not None and one.starts <= one.cancelled_from <= one.ends:
        one.ends = one.cancelled_from


def look_up_authorisations(drafts: Sequence[Draft]) -> None:
    """The starts of other authorisations at each place that its owner knows of, and the wards it takes in whole."""
    by_owner: dict[Agency, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_owner[draft.owner].append(draft)
    for owner, of_owner in by_owner.items():
        _others(owner, of_owner)
    wards = {ward.pk for draft in drafts for ward in draft.wards}
    found = Boundary.objects.published().filter(area__in=wards, valid_to=None)
    shapes = {one.area_id: shape(one.outline) for one in found}
    for draft in drafts:
        zone = draft.zone
        if zone is not None:
            draft.known["whole_wards"] = [
                ward.name for ward in draft.wards if ward.pk in shapes and _covers(zone, shapes[ward.pk])
            ]


def _covers(zone: shapely.Geometry, ward: shapely.Geometry) -> bool:
    return bool(zone.intersection(ward).area >= _WHOLE * ward.area)


def _others(owner: Agency, drafts: Sequence[Draft]) -> None:
    """Those that the owner sees, and those of the same import whether or not they are kept yet."""
    starts = [draft.record.starts for draft in drafts]
    kept = (
        Intervention.objects.visible_to(Viewer.of_agency(owner, Role.VIEWER))
        .filter(kind=Intervention.Kind.DISPERSAL, starts__lte=max(starts))
        .filter(starts__gt=min(starts) - timedelta(days=_MOST_DAYS))
        .exclude(status=Intervention.Status.CANCELLED)
        .prefetch_related("hotspots")
    )
    found = [(one.pk, one.starts, zone_of(one), {place.pk for place in one.hotspots.all()}) for one in kept]
    found += [(id(one), one.record.starts, one.zone, _places(one)) for one in drafts if one.record.pk is None]
    at_place: dict[int, set[int]] = defaultdict(set)
    for number, (_, _, _, places) in enumerate(found):
        for pk in places:
            at_place[pk].add(number)
    zones = shapely.STRtree([zone for _, _, zone, _ in found])
    for draft in drafts:
        here = set() if draft.zone is None else {int(at) for at in zones.query(draft.zone, predicate="intersects")}
        here = here.union(*(at_place[pk] for pk in _places(draft)))
        itself = draft.record.pk or id(draft)
        draft.known["others_here"] = [found[at][1] for at in here if found[at][0] != itself]


def same_place(zone: shapely.Geometry | None, places: set[int], other: Intervention) -> bool:
    """Whether another authorisation is for the same place: a hotspot in common, or zones that overlap."""
    if places & {place.pk for place in other.hotspots.all()}:
        return True
    theirs = zone_of(other)
    return zone is not None and theirs is not None and zone.intersects(theirs)


def _places(draft: Draft) -> set[int]:
    return {place.pk for place in draft.hotspots}


# --- Directions ---------------------------------------------------------------------------------------------------


def look_up_directions(drafts: Sequence[Draft]) -> None:
    """The ground of each authorisation, once for all directions under it. No query."""
    near: dict[int, shapely.Geometry | None] = {}
    for draft in drafts:
        under = draft.record.authorisation
        if under.pk not in near:
            near[under.pk] = _near(under)
        draft.known["near"] = near[under.pk]


def _near(authorisation: DispersalAuthorisation) -> shapely.Geometry | None:
    """The ground of an authorisation and a little around it; None = none was drawn."""
    zone = zone_of(authorisation)
    if zone is None:
        return None
    found = grown(zone, _SLACK)
    shapely.prepare(found)
    return found


@rule("direction.period", "2014 Act, s.35(1)")
def period(draft: Draft) -> Iterator[Said]:
    """It is given while an authorisation holds; it may run past it (begun in its last minute, it is lawful)."""
    one, under = draft.record, draft.record.authorisation
    if under.status == Intervention.Status.CANCELLED:
        yield block("authorisation", "This authorisation never took effect, so no direction can be given under it.")
    elif one.starts < under.starts:
        yield block("starts", f"The authorisation began only at {moment_words(under.starts)}: no direction before it.")
    elif one.starts >= under.ends:
        how = "was ended early" if under.cancelled_from else "was over"
        yield block("starts", f"The authorisation {how} at {moment_words(under.ends)}: no direction from then on.")


@rule("direction.place", "2014 Act, s.35(1) and (5)")
def place(draft: Draft) -> Iterator[Said]:
    """It is given in the locality of the authorisation, and keeps out of it or a part of it."""
    near = draft.known.get("near") or _near(draft.record.authorisation)
    if near is None:
        return
    if draft.point is not None and not near.covers(draft.point):
        yield block("point", "The point lies outside the area of the authorisation.")
    if draft.zone is not None and not near.covers(draft.zone):
        yield block("zone", "The area reaches beyond that of the authorisation: a direction holds within it.")


@rule("direction.too-long", "2014 Act, s.35(4)")
def direction_too_long(draft: Draft) -> Iterator[Said]:
    """Nobody is kept out for longer, counted from when it was first given."""
    one = draft.record
    most = draft.law.whole("dispersal", "direction-max", _day(draft))
    if one.ends == one.starts:
        yield block("ends", "The direction lasts no time: give until when the person must not return.")
    elif most is not None and one.ends - one.starts > timedelta(hours=most):
        latest = one.starts + timedelta(hours=most)
        yield block(
            "ends",
            f"A direction keeps somebody out for at most {most} hours from when it was first given: until "
            f"{moment_words(latest)} at the latest.",
        )


@rule("direction.age", "2014 Act, s.35(1)")
def age(draft: Draft) -> Iterator[Said]:
    """It is given to a person who is old enough."""
    youngest = draft.law.whole("dispersal", "youngest", _day(draft))
    if draft.record.age_band == _Band.BODY:
        yield block("age_band", "A direction is given to a person, not to a body.")
    elif is_younger(draft.record.age_band, youngest):
        yield block("age_band", f"A direction can be given only to somebody of {youngest} or older.")


@rule("direction.written", "2014 Act, s.35(5)")
def written(draft: Draft) -> Iterator[Said]:
    """In writing, unless that is not reasonably practicable."""
    if not draft.record.is_written:
        yield warn("is_written", "It was not given in writing, as it must be unless that was impracticable. Say why.")


@rule("direction.told", "2014 Act, s.35(5)")
def told(draft: Draft) -> Iterator[Said]:
    """The person is told that failing to comply is an offence."""
    if not draft.record.told_offence:
        yield warn("told_offence", "The person was not told that not to comply is an offence. Say why.")


@rule("direction.under-16", "2014 Act, s.35(7)")
def under_16(draft: Draft) -> Iterator[Said]:
    """Somebody under 16 may be taken home or to a place of safety: what was done is written down."""
    if draft.record.age_band == _Band.FROM_10 and not draft.record.under_16_action:
        yield warn("under_16_action", "Say where somebody under 16 was taken: home, or to a place of safety.")


@rule("direction.running", "2014 Act, s.35")
def direction_running(draft: Draft) -> Iterator[Said]:
    """Until when the person must keep away."""
    one = draft.record
    if draft.now < one.ends:
        yield show("ends", f"Must not return until {moment_words(one.ends)}: {span_words(one.ends - draft.now)} left.")
    else:
        yield show("ends", f"The direction ended at {moment_words(one.ends)}.")


DIRECTION = (no_name, period, place, direction_too_long, age, written, told, under_16, direction_running)


def complete_direction(draft: Draft) -> None:
    """A title where none was given; the area of the authorisation, where it keeps out of all of it."""
    one = draft.record
    if not one.title and one.ends is not None:
        one.title = f"Direction to leave until {moment_words(one.ends)}"
    if one.zone is None and one.authorisation.zone is not None:
        for name in ("zone", "west", "south", "east", "north"):
            setattr(one, name, getattr(one.authorisation, name))


# --- How they stand -----------------------------------------------------------------------------------------------


def state_of(record: Any, day: date) -> tuple[str, str]:
    """How an authorisation or direction stands on a day; on its last day the time decides, which is said."""
    if record.status == Intervention.Status.CANCELLED:
        return "Never took effect", "grey"
    if day < record.first_day:
        return f"From {moment_words(record.starts)}", "light-blue"
    if day > record.last_day:
        return f"Ended on {day_name(record.last_day)}", "grey"
    if day < record.last_day:
        return f"Until {moment_words(record.ends)}", "green"
    return f"Until {clock(record.ends)}, {day_name(day)}", "yellow"


def status_of(record: Any) -> str:
    """An authorisation or direction that is written down was made, unless it was ended before it began."""
    cancelled = getattr(record, "cancelled_from", None)
    never = cancelled is not None and cancelled <= record.starts
    return Intervention.Status.CANCELLED if never else Intervention.Status.DONE
