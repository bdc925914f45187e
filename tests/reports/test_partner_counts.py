"""Partners' counts in the summaries: what was sent and nothing else, months and quarters apart, crime untouched."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hotspots import categories, coverage, facts
from hotspots.importers import partner_counts
from hotspots.models import Area, ImportedFile, Slice
from partners.models import Agency
from reports import summaries
from reports.api.public import TYPES
from reports.models import MonthlySummary
from tests.factories import BoroughFactory, WardFactory, summarise
from tests.reference.partner_counts import partner_figures
from tests.reports.test_summaries_reference import load

pytestmark = pytest.mark.django_db
BOROUGHS = {"E05000001": "E09000001", "E05000002": "E09000001", "E09000001": "E09000001",
            "E05000003": "E09000002", "E09000002": "E09000002"}  # fmt: skip
PERIODS = ["2023-11", "2024-02", "2024-11", "2025-02", "2024-Q1", "2025-Q1"]
SERIES = ["council-fly-tipping", "nhs-assault", "ambulance-calls"]
SENDER = {"council": "Havering Council", "nhs": "Health trust", "ambulance": "Ambulance service"}
Cells = dict[tuple[str, str, str], str]
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(PERIODS), st.sampled_from([*BOROUGHS]), st.sampled_from(SERIES)),
    st.sampled_from(["0", "3", "17", "240", "", "*", "<5"]),
    min_size=1,
    max_size=40,
)
HEADER = "Agency,Period,Area code,Series,Count"


def make_world() -> None:
    boroughs = {code: BoroughFactory(code=code, parent=None) for code in sorted(set(BOROUGHS.values()))}
    for code, borough in BOROUGHS.items():
        if code != borough:
            WardFactory(code=code, parent=boroughs[borough])
    for name in SENDER.values():
        Agency.objects.get_or_create(name=name, defaults={"kind": Agency.Kind.OTHER})


def write(folder: Path, cells: Cells) -> Path:
    path = folder / f"{len([*folder.iterdir()])}.csv"
    with path.open("w", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(HEADER.split(","))
        for (period, area, series), count in cells.items():
            lines.writerow([SENDER[series.split("-")[0]], period, area, series, count])
    return path


def stored() -> dict[tuple[str, str, str, date], tuple[int | None, int | None]]:
    rows = MonthlySummary.objects.filter(category__scheme__startswith="partner", count__isnull=False)
    return {
        (scheme, area, slug, month): (count, last_year)
        for scheme, area, slug, month, count, last_year in rows.values_list(
            "category__scheme", "area__code", "category__slug", "month", "count", "same_month_last_year"
        )
    }


@contextmanager
def undone() -> Iterator[Path]:
    with TemporaryDirectory() as folder, transaction.atomic():
        yield Path(folder)
        transaction.set_rollback(True)


@given(first=CELLS, second=CELLS)
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_figures_are_those_of_the_newest_files_recomputed_plainly(first: Cells, second: Cells) -> None:
    with undone() as folder:
        make_world()
        paths = [write(folder, first), write(folder, second)]
        for path in paths:
            load(path)
        assert stored() == partner_figures(paths, BOROUGHS)
        quarters = MonthlySummary.objects.filter(category__scheme=categories.PARTNER_QUARTER)
        assert {month.month for month in quarters.values_list("month", flat=True)} <= {1, 4, 7, 10}
        assert not quarters.filter(rolling_12__isnull=False).exists()
        found = stored()
        summaries.rebuild()
        assert stored() == found
        for source in (categories.PARTNER, categories.PARTNER_QUARTER):
            coverage.coverage(source)  # quarters have no months between them to miss


def test_a_quarter_is_no_month_and_what_is_not_sent_is_unknown(tmp_path: Path) -> None:
    make_world()
    load(
        write(tmp_path, {("2025-Q1", "E09000001", "nhs-assault"): "40", ("2025-Q3", "E09000001", "nhs-assault"): "31"})
    )
    load(write(tmp_path, {("2025-02", "E05000001", "nhs-assault"): "", ("2025-02", "E05000002", "nhs-assault"): "0"}))
    assert {key: count for key, (count, _) in stored().items()} == {
        ("partner-quarter", "E09000001", "nhs-assault", date(2025, 1, 1)): 40,
        ("partner-quarter", "E09000001", "nhs-assault", date(2025, 7, 1)): 31,
        ("partner", "E05000002", "nhs-assault", date(2025, 2, 1)): 0,
    }
    (line,) = coverage.coverage("partner-quarter").lines
    assert [cell.state if cell else None for cell in line.cells] == [
        "reported", None, None, "missing", None, None, "reported",
    ]  # fmt: skip
    (one,) = Slice.objects.filter(source="partner")
    assert facts.read(one.path)["count"].to_list() == [None, 0]
    assert not set(TYPES) & {d.slug for d in categories.DEFINITIONS if d.scheme.startswith("partner")}  # never public


def test_a_series_is_replaced_by_itself_and_the_same_file_does_nothing(tmp_path: Path) -> None:
    make_world()
    both = write(tmp_path, {("2025-02", "E05000001", series): "5" for series in ("council-fly-tipping", "nhs-assault")})
    load(both)
    load(write(tmp_path, {("2025-02", "E05000001", "council-fly-tipping"): "8"}))
    assert [count for count, _ in stored().values()] == [8, 5]
    again = load(write(tmp_path, {("2025-02", "E05000001", "council-fly-tipping"): "8"}))
    assert [file.state for file in again.files.all()] == [ImportedFile.State.UNCHANGED]
    assert Slice.objects.current().count() == 2
    assert not Area.objects.filter(kind=Area.Kind.FORCE).exists()  # an agency that sends counts polices nothing


def test_templates_are_read_back_once_their_examples_are_replaced(signed_in: Client, tmp_path: Path) -> None:
    make_world()
    known = {"E05000000": "E05000001", "E09000000": "E09000001", partner_counts.EXAMPLE: "havering council "}
    assert "NHS (CSV)" in signed_in.get("/data/upload/").content.decode()
    for kind in partner_counts.KINDS:
        text = signed_in.get(f"/data/templates/{kind}.csv").getvalue().decode("utf-8-sig")
        path = tmp_path / f"{kind}.csv"
        with path.open("w", newline="") as stream:
            csv.writer(stream).writerows(
                [known.get(cell, cell) for cell in row] for row in csv.reader(text.splitlines())
            )
        (file,) = load(path).files.all()
        assert (file.format, file.rows_rejected) == (partner_counts.NAME, 0)
        assert file.rows_kept == 3 * len(categories.PARTNER_SERIES[kind])
    assert {slug for _, _, slug, _ in stored()} == {d.slug for d in categories.by_slug(categories.PARTNER).values()}
    rows = signed_in.get("/api/v1/summaries/?scheme=partner-quarter&area=E09000001&category=nhs-drugs").json()[
        "results"
    ]
    assert [(row["month"], row["count"], row["coverage"]) for row in rows] == [("2025-04", 140, "complete")]
    rows = signed_in.get("/api/v1/summaries/?scheme=partner&area=E05000001&category=nhs-drugs").json()["results"]
    assert [(row["month"], row["count"], row["coverage"]) for row in rows] == [
        ("2025-04", 12, "complete"),
        ("2025-05", None, "missing"),
    ]


def test_a_profile_shows_what_partners_count_beside_crime(signed_in: Client, tmp_path: Path) -> None:
    make_world()
    load(write(tmp_path, {(period, "E05000001", "nhs-assault"): count for period, count in [
        ("2024-02", "30"), ("2024-04", "20"), ("2025-02", "33"), ("2025-Q1", "41"), ("2025-Q2", "7")]}))  # fmt: skip
    summarise(Area.objects.get(code="E05000001"), "all-crime", [90] * 14, since=date(2024, 3, 1))
    page = " ".join(signed_in.get("/wards/E05000001/").content.decode().split())
    section = re.sub(r"<[^>]+>", " ", page[page.index("What partners count here") :])
    words = " ".join(section[: section.index("What is loaded")].split())
    assert "Health trust February 2025 33 30 3 more (10%)" in words
    assert "Health trust January to March 2025 41 – not known" in words
    assert "April to June 2025" not in words  # not over by the month shown
    shown = signed_in.get("/explore/?areas=E05000001&scheme=partner&cat=nhs-assault&to=2025-02", follow=True)
    assert (shown.status_code, "Health trust" in shown.content.decode()) == (200, True)
    refused = signed_in.get("/explore/?areas=E05000001&scheme=partner&cat=nhs-assault&measure=share", follow=True)
    assert "none is a share of a whole" in refused.content.decode()
    # Nothing but a partner's counts: no page of crime, and no fault.
    load(write(tmp_path, {("2025-02", "E05000003", "ambulance-calls"): "9"}))
    assert "No figures yet for this place" in signed_in.get("/wards/E05000003/").content.decode()
