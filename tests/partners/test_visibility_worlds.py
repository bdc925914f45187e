"""Random worlds: rows and withheld parts are those that a plain recomputation of the rules gives, for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interventions.models import Intervention
from partners.models import Membership, Record, Role, record_types
from partners.visibility import Viewer
from tests.partners.sharing import NOON, RandomWorld
from tests.reference.access import CEILING, PARTS, Post, World, posts_of_key, posts_of_person, shown_to, shown_to_both

Shown = frozenset[str] | None


def readers(world: RandomWorld, known: World, moment: Any) -> Iterator[tuple[str, Viewer, list[Post], Any]]:
    """Everybody of a world at a moment: a name, the product's viewer, and the reference's posts and person."""
    memberships = list(Membership.objects.all())
    for person in world.people:
        yield str(person), Viewer.of_user(person), posts_of_person(person, memberships, known), person
    for key in world.keys:
        yield str(key), Viewer.of_key(key), posts_of_key(key, known, moment), None


Whole = dict[Any, dict[int, Any]]


def whole_rows() -> Whole:
    """Of each type of record of which there are any, the rows as they are."""
    return {model: rows for model in record_types().values() if (rows := model.objects.in_bulk())}


def seen(viewer: Viewer, rows: Whole) -> dict[tuple[str, int], Shown]:
    """What the product shows of each record. Fields are compared with the row's own on the way."""
    found: dict[tuple[str, int], Shown] = {}
    for model, whole in rows.items():
        for record in model.objects.visible_to(viewer):
            masked = {column for name in record.withheld for column in model.WITHHOLDABLE[name]}
            for field in model._meta.concrete_fields:
                expected = None if field.name in masked else getattr(whole[record.pk], field.attname)
                assert getattr(record, field.attname) == expected, field.name
            found[record.TYPE, record.pk] = frozenset(PARTS[record.TYPE] - record.withheld)
    return found


def own(viewer: Viewer, rows: Whole) -> list[Record]:
    return [one for model in rows for one in model.objects.own_to(viewer)]


def recomputed(
    records: Iterable[Record], posts: list[Post], known: World, moment: Any, person: Any
) -> dict[Any, Shown]:
    every = {(one.TYPE, one.pk): shown_to(posts, one, known, moment, person) for one in records}
    return {name: parts for name, parts in every.items() if parts is not None}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_everybody_sees_what_the_rules_say(db: None, seed: int) -> None:
    random = Random(seed)
    with transaction.atomic():
        world = RandomWorld(random)
        known, rows = world.reference(), whole_rows()
        for moment in world.moments():
            with time_machine.travel(moment, tick=False):
                for name, viewer, posts, person in readers(world, known, moment):
                    expected = recomputed(world.records, posts, known, moment, person)
                    assert seen(viewer, rows) == expected, f"{name} at {moment}"
                    assert all(expected[one.TYPE, one.pk] == frozenset(PARTS[one.TYPE]) for one in own(viewer, rows)), (
                        name
                    )
                    assert_search_finds_what_is_shown(viewer, expected, random)
        transaction.set_rollback(True)


def assert_search_finds_what_is_shown(viewer: Viewer, expected: dict[Any, Shown], random: Random) -> None:
    """Some records are found by the words of the parts that are shown, and by no other."""
    for record in random.sample(list(Intervention.objects.all()), 2):
        parts = expected.get((record.TYPE, record.pk))
        for name in ("place", "details", "contact"):
            found = Intervention.objects.visible_to(viewer).matching(getattr(record, name)).exists()
            assert found == (parts is not None and name in parts), f"{record.pk}: {name}"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_looking_as_somebody_shows_what_both_see(db: None, seed: int) -> None:
    random = Random(seed)
    with transaction.atomic():
        world = RandomWorld(random)
        known, rows = world.reference(), whole_rows()
        moment = world.moments()[0]
        with time_machine.travel(moment, tick=False):
            agency, role = random.choice(world.agencies), random.choice(list(Role))
            theirs = [Post(agency, CEILING[role], frozenset())]
            for person in world.people:
                viewer = Viewer.of_user(person, looking_as=Viewer.of_agency(agency, role))
                own = posts_of_person(person, Membership.objects.all(), known)
                expected = {
                    (one.TYPE, one.pk): shown_to_both(
                        # Broken glass is the person's own, and is not looked through.
                        shown_to(own, one, known, moment),
                        shown_to(theirs, one, known, moment),
                    )
                    for one in world.records
                }
                assert seen(viewer, rows) == {name: parts for name, parts in expected.items() if parts is not None}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_random_worlds_have_something_to_get_wrong() -> None:
    """The worlds hold rows that are whole, in part, opened and hidden: else comparing them would show nothing."""
    found: dict[str, int] = {"whole": 0, "part": 0, "hidden": 0, "opened": 0}
    for seed in range(40):
        with transaction.atomic():
            world = RandomWorld(Random(seed))
            known = world.reference()
            moment = NOON
            with time_machine.travel(moment, tick=False):
                for _, _, posts, person in readers(world, known, moment):
                    for record in world.records:
                        parts = shown_to(posts, record, known, moment, person)
                        how = "hidden" if parts is None else "whole" if parts == PARTS[record.TYPE] else "part"
                        found[how] += 1
                        found["opened"] += parts != shown_to(posts, record, known, moment)
            transaction.set_rollback(True)
    assert found["opened"] >= 2
    assert min(found["whole"], found["part"], found["hidden"]) >= 10
