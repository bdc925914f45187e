"""Which force polices a borough is settled where summaries are made, and figures and notes go by it alike."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotspots.models import Area, Publisher, Source
from reports import queries
from reports.models import MonthlySummary
from tests import factories
from tests.reports.test_summaries_reference import load
from tests.reports.test_summaries_worlds import HEADERS

pytestmark = pytest.mark.django_db
NAMES = {
    "metropolitan": "Metropolitan Police Service",
    "city-of-london": "City of London Police",
    "btp": "British Transport Police",
}
Publish = Callable[[str, str, dict[str, int]], Path]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Writes a published street file: publish("metropolitan", "2016-04", {"Alpha": 12})."""

    def write(slug: str, month: str, rows: dict[str, int]) -> Path:
        path = tmp_path / month / f"{month}-{slug}-street.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", newline="") as stream:
            stream.write(HEADERS["street"] + "\n")
            csv.writer(stream).writerows(
                ["", month, *[NAMES[slug]] * 2, "-0.1", "51.5", "On or near A", f"E0100000{name == 'Beta':d}",
                 f"{name} 001A", "Burglary", "", ""]
                for name, count in rows.items() for _ in range(count)
            )  # fmt: skip
        return path

    return write


@pytest.fixture
def wards(db: None) -> tuple[Area, Area]:
    """A ward of Alpha and a ward of Beta, each with one LSOA."""
    made = []
    for number, name in enumerate(("Alpha", "Beta")):
        borough = factories.BoroughFactory(name=name, parent=None)
        ward = factories.WardFactory(name=f"{name} Green", parent=borough)
        lsoa = factories.LsoaFactory(code=f"E0100000{number}", name=f"{name} 001A", parent=borough)
        factories.MembershipFactory(child=lsoa, parent=ward)
        made.append(ward)
    return made[0], made[1]


def months_of(area: Area) -> list[date]:
    rows = MonthlySummary.objects.filter(area_id=area.pk, category_id=1).order_by("month")
    return list(rows.values_list("month", flat=True))


def test_notes_name_the_force_that_the_figures_rest_on(
    wards: tuple[Area, Area], publish: Publish, signed_in: Client
) -> None:
    """City of London polices Alpha and publishes a fiftieth of what the Metropolitan Police does."""
    files = [publish("metropolitan", month, {"Beta": 500, "Alpha": 2}) for month in ("2016-01", "2016-03", "2016-04")]
    files += [publish("city-of-london", month, {"Alpha": 10}) for month in ("2016-01", "2016-02", "2016-04")]
    load(*files)
    alpha, beta = wards
    homes = dict(Area.objects.filter(kind="borough").values_list("name", "home__slug"))
    assert homes == {"Alpha": "city-of-london", "Beta": "metropolitan"}
    words = signed_in.get(f"/wards/{alpha.code}/").content.decode()
    assert "City of London Police did not report March 2016." in words
    assert "Metropolitan Police Service did not report" not in words
    words = signed_in.get(f"/wards/{beta.code}/").content.decode()
    assert "Metropolitan Police Service did not report February 2016." in words
    assert "City of London Police did not report" not in words
    for page, name, month in (("Alpha", "City of London Police", "March"), ("Beta", "Metropolitan", "February")):
        code = Area.objects.get(name=page).code
        number = {"February": "02", "March": "03"}[month]
        said = signed_in.get(f"/wards/?borough={code}&month=2016-{number}").content.decode()
        assert f"{name}" in said
        assert f"did not report {month} 2016." in said


def test_a_borough_changes_hands_with_the_rows(wards: tuple[Area, Area], publish: Publish) -> None:
    load(publish("metropolitan", "2016-01", {"Beta": 50, "Alpha": 2}))
    alpha, _ = wards
    assert alpha.parent is not None
    homes = Area.objects.filter(pk=alpha.parent.pk)
    assert homes.get().home == Publisher.objects.get(slug="metropolitan")
    load(publish("city-of-london", "2016-01", {"Alpha": 10}))
    assert homes.get().home == Publisher.objects.get(slug="city-of-london")


def test_a_borough_that_nobody_published_has_no_home(wards: tuple[Area, Area], publish: Publish) -> None:
    load(publish("metropolitan", "2016-01", {"Beta": 50}))
    assert Area.objects.get(name="Alpha").home is None
    place = queries.place("borough", Area.objects.get(name="Alpha").code)
    assert place is not None
    assert place.force == ""


def test_a_force_counts_its_own_rows_so_others_gaps_are_not_its_own(wards: tuple[Area, Area], publish: Publish) -> None:
    load(
        *(publish("metropolitan", f"2016-0{month}", {"Beta": 50}) for month in (1, 2, 3)),
        *(publish("btp", f"2016-0{month}", {"Beta": 1}) for month in (1, 3)),
    )
    window = [date(2016, month, 1) for month in (1, 2, 3)]
    force, ward = queries.place("force", "metropolitan"), queries.place("ward", wards[1].code)
    assert force is not None
    assert ward is not None
    assert queries.reporting(Source.STREET, window, force).gaps == ()
    with CaptureQueriesContext(connection) as captured:
        (gap,) = queries.reporting(Source.STREET, window, ward).gaps
    assert gap == queries.Gap("British Transport Police", (date(2016, 2, 1),), ())
    assert len(captured) == 1


def test_an_area_s_months_begin_with_its_own_force_s(wards: tuple[Area, Area], publish: Publish) -> None:
    """One early month of one force does not give the others' wards ten years of unknown months."""
    alpha, beta = wards
    load(*(publish("metropolitan", f"2016-0{month}", {"Beta": 50}) for month in (3, 4)))
    load(*(publish("city-of-london", f"2016-0{month}", {"Alpha": 50}) for month in (2, 4)))
    load(publish("btp", "2015-01", {"Alpha": 1, "Beta": 1}))
    assert months_of(beta) == [date(2016, 3, 1), date(2016, 4, 1)]
    assert months_of(alpha) == [date(2016, 2, 1), date(2016, 3, 1), date(2016, 4, 1)]
    load(publish("metropolitan", "2016-01", {"Beta": 50}))
    assert months_of(beta) == [date(2016, month, 1) for month in (1, 2, 3, 4)]
