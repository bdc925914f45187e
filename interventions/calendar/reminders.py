"""Reminders by e-mail: to each person who asked for them, what the own agencies have to see to.

A mail names kinds and days and counts. It says no title, no place and no person: titles may hold them, and mail is
read on phones. Of what is OFFICIAL-SENSITIVE or for one team alone it says only that there is something.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q

from hotspots.words import day_name, plural
from interventions.calendar import dates
from interventions.calendar.dates import Due
from interventions.models import Digest
from partners.models import Membership
from partners.visibility import Viewer

log = logging.getLogger(__name__)

# Days ahead, the nearest first: what a mail is divided by.
AHEAD = (7, 30, 60, 90)
# A mail is read on a phone; the rest is in the calendar.
MOST_LINES = 12


def send_due(today: date) -> int:
    """Sends every reminder that is due on a day; how many mails went out.

    Safe to run again and side by side: each person's row is locked and says up to which day it was done. A mail that
    cannot be sent stays due, and stops nobody else's.
    """
    people = Membership.objects.current().values("user")
    asked = Digest.objects.filter(_is_due(today), user__in=people)
    sent = 0
    for pk in list(asked.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            digest = (
                asked.select_for_update(of=("self",), skip_locked=True).select_related("user").filter(pk=pk).first()
            )
            if digest is None:
                continue
            message = compose(Viewer.of_user(digest.user), today)
            if message is not None and not _mailed(digest, message):
                continue
            digest.sent_for = today
            digest.save(update_fields=["sent_for"])
            sent += message is not None
    return sent


def _is_due(today: date) -> Q:
    """Daily ones once a day; weekly ones on Monday, or later in the week where Monday's could not be sent."""
    monday = today - timedelta(days=today.weekday())
    daily = Q(frequency=Digest.Frequency.DAILY) & (Q(sent_for=None) | Q(sent_for__lt=today))
    late = Q(sent_for__lt=monday) | (Q(sent_for=None) if today == monday else Q(pk__in=[]))
    return daily | (Q(frequency=Digest.Frequency.WEEKLY) & late)


def _mailed(digest: Digest, message: tuple[str, str]) -> bool:
    subject, text = message
    try:
        send_mail(subject, text, None, [digest.user.email])
    except (OSError, SMTPException) as problem:
        # Its text may hold the address.
        log.error("The reminder %s could not be sent: %s", digest.pk, type(problem).__name__)
        return False
    return True


def compose(viewer: Viewer, today: date) -> tuple[str, str] | None:
    """Subject and text of one person's reminder; None where nothing is due."""
    found = dates.collect(viewer, today - dates.OVERDUE_FOR, today + timedelta(days=AHEAD[-1]))
    mine = [due for due in dates.own(viewer, found) if due.day >= today or due.is_overdue(today)]
    if not mine:
        return None
    overdue = [due for due in mine if due.day < today]
    soon = [due for due in mine if today <= due.day <= today + timedelta(days=AHEAD[0])]
    subject = f"Hotspot tracker: {len(soon):,} due within {AHEAD[0]} days, {len(overdue):,} overdue"
    sections = [_section("Overdue", overdue)]
    after = today - timedelta(days=1)
    for days in AHEAD:
        until = today + timedelta(days=days)
        sections.append(_section(f"Within {days} days", [due for due in mine if after < due.day <= until]))
        after = until
    where = f"{settings.SITE_ADDRESS}/activity/calendar/" if settings.SITE_ADDRESS else "Activity, Calendar"
    text = "\n\n".join(
        [
            "What your agencies have to see to. Which ones, and what restricted entries are, the dashboard says.",
            *(one for one in sections if one),
            f"Calendar: {where}\nTo be reminded less often, or never: Calendar, Reminders.",
        ]
    )
    return subject, f"{text}\n"


def _section(heading: str, dues: Sequence[Due]) -> str:
    """A heading and its lines; "" where there is nothing."""
    if not dues:
        return ""
    counts: dict[tuple[date, str], int] = {}
    for due in dues:
        if not due.is_restricted:
            line = (due.day, f"{due.kind}: {due.words}")
            counts[line] = counts.get(line, 0) + 1
    lines = [
        f"- {day_name(day)}: {words}{f' ({count} of them)' if count > 1 else ''}"
        for (day, words), count in counts.items()
    ]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"- and {plural(len(lines) - MOST_LINES, 'more line')} in the calendar"]
    if hidden := sum(due.is_restricted for due in dues):
        lines.append(f"- {plural(hidden, 'OFFICIAL-SENSITIVE entry', 'OFFICIAL-SENSITIVE entries')}, see the dashboard")
    return "\n".join([f"{heading} ({len(dues)})", *lines])
