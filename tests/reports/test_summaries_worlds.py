"""Random small worlds: imports in any order give what a rebuild gives, and both what the plain recomputation gives.

Wards that change, LSOAs that lookups split, know or do not know, rows without a place or on a ward's edge, publishers
that miss months or publish little, extracts, new releases, three eras of categories.
"""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hotspots.models import Area, AreaMembership, Boundary, Population
from reports import summaries
from reports.models import MonthlySummary
from tests.reference import CRIMES, ELEVEN, SIX, STREET
from tests.reports.test_summaries_reference import assert_as_reference, load

WEST, SOUTH, STEP = -0.5, 51.25, 0.0625  # exact in binary, so that a point can lie exactly on an edge
PUBLISHERS = {
    "metropolitan": "Metropolitan Police Service",
    "city-of-london": "City of London Police",
    "btp": "British Transport Police",
}
HEADERS = {
    "street": "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context",
    "outcomes": "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type",
    "stop-and-search": "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing",
}
LSOAS = [f"E0100000{n}" for n in range(6)]


class Maker:
    """One random world. Areas go to the database, months to files."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        start = self.random.choice([date(2011, 5, 1), date(2012, 8, 1), date(2016, 1, 1)])
        first = start.year * 12 + start.month - 1
        self.months = [date(n // 12, n % 12 + 1, 1) for n in range(first, first + 15)]
        self.change = self.random.choice(self.months).replace(day=self.random.choice([1, 5]))

    def area(self, kind: str, code: str, cells: tuple[int, int, int, int] | None, **fields: object) -> Area:
        area = Area.objects.create(kind=kind, code=code, **{"name": code, **fields})
        if cells:
            west, south, east, north = (
                origin + cell * STEP for origin, cell in zip((WEST, SOUTH) * 2, cells, strict=True)
            )
            shape = shapely.box(west, south, east, north)
            Boundary.objects.create(
                area=area,
                shape=shapely.to_wkb(shape),
                outline=json.loads(shapely.to_geojson(shape)),
                west=west,
                south=south,
                east=east,
                north=north,
            )
        return area

    def make_areas(self) -> None:
        pick = self.random.random
        force = self.area("force", "metropolitan", None) if pick() < 0.3 else None
        alpha = self.area("borough", "E09000001", (0, 0, 4, 4), name="Alpha", parent=force)
        beta = self.area("borough", "E09000002", (4, 0, 8, 4) if pick() < 0.7 else None, name="Beta")
        shape = pick() < 0.8
        old = {"parent": alpha, "valid_to": self.change}
        new = {"parent": alpha, "valid_from": self.change}
        wards = [
            [
                self.area("ward", "E05000001", (0, 0, 2, 4), **old),
                self.area("ward", "E05000002", (2, 0, 4, 4) if shape else None, **old),
                self.area("ward", "E05000009", (4, 0, 8, 4), parent=beta),
            ],
            [
                self.area("ward", "E05000003", (0, 0, 4, 2), **new),
                self.area("ward", "E05000005", (0, 2, 2, 4), **new),
                self.area("ward", "E05000004", (2, 2, 4, 4), **new),
            ],
        ]
        for code in LSOAS[:-1]:
            lsoa = self.area("lsoa", code, None, parent=self.random.choice([alpha, beta, None]))
            Population.objects.create(area=lsoa, year=2011, residents=self.random.choice([0, 7, 1500]))
            for ward_set in wards:
                days: list[list[date | None]] = [[None], [self.change.replace(day=1)], [None, self.months[5]], []]
                for since in self.random.choice(days):
                    into = self.random.sample(ward_set, self.random.choice([1, 1, 2]))
                    for ward in into:
                        weight = self.random.choice([1 / len(into), 0.25, 0.0])
                        AreaMembership.objects.create(child=lsoa, parent=ward, weight=weight, valid_from=since)

    def rows(self, kind: str, publisher: str, month: date) -> list[list[str]]:
        era = SIX if month < date(2011, 9, 1) else ELEVEN if month < date(2013, 5, 1) else CRIMES
        types = [name for name, slug in list(STREET.items())[:14] if slug in era]
        if kind == "street" and self.random.random() < 0.06:
            row = self.row(kind, publisher, month, ["Burglary"])
            return [row] * 100  # an extract
        size = self.random.choice([1, 2, 8, 8, 9, 20])
        return [self.row(kind, publisher, month, types) for _ in range(size)]

    def row(self, kind: str, publisher: str, month: date, types: list[str]) -> list[str]:
        choose = self.random.choice
        lon, lat = (
            (f"{WEST + choose(range(9)) * STEP:.6f}", f"{SOUTH + choose(range(5)) * STEP:.6f}")
            if self.random.random() < 0.85
            else ("", "")
        )
        if kind == "stop-and-search":
            at = f"{month:%Y-%m}-{choose(['02', '15', '27'])}T12:30:00+00:00"
            found, ended = choose(["Controlled drugs", "Firearms", ""]), choose(["Arrest", "", "False"])
            return ["Person search", at, "", "", lat, lon, "", "", "", "", "", found, ended, "", ""]
        lsoa = choose([*LSOAS, "", ""])
        name = choose(["Alpha", "Beta", "Gamma"]) + " 001A" if lsoa else ""
        head = ["", f"{month:%Y-%m}", *[PUBLISHERS[publisher]] * 2, lon, lat, "On or near Somewhere", lsoa, name]
        if kind == "outcomes":
            return [*head, choose(["Local resolution", "Under investigation", "Offender fined"])]
        return [*head, choose(types), "", ""]

    def make_file(self, kind: str, publisher: str, month: date) -> Path:
        path = self.folder / f"{self.random.getrandbits(60):x}" / f"{month:%Y-%m}-{publisher}-{kind}.csv"
        path.parent.mkdir()
        with path.open("w", newline="") as stream:
            stream.write(HEADERS[kind] + "\n")
            csv.writer(stream).writerows(self.rows(kind, publisher, month))
        return path

    def batches(self) -> list[list[Path]]:
        """Imports: some months of some publishers, in any order, some of them again as a new release."""
        wanted = [
            (kind, publisher, month)
            for kind, share in (("street", 1.0), ("outcomes", 0.2), ("stop-and-search", 0.2))
            for publisher in PUBLISHERS
            if self.random.random() < (share if publisher == "metropolitan" else 0.5 * share)
            for complete in [self.random.random() < 0.5]
            for month in self.months
            if complete or self.random.random() < 0.6
        ]
        self.random.shuffle(wanted)
        cut = self.random.randrange(len(wanted) + 1) if wanted else 0
        again = self.random.sample(wanted, min(2, len(wanted)))
        parts = [wanted[:cut], wanted[cut : cut + 1], wanted[cut + 1 :], again]
        return [[self.make_file(*one) for one in part] for part in parts if part]


def everything() -> list[tuple[object, ...]]:
    """Every stored summary, every column."""
    return list(MonthlySummary.objects.order_by("area_id", "category_id", "month").values_list())


@pytest.mark.django_db
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=12,
    deadline=None,
    # a smaller seed is no smaller world
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_worlds(seed: int) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        maker = Maker(seed, Path(folder))
        maker.make_areas()
        files = []
        for batch in maker.batches():
            load(*batch)
            files += batch
            made = everything()
            summaries.rebuild()
            assert made == everything()
        assert_as_reference(files, "police.uk", "outcome", "search")
        transaction.set_rollback(True)
