"""The questions that `visible_to` asks stay fast among 50,000 records."""

from __future__ import annotations

import random
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.db import connection

from interventions.models import Intervention
from partners.visibility import Viewer
from tests.partners.sharing import DAY, NOON, agency, agreement, person

ROWS = 50_000
# Several times what a quiet machine takes; a question that reads whole tables takes longer.
SLOWEST_SECONDS = 0.5


@pytest.mark.slow
@pytest.mark.django_db
def test_50_000_records(capsys: Any) -> None:
    draw = random.Random(4)
    agencies = [agency() for _ in range(20)]
    partner = agency()
    for number, one in enumerate(agencies[:10]):
        agreement(
            one,
            partner,
            withheld_fields=["intervention.contact"] if number % 2 else [],
            area_codes=[f"W{number}"],
            valid_until=NOON + 20_000 * DAY,
        )
    wards = [f"W{number}" for number in range(20)]
    Intervention.objects.bulk_create(
        Intervention(
            owner=draw.choice(agencies),
            title=f"Patrol {number}",
            contact="Anna",
            details="Walked through the market and spoke to shops",
            kind="patrol",
            strand="protect",
            starts=NOON - timedelta(minutes=number),
            ends=NOON,
            area_codes=draw.sample(wards, 2),
        )
        for number in range(ROWS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    readers = {
        "owner": person(agencies[0]),
        "owner of two wards": person(agencies[0], "snt-lead", wards[:2]),
        "partner of ten": person(partner, "manager"),
        "stranger": person(agency()),
    }
    took: dict[str, float] = {}
    for name, user in readers.items():
        seen = Intervention.objects.visible_to(Viewer.of_user(user))
        questions = {
            "newest 50": lambda seen=seen: list(seen.order_by("-starts", "-pk")[:50]),
            "count": lambda seen=seen: seen.count(),
            "search": lambda seen=seen: list(seen.matching("market anna").order_by("-starts", "-pk")[:50]),
        }
        for question, ask in questions.items():
            ask()
            start = perf_counter()
            ask()
            took[f"{name}: {question}"] = perf_counter() - start
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {1000 * seconds:.1f} ms" for name, seconds in took.items()))
    slow = {name: seconds for name, seconds in took.items() if seconds > SLOWEST_SECONDS}
    assert slow == {}
