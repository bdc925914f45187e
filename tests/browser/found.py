"""The pages of finding hotspots, with a set that shows most of what a set can."""

from __future__ import annotations

from datetime import date
from typing import Any

from hotspots.models import Area
from partners.models import Agency, User
from reports.models import Candidate, CandidateSet
from tests import factories
from tests.factories import summarise

FIRST, LAST = date(2016, 4, 1), date(2017, 3, 1)


def pages_of_finding(by: User, owner: Agency, borough: Area) -> dict[str, list[str]]:
    """Addresses by name, in a borough that has figures of all crime."""
    summarise(borough, "burglary", [9] * 24, since=FIRST)
    kept = CandidateSet.objects.create(
        owner=owner,
        created_by=by,
        changed_by=by,
        name="Burglary-before-the-winter-and-its-dark-evenings-for-the-partnership-s-strategic-assessment",
        area_codes=[borough.code],
        borough=borough,
        categories=["burglary"],
        first_month=FIRST,
        last_month=LAST,
        left_out=[LAST],
        method="1",
        alpha=0.05,
        data_version=1,
        gini=0.4,
        generalised_gini=0.3,
    )
    for rank in range(1, 8):
        lsoa: Any = factories.LsoaFactory(parent=borough, name=f"Havering 00{rank}A")
        factories.BoundaryFactory(area=lsoa, box_of=(0.1 + rank / 100, 51.5, 0.11 + rank / 100, 51.51))
        Candidate.objects.create(
            candidate_set=kept,
            rank=rank,
            lsoa_code=lsoa.code,
            name=lsoa.name,
            ward_name="Hylands & Harrow Lodge",
            square_metres=769_000,
            count=1_412 // rank,
            low=1_339.3 / rank,
            high=1_487.6 / rank,
            z=3.1 - rank,
            p=0.001 * rank,
            is_hot=rank < 3,
            hot_class=Candidate.HotClass.values[rank],
            quarters=[3.1 - rank] * 12,
        )
    kept.repeat_locations.create(rank=1, longitude=0.11, latitude=51.5, street="", count=9, months_active=2)
    here, search = f"/hotspots/sets/{kept.pk}/", f"borough={borough.code}&cat=burglary&month=2017-03"
    return {
        "reports:find": [f"/hotspots/find/?{search}", "/hotspots/find/?cat=witchcraft"],
        "reports:promote-found": [],  # the same form as that of a set
        "reports:sets": ["/hotspots/sets/"],
        "reports:save-set": [f"/hotspots/sets/new/?{search}"],
        "reports:candidate-set": [here],
        "reports:promote": [f"{here}promote/2/"],
    }
