"""The profile of a place and its comparison places, in the states in which they show most: for `test_every_page`."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from hotspots.models import GateDecision, PhasePeriod, ReentryAlert, ReentryTrigger
from hotspots.register import actions
from partners.models import Agency, User
from partners.visibility import Viewer
from tests.browser.register_pages import LONG
from tests.reports.test_place import MONTHS, a_place


def profiles(analyst: User) -> dict[str, list[str]]:
    """A hotspot with figures, phases, a gate, an alert and a comparison place; its newest boundary is being counted."""
    by = Viewer.of_user(analyst)
    place = a_place(
        Agency.objects.earliest("pk"),
        by=by,
        name=LONG,
        public_name=LONG,
        lead=analyst,
        problems=("burglary", "drugs"),
        objective=LONG,
        objective_category="burglary",
        objective_baseline=620,
        objective_target=400,
        review_on=timezone.localdate() - timedelta(days=9),
    )
    first = place.area.boundaries.get()
    clear = PhasePeriod.objects.create(
        hotspot=place, phase="clear", starts=MONTHS[24], ends=MONTHS[30], ending="completed"
    )
    PhasePeriod.objects.create(
        hotspot=place, phase="hold", starts=MONTHS[29], planned_end=MONTHS[35], lead=analyst, objectives=LONG
    )
    GateDecision.objects.create(period=clear, outcome="proceed", to_phase="hold", decided_on=MONTHS[30], data_version=1)
    trigger = ReentryTrigger.objects.create(hotspot=place, category="burglary", months=2)
    ReentryAlert.objects.create(trigger=trigger, month=MONTHS[34], sentence="Burglary rose above its range.")
    place.comparisons.create(
        name=LONG, lsoa_codes=["E01000001"], level_ratio=1, trend_difference=0, mix_difference=0, reason=LONG
    )
    redrawn = actions.Drawn(actions.boundaries.shape_of(first), "drawn")
    actions.redraw(by=by, pk=place.pk, drawn=redrawn, valid_from=date(2025, 6, 1))
    here = f"/hotspots/{place.pk}/"
    return {
        "reports:place": [f"{here}?boundary={first.pk}", here],
        "reports:comparison": [f"{here}comparison/"],
        "reports:end-comparison": [],
    }
