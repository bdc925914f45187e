"""`manage.py rebuild_summaries`: makes every monthly summary again from the facts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hotspots.models import DataVersion
from reports import summaries
from reports.models import MonthlySummary


class Command(BaseCommand):
    """Makes every monthly summary again, in one transaction; pages show the old ones until it is done."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            summaries.rebuild()
            DataVersion.objects.get_or_create(pk=1)
            DataVersion.objects.filter(pk=1).update(number=F("number") + 1, changed=timezone.now())
        self.stdout.write(f"{MonthlySummary.objects.count():,} summaries.")
