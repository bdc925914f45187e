"""A hotspot of a police unit on a fixed day, its keeper, and the questions that are asked at its gates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from hotspots.models import GateQuestion, Hotspot, PhasePeriod
from hotspots.phases import actions
from hotspots.phases.actions import Plan
from partners.models import Agency, User
from partners.visibility import Viewer
from tests.factories import make_place

TODAY = date(2026, 6, 1)
Start = Callable[..., PhasePeriod]


@pytest.fixture
def today() -> Iterator[date]:
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC)):
        yield TODAY


@pytest.fixture
def keeper(make_user: Callable[..., User]) -> User:
    """An analyst of the agency whose hotspot it is."""
    return make_user("keeper@example.org", role="analyst", agency="Havering Police")


@pytest.fixture
def police(keeper: User) -> Agency:
    return keeper.memberships.get().agency


@pytest.fixture
def by(keeper: User) -> Viewer:
    return Viewer.of_user(keeper)


@pytest.fixture
def place(today: date, police: Agency) -> Hotspot:
    """Its first boundary is from 1 January 2024."""
    return make_place(police)


@pytest.fixture
def keeping(today: date, keeper: User) -> Client:
    """A browser in which the keeper is signed in."""
    client = Client()
    client.force_login(keeper)
    return client


@pytest.fixture
def start(by: Viewer, place: Hotspot) -> Start:
    """Starts a phase: start("clear", date(2026, 1, 1), planned_end=...)."""

    def begin(phase: str, starts: date = date(2026, 1, 1), **said: object) -> PhasePeriod:
        plan = Plan(starts=starts, **said)  # type: ignore[arg-type]
        return actions.start_phase(by=by, place=place.pk, phase=phase, plan=plan, knowingly=True)

    return begin


@pytest.fixture
def questions(db: None) -> list[GateQuestion]:
    """Two questions of Clear; nothing else is asked anywhere."""
    GateQuestion.objects.all().delete()
    texts = ("Is the threat disrupted?", "Is a contingency plan written?")
    return [GateQuestion.objects.create(phase="clear", text=text, position=n) for n, text in enumerate(texts)]
