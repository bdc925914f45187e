"""Sending 10,000 PSPO actions at once by the API: the month of a busy partner, and more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.ground import TIMES, Report, timed

if TYPE_CHECKING:
    from partners.models import Agency

ROWS = 10_000
SECONDS = 10


def measure(report: Report) -> None:
    """10,000 rows with a fixed penalty in every tenth, all added; and the same with 300 bad rows, as a dry run."""
    from django.test import Client

    from partners.actions.keys import make_api_key
    from partners.roles import Scope

    agency, order, condition, ward = fill()
    _, key = make_api_key(agency=agency, name="Bulk", days=1, scopes=[Scope.RECORDS, Scope.WRITE])
    client = Client(headers={"Authorization": f"Bearer {key}", "Host": "localhost"})

    def post(sent: bytes, query: str, number: str) -> None:
        answer = client.generic(
            "POST",
            f"/api/v1/pspo-actions/bulk/{query}",
            sent,
            content_type="application/x-ndjson",
            headers={"Idempotency-Key": number},
        )
        assert answer.status_code == 200, answer.content[:500]

    def lines(turn: int, bad: int = 0) -> bytes:
        at = datetime.now(UTC) - timedelta(days=30)
        rows = []
        for number in range(ROWS):
            row: dict[str, Any] = {
                "order_id": order,
                "condition_id": condition,
                "action": "advice",
                "title": "Advice at the market",
                "starts": (at + timedelta(seconds=number)).isoformat(),
                "wards": [ward],
                "age_band": "25-34",
                "latitude": 51.5754,
                "longitude": 0.1827,
                "team": "Town centre team",
            }
            if number % 10 == 0:
                row |= {"action": "fpn", "fpn_number": f"B{turn}-{number}", "fpn_amount": 100.0}
            if number < bad:
                row["wards"] = ["E05999999"]
            rows.append(orjson.dumps(row))
        return b"\n".join(rows)

    # The first request reads all code.
    post(lines(0).split(b"\n")[1], "", "warm")
    added, dry = [], []
    for turn in range(TIMES):
        sent = lines(turn)
        added.append(timed(partial(post, sent, "", f"{turn}")))
        sent = lines(turn + TIMES, bad=300)
        dry.append(timed(partial(post, sent, "?dry_run=true", "dry")))
    size = len(lines(0)) / 1e6
    report.add(
        f"bulk: {ROWS:,} PSPO actions by the API ({size:.1f} MB), checked, added and written down",
        f"{median(added):.1f} s; {ROWS / median(added):,.0f} rows a second",
        f"< {SECONDS} s",
        median(added) < SECONDS,
    )
    report.add("bulk: the same with 300 bad rows, as a dry run", f"{median(dry):.1f} s", "", None)


def fill() -> tuple[Agency, int, int, str]:
    """An order in force of the benchmark's own agency, with a condition and an area."""
    from django.utils import timezone

    from hotspots.models import Area
    from interventions.models import PublicSpacesOrder
    from partners.models import Agency

    agency, _ = Agency.objects.get_or_create(name="Benchmark", kind=Agency.Kind.COUNCIL)
    ward = Area.objects.filter(kind=Area.Kind.WARD, valid_to=None).select_related("parent").order_by("code")[0]
    now = timezone.now()
    order = PublicSpacesOrder.objects.create(
        owner=agency,
        kind="pspo",
        title="Town centre",
        stage="in-force",
        status="done",
        strand="protect",
        starts=now - timedelta(days=300),
        ends=now + timedelta(days=300),
        first_in_force=(now - timedelta(days=300)).date(),
        penalty=100,
        zone={
            "type": "MultiPolygon",
            "coordinates": [[[[0.17, 51.57], [0.19, 51.57], [0.19, 51.58], [0.17, 51.58], [0.17, 51.57]]]],
        },
        west=0.17,
        south=51.57,
        east=0.19,
        north=51.58,
        area_codes=[ward.code],
    )
    order.wards.set([ward])
    condition = order.conditions.create(number=1, text="Not to drink where an officer says so.")
    return agency, order.pk, condition.pk, ward.code
