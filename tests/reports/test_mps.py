"""The Metropolitan Police's tables in the summaries: of overlapping releases the newest counts, borough by borough and
month by month, in whatever order they arrive; conversion to another ward set keeps every total and says so."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hotspots.models import Area
from reports import summaries
from reports.models import MonthlySummary
from tests.factories import BoroughFactory, LsoaFactory, MembershipFactory, PopulationFactory, WardFactory, months_from
from tests.reports.test_summaries_reference import load

pytestmark = pytest.mark.django_db
TYPES = {
    "shoplifting": ("Theft", "Shoplifting"),
    "arson": ("Arson and Criminal Damage", "Arson"),
    "fraud-and-forgery-offences": ("Fraud and Forgery", "Fraud and Forgery"),
}
CHANGE = date(2022, 5, 5)
OLD, NEW = ("E05000001", "E05000002"), ("E05013001", "E05013002", "E05013003")
MANY = settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Table:
    """A ward table. `cells`: (ward, type) -> a count a month from `since`; None = blank."""

    since: date
    cells: dict[tuple[str, str], list[int | None]]

    @property
    def months(self) -> list[date]:
        return months_from(self.since, len(next(iter(self.cells.values()))))

    def column(self, month: date) -> dict[tuple[str, str], int | None]:
        """The counts of a month; empty where the table has none, which is no report."""
        if month not in self.months:
            return {}
        found = {key: counts[self.months.index(month)] for key, counts in self.cells.items()}
        return found if any(found.values()) else {}

    def write(self, folder: Path, boroughs: dict[str, str]) -> Path:
        path = folder / f"{self.since:%Y%m}-{len(self.cells)}-{id(self)}.csv"
        with path.open("w", newline="") as stream:
            lines = csv.writer(stream)
            head = ["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"]
            lines.writerow([*head, *(f"{month:%Y%m}" for month in self.months)])
            for (ward, slug), counts in self.cells.items():
                lines.writerow([*TYPES[slug], ward, ward, boroughs[ward], *("" if n is None else n for n in counts)])
        return path


def tables(since: date, months: int, wards: tuple[str, ...]) -> st.SearchStrategy[Table]:
    counts = st.lists(st.none() | st.integers(0, 40), min_size=months, max_size=months)
    keys = [(ward, slug) for ward in wards for slug in TYPES]
    return st.fixed_dictionaries(dict.fromkeys(keys, counts)).filter(
        lambda cells: any(any(counts) for counts in cells.values())
    ).map(lambda cells: Table(since, cells))  # fmt: skip


@contextmanager
def undone() -> Iterator[Path]:
    """A folder; what is done to the database inside is undone."""
    with TemporaryDirectory() as folder, transaction.atomic():
        yield Path(folder)
        transaction.set_rollback(True)


def stored() -> dict[tuple[str, str, date], tuple[int | None, bool]]:
    """(area, category, month) -> count, converted."""
    rows = MonthlySummary.objects.filter(category__scheme="mps")
    return {
        (area, slug, month): (count, converted)
        for area, slug, month, count, converted in rows.values_list(
            "area__code", "category__slug", "month", "count", "converted"
        )
    }


@given(
    releases=st.permutations(range(3)),
    whole=tables(date(2021, 1, 1), 4, ("E05000001", "E05000002", "E05000003")),
    newer=tables(date(2021, 3, 1), 4, ("E05000001", "E05000002", "E05000003")),
    havering=tables(date(2020, 11, 1), 7, ("E05000001", "E05000002")),
)
@MANY
def test_the_newest_release_counts_by_borough_and_month(
    releases: list[int], whole: Table, newer: Table, havering: Table
) -> None:
    every = [whole, newer, havering]  # the last one ends between the two others
    boroughs = {"E05000001": "Havering", "E05000002": "Havering", "E05000003": "Barking"}
    with undone() as folder:
        parents = {name: BoroughFactory(name=name, parent=None) for name in set(boroughs.values())}
        for code, name in boroughs.items():
            WardFactory(code=code, parent=parents[name], valid_from=None)
        for index in releases:
            load(every[index].write(folder, boroughs))
        found = stored()
        assert found
        summaries.rebuild()
        assert found == stored()

    loaded = [month for table in every for month in table.months if table.column(month)]
    for ward, borough in boroughs.items():
        for month in months_from(min(loaded), 12):
            if month > max(loaded):
                continue
            candidates = [
                (table.months[-1], index)
                for index, table in enumerate(every)
                if any(boroughs[of] == borough for of, _ in table.column(month))
            ]
            column = every[max(candidates)[1]].column(month) if candidates else {}
            for slug in TYPES:
                assert found[ward, slug, month] == (column.get((ward, slug)), False), (ward, slug, month, candidates)


def make_two_sets(residents: list[int]) -> None:
    """A borough with two ward sets and six LSOAs, one of which an old ward shares with another."""
    borough = BoroughFactory(name="Havering", parent=None)
    old = [WardFactory(code=code, parent=borough, valid_from=None, valid_to=CHANGE) for code in OLD]
    new = [WardFactory(code=code, parent=borough, valid_from=CHANGE) for code in NEW]
    for index, people in enumerate(residents):
        lsoa = LsoaFactory(parent=borough)
        PopulationFactory(area=lsoa, residents=people)
        MembershipFactory(child=lsoa, parent=new[index // 2])
        if index == 2:
            for ward in old:
                MembershipFactory(child=lsoa, parent=ward, weight=0.5)
        else:
            MembershipFactory(child=lsoa, parent=old[index // 3])


@given(
    table=st.sampled_from([OLD, NEW]).flatmap(lambda wards: tables(date(2022, 4, 1), 3, wards)),
    residents=st.lists(st.integers(1, 3000), min_size=6, max_size=6),
)
@MANY
def test_conversion_keeps_every_total_and_says_so(table: Table, residents: list[int]) -> None:
    published = tuple(sorted({ward for ward, _ in table.cells}))
    other = NEW if published == OLD else OLD
    with undone() as folder:
        make_two_sets(residents)
        load(table.write(folder, dict.fromkeys(published, "Havering")))
        found = stored()
    for month in table.months:
        column = table.column(month)
        if not column:
            assert all(
                found[ward, slug, month][0] is None for ward in other for slug in TYPES if (ward, slug, month) in found
            )
            continue
        for slug in TYPES:
            before = [column[ward, slug] for ward in published]
            assert [found[ward, slug, month] for ward in published] == [(count, False) for count in before]
            after = [found[ward, slug, month] for ward in other]
            if None in before:
                assert [count for count, _ in after] == [None] * len(other)
            else:
                assert sum(count or 0 for count, _ in after) == sum(count or 0 for count in before)
                assert all(count is not None and converted for count, converted in after)


def test_converted_counts_follow_the_residents(tmp_path: Path) -> None:
    make_two_sets([100, 100, 100, 150, 50, 100])
    cells: dict[tuple[str, str], list[int | None]] = {(OLD[0], "arson"): [50], (OLD[1], "arson"): [70]}
    load(Table(date(2022, 4, 1), cells).write(tmp_path, dict.fromkeys(OLD, "Havering")))
    # Of the first ward's 250 residents 200 live in the first new ward and 50 in the second; of the other's 350, 200 in
    # the second and 150 in the third.
    assert [stored()[ward, "arson", date(2022, 4, 1)] for ward in NEW] == [(40, True), (50, True), (30, True)]


def test_without_residents_nothing_is_converted(tmp_path: Path) -> None:
    make_two_sets([0] * 6)
    cells: dict[tuple[str, str], list[int | None]] = {(OLD[0], "arson"): [50], (OLD[1], "arson"): [70]}
    load(Table(date(2022, 4, 1), cells).write(tmp_path, dict.fromkeys(OLD, "Havering")))
    found = stored()
    assert [found[ward, "arson", date(2022, 4, 1)][0] for ward in OLD] == [50, 70]
    assert [found[ward, "arson", date(2022, 4, 1)][0] for ward in NEW] == [None] * 3


@pytest.mark.realdata
def test_the_force_has_all_rows_and_the_airports_are_no_borough(real_data: Path) -> None:
    """Aviation Security's rows count in the force and in the ward that they name."""
    hillingdon = BoroughFactory(name="Hillingdon", parent=None)
    WardFactory(code="E05013570", name="Heathrow Villages", parent=hillingdon, valid_from=CHANGE)
    folder = real_data / "london_datastore"
    load(folder / "mps_borough_24m_202112-202311.csv", folder / "mps_ward_24m_202112-202311.csv")
    month = date(2023, 9, 1)

    def total(name: str, **where: str) -> int:
        with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
            return sum(
                int(row["202309"] or 0)
                for row in csv.DictReader(stream)
                if "fraud" not in row["MajorText"].lower() and all(row[key] == value for key, value in where.items())
            )

    found = stored()
    borough_table, ward_table = "mps_borough_24m_202112-202311.csv", "mps_ward_24m_202112-202311.csv"
    assert found["metropolitan", "all-crime", month][0] == total(borough_table)
    assert found[hillingdon.code, "all-crime", month][0] == total(borough_table, LookUp_BoroughName="Hillingdon")
    aviation = total(ward_table, WardCode="E05013570", LookUp_BoroughName="Aviation Security (SO18)")
    assert aviation > 0
    assert found["E05013570", "all-crime", month][0] == total(ward_table, WardCode="E05013570")
    assert not any(name.startswith("Aviation") for name in Area.objects.values_list("name", flat=True))


@pytest.mark.realdata
@pytest.mark.slow
def test_the_real_releases_together(real_data: Path) -> None:
    """Three windows and the history of one borough, the newest loaded first."""
    folder = real_data / "london_datastore"
    names = [
        "mps_ward_24m_202304-202503.csv",
        "havering_ward_historical_201004-202402_from_parquet.csv",
        "mps_ward_24m_202112-202311.csv",
    ]
    wards: dict[str, str] = {}
    totals: dict[tuple[str, date], tuple[str, int]] = {}  # borough, month -> newest release that has it, crimes
    for name in names:
        sums: dict[tuple[str, date], int] = {}
        with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = [{key.lower(): cell for key, cell in row.items()} for row in csv.DictReader(stream)]
        months = [key for key in rows[0] if key.isdigit()]
        for row in rows:
            borough = row["lookup_boroughname"]
            if borough not in ("Havering", "Newham"):
                continue
            wards[row["wardcode"]] = borough
            if "fraud" not in row["majortext"].lower():
                for month in months:
                    key = borough, date(int(month[:4]), int(month[4:]), 1)
                    sums[key] = sums.get(key, 0) + int(row[month] or 0)
        for key, total in sums.items():
            if total and (key not in totals or totals[key][0] < months[-1]):
                totals[key] = months[-1], total
    parents = {name: BoroughFactory(name=name, parent=None) for name in ("Havering", "Newham")}
    for code, name in wards.items():
        WardFactory(code=code, parent=parents[name], valid_from=None)
    load(*[folder / name for name in names[:1]])
    load(*[folder / name for name in names[1:]])

    found = stored()
    for (borough, month), (release, total) in totals.items():
        counts = [found[ward, "all-crime", month][0] for ward, of in wards.items() if of == borough]
        known = [count for count in counts if count is not None]
        assert sum(known) == total, (borough, month, release)
    assert Area.objects.filter(code="E05013967").exists()
    assert found["E05013967", "all-crime", date(2010, 4, 1)][0] is not None
    newham = next(ward for ward, of in wards.items() if of == "Newham")
    assert found[newham, "all-crime", date(2010, 4, 1)][0] is None
