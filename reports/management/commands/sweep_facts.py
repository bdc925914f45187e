"""Removes what crashed imports left in the fact store."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from hotspots import facts
from hotspots.models import Slice

# An import that is under way has written facts that nothing points at yet.
OLDER_THAN_SECONDS = 24 * 60 * 60


class Command(BaseCommand):
    help = "Removes files from the fact store that no slice points at and that are older than a day."

    def handle(self, *args: Any, **options: Any) -> None:
        before = time.time() - OLDER_THAN_SECONDS
        removed = 0
        for path in facts.unreferenced(Slice.objects.values_list("path", flat=True)):
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
        self.stdout.write(f"Removed {removed} {'file' if removed == 1 else 'files'}.")
