"""Reads of ward teams: what a viewer is shown of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.utils import timezone

from hotspots.models import AbstractedDays, WardTeam
from hotspots.sql import rows
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
    seen = WardTeam.objects.filter(visibility.open_to(viewer)).order_by().values("pk")
    try:
        open_rows, values = seen.query.sql_with_params()
    except EmptyResultSet:  # no role sees any
        open_rows, values = "SELECT NULL::bigint", ()
    asked = (*values, timezone.localdate(), timezone.localdate(), code)
    found = rows(_OPEN_TEAMS.format(said=", ".join(f"team.{name}" for name in _SAID), open_rows=open_rows), *asked)
    return (found[0][0] if found else 0), [
        (
            WardTeam(owner=Agency(name=keeper), **dict(zip(_SAID, said, strict=True))),
            (last_month, last_days) if last_month else None,
        )
        for _, keeper, last_month, last_days, *said in found
        if keeper is not None
    ]


_OPEN_TEAMS = """
    SELECT version.number, found.*
    FROM hotspots_dataversion version
    LEFT JOIN (
        SELECT keeper.name AS keeper, latest.month, latest.days, {said}
        FROM hotspots_wardteam team
        JOIN hotspots_area ward ON ward.id = team.ward_id
        JOIN partners_agency keeper ON keeper.id = team.owner_id
        LEFT JOIN LATERAL (
            SELECT lost.month, lost.days
            FROM hotspots_abstracteddays lost JOIN hotspots_wardteam its ON its.id = lost.team_id
            WHERE its.ward_id = team.ward_id AND its.owner_id = team.owner_id AND its.audience = 'everyone'
            ORDER BY lost.month DESC LIMIT 1
        ) latest ON true
        WHERE team.id IN ({open_rows}) AND team.valid_from <= %s AND (team.valid_to IS NULL OR team.valid_to > %s)
            AND ward.code = %s
    ) found ON true
    WHERE version.id = 1
    ORDER BY found.keeper
"""


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
