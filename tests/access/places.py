"""The owner's places in the world of the table: one that partners are given in part, a covert and a sensitive one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from hotspots.models import (
    Area,
    Category,
    ComparisonPlace,
    GateDecision,
    GateQuestion,
    Hotspot,
    HotspotDocument,
    PhasePeriod,
    ReentryAlert,
    ReentryTrigger,
)
from hotspots.register.boundaries import in_force
from partners.models import Agency, User, Webhook, WebhookDelivery
from partners.roles import Marking
from partners.visibility import Viewer
from reports.models import Candidate, CandidateSet, PlaceCount, PlaceRecount, RepeatLocation
from tests.factories import COMPLETE, make_place

# West, south, east, north: of the world's ward, and of what is drawn in it.
WARD = (0.18, 51.58, 0.25, 51.63)
MONTHS = [date(2016 + index // 12, index % 12 + 1, 1) for index in range(24)]


def build(things: dict[str, tuple[Any, ...]], owner: Agency, by: User, texts: Mapping[str, str]) -> None:
    """All rows; what addresses need goes into `things`."""
    place = _place(owner, by, texts)
    things |= {
        "/hotspots/": (place.pk, _phase(place, by, texts).pk),
        "/api/v1/hotspots/": (place.pk,),
        "/hotspots/gate-questions/": (GateQuestion.objects.create(phase="clear", text="A question?", position=9).pk,),
        "gate of clear": ("clear",),
        **_parts(place, by, texts),
        **_others(owner, by, texts),
        **_sets(owner, by, texts, place),
        **_webhook(owner, by, texts),
    }


def _place(owner: Agency, by: User, texts: Mapping[str, str], **said: Any) -> Hotspot:
    equality = dict.fromkeys(("equality_people", "equality_balance", "equality_other"), texts["equality"])
    place = make_place(
        owner,
        by=Viewer.of_user(by),
        **{
            "name": texts["place"],
            "public_name": "The parade",
            "objective": texts["place"],
            "identified_note": texts["place reasons"],
            "problems": ("burglary",),
            "review_on": timezone.localdate() - timedelta(days=3),
            "status": Hotspot.Status.ACTIVE,
            **equality,
            **said,
        },
    )
    for boundary in in_force([pk for pk in (place.area_id, place.ring_id) if pk], timezone.localdate()).values():
        _count(boundary.pk)
    return place


def _count(boundary: int) -> None:
    category = Category.objects.get(slug="burglary", scheme="police.uk")
    PlaceCount.objects.bulk_create(
        PlaceCount(boundary_id=boundary, category=category, month=month, count=12, low=9, high=15, coverage=COMPLETE)
        for month in MONTHS
    )
    PlaceRecount.objects.create(boundary_id=boundary)


def _phase(place: Hotspot, by: User, texts: Mapping[str, str]) -> PhasePeriod:
    today = timezone.localdate()
    period = PhasePeriod.objects.create(
        hotspot=place,
        phase="clear",
        starts=today - timedelta(days=90),
        planned_end=today - timedelta(days=2),
        objectives=texts["phase"],
        expectations=texts["phase"],
        lead=by,
        created_by=by,
        changed_by=by,
    )
    decision = GateDecision.objects.create(
        period=period,
        outcome="stay",
        decided_on=today - timedelta(days=20),
        data_version=1,
        recorded_by=by,
        **dict.fromkeys(("chair", "meeting", "reasons", "dissent"), texts["gate"]),
    )
    decision.answers.create(question=texts["gate"], position=1, answer="partly", evidence=texts["gate"])
    decision.evidence.create(
        name="months-below-baseline", position=1, value=3, sentence=texts["gate"], source=texts["gate"]
    )
    return period


def _parts(place: Hotspot, by: User, texts: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    document = HotspotDocument(hotspot=place, title=texts["document"], added_by=by)
    document.file.save("dossier.pdf", ContentFile(b"%PDF-1.7 " + texts["document"].encode()))
    comparison = ComparisonPlace.objects.create(
        hotspot=place,
        name=texts["comparison"],
        lsoa_codes=["E01000001"],
        level_ratio=0.9,
        trend_difference=1.2,
        mix_difference=0.1,
        reason=texts["comparison"],
        accepted_by=by,
    )
    trigger = ReentryTrigger.objects.create(hotspot=place, category="burglary", months=2, set_by=by)
    alert = ReentryAlert.objects.create(trigger=trigger, month=MONTHS[-1], sentence=texts["alert"])
    return {
        "place document": (place.pk, document.pk),
        "comparison": (place.pk, comparison.pk),
        "trigger": (place.pk, trigger.pk),
        "alert": (place.pk, alert.pk),
    }


def _others(owner: Agency, by: User, texts: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    """A covert place and a sensitive one, each with every text its own."""
    found = {}
    for name, said in (
        ("covert place", {"audience": "team"}),
        ("sensitive place", {"audience": "agency", "marking": Marking.SENSITIVE}),
    ):
        secrets = dict.fromkeys(texts, texts[name])
        place = _place(owner, by, secrets, public_name=texts[name], **said)
        found[name] = (place.pk, _phase(place, by, secrets).pk)
        _parts(place, by, secrets)
    return found


def _sets(owner: Agency, by: User, texts: Mapping[str, str], place: Hotspot) -> dict[str, tuple[Any, ...]]:
    found = {}
    for name, audience in (("set", "agreements"), ("covert set", "team")):
        made = CandidateSet.objects.create(
            owner=owner,
            name=texts[name],
            audience=audience,
            area_codes=place.area_codes,
            borough=Area.objects.get(kind=Area.Kind.BOROUGH, code__in=place.area_codes),
            categories=["burglary"],
            first_month=MONTHS[0],
            last_month=MONTHS[-1],
            method="1",
            alpha=0.05,
            data_version=1,
            created_by=by,
            changed_by=by,
        )
        said = texts["candidate" if name == "set" else name]
        Candidate.objects.create(
            candidate_set=made,
            rank=1,
            lsoa_code="E01000001",
            name=said,
            square_metres=90_000,
            count=41,
            low=29.4,
            high=55.6,
            z=3.1,
            p=0.001,
            is_hot=True,
            hot_class="new",
            hotspot=place,
        )
        RepeatLocation.objects.create(
            candidate_set=made, rank=1, longitude=0.21, latitude=51.6, street=said, count=20, months_active=11
        )
        found[name] = (made.pk, 1)
    return {**found, "/hotspots/sets/": found["set"], "/api/v1/candidate-sets/": found["set"]}


def _webhook(owner: Agency, by: User, texts: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    webhook = Webhook.objects.create(
        agency=owner, url=texts["webhook"], events=["phase.changed"], secret="", created_by=by
    )
    delivery = WebhookDelivery.objects.create(webhook=webhook, event="test", body={}, state="dead", next_attempt=None)
    return {"webhook": (owner.pk, webhook.pk, delivery.pk)}
