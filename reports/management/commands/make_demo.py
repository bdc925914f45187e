"""manage.py make_demo: two synthetic boroughs, and a partnership that works there, to look around in."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo import borough, crime, files, partnership
from hotspots import categories
from hotspots.importers import pipeline
from hotspots.importers.base import Options
from hotspots.models import Area, ImportedFile
from partners.jobs import Progress
from partners.models import User
from reports import summaries, warming
from reports.actions import save_view, set_priorities

# (name, page, query, for the agency)
VIEWS = (
    ("Shoplifting in all wards", "explore", f"areas={borough.MAIN.code}.wards&cat=shoplifting&view=heat", True),
    (
        "Burglary and vehicle crime over time",
        "explore",
        f"areas={borough.MAIN.code}&cat=burglary,vehicle-crime&from=36",
        True,
    ),
    ("My map: where anti-social behaviour is", "map", "category=anti-social-behaviour&period=year", False),
)
ANALYST = "analyst@demo.example"
PRIORITIES = ("anti-social-behaviour", "burglary", "vehicle-crime", "shoplifting")


class Command(BaseCommand):
    """Writes the synthetic boroughs' files, imports them by the real importers, and makes a partnership of agencies."""

    help = (
        "Write and import the demonstration data: two synthetic boroughs with 36 months of figures, and a "
        "partnership of agencies with a sign-in for every role."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--files-only", metavar="FOLDER", type=Path, help="write the files and import nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["files_only"]:
            files.write(options["files_only"])
            self.stdout.write(f"Wrote the files under {options['files_only']}.")
            return
        if not settings.LOCAL_MODE:
            raise CommandError("Demonstration data and sign-ins are for local mode only.")
        written = files.write(Path(settings.VAR_DIR) / "demo")
        self._import(written.areas, "Demonstration areas")
        self._import(written.new_wards, "Demonstration wards of 2024", valid_from=crime.WARD_CHANGE)
        self._import(written.lookups, "Demonstration lookups and residents")
        self._import(written.facts, "Demonstration figures")
        for line in self._sign_ins():
            self.stdout.write(line)
        if crime.MONTHS[-1] < timezone.localdate().replace(day=1):  # no agency counts a month before it is over
            self._import(written.partners, "Demonstration counts of partners")
        self._priorities()
        self._views()
        warming.warm()

    def _import(self, paths: list[Path], title: str, valid_from: date | None = None) -> None:
        run = pipeline.run(
            paths,
            title=title,
            by=None,
            job=None,
            progress=Progress(None),
            summarise=summaries.recompute,
            areas_changed=summaries.rebuild,
            options=Options(valid_from=valid_from),
        )
        for file in run.files.filter(state=ImportedFile.State.REFUSED):
            raise CommandError(f"{file.name}: {file.message}")
        self.stdout.write(f"{title}: {run.files.count()} files.")

    def _sign_ins(self) -> list[str]:
        """Makes the partnership where nobody has an account; its passwords lie where only this user can read them."""
        path = Path(settings.VAR_DIR) / "demo-sign-ins.txt"
        if lines := partnership.make():
            path.touch(mode=0o600)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def _priorities(self) -> None:
        """Makes the analyst choose the partnership's priorities, where nobody has chosen any yet."""
        area = Area.objects.get(code=borough.MAIN.code)
        if not area.priorities.exists():
            chosen = [categories.by_slug(categories.POLICE_UK)[slug] for slug in PRIORITIES]
            set_priorities(by=User.objects.get(email=ANALYST), area=area, chosen=chosen)

    def _views(self) -> None:
        """Saves some views for the analyst and the analyst's agency, where there are none yet."""
        analyst = User.objects.get(email=ANALYST)
        if not analyst.saved_views.exists():
            agency = analyst.memberships.get().agency
            for name, page, query, shared in VIEWS:
                save_view(by=analyst, name=name, page=page, query=query, agency=agency if shared else None)
