"""The search for hotspots, against sums written out (`tests.reference`), and its page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports import finding, queries
from reports.finding import Asked, Found
from reports.forms.find import usual
from reports.models import Candidate
from reports.pages.map import NoShapes
from tests import factories
from tests.reference import places_of_crime as reference
from tests.reports import finding_world as world
from tests.reports.explore_world import text as plain
from tests.reports.finding_world import LAST, MONTHS
from tests.reports.rendered.reading import Page
from tests.reports.test_map import forget as forget_pages

pytestmark = pytest.mark.django_db


def find(last: date = LAST, months: int = 12, slugs: Sequence[str] = ()) -> Found:
    place = queries.place("borough", "E09000016")
    assert place
    return finding.find(Asked(place, tuple(slugs) or usual(), last, months))


def known(found: Found) -> dict[int, Any]:
    """The spots by their place in the grid."""
    return {int(spot.code[-4:]) - 1: spot for spot in found.spots}


def test_counts_scores_classes_and_ranks_are_those_of_plain_sums(db: None) -> None:
    world.borough(20)
    found = find()
    spots, window = known(found), MONTHS[24:36]
    near = reference.queen(4, 5)
    counts = {place: sum(world.count(place, month) for month in window) for place in range(20)}
    assert {place: spot.count for place, spot in spots.items()} == counts
    scores: list[list[float | None]] = []
    for start in range(0, 36, 3):
        sums = [sum(world.count(place, month) for month in MONTHS[start : start + 3]) for place in range(20)]
        scores.append(reference.gi_star(sums, near))
    for place, spot in spots.items():
        of_place = [quarter[place] for quarter in scores]
        assert list(spot.quarters) == pytest.approx(of_place)
        assert spot.z == pytest.approx(of_place[-1])
        assert spot.hot_class == reference.hot_class([score or 0 for score in of_place])
        assert spot.square_metres == pytest.approx(769_000, rel=0.01)
    # Equal ground: the busiest leads; Gi* says that the busy corner stands out.
    assert list(spots)[:3] == sorted(range(3), key=lambda place: -counts[place])
    assert {place for place, spot in spots.items() if spot.is_hot} == reference.stand(scores[-1], 0.05) != set()
    assert spots[0].hot_class in ("persistent", "intensifying")
    assert spots[19].is_hot is False
    # The first map point: the middle of the busiest LSOA, with two of its three burglaries and its robberies.
    first = found.repeat[0]
    assert (first.street, first.months_active) == ("High Street 2", 12)
    assert first.count == sum(number - (number // 3) for month in window for _, number in world.crimes(1, month)[:2])


def test_months_that_are_not_known_are_left_out_and_said(db: None) -> None:
    made = world.borough(12, columns=4)
    # One month of a quarter: the others still compare. Two of another: no score, and so no class.
    world.forget(made.pk, [MONTHS[30]])
    found = find()
    assert found.left_out == (MONTHS[30],)
    assert known(found)[0].count == sum(world.count(0, month) for month in MONTHS[24:36] if month != MONTHS[30])
    sums = [sum(world.count(place, month) for month in (MONTHS[31], MONTHS[32])) for place in range(12)]
    assert known(found)[0].quarters[10] == pytest.approx(reference.gi_star(sums, reference.queen(3, 4))[0])
    assert found.quarters_known == 12
    world.forget(made.pk, [MONTHS[3], MONTHS[4]])
    found = find()
    assert (found.quarters_known, known(found)[0].quarters[1]) == (11, None)
    assert {spot.hot_class for spot in found.spots} == {Candidate.HotClass.UNKNOWN}
    assert all(spot.z is not None for spot in found.spots)
    # A search whose months begin before the figures.
    early = find(last=MONTHS[11])
    assert (early.quarters_known, len(early.counted)) == (3, 10)
    world.forget(made.pk, MONTHS[24:36])
    assert (find().spots, find().counted) == ((), ())


def test_types_that_the_police_find_count_only_where_they_are_asked_for(db: None) -> None:
    world.borough(6, columns=3)
    assert known(find())[5].rank > 3
    drugs = find(slugs=("drugs",))
    assert [(spot.rank, spot.count) for spot in drugs.spots[:2]] == [(1, 360), (2, 0)]
    assert drugs.spots[0].code == world.code(5)


def test_one_lsoa_and_none(db: None) -> None:
    made = world.borough(1, columns=1)
    (spot,) = find().spots
    assert (spot.z, spot.p, spot.is_hot, spot.hot_class) == (None, None, False, Candidate.HotClass.UNKNOWN)
    other: Any = factories.BoroughFactory(name="Redbridge", code="E09000026", parent=made.parent)
    place = queries.place("borough", other.code)
    assert place
    with pytest.raises(NoShapes, match="The boundaries of Redbridge's LSOAs are not loaded"):
        finding.find(Asked(place, usual(), LAST, 12))


# --- The page -------------------------------------------------------------------------------------------------------


def text(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get(f"/hotspots/find/{query}")
    assert response.status_code == status, response.content.decode()[:2000]
    return plain(response.content.decode())


def test_the_page_says_what_was_found_and_what_was_left_out(signed_in: Client) -> None:
    made = world.borough(20)
    world.forget(made.pk, [MONTHS[47]])
    said = text(signed_in, "?month=2021-03")
    assert "Find hotspots: Havering" in said
    assert "Victim-reported crime, 12 months to March 2021" in said
    assert "Furthest above an even spread: 002A in Gooshays (147 crimes)" in said
    assert re.search(r"stands? out: each has, with its neighbours, more crime than chance would put there", said)
    total = sum(world.count(place, month) for place in range(20) for month in MONTHS[24:36])
    assert f"of 20 LSOAs have half of the {total:,} crimes" in said
    assert "Drugs and Possession of weapons are left out: the police find them by searching" in said
    assert "it is no forecast" in said
    ticked = text(signed_in, "?month=2021-03&cat=drugs&cat=shoplifting")
    assert "Drugs follows where the police search" in ticked
    assert "Shoplifting: how much is recorded depends on who reports" in ticked
    # The newest month that is known; one of the year's is not.
    assert "12 months to February 2022" in text(signed_in)
    assert "March 2022 is not known or reported in part, and left out" in text(signed_in, "?month=2022-03")
    assert "No pattern over three years can be told: of the 12 quarters to March 2019, 4 are known." in text(
        signed_in, "?month=2019-03"
    )
    html = signed_in.get("/hotspots/find/?month=2021-03").content.decode()
    assert html.count("<circle") >= 10, "the first ten ranks stand on the map"
    assert 'fill="url(#hot)"' in html
    (ranking, repeat) = (
        table for table in Page(signed_in.get("/hotspots/find/?month=2021-03")).tables() if len(table.rows) > 5
    )
    assert ranking.rows[0][:4] == ["1", "002A", "Gooshays", "147 (124 to 173)"]
    assert repeat.rows[0][:2] == ["1", "On or near High Street 2"]


def test_the_file_has_every_row_and_the_notes(signed_in: Client) -> None:
    world.borough(12, columns=4)
    response = signed_in.get("/hotspots/find/candidates.csv?month=2021-03")
    assert "candidates-E09000016-2021-03-12-months.csv" in response["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")))
    assert (head[0], head[5], len(head)) == ("Rank", "Crimes", 24)
    found = find()
    assert [row[1] for row in rows[:12]] == [spot.code for spot in found.spots]
    assert float(rows[0][9]) == pytest.approx(found.spots[0].z, abs=0.001)
    assert any("no forecast" in cell for row in rows[12:] for cell in row)


BAD = ["month=2031-01", "month=soon", "months=13", "cat=witchcraft", "show=some"]


@pytest.mark.parametrize("query", BAD)
def test_bad_addresses_are_sentences(signed_in: Client, query: str) -> None:
    world.borough(2, columns=2)
    assert "." in text(signed_in, f"?{query}", 400)
    assert signed_in.get(f"/hotspots/find/candidates.csv?{query}").status_code == 400
    assert signed_in.get("/hotspots/find/?borough=E09999999").status_code == 404


def test_nothing_loaded_and_no_boundaries(signed_in: Client) -> None:
    assert signed_in.get("/hotspots/find/").status_code == 200
    assert signed_in.get("/hotspots/find/candidates.csv").status_code == 400
    other: Any = factories.BoroughFactory(name="Redbridge", code="E09000026")
    factories.WardFactory(parent=other)
    factories.summarise(other, "all-crime", [5] * 48, since=world.SINCE)
    assert "The boundaries of Redbridge's LSOAs are not loaded" in text(signed_in, "", 400)


def test_the_page_costs_as_many_queries_for_20_places_as_for_2(signed_in: Client) -> None:
    def cost() -> int:
        for _ in range(2):  # tallies, shapes and neighbours are kept from the first time
            forget_pages()
            with CaptureQueriesContext(connection) as captured:
                assert signed_in.get("/hotspots/find/?month=2021-03").status_code == 200
        return len(captured)

    made = world.borough(2, columns=2)
    few = cost()
    for place in range(2, 20):
        lsoa: Any = factories.LsoaFactory(parent=made, code=world.code(place))
        factories.BoundaryFactory(area=lsoa, box_of=(0.2 + place / 100, 51.5, 0.21 + place / 100, 51.51))
    assert cost() == few <= 12


def test_only_those_who_keep_places_are_offered_to(client: Client, make_user: Any) -> None:
    world.borough(2, columns=2)
    offers = re.compile("Make it a hotspot|Save this as a set")
    for role, offered in (("analyst", True), ("viewer", False)):
        client.force_login(make_user(f"{role}@example.org", role=role))
        html = client.get("/hotspots/find/?month=2021-03").content.decode()
        assert bool(offers.search(html)) is offered
