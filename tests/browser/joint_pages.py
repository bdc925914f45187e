"""Pages of what agencies do together: days of action, meetings, agreed actions."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from hotspots.models import Area
from interventions.models import AgreedAction, DayAgency, DayItem, DayOfAction, DayResult, Meeting, MeetingPriority
from partners.models import Agency, User

LONG = "with-a-very-long-name-and-no-spaces-in-it-at-all-as-some-systems-write-them"


def joint_pages(analyst: User, ward: Area) -> dict[str, list[str]]:
    """Their pages, with records that are the analyst's own agency's."""
    owner = Agency.objects.get(name="Havering Council")
    starts = timezone.now() - timedelta(days=20)
    shared = {"owner": owner, "created_by": analyst, "strand": "pursue", "status": "done", "area_codes": [ward.code]}
    when = {"starts": starts, "ends": starts + timedelta(hours=8)}
    day = DayOfAction.objects.create(kind="day", title=f"Day-{LONG}", public_summary="Letters.", **shared, **when)
    earlier = Meeting.objects.create(kind="meeting", title="Panel", sort="ward-panel", **shared, **when)
    later = {"starts": starts + timedelta(days=30), "ends": starts + timedelta(days=30, hours=2)}
    meeting = Meeting.objects.create(kind="meeting", title=f"Panel-{LONG}", sort="ward-panel", **shared, **later)
    for one in (day, earlier, meeting):
        one.wards.set([ward])
    DayAgency.objects.create(record=day, agency=owner, role="Lead", people=4, answer=DayAgency.Answer.ACCEPTED)
    DayItem.objects.create(record=day, what=f"Walk-{LONG}", agency=owner)
    for measure, what, value in (("letters", "", 196), ("other", f"dogs-{LONG}", 3)):
        DayResult.objects.create(record=day, agency=owner, measure=measure, what=what, value=value)
    MeetingPriority.objects.create(
        record=earlier, text=f"Thefts-{LONG}", starts_on=starts.date(), ends_on=starts.date() + timedelta(days=60)
    )
    promised = AgreedAction.objects.create(
        title=f"Lamp-{LONG}",
        agency=owner,
        asked_by=owner,
        person=analyst,
        source=earlier,
        due_on=timezone.localdate() - timedelta(days=3),
        created_by=analyst,
    )
    record, agenda = f"/activity/{day.pk}", f"/activity/{meeting.pk}"
    return {
        "interventions:days": ["/activity/days/", record + "/", agenda + "/"],
        "interventions:day-answer": [f"{record}/answer/"],
        "interventions:day-results": [f"{record}/results/"],
        "interventions:day-briefing": [f"{record}/briefing/"],
        "interventions:day-summary": [f"{record}/summary/"],
        "interventions:actions": ["/activity/actions/", "/activity/actions/?state=nonsense"],
        "interventions:action": [f"/activity/actions/{promised.pk}/"],
        "interventions:action-add": [f"/activity/actions/new/?source={meeting.pk}"],
        "reports:meeting-agenda": [f"{agenda}/agenda/"],
        "reports:meeting-sheet": [f"{agenda}/sheet/"],
    }
