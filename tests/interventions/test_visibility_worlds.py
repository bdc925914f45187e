"""Random worlds of orders, warrants and plain work: the shared table and each type's own show what the rules give."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interventions.models import CriminalBehaviourOrder, Intervention, Warrant
from partners.models import Membership, SharingAgreement
from partners.visibility import Viewer
from tests.partners.sharing import NOON, RandomWorld, intervention
from tests.reference import access as reference

SHARED = reference.PARTS["intervention"]
PARTS = {
    "intervention": SHARED,
    "cbo": SHARED | {"subject", "support", "breaches"},
    "warrant": SHARED | {"premises", "results"},
}
OF_KIND: dict[str, Any] = {"patrol": Intervention, "cbo": CriminalBehaviourOrder, "warrant": Warrant}


class WorldOfOrders(RandomWorld):
    """Its records are plain work, orders and warrants; its agreements name each type, or not, and withhold of each."""

    def _agreement(self) -> SharingAgreement:
        made = super()._agreement()
        types = self._some(PARTS, least=1)
        made.record_types = [*types, "hotspot"]
        made.withheld_fields = [f"{one}.{part}" for one in types for part in self._some(sorted(PARTS[one]))]
        made.save()
        return made

    def _intervention(self) -> Intervention:
        carried = self._carried()
        kind = self.random.choice(list(OF_KIND))
        # The database refuses a planned warrant that is not for its team alone.
        made = intervention(carried.pop("owner"), kind=kind, status="done", **carried)
        typed: Intervention = OF_KIND[kind]._base_manager.get(pk=made.pk)
        return typed


def readers(world: RandomWorld, known: reference.World, moment: Any) -> list[tuple[Viewer, list[reference.Post], Any]]:
    memberships = list(Membership.objects.all())
    people = [(Viewer.of_user(one), reference.posts_of_person(one, memberships, known), one) for one in world.people]
    keys = [(Viewer.of_key(one), reference.posts_of_key(one, known, moment), None) for one in world.keys]
    return [*people, *keys]


def shown(rows: Any, whole: dict[int, Any]) -> dict[int, frozenset[str]]:
    """Record -> the parts that are shown. Fields are compared with the row's own on the way."""
    found = {}
    for record in rows:
        masked = {column for name in record.withheld for column in record.WITHHOLDABLE[name]}
        for field in record._meta.concrete_fields:
            expected = None if field.name in masked else getattr(whole[record.pk], field.attname)
            assert getattr(record, field.attname) == expected, field.name
        found[record.pk] = frozenset(set(record.WITHHOLDABLE) - record.withheld)
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_types_of_one_table_are_each_judged_as_what_they_are(
    db: None, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(reference, "PARTS", reference.PARTS | PARTS)
    with transaction.atomic():
        world = WorldOfOrders(Random(seed))
        known = world.reference()
        records = [one for one in world.records if isinstance(one, Intervention)]
        whole = {model: model._base_manager.in_bulk() for model in OF_KIND.values()}
        for moment in world.moments():
            with time_machine.travel(moment, tick=False):
                for viewer, posts, person in readers(world, known, moment):
                    expected = {
                        one.pk: parts
                        for one in records
                        if (parts := reference.shown_to(posts, one, known, moment, person)) is not None
                    }
                    together = shown(Intervention.objects.visible_to(viewer), whole[Intervention])
                    assert together == {pk: parts & SHARED for pk, parts in expected.items()}
                    for model in (CriminalBehaviourOrder, Warrant):
                        own = {pk: parts for pk, parts in expected.items() if pk in whole[model]}
                        assert shown(model.objects.visible_to(viewer), whole[model]) == own
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_these_worlds_have_something_to_get_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each type some are shown whole, some in part, some not at all, to somebody."""
    monkeypatch.setattr(reference, "PARTS", reference.PARTS | PARTS)
    found: set[tuple[str, str]] = set()
    for seed in range(40):
        with transaction.atomic():
            world = WorldOfOrders(Random(seed))
            known = world.reference()
            for _, posts, person in readers(world, known, NOON):
                for one in world.records:
                    parts = reference.shown_to(posts, one, known, NOON, person)
                    how = "hidden" if parts is None else "whole" if parts == reference.PARTS[one.TYPE] else "part"
                    found.add((one.TYPE, how))
            transaction.set_rollback(True)
    assert found >= {(one, how) for one in PARTS for how in ("whole", "part", "hidden")}
