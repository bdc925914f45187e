"""The synthetic boroughs: the same every time, in the official formats, with their truths in them."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from demo import borough, crime, files


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, files.Written]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, files.write(folder)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_truths_file_is_what_the_generator_plants():
    assert json.loads(files.TRUTHS.read_text()) == files.truths()


def test_files_are_the_same_every_time(written, tmp_path):
    folder, first = written
    second = files.write(tmp_path)
    for one, other in zip(first.facts[::20] + first.areas, second.facts[::20] + second.areas, strict=True):
        assert one.relative_to(folder) == other.relative_to(tmp_path)
        assert one.read_bytes() == other.read_bytes()


@pytest.fixture(scope="module")
def worlds() -> list[borough.Borough]:
    return [
        borough.draw(np.random.default_rng(files.SEED)),
        borough.draw(np.random.default_rng(files.SEED + 1), borough.NEXT_DOOR),
    ]


@pytest.mark.parametrize("of", ["block_lsoa", "block_old", "block_new"])
def test_places_tile_without_gaps_or_overlaps(worlds, of):
    for world in worlds:
        shapes = world.shapes(getattr(world, of))
        assert shapely.coverage_is_valid(shapes)
        assert shapely.coverage_union_all(shapes).equals(world.outline)


def test_boroughs_lie_side_by_side(worlds):
    large, small = (world.outline for world in worlds)
    assert not large.intersects(small)
    assert large.distance(small) < 0.001
    for codes in ("lsoa_codes", "old_codes", "new_codes"):
        assert not {*getattr(worlds[0], codes)} & {*getattr(worlds[1], codes)}


def test_no_code_can_be_taken_for_a_real_one(written):
    _, paths = written
    for path in paths.areas + paths.new_wards:
        for feature in json.loads(path.read_text())["features"]:
            codes = [v for k, v in feature["properties"].items() if k.endswith(("CD", "CODE"))]
            assert codes
            assert all(code.startswith("SYN") for code in codes)


def test_missing_months_have_no_file_and_the_latest_is_partial(written):
    _, paths = written
    names = {path.name for path in paths.facts}
    assert f"{crime.MISSING_MONTH:%Y-%m}-synthetic-street.csv" not in names
    assert f"{crime.TRANSPORT_MISSING_MONTH:%Y-%m}-btp-street.csv" not in names
    street = {p.name[:7]: len(rows(p)) for p in paths.facts if p.name.endswith("-synthetic-street.csv")}
    assert len(street) == 35
    median = float(np.median(list(street.values())))
    assert street["2026-09"] < 0.25 * median
    assert all(count > 0.7 * median for month, count in street.items() if month != "2026-09")


def test_planted_hotspots_stand_out_of_the_noise():
    gooshays, market, station = json.loads(files.TRUTHS.read_text())["hotspots"]
    assert gooshays["events_12_months_after"] < 0.6 * gooshays["events_12_months_before"]
    lost = market["events_12_months_before"] - market["events_12_months_after"]
    gained = market["ring_500m_12_months_after"] - market["ring_500m_12_months_before"]
    assert 0.8 < gained / lost < 1.25
    assert 0.9 < station["events_12_months_after"] / station["events_12_months_before"] < 1.1


def test_possession_rises_with_searches_in_the_ward_table_and_supply_does_not(written):
    _, paths = written
    table = [r for r in rows(paths.facts[-1]) if r["WardName"] == crime.POSSESSION_WARD]
    possession = next(r for r in table if r["MinorText"] == "POSSESSION OF DRUGS")
    supply = next(r for r in table if r["MinorText"] == "TRAFFICKING OF DRUGS")

    def total(row: dict[str, str], year: str) -> int:
        return sum(int(row[f"{year}{month:02d}"]) for month in range(1, 10))

    assert total(possession, "2026") > 2 * total(possession, "2025")
    assert total(supply, "2026") < 2 * total(supply, "2025") + 5


def test_rows_have_the_traps_of_the_real_files(written):
    _, paths = written
    street = rows(next(p for p in paths.facts if p.name == "2025-07-synthetic-street.csv"))
    asb = [tuple(r.values()) for r in street if r["Crime type"] == "Anti-social behaviour"]
    assert all(not row[0] for row in asb)
    assert max(Counter(asb).values()) > 1  # byte-identical rows, all of them real
    unlocated = [r for r in street if not r["Longitude"]]
    assert 0.01 < len(unlocated) / len(street) < 0.04
    assert {(r["Location"], r["LSOA code"]) for r in unlocated} == {("No Location", "")}
    searches = rows(next(p for p in paths.facts if p.name == "2025-07-synthetic-stop-and-search.csv"))
    assert any(r["Date"].startswith("2025-06-30T23") for r in searches)  # July by local time
