"""The calendar, its feeds and reminders, and a twelve-month plan, with something in each."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from hotspots.models import Area
from interventions.calc.clock import LONDON
from interventions.calc.periods import months_after
from interventions.models import CalendarFeed, Intervention, ProblemSolvingPlan, YearPlan
from partners.models import Agency, User

LONG = "A-line-of-the-plan-that-has-a-very-long-name-and-no-spaces-in-it-at-all"


def calendar_pages(person: User, ward: Area) -> dict[str, list[str]]:
    """Address's name -> addresses to look at."""
    council = Agency.objects.get(name="Havering Council")
    first = timezone.localdate().replace(day=1)
    common = {"owner": council, "created_by": person, "strand": "prevent", "area_codes": [ward.code]}
    plan = YearPlan.objects.create(
        **common,
        kind=Intervention.Kind.YEAR_PLAN,
        title="Year of the town",
        starts=_midnight(first),
        ends=_midnight(months_after(first, 12)),
    )
    plan.wards.set([ward])
    line = plan.items.create(month=first, lane="joint", text=LONG, strand="pursue", reason="One a month.")
    ProblemSolvingPlan.objects.create(
        **common,
        kind=Intervention.Kind.PLAN,
        title="Shops-in-the-street-" + LONG,
        starts=_midnight(date(2026, 1, 1)),
        review_on=timezone.localdate(),
        stage="response",
    )
    feed = CalendarFeed.objects.create(user=person, created_by=person, name="Outlook at work", token_hash="0" * 64)
    year = f"/activity/{plan.pk}/year/"
    return {
        "interventions:calendar": [
            "/activity/calendar/",
            "/activity/calendar/?show=list",
            "/activity/calendar/?month=x",
        ],
        "interventions:feeds": ["/activity/calendar/feeds/"],
        "interventions:feed-revoke": [f"/activity/calendar/feeds/{feed.pk}/revoke/"],
        "interventions:reminders": ["/activity/calendar/reminders/"],
        "interventions:year": [year],
        "interventions:year-item-new": [f"{year}new/?month={first:%Y-%m}&lane=usual"],
        "interventions:year-item": [f"{year}{line.pk}/"],
        "interventions:year-item-status": [],
        "interventions:year-item-remove": [],
        "reports:year-draft": [f"{year}draft/"],
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LONDON)
