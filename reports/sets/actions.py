"""What people do with searches for hotspots: keep one as a set, and make one of its LSOAs a place of the register."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hotspots.models import Hotspot
from hotspots.register import actions as register
from partners import audit
from partners.actions.rights import check_readers
from partners.models import Agency
from partners.refusals import Refused, checked_text
from partners.roles import Permission
from partners.visibility import Viewer
from reports import finding
from reports.calc import concentration
from reports.finding import Asked
from reports.models import Candidate, CandidateSet, RepeatLocation
from reports.queries import data_version

LONGEST_NAME = 100
PROMPT = {
    "equality_people": "Say who lives, works and spends time here.",
    "equality_balance": "Say what mix of support and enforcement is meant.",
    "equality_other": "Say what else could explain the figures.",
}


@transaction.atomic
def save_set(*, by: Viewer, owner: Agency, name: str, asked: Asked, marking: str, audience: str) -> CandidateSet:
    """Searches, and keeps all that was found, with the very files that were counted.

    Raises Refused where it is not this person's to keep, nothing can be ranked, or figures were loaded meanwhile;
    NoShapes as `finding.find`.
    """
    if not by.may(Permission.CHANGE, agency=owner.pk, area=[asked.borough.code]):
        raise Refused("owner", "You can keep sets only for an agency whose records you may change, in its areas.")
    name = _name(name)
    check_readers(by, owner, marking, audience, "set")
    version = data_version()
    found = finding.find(asked)
    if not found.spots:
        raise Refused("name", "Nothing could be ranked in these months, so there is nothing to keep.")
    if data_version() != version:
        raise Refused("name", "New figures were loaded just now. Look at the search again, then save it.")
    counts = found.counts
    kept = CandidateSet.objects.create(
        owner=owner,
        marking=marking,
        audience=audience,
        area_codes=[asked.borough.code],
        created_by=by.user,
        changed_by=by.user,
        name=name,
        borough_id=asked.borough.pk,
        categories=list(asked.slugs),
        first_month=asked.window[0],
        last_month=asked.last,
        left_out=list(found.left_out),
        method=finding.METHOD,
        alpha=finding.ALPHA,
        data_version=version,
        gini=concentration.gini(counts),
        generalised_gini=concentration.generalised_gini(counts),
    )
    kept.slices.set(found.files)
    Candidate.objects.bulk_create(
        Candidate(
            candidate_set=kept,
            rank=spot.rank,
            lsoa_code=spot.code,
            name=spot.name,
            ward_name=spot.ward_name,
            square_metres=spot.square_metres,
            count=spot.count,
            low=spot.low,
            high=spot.high,
            z=spot.z,
            p=spot.p,
            is_hot=spot.is_hot,
            hot_class=spot.hot_class,
            quarters=list(spot.quarters),
        )
        for spot in found.spots
    )
    RepeatLocation.objects.bulk_create(
        RepeatLocation(
            candidate_set=kept,
            rank=rank,
            longitude=point.longitude,
            latitude=point.latitude,
            street=point.street[:200],
            count=point.count,
            months_active=point.months_active,
        )
        for rank, point in enumerate(found.repeat, start=1)
    )
    audit.created(kept, by=by)
    return kept


@transaction.atomic
def promote(
    *,
    by: Viewer,
    owner: Agency,
    content: register.Content,
    drawn: register.Drawn,
    valid_from: date,
    candidate: Candidate | None = None,
) -> Hotspot:
    """Makes a place of the register of an LSOA that a search found. `candidate` remembers it, where it is of a set that
    the person may change and is nothing yet.

    The equality prompt must be answered. Raises Refused as `register.add_hotspot` does.
    """
    for name, sentence in PROMPT.items():
        if not getattr(content, name).strip():
            raise Refused(name, sentence)
    record = register.add_hotspot(by=by, owner=owner, content=content, drawn=drawn, valid_from=valid_from)
    if candidate is not None:
        _remember(by, candidate, record)
    return record


def _remember(by: Viewer, candidate: Candidate, record: Hotspot) -> None:
    kept = CandidateSet.objects.changeable_by(by).filter(pk=candidate.candidate_set_id).first()
    # Where it has become one already, that one stays.
    if kept is None or not Candidate.objects.filter(pk=candidate.pk, hotspot=None).update(hotspot=record):
        return
    audit.write("candidate-set.promoted", by=by, about=[kept, record], after={"rank": candidate.rank})


def _name(text: str) -> str:
    name = checked_text("name", text, LONGEST_NAME, one_line=True)
    if not name:
        raise Refused("name", "Give the set a name, such as “Burglary, summer 2026”.")
    return name
