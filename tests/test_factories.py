"""The factories make what the database accepts, with derived columns that agree."""

from datetime import date

import pytest

from hotspots.models import Hotspot
from partners.models import Agency
from tests import factories


@pytest.mark.django_db
def test_summaries_agree_with_their_counts() -> None:
    ward = factories.WardFactory()
    factories.BoundaryFactory(area=ward)
    factories.SliceFactory()
    rows = factories.summarise(ward, "burglary", [*range(1, 13), None, 5], since=date(2016, 1, 1), residents=2_000)

    december, january, february = rows[11:]
    assert (december.rolling_12, december.previous_month, december.rate_per_1000) == (78, 11, 6.0)
    assert (january.count, january.same_month_last_year, january.rolling_12) == (None, 1, None)
    assert january.coverage == factories.MISSING
    assert (february.month, february.previous_month, february.same_month_last_year) == (date(2017, 2, 1), None, 2)


@pytest.mark.django_db
def test_a_place_lies_in_areas_that_are_made_once() -> None:
    council = Agency.objects.create(name="Havering Council", kind=Agency.Kind.COUNCIL)
    one = factories.make_place(council)
    other = factories.make_place(council, name="Gubbins Lane", status=Hotspot.Status.ACTIVE)
    assert one.area_codes == other.area_codes
    assert len(one.area_codes) == 2
    assert (other.status, other.ring is None, Hotspot.objects.count()) == ("active", False, 2)
