"""Over the wire, register by register: what is withheld stands in no answer, and strangers learn of nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import ForeignKey
from django.test import Client

from interventions.models import Intervention
from interventions.models.interventions import kind_types
from interventions.registers import ALL
from interventions.registers.register import Register
from interventions.urls import urlpatterns
from partners.models import SharingAgreement, record_types
from tests.interventions.records import WORD, make_of

pytestmark = pytest.mark.django_db

# Every address that shows records of all registers, of one ({slug}), and one record. Whoever adds one adds it here.
LISTS = [
    "/",
    "/activity/",
    "/activity/activity.csv",
    "/activity/activity.geojson",
    "/activity/activity.ics",
    "/activity/live/?where=point&point=51.6,0.21",
    "/activity/calendar/?month=2026-03",
    "/activity/days/",
    "/activity/actions/",
    "/activity/pspo-action/",
    "/search/?q=title",
    "/api/v1/interventions/",
    "/api/v1/interventions/geojson/",
    "/api/v1/changes/",
]
OF_REGISTERS = [
    "/activity/registers/{slug}/",
    "/activity/registers/{slug}.csv",
    "/activity/registers/{slug}.geojson",
    "/api/v1/{slug}/",
]
ONES = [
    "/activity/{pk}/",
    "/activity/{pk}/change/",
    "/activity/{pk}/attachments/",
    "/api/v1/interventions/{pk}/",
    "/api/v1/{slug}/{pk}/",
]
# Those of one record that only some registers have, by their kind: elsewhere there is no such page.
OF_SOME = {
    "day": ["answer/", "results/", "briefing/", "summary/", "summary.txt"],
    "pspo": ["renewal/", "evidence/"],
    "year-plan": ["year/"],
}


def pages_of(register: Register) -> list[str]:
    """The addresses of one record of a register."""
    return [*ONES, *("/activity/{pk}/" + one for kind in register.kinds for one in OF_SOME.get(kind, ()))]


def chooses_records(register: Register) -> bool:
    """Whether its form offers records beside the hotspots and days of action that every form offers."""
    links = (one.related_model for one in register.own_fields.values() if isinstance(one, ForeignKey))
    return any(issubclass(one, Intervention) for one in links)


def read(client: Client, address: str) -> tuple[int, set[str]]:
    """The status and all words of an answer, whatever it is."""
    answer: Any = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # Calendars break their lines.
    return answer.status_code, set(WORD.findall(body.decode(errors="replace").replace("\r\n ", "")))


def test_what_is_withheld_stands_nowhere(world: SimpleNamespace, clients: dict[str, Client]) -> None:
    made = {one: make_of(one, world.owner, [world.ward]) for one in ALL}
    types = sorted({"intervention", *kind_types().values()})
    withheld = [f"{name}.{part}" for name in types for part in record_types()[name].WITHHOLDABLE]
    SharingAgreement.objects.filter(pk=world.agreement.pk).update(record_types=types, withheld_fields=withheld)
    lapsed = SharingAgreement.objects.get(title=f"{world.owner} gives {world.lapsed}")
    SharingAgreement.objects.filter(pk=lapsed.pk).update(record_types=types)
    hidden = {word for _, words in made.values() for name, of in words.items() if name for word in of}
    everything = {word for _, words in made.values() for of in words.values() for word in of}

    found = []
    lists = [*LISTS, *(f"/activity/new/{one.slug}/" for one in ALL if chooses_records(one))]
    ones: set[str] = set()
    for register, (record, words) in made.items():
        shown = [ONES[0], *pages_of(register)[len(ONES) :]]
        own = set().union(*(read(clients["owner"], one.format(pk=record.pk))[1] for one in shown))
        _, theirs = read(clients["partner"], f"/activity/{record.pk}/")
        missing = (set().union(*words.values()) - own) | ({record.title} - theirs)
        found += [f"{register.slug}: not shown to who should see it: {one}" for one in missing]
        lists += [one.format(slug=register.slug) for one in OF_REGISTERS]
        ones |= {one.format(slug=register.slug, pk=record.pk) for one in pages_of(register)}
    for address in (*lists, *sorted(ones)):
        for name, secret in (("partner", hidden), ("lapsed", everything), ("stranger", everything)):
            status, told = read(clients[name], address)
            if told & secret:
                found.append(f"{name} at {address}: {sorted(told & secret)}")
            if address in ones and name != "partner" and status != 404:
                found.append(f"{name} at {address}: {status}")
    assert found == []


def test_every_address_of_a_record_is_among_them() -> None:
    """A page of one record that is added later stands in ONES or OF_SOME."""
    said = {address for register in ALL for address in pages_of(register)}
    pages = {"/" + str(one.pattern).replace("<int:pk>", "{pk}") for one in urlpatterns}
    only_for_writing = {"/activity/{pk}/status/", "/activity/{pk}/year/new/"}
    assert {one for one in pages if one.startswith("/activity/{pk}/") and "<" not in one} - only_for_writing <= said
