"""Asking for missing results, once: when those of a day of action were due and an agency that took part reported none.

Mails say which day by its number and nothing that it holds; what there is to know is on the page, for who may see it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hotspots.words import day_name
from interventions.law.day import owing, results_due
from interventions.law.parameters import Law
from interventions.models import DayAgency, DayOfAction, DayResult
from partners import audit
from partners.models import Agency, Membership
from partners.roles import Role

logger = logging.getLogger(__name__)
# Nobody is asked for results of days long past, which are written down late.
LATELY = timedelta(days=60)
# Who looks after what an agency reports; those of the agency that it is a part of, where it has nobody.
_TOLD = (Role.MANAGER, Role.SNT_LEAD)


def chase(on: date) -> int:
    """Tells the keeper and the agencies that owe results of each day whose results were due before `on`; of how many
    days. Each day is told of once, in a transaction of its own; another process that does the same passes over it."""
    law, chased = Law.now(), 0
    now = timezone.now()
    waiting = DayOfAction.objects.filter(chased_on=None, starts__lt=now, starts__gte=now - LATELY).exclude(
        status=DayOfAction.Status.CANCELLED
    )
    for pk in list(waiting.order_by("starts", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            day = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            due = results_due(law, day) if day else None
            if day is None or due is None or due >= on:
                continue
            agencies = list(DayAgency.objects.filter(record=pk))
            results = list(DayResult.objects.filter(record=pk))
            late = owing(agencies, results)
            if results and not late:
                continue
            day.chased_on = on
            day.save(update_fields=["chased_on"])
            owers = sorted({*late, day.owner_id})
            transaction.on_commit(lambda pk=pk, due=due, owers=owers: _tell(pk, due, owers))  # type: ignore[misc]
            audit.write("day-of-action.chased", by=None, about=[day], owners=late, after={"agencies": late})
            chased += 1
    return chased


def _tell(pk: int, due: date, agencies: Iterable[int]) -> None:
    """One mail to each agency; one that cannot be sent stops no other."""
    for agency in Agency.objects.filter(pk__in=list(agencies)):
        page = f"{settings.SITE_ADDRESS}{reverse('interventions:detail', args=[pk])}"
        mail = EmailMessage(
            subject="Results of a day of action are missing",
            body=(
                f"Results of a day of action were due by {day_name(due)}, and some are missing.\n\n"
                f"Sign in and open {page} to see whose, and to report your agency’s own.\n"
            ),
            bcc=_addresses(agency),
        )
        try:
            mail.send()
        except (OSError, SMTPException) as problem:
            logger.error("The mail about day of action %s could not be sent: %s", pk, type(problem).__name__)


def _addresses(agency: Agency | None) -> list[str]:
    to: list[str] = []
    while agency is not None and not to:
        held = Membership.objects.current().filter(agency=agency, role__in=_TOLD)
        to = sorted(set(held.values_list("user__email", flat=True)))
        agency = agency.part_of
    return to
