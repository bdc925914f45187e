"""Re-entry triggers: what would bring a hotspot back, looked at after every count of places."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from hotspots import categories
from hotspots.models import Hotspot, ReentryAlert, ReentryTrigger
from hotspots.register import boundaries
from reports import place_figures
from reports.calc.runs import ABOVE, latest_run
from reports.evidence_sentences import Months
from reports.words import between, month_name, plural

_KNOWN = categories.by_slug(categories.POLICE_UK)


def evaluate(places: Collection[int] | None = None) -> list[ReentryAlert]:
    """Raises an alert for every trigger that the newest months meet, once for each month; those that are new.

    `places` are pks of hotspots, None = all. A fixed number of queries, one without any trigger. Where the newest
    month, or the baseline, is not known, nothing can be told and nothing is raised.
    """
    rows = ReentryTrigger.objects.filter(ended_at=None, hotspot__kind=Hotspot.Kind.HOTSPOT)
    rows = rows.exclude(hotspot__status=Hotspot.Status.ARCHIVED).select_related("hotspot")
    triggers = list(rows if places is None else rows.filter(hotspot__in=places))
    if not triggers:
        return []
    shapes = boundaries.in_force({one.hotspot.area_id for one in triggers}, timezone.localdate(), shapes=False)
    wanted = {_KNOWN[one.category] for one in triggers}
    found = place_figures.all_series([one.pk for one in shapes.values()], wanted)
    met = [alert for one in triggers if (alert := _alert(one, found, shapes.get(one.hotspot.area_id)))]
    known = set(ReentryAlert.objects.filter(trigger__in=triggers).values_list("trigger_id", "month"))
    new = [one for one in met if (one.trigger_id, one.month) not in known]
    # Somebody else may look at the same moment.
    return ReentryAlert.objects.bulk_create(new, ignore_conflicts=True)


def _alert(
    trigger: ReentryTrigger,
    found: dict[str, dict[int, place_figures.Series]],
    boundary: boundaries.Boundary | None,
) -> ReentryAlert | None:
    """The alert that a trigger raises by the newest month that bears comparison; None where it is not met."""
    category = _KNOWN[trigger.category]
    series = found.get(category.slug, {}).get(boundary.pk) if boundary else None
    limits = place_figures.baseline_of(trigger.hotspot, series)
    if series is None or limits is None:
        return None
    made = Months.of(category.name, series, limits)
    where, months = latest_run(made.counts, limits.low, limits.high)
    if where != ABOVE or months < trigger.months:
        return None
    now, last = made.months[-1], made.counts[-1]
    sentence = (
        f"{category.name}: {plural(months, 'month')} on end above the baseline range, to {month_name(now)} "
        f"({last:,}; the range is {between(limits.low, limits.high)} a month). "
        f"The trigger is {plural(trigger.months, 'month')}."
    )
    return ReentryAlert(trigger=trigger, month=now, sentence=sentence)
