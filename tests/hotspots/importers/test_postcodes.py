"""Postcode directories: made-up rows in the published layouts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from hotspots import importers
from hotspots.importers import lookups, pipeline, postcodes, reading
from hotspots.importers.base import Options, Quality, Refused, SourceFile
from hotspots.models import Area, DataVersion, PostcodeDistrict
from partners.jobs import Progress
from tests.factories import BoroughFactory, LsoaFactory, MembershipFactory, WardFactory

pytestmark = pytest.mark.django_db
# The first columns of NSPL and ONSPD, in their order; those in between are not read.
NSPL = "pcd7,pcd8,pcds,dointr,doterm,usertype,lad25cd,wd25cd,lsoa21cd,msoa21cd,lat,long\n"
ONSPD = "pcd,pcd2,pcds,dointr,doterm,oslaua,osward,statsward,lsoa01,lsoa11,lsoa21,lat,long\n"


def nspl(postcode: str, ward: str = "", lsoa: str = "", ended: str = "") -> str:
    cells = (postcode, postcode, postcode, "198001", ended, "0", "E09000016", ward, lsoa, "E02000464", "51.6", "0.2")
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def load(content: str) -> tuple[bool, Quality]:
    data, quality = content.encode(), Quality()
    assert importers.recognise(reading.head("x", data[: reading.HEAD_BYTES], whole=True)) is postcodes
    with transaction.atomic():
        return postcodes.load(SourceFile("x", data, ""), quality, Options()), quality


def stored() -> set[tuple[str, str, int]]:
    return set(PostcodeDistrict.objects.values_list("outward", "ward__name", "postcodes"))


@pytest.fixture(autouse=True)
def gooshays() -> Area:
    """Gooshays and Heaton with an LSOA each, and Gooshays as it was before."""
    borough = BoroughFactory(code="E09000016")
    ward = WardFactory(code="E05013970", name="Gooshays", parent=borough, valid_from="2022-05-05")
    WardFactory(code="E05000310", name="Old Gooshays", parent=borough, valid_from=None, valid_to="2022-05-05")
    heaton = WardFactory(code="E05013975", name="Heaton", parent=borough, valid_from="2022-05-05")
    MembershipFactory(child=LsoaFactory(code="E01002253"), parent=ward)
    MembershipFactory(child=LsoaFactory(code="E01002284"), parent=heaton, weight=0.7)
    MembershipFactory(child=Area.objects.get(code="E01002284"), parent=ward, weight=0.3)
    return ward


def test_districts_are_counted_by_the_ward_named_else_by_the_lsoa() -> None:
    changed, quality = load(
        NSPL
        + nspl("RM3 7AA", "E05013970")
        + nspl("RM3 7AB", "E05000310", "E01002284")  # a ward of the set before: by its LSOA
        + nspl("RM3 7AD", "", "E01002253")
        + nspl("rm3 7ae", "", "E01002284")
        + nspl("RM13 9AA", "E05013975")
        + nspl("RM3 0ZZ", "E05013970", ended="201901")
        + nspl("EC1A 1BB", "E05009288", "E01000001")
    )
    assert changed
    assert stored() == {("RM3", "Gooshays", 2), ("RM3", "Heaton", 2), ("RM13", "Heaton", 1)}
    assert (quality.rows_read, quality.rows_kept, quality.rows_rejected) == (7, 5, 0)
    assert quality.notes == [
        "Postcodes that are no longer in use, and were passed over: 1.",
        "Postcodes that lie in no ward that is loaded, and were passed over: 1.",
    ]


def test_the_older_layout_by_the_newest_lsoas() -> None:
    row = "RM3 7AA,RM3  7AA,RM3 7AA,198001,,E09000016,E05099999,E05099998,E01000009,E01000009,E01002284,51.6,0.2\n"
    assert load(ONSPD + row)[0]
    assert stored() == {("RM3", "Heaton", 1)}


def test_a_new_edition_replaces_its_own_districts_only() -> None:
    load(NSPL + nspl("RM3 7AA", "E05013970") + nspl("RM2 7AA", "E05013970"))
    assert not load(NSPL + nspl("RM3 7AB", "E05013970"))[0]
    assert load(NSPL + nspl("RM3 7AB", "E05013975"))[0]
    assert stored() == {("RM3", "Heaton", 1), ("RM2", "Gooshays", 1)}


def test_rows_without_a_postcode_are_rejected_and_foreign_files_refused() -> None:
    _, quality = load(NSPL + nspl("RM3 7AA", "E05013970") + nspl("Romford", "E05013970") + nspl("", "E05013970"))
    assert quality.rejected == [(3, "has no postcode in pcds"), (4, "has no postcode in pcds")]
    with pytest.raises(Refused, match="None of the postcodes lies in a ward that is loaded"):
        load(NSPL + nspl("B1 1AA", "E05001175", "E01033620"))


def test_a_lookup_is_still_a_lookup() -> None:
    head = reading.head("x", b"LSOA21CD,WD25CD\nE01002253,E05013970\n", whole=True)
    assert importers.recognise(head) is lookups


def test_an_import_counts_a_change_but_summarises_nothing_again(tmp_path: Path) -> None:
    path = tmp_path / "NSPL_RM.csv"
    path.write_text(NSPL + nspl("RM3 7AA", "E05013970"))
    rebuilt: list[None] = []
    run = pipeline.run(
        [path],
        title="Postcodes",
        by=None,
        progress=Progress(None),
        summarise=lambda touched: None,
        areas_changed=lambda: rebuilt.append(None),
    )
    file = run.files.get()
    assert (file.state, file.format, file.message) == ("stored", "Postcode directory", "")
    assert stored() == {("RM3", "Gooshays", 1)}
    assert rebuilt == []
    assert DataVersion.objects.get().number == 1
