"""Over the wire: no page, file, feed or route shows anybody a record or a part of one that the rules withhold.

Every part of every record of a few random worlds is a word that stands nowhere else; each answer is searched for all
words that its reader may not know, and for those of the rows that it must show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from hotspots.models import Area, GateDecision, Hotspot, WardTeam
from interventions.models import Intervention
from partners import audit
from partners.models import Agency, ApiKey, Membership, Record, Role, User
from reports.models import CandidateSet
from tests.factories import BoroughFactory, WardFactory
from tests.partners.sharing import AREAS, NOON, RandomWorld, agency, intervention, person
from tests.reference.access import CEILING, PARTS, Post, World, posts_of_key, posts_of_person, shown_to, shown_to_both

pytestmark = pytest.mark.django_db
# Every address with activity records: {pk} of one, {word} of a search. Whoever adds one adds it here.
LISTS = [
    "/activity/",
    "/activity/activity.csv",
    "/activity/activity.geojson",
    "/activity/activity.ics",
    "/api/v1/interventions/",
    "/api/v1/interventions/?format=csv",
    "/api/v1/interventions/geojson/",
]
ONES = ["/activity/{pk}/", "/api/v1/interventions/{pk}/"]
TEAMS = ["/teams/", "/teams/teams.csv", "/api/v1/ward-teams/", "/api/v1/ward-teams/?format=csv"]
# Addresses with places; of one, the first is its page.
PLACES = [
    "/hotspots/",
    "/hotspots/places.csv",
    "/hotspots/board/",
    "/hotspots/agenda/",
    "/search/?q=place",
    "/api/v1/hotspots/",
    "/api/v1/hotspots/?format=csv",
    "/api/v1/hotspots/geojson/",
    "/audit/",
]
ONE_PLACE = [
    "/hotspots/{pk}/",
    "/hotspots/{pk}/phases/",
    "/hotspots/{pk}/documents/",
    "/hotspots/compare/?place={pk}",
    "/audit/of/hotspot/{pk}/",
    "/api/v1/hotspots/{pk}/",
    "/api/v1/hotspots/{pk}/boundaries/",
    "/api/v1/hotspots/{pk}/gates/",
]
SEARCHES = ["/activity/?q={word}", "/search/?q={word}", "/activity/activity.csv?q={word}"]
# Addresses that show records of which the words are not all, and may show none of them.
OTHERS = [
    "/",
    "/jobs/",
    "/activity/counts/",
    "/glass/",
    "/audit/",
    "/audit/events.csv",
    "/looking-as/",
    "/agreements/",
    f"/wards/{AREAS[0]}/",
    f"/map/?area={AREAS[0]}",
    "/api/v1/public/activity-counts/",
    *TEAMS,
]


def words(record: Intervention, part: str) -> list[str]:
    """What stands in an answer that shows this part."""
    if part == "place":
        return [str(record.place), f"{record.longitude:.5f}", f"{record.latitude:.5f}"]
    if part == "people_reached":
        return [f"{record.people_reached:,}", str(record.people_reached)]
    return [str(getattr(record, part))]


def team_words(team: WardTeam, part: str) -> list[str]:
    """The same of a ward team: a telephone number ("title") that stands nowhere else, and numbers that do not."""
    if part == "title":
        return [team.contact_phone]
    if part == "in_post":
        return [str(team.officers_in_post), f"{team.officers_in_post:,}"]
    return [form.format(lost.days) for lost in team.abstractions.all() for form in ("{:.0f}", "{:,.0f}")]


def place_words(place: Hotspot) -> dict[str, str]:
    """What stands in an answer that shows a part of a place; "title" is all of it."""
    decision = GateDecision.objects.get(period__hotspot=place)
    return {
        "title": place.name,
        "reasons": str(place.identified_note),
        "equality": str(place.equality_people),
        "documents": place.documents.get().title,
        "gates": decision.chair,
    }


class Reader:
    """Somebody who asks: a person in a session, or a key."""

    def __init__(self, who: User | ApiKey, posts: list[Post]) -> None:
        self.who = who
        self.posts = posts
        self.as_whom: Post | None = None
        self.client = Client()
        if isinstance(who, User):
            self.client.force_login(who)
        else:
            _, secret, who.secret_hash = ApiKey.new_secret()
            who.save()
            self.client = Client(headers={"Authorization": f"Bearer {who.prefix}.{secret}"})

    @property
    def person(self) -> User | None:
        return self.who if isinstance(self.who, User) else None

    def shown(self, records: Sequence[Record], known: World) -> dict[int, frozenset[str] | None]:
        """Record -> the parts of it that the rules show this reader now; None where it does not exist."""
        now = timezone.now()
        if self.as_whom is None:
            return {one.pk: shown_to(self.posts, one, known, now, self.person) for one in records}
        theirs = [self.as_whom]
        # Broken glass is the person's own, and is not looked through.
        return {
            one.pk: shown_to_both(shown_to(self.posts, one, known, now), shown_to(theirs, one, known, now))
            for one in records
        }

    def look_as(self, of: Agency, role: Role) -> bool:
        """Looks as somebody with a role in an agency. False where that is refused."""
        self.as_whom = Post(of, CEILING[role], frozenset())
        return self.client.post("/looking-as/", {"agency": of.pk, "role": role}).status_code == 302

    def paths(self, paths: list[str]) -> list[str]:
        """Keys reach the API alone."""
        return paths if self.person else [path for path in paths if path.startswith("/api/")]

    def ask(self, path: str) -> tuple[int, str]:
        answer: Any = self.client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        # Calendars break lines at 75 bytes.
        return answer.status_code, body.decode().replace("\r\n ", "")


def readers(people: QuerySet[User] | list[User], keys: list[ApiKey], known: World) -> Iterator[Reader]:
    memberships = list(Membership.objects.all())
    now = timezone.now()
    for one in people:
        # Without a role nobody is let in.
        if posts_of_person(one, memberships, known):
            yield Reader(one, posts_of_person(one, memberships, known))
    for key in keys:
        if posts_of_key(key, known, now) and "records" in key.scopes:
            yield Reader(key, posts_of_key(key, known, now))


def leaks(text: str, records: list[Intervention], shown: dict[int, frozenset[str] | None]) -> list[str]:
    """The words in an answer that its reader may not know."""
    found = []
    for record in records:
        parts = shown[record.pk]
        hidden = [] if parts is not None else [str(record.title)]
        hidden += [
            word for part in sorted(PARTS[record.TYPE]) if part not in (parts or ()) for word in words(record, part)
        ]
        # The seconds of a time are no coordinate, though they may look like one: they have two digits.
        found += [f"{record.pk}: {word}" for word in hidden if re.search(rf"(?<!\d){re.escape(word)}", text)]
    return found


def walk(reader: Reader, records: list[Intervention], known: World) -> int:
    """Asks every address as this reader. Returns how many words the reader was rightly shown."""
    shown = reader.shown(records, known)
    visible = [one for one in records if shown[one.pk] is not None]
    rightly = 0
    for path in reader.paths(LISTS):
        status, text = reader.ask(path)
        assert status == 200, f"{path}: {status}"
        assert leaks(text, records, shown) == [], f"{reader.who}: {path}"
        for one in visible:
            # A file of points has only the records whose point is shown.
            assert one.title in text or ("geojson" in path and "place" not in (shown[one.pk] or ())), (
                f"{path}: {one.pk}"
            )
        rightly += len(visible)
    for path in reader.paths(OTHERS):
        status, text = reader.ask(path)
        assert status in (200, 302, 403), f"{path}: {status}"
        assert leaks(text, records, shown) == [], f"{reader.who}: {path}"
    rightly += walk_teams(reader, known) + walk_places(reader, known)
    for one in records:
        parts = shown[one.pk]
        if reader.person:
            # Who looked at it, with what was written before and after.
            assert leaks(reader.ask(f"/audit/of/intervention/{one.pk}/")[1], records, shown) == []
        for path in reader.paths(ONES):
            status, text = reader.ask(path.format(pk=one.pk))
            assert status == (404 if parts is None else 200), f"{reader.who}: {path} of {one.pk} is {status}"
            assert leaks(text, records, shown) == [], f"{reader.who}: {path} of {one.pk}"
            rightly += sum(any(word in text for word in words(one, part)) for part in parts or ())
    for one in records[:4]:
        for part in ("title", "place", "details", "contact"):
            for path in reader.paths(SEARCHES):
                _, text = reader.ask(path.format(word=getattr(one, part)))
                # The search box repeats the word.
                others = [other for other in records if other.pk != one.pk]
                assert leaks(text, others, shown) == [], f"{reader.who}: {path} for {part} of {one.pk}"
                known_part = shown[one.pk] is not None and (part == "title" or part in (shown[one.pk] or ()))
                if part != "title":
                    assert (one.title in text) == known_part, f"{reader.who}: {path} for {part} of {one.pk}"
    return rightly


def walk_teams(reader: Reader, known: World) -> int:
    """As `walk`, of ward teams, at every address with them."""
    teams = list(WardTeam.objects.all())
    shown = reader.shown(teams, known)
    rightly = 0
    for path in reader.paths([*TEAMS, f"/wards/{AREAS[0]}/", *(f"/teams/{one.pk}/" for one in teams)]):
        _, text = reader.ask(path)
        for one in teams:
            parts = shown[one.pk]
            for part in ("title", *PARTS[one.TYPE]):
                if parts is None or (part != "title" and part not in parts):
                    found = [word for word in team_words(one, part) if re.search(rf"(?<!\d){re.escape(word)}", text)]
                    assert found == [], f"{reader.who}: {path} of team {one.pk}"
                else:
                    rightly += any(word in text for word in team_words(one, part))
    return rightly


def walk_places(reader: Reader, known: World) -> int:
    """As `walk`, of places and kept searches."""
    places = list(Hotspot.objects.all())
    shown = reader.shown(places, known)
    said = {one.pk: place_words(one) for one in places}
    rightly = 0
    for path in [*PLACES, *(path.format(pk=one.pk) for one in places for path in ONE_PLACE)]:
        if not reader.paths([path]):
            continue
        _, text = reader.ask(path)
        for one in places:
            parts = shown[one.pk]
            for part, word in said[one.pk].items():
                if parts is not None and (part == "title" or part in parts):
                    rightly += word in text
                else:
                    assert word not in text, f"{reader.who}: {path} of place {one.pk}"
    for one in places:
        for path in reader.paths([ONE_PLACE[0], "/api/v1/hotspots/{pk}/"]):
            assert (reader.ask(path.format(pk=one.pk))[0] == 200) == (shown[one.pk] is not None)
    sets = list(CandidateSet.objects.all())
    seen = reader.shown(sets, known)
    for path in reader.paths(["/hotspots/sets/", "/api/v1/candidate-sets/"]):
        _, text = reader.ask(path)
        for kept in sets:
            assert (kept.name in text) == (seen[kept.pk] is not None), f"{reader.who}: {path} of set {kept.pk}"
    return rightly


def random_world(seed: int) -> tuple[RandomWorld, list[Intervention]]:
    """A world whose areas are real wards, moved to now."""
    borough = BoroughFactory(code="E09000016", name="Havering")
    wards = [WardFactory(code=code, parent=borough) for code in AREAS]
    world = RandomWorld(Random(seed))
    shift = timezone.now() - NOON
    for agreement in world.agreements:
        agreement.valid_from += shift
        agreement.valid_until += shift
        agreement.save()
    for glass in world.glasses:
        glass.opened_at += shift
        glass.expires += shift
        glass.save()
    for key in world.keys:
        key.expires += shift
        key.save()
    records = list(Intervention.objects.order_by("pk"))
    for record in records:
        record.starts = record.ends = timezone.now() - timedelta(hours=1)
        record.save()
        record.wards.set(Area.objects.filter(code__in=record.area_codes))
        # The trail holds every word of it.
        before = audit.snapshot(record) | {"details": None}
        audit.created(record, by=None)
        audit.changed(record, before, by=None, reason=record.contact)
    for number, team in enumerate(WardTeam.objects.order_by("pk")):
        team.ward = wards[number % len(wards)]
        team.contact_phone = f"0199 496 7{number:03d}"
        team.officers_established, team.officers_in_post = 20_000, 15_551 + number
        team.save()
        team.abstractions.create(month=timezone.localdate().replace(day=1), days=1331 + number)
        audit.created(team, by=None)
    return world, records


@pytest.mark.parametrize("seed", range(4))
def test_no_answer_shows_what_the_rules_withhold(seed: int) -> None:
    world, records = random_world(seed)
    known = world.reference()
    walked = [walk(reader, records, known) for reader in readers(world.people, world.keys, known)]
    assert walked


@pytest.mark.parametrize("seed", range(6, 8))
def test_no_answer_shows_more_while_looking_as_somebody_else(seed: int) -> None:
    """What both see, and nothing else: in the same open session, at every address."""
    world, records = random_world(seed)
    live = [one for one in world.agencies if not one.left_at]
    Membership.objects.get_or_create(user=world.people[0], agency=live[0], role=Role.MANAGER, ended_at=None)
    known = world.reference()
    reader = next(readers(world.people[:1], [], known))
    assert reader.look_as(live[-1], Role.ANALYST)
    walk(reader, records, known)


def test_the_owner_is_shown_everything_on_every_path() -> None:
    """So that a path which no longer exists, or shows nothing, is noticed."""
    BoroughFactory(code="E09000016", name="Havering")
    ward = WardFactory(code=AREAS[0], parent=Area.objects.get(code="E09000016"))
    owner: Agency = agency()
    record = intervention(owner, starts=timezone.now(), ends=timezone.now())
    record.wards.add(ward)
    known = World({owner.pk: owner}, [], [])
    reader = next(readers([person(owner, "manager")], [], known))
    assert walk(reader, [record], known) == len(LISTS) + len(ONES) * len(PARTS["intervention"])
    for path in SEARCHES:
        assert record.title in reader.ask(path.format(word=record.contact))[1]
    for path in OTHERS:
        assert reader.ask(path)[0] == 200, path


def test_whoever_sees_all_of_an_agency_reads_its_trail_and_its_teams() -> None:
    """So that the walks above have something to leak."""
    BoroughFactory(code="E09000016", name="Havering")
    ward = WardFactory(code=AREAS[0], parent=Area.objects.get(code="E09000016"))
    owner: Agency = agency()
    record = intervention(owner)
    audit.created(record, by=None, reason="Because of it")
    team = WardTeam.objects.create(
        owner=owner,
        ward=ward,
        valid_from=NOON.date(),
        officers_established=20_000,
        officers_in_post=15_551,
        pcsos_established=1,
        contact_phone="0199 496 7000",
    )
    team.abstractions.create(month=timezone.localdate().replace(day=1), days=1331)
    reader = next(readers([person(owner, "manager")], [], World({owner.pk: owner}, [], [])))
    for path in ("/audit/", "/audit/events.csv", f"/audit/of/intervention/{record.pk}/"):
        assert str(record.details) in reader.ask(path)[1], path
    for path in ("/teams/teams.csv", f"/teams/{team.pk}/"):
        text = reader.ask(path)[1]
        for part in ("title", *PARTS[team.TYPE]):
            assert any(word in text for word in team_words(team, part)), f"{path}: {part}"
