"""Sets of candidates: kept as they were found, checked on the next year, and made into places; who sees them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotspots.models import Hotspot
from hotspots.register.boundaries import in_force, shape_of
from partners.models import Agency, AuditEvent, User
from partners.refusals import Refused
from partners.roles import Marking, Role
from partners.visibility import Viewer
from reports import queries
from reports.finding import Asked, find
from reports.forms.find import usual
from reports.models import Candidate, CandidateSet
from reports.sets import actions
from reports.sets import queries as sets
from tests.reference import places_of_crime as reference
from tests.reports import finding_world as world
from tests.reports.explore_world import text as plain
from tests.reports.finding_world import LAST, MONTHS

pytestmark = pytest.mark.django_db
ANSWERS = {
    "equality_people": "Mostly families in flats above the shops.",
    "equality_balance": "As much support as enforcement.",
    "equality_other": "The bus station was rebuilt.",
}


@pytest.fixture
def council(make_user: Any) -> Agency:
    make_user()
    return Agency.objects.get(name="Havering Council")


def asked() -> Asked:
    place = queries.place("borough", "E09000016")
    assert place
    return Asked(place, usual(), LAST, 12)


def save(owner: Agency, role: Role = Role.ANALYST, **said: Any) -> CandidateSet:
    content = {"name": "Spring", "marking": Marking.OFFICIAL, "audience": CandidateSet.Audience.AGREEMENTS, **said}
    return actions.save_set(by=Viewer.of_agency(owner, role), owner=owner, asked=asked(), **content)


def test_a_set_is_what_was_found_with_its_files_and_stays_so(council: Agency, client: Client) -> None:
    made = world.borough(12, columns=4)
    found, one = find(asked()), save(council)
    assert one.slices.count() == 36
    assert one.area_codes == ["E09000016"]
    assert one.left_out == []
    assert [one.gini, one.generalised_gini] == pytest.approx(reference.ginis(found.counts))
    seen = sets.kept(Viewer.of_agency(council, Role.VIEWER), one.pk)
    assert seen
    assert seen.found.spots == found.spots
    assert [point.count for point in seen.found.repeat] == [point.count for point in found.repeat]
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.objects_named) == ("candidate-set.created", [f"candidate-set:{one.pk}"])
    # Figures change; the set stands, and says so.
    one.slices.filter(month=LAST).update(superseded=one.created_at, superseded_by=one.slices.earliest("pk"))
    world.forget(made.pk, [LAST])
    client.force_login(User.objects.get())
    said = plain(client.get(f"/hotspots/sets/{one.pk}/").content.decode())
    first = found.spots[0]
    assert f"{first.name.removeprefix('Havering ')} in {first.ward_name} ({first.count} crimes)" in said
    assert "36 files" in said
    assert "1 has been replaced by newer releases since" in said
    _, *rows = csv.reader(io.StringIO(b"".join(client.get(f"/hotspots/sets/{one.pk}/set.csv")).decode("utf-8-sig")))
    assert [row[1] for row in rows[:12]] == [spot.code for spot in found.spots]
    assert rows[12] == ["Marking: OFFICIAL"]


def test_the_check_is_of_the_year_that_followed(council: Agency, client: Client) -> None:
    made = world.borough(12, columns=4)
    one = save(council)
    viewer = Viewer.of_agency(council, Role.VIEWER)
    seen = sets.kept(viewer, one.pk)
    assert seen
    check = sets.check(seen)
    assert list(check.months) == MONTHS[36:48]
    came = {place: sum(world.count(place, month) for month in MONTHS[36:48]) for place in range(12)}
    ranked = [int(spot.code[-4:]) - 1 for spot in seen.found.spots]
    what, first = check.picks[0]
    assert (what, first.places) == ("The first 5", 5)
    assert first.hit_rate == pytest.approx(sum(came[place] for place in ranked[:5]) / sum(came.values()))
    assert first.area_share == pytest.approx(5 / 12, abs=0.001)
    assert first.hit_rate
    assert first.pai == pytest.approx(first.hit_rate / first.area_share)
    best = sum(sorted(came.values(), reverse=True)[:5])
    assert first.pei == pytest.approx(sum(came[place] for place in ranked[:5]) / best, abs=0.01)
    client.force_login(User.objects.get())
    said = plain(client.get(f"/hotspots/sets/{one.pk}/").content.decode())
    assert f"The first 5 had {first.hit_rate:.0%} of the crimes on {first.area_share:.1%} of the ground" in said
    assert "a fall after picking is no result of what was done" in said
    assert "In the 12 months to March 2022, 10 of the first 10 are among the first 10 again." in said or "Left:" in said
    # Too little of the year is known.
    world.forget(made.pk, MONTHS[36:40])
    assert sets.check(seen).picks == ()
    said = plain(client.get(f"/hotspots/sets/{one.pk}/").content.decode())
    assert "at least 9 of its months must be known whole, and 8 months are so far" in said


def test_a_candidate_becomes_a_place_in_two_clicks(council: Agency, client: Client) -> None:
    world.borough(12, columns=4)
    one = save(council)
    client.force_login(User.objects.get())
    address = f"/hotspots/sets/{one.pk}/promote/1/"
    assert address in client.get(f"/hotspots/sets/{one.pk}/").content.decode()
    candidate = one.candidates.get(rank=1)
    page = plain(client.get(address).content.decode())
    assert "Selection period: April 2020 to March 2021." in page
    assert "Baseline: the 24 months before it, April 2018 to March 2020" in page
    said = {"owner": council.pk, "name": "Mill Lane", "boundary": "whole", "problems": ["burglary"],
            "identified_note": "Found.", "marking": "official", "audience": "agreements"}  # fmt: skip
    refused = client.post(address, {**said, "equality_people": " ", "equality_other": "x"})
    assert refused.status_code == 422
    assert all(sentence in refused.content.decode() for sentence in list(actions.PROMPT.values())[:2])
    assert not Hotspot.objects.exists()
    answer = client.post(address, {**said, **ANSWERS})
    place = Hotspot.objects.get()
    assert answer["Location"] == f"/hotspots/{place.pk}/"
    assert (place.name, place.status, place.identified_by, place.problems) == (
        "Mill Lane", "proposed", "analysis", ["burglary"])  # fmt: skip
    assert (place.selected_from, place.selected_to) == (MONTHS[24], MONTHS[35])
    assert (place.baseline_from, place.baseline_to) == (MONTHS[0], MONTHS[23])
    assert place.equality_other == ANSWERS["equality_other"]
    drawn = in_force([place.area_id], LAST)[place.area_id]
    lsoa = world.area_of(int(candidate.lsoa_code[-4:]) - 1)
    assert shape_of(drawn).equals(shape_of(in_force([lsoa.pk], LAST)[lsoa.pk]))
    candidate.refresh_from_db()
    assert candidate.hotspot == place
    assert AuditEvent.objects.latest("number").action == "candidate-set.promoted"
    # Who finds the same ground another way is told of the place.
    search = f"/hotspots/find/promote/?borough=E09000016&month=2021-03&lsoa={candidate.lsoa_code}"
    assert "Mill Lane : 100% of it lies in this LSOA" in plain(client.get(search).content.decode())
    # Asked again, it leads to the place; the set names it.
    assert client.get(address)["Location"] == f"/hotspots/{place.pk}/"
    html = client.get(f"/hotspots/sets/{one.pk}/").content.decode()
    assert address not in html
    assert "Mill Lane" in html


def test_a_found_lsoa_becomes_a_circle_around_its_busiest_points(council: Agency, client: Client) -> None:
    world.borough(12, columns=4)
    client.force_login(User.objects.get())
    spot = find(asked()).spots[0]
    address = f"/hotspots/find/promote/?borough=E09000016&month=2021-03&lsoa={spot.code}"
    assert "A circle of 170 m around its busiest map point (High Street" in plain(client.get(address).content.decode())
    said = {"owner": council.pk, "name": "Mill Lane", "boundary": "circle", "marking": "official",
            "audience": "agreements", **ANSWERS}  # fmt: skip
    assert client.post(address, said).status_code == 302
    boundary = in_force([Hotspot.objects.get().area_id], LAST).popitem()[1]
    assert boundary.source.startswith("170 m around 51.505")
    assert client.get(address.replace(spot.code, "E01999999")).status_code == 404


def test_sets_are_seen_and_kept_by_whom_they_are_meant_for(council: Agency, client: Client, make_user: Any) -> None:
    world.borough(2, columns=2)
    one, covert = save(council), save(council, name="Covert", audience=CandidateSet.Audience.TEAM)
    stranger = make_user("stranger@example.org", agency="Another Council", role="manager")
    client.force_login(stranger)
    for address in ("", "set.csv", "promote/1/"):
        assert client.get(f"/hotspots/sets/{one.pk}/{address}").status_code == 404
    assert "Spring" not in client.get("/hotspots/sets/").content.decode()
    client.force_login(make_user("viewer@example.org", role="viewer"))
    html = client.get("/hotspots/sets/").content.decode()
    assert "Spring" in html
    assert "Covert" in html
    assert "Make it a hotspot" not in client.get(f"/hotspots/sets/{covert.pk}/").content.decode()
    assert client.get(f"/hotspots/sets/{one.pk}/promote/1/").status_code == 403
    assert client.get("/hotspots/sets/new/").status_code == 403
    before = CandidateSet.objects.count()
    for by, owner in ((Viewer.of_user(stranger), council), (Viewer.of_agency(council, Role.CONTRIBUTOR), council)):
        with pytest.raises(Refused, match="whose records you may change"):
            actions.save_set(by=by, owner=owner, name="x", asked=asked(), marking="official", audience="agency")
    with pytest.raises(Refused, match="Give the set a name"):
        save(council, name="  ")
    with pytest.raises(Refused, match="Only an OPEN record"):
        save(council, audience=CandidateSet.Audience.EVERYONE)
    assert CandidateSet.objects.count() == before
    assert AuditEvent.objects.filter(action="candidate-set.read").exists()


def test_the_form_saves_a_search(council: Agency, client: Client) -> None:
    world.borough(2, columns=2)
    client.force_login(User.objects.get())
    address = "/hotspots/sets/new/?borough=E09000016&month=2021-03&cat=burglary"
    said = {"owner": council.pk, "name": "", "marking": "official", "audience": "agency"}
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert "Give the set a name" in refused.content.decode()
    answer = client.post(address, {**said, "name": "Burglary"})
    one = CandidateSet.objects.get()
    assert answer["Location"] == f"/hotspots/sets/{one.pk}/"
    assert (one.categories, one.first_month, one.last_month) == (["burglary"], MONTHS[24], LAST)


def test_pages_cost_as_many_queries_for_20_as_for_2(council: Agency, client: Client) -> None:
    world.borough(2, columns=2)
    client.force_login(User.objects.get())

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    one = save(council)
    page = f"/hotspots/sets/{one.pk}/"
    few = cost(page), cost("/hotspots/sets/")
    template = one.candidates.get(rank=2)
    for rank in range(3, 21):
        template.pk, template.rank = None, rank
        template.save(force_insert=True)
        plain_fields = [field.attname for field in CandidateSet._meta.concrete_fields if field.name != "id"]
        CandidateSet.objects.create(**{name: getattr(one, name) for name in plain_fields})
    assert Candidate.objects.filter(candidate_set=one).count() == 20
    assert (cost(page), cost("/hotspots/sets/")) == few
