"""Reads of ward teams: what a viewer is shown of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from hotspots.models import AbstractedDays, Area, DataVersion, WardTeam
from partners import visibility
from partners.models import Agency
from partners.roles import Permission
from partners.visibility import Viewer

# What a ward's page says of a team.
_SAID = (
    *("id", "contact_email", "contact_phone"),
    *(f"{post}_{what}" for post in ("officers", "pcsos", "sergeants") for what in ("established", "in_post")),
)


@dataclass(frozen=True, slots=True)
class Team:
    """The team that one agency keeps in one ward: its dated rows that the reader sees, newest first, and its days."""

    rows: list[WardTeam]
    # (first day of the month, days abstracted), newest first; of rows that do not withhold them.
    days: list[tuple[date, Decimal]]

    @property
    def now(self) -> WardTeam:
        """The row in force today; where there is none the newest, which has ended or is to come."""
        today = timezone.localdate()
        in_force = (row for row in self.rows if row.valid_from <= today < (row.valid_to or date.max))
        return next(in_force, self.rows[0])


def teams(viewer: Viewer, **where: Any) -> list[Team]:
    """The teams that somebody sees, by borough and ward; `where` are filters of rows. Two queries and the viewer's."""
    rows = (
        WardTeam.objects.visible_to(viewer)
        .filter(**where)
        .select_related("ward__parent", "owner")
        .order_by("ward__parent__name", "ward__name", "ward_id", "owner__name", "-valid_from")
    )
    found: dict[tuple[int, int], Team] = {}
    for row in rows:
        found.setdefault((row.ward_id, row.owner_id), Team([], [])).rows.append(row)
    shown = {row.pk: team for team in found.values() for row in team.rows if "abstracted" not in row.withheld}
    days = AbstractedDays.objects.filter(team__in=list(shown)).order_by("-month")
    for team, month, lost in days.values_list("team_id", "month", "days"):
        shown[team].days.append((month, lost))
    return list(found.values())


def team_of(viewer: Viewer, pk: int) -> tuple[Team, WardTeam] | None:
    """The team that a row is of, and the row; None where the viewer does not see it."""
    row = WardTeam.objects.visible_to(viewer).filter(pk=pk).first()
    if row is None:
        return None
    (team,) = teams(viewer, ward=row.ward_id, owner=row.owner_id)
    return team, next(one for one in team.rows if one.pk == pk)


def open_teams_of_ward(viewer: Viewer, code: str) -> tuple[int, list[tuple[WardTeam, tuple[date, Decimal] | None]]]:
    """The version of the figures, and the teams in force in a ward that are open to everyone: each with the newest
    month of which the days abstracted are known, and the days. One query, as every view of a ward asks it, and the
    viewer's roles. The rows hold what the ward's page says of them and nothing more."""
    today = timezone.localdate()
    days = AbstractedDays.objects.filter(
        team__ward=OuterRef("ward"), team__owner=OuterRef("owner"), team__audience="everyone"
    ).order_by("-month")
    found = (
        WardTeam.objects.filter(visibility.open_to(viewer))
        .filter(Q(valid_to=None) | Q(valid_to__gt=today), ward__code=code, valid_from__lte=today)
        .annotate(last_month=Subquery(days.values("month")[:1]), last_days=Subquery(days.values("days")[:1]))
        .order_by("owner__name")
    )
    said = JSONObject(owner="owner__name", last_month="last_month", last_days="last_days", **{n: n for n in _SAID})
    version = DataVersion.objects.filter(pk=1).values_list("number", ArraySubquery(found.values(said=said)))
    number, rows = version.first() or (0, [])
    return number, [
        (
            WardTeam(owner=Agency(name=row["owner"]), **{name: row[name] for name in _SAID}),
            (date.fromisoformat(row["last_month"]), Decimal(str(row["last_days"]))) if row["last_month"] else None,
        )
        for row in rows or ()  # NULL where no role sees any
    ]


def wards_in_force() -> list[Area]:
    """All wards in force today with their boroughs, by borough and name. One query."""
    today = timezone.localdate()
    return list(
        Area.objects.filter(kind=Area.Kind.WARD)
        .exclude(valid_to__lte=today)
        .exclude(valid_from__gt=today)
        .select_related("parent")
        .order_by(F("parent__name").asc(nulls_last=True), "name", "code")
    )


def keepers(viewer: Viewer) -> list[Agency]:
    """The agencies whose teams somebody may keep, by name. One query and the viewer's."""
    if not viewer.may(Permission.MANAGE_TEAMS):
        return []
    return list(
        Agency.objects.filter(pk__in=viewer.agencies_with_parts(Permission.MANAGE_TEAMS), left_at=None).order_by("name")
    )


def rows_kept_by(owners: Sequence[int]) -> dict[tuple[int, int], list[WardTeam]]:
    """(agency, ward) -> all rows of these agencies, oldest first, whole. One query: for those who may keep them."""
    found: dict[tuple[int, int], list[WardTeam]] = defaultdict(list)
    rows = WardTeam.objects.filter(owner__in=owners).select_related("ward__parent", "owner").order_by("valid_from")
    for row in rows:
        found[row.owner_id, row.ward_id].append(row)
    return found
