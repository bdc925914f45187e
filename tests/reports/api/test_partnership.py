"""Agencies, agreements and ward teams: what an owner, a partner and a stranger are told."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotspots.models import AbstractedDays, WardTeam
from partners.models import AuditEvent, SharingAgreement
from partners.roles import Scope
from tests.factories import WardFactory
from tests.reports.api.conftest import with_key


def told(client: Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    assert "ETag" not in answer
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


@pytest.fixture
def partner(shared: SimpleNamespace) -> Client:
    return with_key("Peabody", Scope.RECORDS)


@pytest.fixture
def stranger(shared: SimpleNamespace) -> Client:
    return with_key("Street Pastors", Scope.RECORDS)


def test_agreements_are_told_to_their_parties(shared: SimpleNamespace, partner: Client, stranger: Client) -> None:
    (row,) = told(partner, "agreements/")
    assert (row["status"], row["in_force"]) == ("in-force", True)
    assert (row["gives"], row["receives"]) == ([shared.council.pk], [shared.partner.pk])
    assert told(stranger, "agreements/") == []
    SharingAgreement.objects.update(valid_until=timezone.now())
    (row,) = told(partner, "agreements/")
    assert (row["status"], row["in_force"]) == ("lapsed", False)


def test_agencies_are_no_secret(stranger: Client) -> None:
    assert [row["name"] for row in told(stranger, "agencies/")] == ["Havering Council", "Peabody", "Street Pastors"]


def test_ward_teams_by_what_is_agreed(shared: SimpleNamespace, partner: Client, stranger: Client) -> None:
    (whole,) = told(with_key("Havering Council", Scope.RECORDS), "ward-teams/")
    assert (whole["withheld"], whole["abstracted_month"], whole["abstracted_days"]) == ([], "2026-08-01", 9.0)
    (part,) = told(partner, "ward-teams/")
    assert (part["withheld"], part["abstracted_month"], part["abstracted_days"]) == (["abstracted"], None, None)
    assert part["officers_in_post"] == 2
    assert told(stranger, "ward-teams/") == []
    SharingAgreement.objects.update(valid_until=timezone.now())
    assert told(partner, "ward-teams/") == []


def test_reading_teams_is_audited(shared: SimpleNamespace, partner: Client, stranger: Client) -> None:
    told(stranger, "ward-teams/")
    assert not AuditEvent.objects.filter(action="ward-team.read").exists()
    told(partner, "ward-teams/")
    event = AuditEvent.objects.get(action="ward-team.read")
    assert (event.objects_named, event.owners) == ([f"ward-team:{shared.team.pk}"], [shared.council.pk])


def test_a_key_without_a_look_at_records_has_none(shared: SimpleNamespace) -> None:
    figures = with_key("Havering Council", Scope.FIGURES)
    assert {figures.get(f"/api/v1/{path}/").status_code for path in ("ward-teams", "agreements")} == {403}


def test_filters_of_teams(shared: SimpleNamespace, partner: Client) -> None:
    assert len(told(partner, f"ward-teams/?ward={shared.team.ward.code}&in_force=2026-04-01")) == 1
    assert told(partner, "ward-teams/?in_force=2026-03-31") == []
    assert told(partner, "ward-teams/?ward=E05999999") == []


def test_many_teams_cost_as_much_as_few(shared: SimpleNamespace, partner: Client) -> None:
    queries = []
    for count in (2, 20):
        while WardTeam.objects.count() < count:
            ward = WardFactory(parent=shared.team.ward.parent)
            team = WardTeam.objects.create(
                owner=shared.council,
                ward=ward,
                valid_from=shared.team.valid_from,
                officers_established=1,
                pcsos_established=1,
                area_codes=[ward.code],
            )
            AbstractedDays.objects.create(team=team, month=shared.team.valid_from + timedelta(days=30), days=1)
        told(partner, "ward-teams/")
        with CaptureQueriesContext(connection) as captured:
            assert len(told(partner, "ward-teams/")) == count
        queries.append(len(captured))
    assert queries[0] == queries[1]
