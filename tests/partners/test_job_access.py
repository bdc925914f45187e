"""Whose jobs somebody sees: the server's own, and those of people of the own agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import Job, Membership, User
from partners.visibility import Viewer

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


def job(title: str, by: User | None) -> Job:
    return Job.objects.create(kind="import", title=title, unique_key=title, requested_by=by)


@pytest.fixture
def people(make_user: MakeUser) -> dict[str, User]:
    return {
        "asked": make_user("a@example.org"),
        "colleague": make_user("c@example.org", role="viewer"),
        "stranger": make_user("s@example.org", role="manager", agency="Barnet Council"),
        "partnership": make_user("p@example.org", role="partnership", agency="Partnership"),
    }


@pytest.mark.parametrize(
    ("who", "sees"), [("asked", True), ("colleague", True), ("stranger", False), ("partnership", True)]
)
def test_jobs_are_the_agencys_that_asked(people: dict[str, User], who: str, sees: bool) -> None:
    ours, servers = job("Import of ours.csv", people["asked"]), job("Fetching the archive", None)
    client = Client()
    client.force_login(people[who])
    listed = client.get("/jobs/").content.decode()
    assert ("Import of ours.csv" in listed) is sees
    assert "Fetching the archive" in listed
    assert client.get(f"/jobs/{ours.pk}/").status_code == (200 if sees else 404)
    assert client.get(f"/jobs/{servers.pk}/").status_code == 200


def test_a_job_stays_with_the_agency_when_the_person_leaves(people: dict[str, User]) -> None:
    ours = job("Import of ours.csv", people["asked"])
    Membership.objects.filter(user=people["asked"]).update(ended_at=timezone.now(), ended_by=people["partnership"])
    assert ours in Job.objects.visible_to(Viewer.of_user(people["colleague"]))


def test_looking_as_somebody_else_shows_what_both_see(people: dict[str, User]) -> None:
    ours = job("Import of ours.csv", people["asked"])
    stranger = Viewer.of_user(people["stranger"])
    assert ours not in Job.objects.visible_to(Viewer.of_user(people["asked"], looking_as=stranger))
    assert not Job.objects.visible_to(Viewer.of_user(people["stranger"], looking_as=Viewer.of_user(people["asked"])))


@pytest.mark.parametrize("rows", [2, 20])
def test_as_many_queries_for_many_jobs_as_for_few(
    people: dict[str, User], rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(rows):
        job(f"Import {number}", people["asked"])
    client = Client()
    client.force_login(people["colleague"])
    client.get("/jobs/")
    with django_assert_num_queries(3):  # person with roles, how many, jobs
        client.get("/jobs/")
