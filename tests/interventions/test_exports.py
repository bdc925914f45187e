"""Files of activity: what each reader finds in them, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from interventions import exports
from interventions.models import Intervention
from partners.models import AuditEvent
from tests.interventions.conftest import at

Make = Callable[..., Intervention]
KINDS = ("csv", "geojson", "ics")
SECRETS = ("Kestrel", "Zebra", "Quill", "417", "51.603", "0.218")


def text(client: Client, kind: str, query: str = "") -> str:
    answer = client.get(f"/activity/activity.{kind}{query}")
    assert answer.status_code == 200
    assert f"activity.{kind}" in answer["Content-Disposition"]
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    # Calendars fold long lines.
    return content.decode().replace("\r\n ", "")


@pytest.mark.parametrize("kind", KINDS)
def test_who_finds_what(clients: dict[str, Client], make_activity: Make, kind: str) -> None:
    make_activity()
    make_activity(kind="warrant", status="planned", audience="team", title="Warrant at dawn")
    whole, part = text(clients["owner"], kind), text(clients["partner"], kind)
    # A calendar has no place for how many were reached.
    assert [secret for secret in SECRETS if secret not in whole] == (["417"] if kind == "ics" else [])
    assert "Warrant at dawn" in whole
    assert "Evening patrol" in part
    assert not [secret for secret in (*SECRETS, "Warrant", "example.org") if secret in part]
    for who in ("lapsed", "stranger"):
        nothing = text(clients[who], kind)
        assert "Evening patrol" not in nothing
        assert "Gooshays" not in nothing


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_filters_as_the_page(clients: dict[str, Client], make_activity: Make, kind: str) -> None:
    make_activity(title="A walk", kind="walk")
    make_activity(title="A patrol")
    assert "A patrol" not in text(clients["owner"], kind, "?kind=walk")
    assert "A walk" in text(clients["owner"], kind, "?kind=walk")
    assert "A patrol" not in text(clients["owner"], kind, "?q=walk")


@pytest.mark.parametrize(("kind", "how"), [("csv", "csv"), ("geojson", "geojson"), ("ics", "calendar")])
def test_each_file_is_one_event_with_its_records(
    clients: dict[str, Client], make_activity: Make, kind: str, how: str
) -> None:
    records = [make_activity() for _ in range(3)]
    text(clients["partner"], kind)
    event = AuditEvent.objects.get(action="intervention.read")
    assert event.summary == f"Read ({how})"
    assert sorted(event.objects_named) == sorted(f"intervention:{record.pk}" for record in records)


def test_csv(clients: dict[str, Client], make_activity: Make) -> None:
    make_activity(title="=cmd()", marking="official-sensitive", starts=at("2026-10-25 00:30"))
    marking, *lines = csv.reader(io.StringIO(text(clients["owner"], "csv").removeprefix("\ufeff")))
    assert marking == ["Marking: OFFICIAL-SENSITIVE"]
    row = dict(zip(lines[0], lines[1], strict=True))
    assert row["title"] == "'=cmd()"
    assert row["starts"] == "2026-10-25T00:30:00Z"
    assert (row["wards"], row["ward_codes"], row["people_reached"]) == ("Gooshays", "E05800308", "417")


def test_geojson(clients: dict[str, Client], make_activity: Make) -> None:
    make_activity()
    whole, part = (clients[who].get("/activity/activity.geojson").json() for who in ("owner", "partner"))
    assert whole["marking"] == "OFFICIAL"
    assert whole["features"][0]["geometry"] == {"type": "Point", "coordinates": [0.21874, 51.60312]}
    assert part["features"][0]["geometry"] is None


def test_calendar(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(starts=at("2026-10-25 00:30"), status="cancelled")
    point = make_activity(starts=at("2026-11-01 10:00"), ends=at("2026-11-01 10:00"), marking="open")
    parsed = Calendar.from_ical(text(clients["owner"], "ics"))
    events: dict[str, Any] = {str(event["uid"]).split("@")[0]: event for event in parsed.walk("VEVENT")}
    event = events[f"activity-{record.pk}"]
    assert event.start == at("2026-10-25 00:30")
    assert event.end == at("2026-10-25 02:30")
    assert str(event["class"]) == "PRIVATE"
    assert str(event["status"]) == "CANCELLED"
    assert str(event["location"]) == "Behind the Kestrel Arms, Gooshays"
    assert str(event["url"]) == f"http://testserver/activity/{record.pk}/"
    assert "ORGANIZER" not in event
    assert "DTEND" not in events[f"activity-{point.pk}"]
    [withheld] = [
        one
        for one in Calendar.from_ical(text(clients["partner"], "ics")).walk("VEVENT")
        if str(record.pk) in str(one["uid"])
    ]
    assert str(withheld["location"]) == "Gooshays"
    assert "Withheld by agreement" in str(withheld["description"])
    assert "GEO" not in withheld


def test_too_many_for_a_file(clients: dict[str, Client], make_activity: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 2)
    for _ in range(3):
        make_activity()
    answer = clients["owner"].get("/activity/activity.csv")
    assert answer.status_code == 400
    assert "Choose a shorter time." in answer.content.decode()
    assert not AuditEvent.objects.filter(action="intervention.read").exists()


# --- Counts ------------------------------------------------------------------------------------------------------


def table(client: Client, query: str = "") -> dict[str, list[str]]:
    """Ward -> its cells, of the page of counts; the header under ""."""
    context = client.get(f"/activity/counts/?{query}").context
    if not context["records"]:
        return {}
    rows = {ward.name: [*counts, all_] for ward, counts, all_ in context["rows"]}
    return {"": [name for _, name in context["table"].columns], **rows, "All": context["total"]}


def test_counts_are_of_what_the_reader_sees(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    now = timezone.now()
    make_activity(starts=now)
    make_activity(starts=now, wards=[world.ward, world.other])
    make_activity(starts=now, kind="walk", audience="team")
    make_activity(starts=now, status="cancelled")
    make_activity(starts=now + timedelta(days=1), status="planned")
    make_activity(starts=now - timedelta(days=100))
    assert table(clients["owner"]) == {
        "": ["Patrol", "Environmental visual audit"],
        "Gooshays": [2, 1, 3],
        "Heaton": [1, 0, 1],
        "All": [3, 1, 4],
    }
    assert table(clients["partner"]) == {"": ["Patrol"], "Gooshays": [2, 2], "Heaton": [1, 1], "All": [3, 3]}
    assert table(clients["stranger"]) == table(clients["lapsed"]) == {}
    assert table(clients["owner"], "by=agency")[""] == ["Owner Agency"]
    assert "3 records of work done" in clients["owner"].get("/activity/counts/").content.decode()


def test_bad_words_for_counts(clients: dict[str, Client]) -> None:
    for query in ("borough=X", "quarter=2026", "by=person"):
        answer = clients["owner"].get(f"/activity/counts/?{query}")
        assert answer.status_code == 400
        assert "There is a problem" in answer.content.decode()
        assert clients["owner"].get(f"/activity/counts/publication.csv?{query}").status_code == 302


def test_the_file_for_publication_is_the_same_for_all(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace, settings: LazySettings
) -> None:
    long_ago = timezone.now() - timedelta(days=100)
    for _ in range(9):
        make_activity(starts=long_ago)
    make_activity(starts=long_ago, wards=[world.other], kind="walk")
    make_activity(starts=long_ago, wards=[world.other], kind="school", audience="agency")
    quarter = f"{long_ago.year}-Q{(long_ago.month + 2) // 3}"

    def published(who: str) -> list[list[str]]:
        answer = clients[who].get(f"/activity/counts/publication.csv?quarter={quarter}")
        content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        return list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))

    title, header, gooshays, heaton, total, *_ = published("owner")
    assert title[0].startswith("Activity in Havering, ")
    column = header.index("Environmental visual audit")
    assert heaton[column] == total[column] == heaton[-1] == total[-1] == "[c]"
    assert gooshays[header.index("Patrol")] == gooshays[-1] == "9"
    assert heaton[header.index("School visit")] == "0"
    assert published("stranger") == published("owner")
    now = timezone.localdate()
    unfinished = f"/activity/counts/publication.csv?quarter={now.year}-Q{(now.month + 2) // 3}"
    assert clients["owner"].get(unfinished).status_code == 302
    settings.SUPPRESS_BELOW = 1
    assert "[c]" not in str(published("owner")[:5])
