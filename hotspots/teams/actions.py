"""What people do to ward teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from hotspots.models import AbstractedDays, Area, WardTeam
from hotspots.words import day_name, month_name
from partners import audit
from partners.models import Agency
from partners.roles import Marking, Permission
from partners.visibility import Viewer

MOST_DAYS = Decimal(1000)
# Whoever may keep an agency's teams sees all of them: nothing stands in the way of a team that its keeper cannot see.
MARKINGS = (Marking.OPEN, Marking.OFFICIAL)
AUDIENCES = (WardTeam.Audience.EVERYONE, WardTeam.Audience.AGREEMENTS, WardTeam.Audience.AGENCY)


@dataclass(frozen=True, slots=True)
class Details:
    """All that is said of a team over some dates. None = not known."""

    officers_established: int
    pcsos_established: int
    sergeants_established: int = 1
    officers_in_post: int | None = None
    pcsos_in_post: int | None = None
    sergeants_in_post: int | None = None
    contact_email: str = ""
    contact_phone: str = ""
    marking: str = Marking.OPEN
    audience: str = WardTeam.Audience.EVERYONE

    @classmethod
    def of(cls, row: WardTeam) -> Details:
        """What a row says."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})


def codes_of(ward: Area) -> list[str]:
    """The codes of a ward and of its borough: where the ward's records lie."""
    return [ward.code, *([ward.parent.code] if ward.parent else [])]


def may_manage(viewer: Viewer, owner: int, ward: Area) -> bool:
    """Whether somebody may keep the teams of an agency in a ward."""
    return viewer.may(Permission.MANAGE_TEAMS, agency=owner, area=codes_of(ward))


def check(
    by: Viewer, owner: Agency, ward: Area, details: Details, dates: tuple[date, date | None], others: Iterable[WardTeam]
) -> None:
    """Raises ValueError, with a sentence, where a row cannot be: `dates` are from and until, `others` the agency's
    other rows of the ward. Raises PermissionDenied where it is not this person's to keep."""
    if not may_manage(by, owner.pk, ward):
        raise PermissionDenied(
            f"You may not keep teams of {owner} in {ward}: its SNT leads, managers and "
            "administrators do, each in the areas of the role."
        )
    if details.marking not in MARKINGS or details.audience not in AUDIENCES:
        raise ValueError("A ward's team is marked OPEN or OFFICIAL, and its own agency sees it at least.")
    if details.audience == WardTeam.Audience.EVERYONE and details.marking != Marking.OPEN:
        raise ValueError("Only what is marked OPEN can be seen by everyone. Choose another marking or fewer readers.")
    first, until = dates
    if until and until <= first:
        raise ValueError("The day on which it ends must come after the day from which it holds.")
    for other in others:
        if first < (other.valid_to or date.max) and other.valid_from < (until or date.max):
            raise ValueError(
                f"{owner} has a team in {ward} from {day_name(other.valid_from)}"
                f"{f' until {day_name(other.valid_to)}' if other.valid_to else ''} already. Change or correct that one."
            )


@transaction.atomic
def add_team(*, by: Viewer, owner: Agency, ward: Area, valid_from: date, details: Details) -> WardTeam:
    """The first team of an agency in a ward, or the next after one that ended. Raises ValueError, PermissionDenied."""
    check(by, owner, ward, details, (valid_from, None), _locked(owner.pk, ward.pk))
    row = WardTeam.objects.create(
        owner=owner,
        ward=ward,
        valid_from=valid_from,
        area_codes=codes_of(ward),
        created_by=by.user,
        changed_by=by.user,
        **asdict(details),
    )
    audit.created(row, by=by)
    return row


@transaction.atomic
def change_team(*, by: Viewer, team: WardTeam, valid_from: date, details: Details) -> WardTeam:
    """Posts that change from a day: the row ends on it and another begins. Raises ValueError, PermissionDenied."""
    old, others = _row_and_others(by, team)
    if old.valid_to:
        raise ValueError("This team has ended. Change the one that followed it, or add a new one.")
    if valid_from <= old.valid_from:
        raise ValueError(
            f"The team is as it is since {day_name(old.valid_from)}: a change must come after that day. "
            "What was written down wrongly can be corrected."
        )
    check(by, old.owner, old.ward, details, (valid_from, None), others)
    before = audit.snapshot(old)
    old.valid_to, old.changed_at, old.changed_by = valid_from, timezone.now(), by.user
    old.save()
    row = WardTeam.objects.create(
        owner=old.owner,
        ward=old.ward,
        valid_from=valid_from,
        area_codes=codes_of(old.ward),
        created_by=by.user,
        changed_by=by.user,
        **asdict(details),
    )
    audit.changed(old, before, by=by)
    audit.created(row, by=by)
    return row


@transaction.atomic
def correct_team(*, by: Viewer, team: WardTeam, valid_from: date, valid_to: date | None, details: Details) -> WardTeam:
    """Writes anew what was wrong from the start, or ends the team. Raises ValueError, PermissionDenied."""
    row, others = _row_and_others(by, team)
    check(by, row.owner, row.ward, details, (valid_from, valid_to), others)
    before = audit.snapshot(row)
    for name, value in {**asdict(details), "valid_from": valid_from, "valid_to": valid_to}.items():
        setattr(row, name, value)
    row.area_codes = codes_of(row.ward)
    if audit.snapshot(row) != before:
        row.changed_at, row.changed_by = timezone.now(), by.user
        row.save()
        audit.changed(row, before, by=by)
    return row


@transaction.atomic
def record_abstraction(*, by: Viewer, team: WardTeam, month: date, days: Decimal) -> AbstractedDays:
    """How many days a team lost to other duties in a month: the figure takes the place of one that is there.

    `month` is its first day. The figure is kept with the row that was in force at the month's end. Raises ValueError,
    PermissionDenied.
    """
    row, others = _row_and_others(by, team)
    rows = sorted([row, *others], key=lambda one: one.valid_from)
    check_days(month, days, rows)
    found = AbstractedDays.objects.filter(team__in=rows, month=month).first()
    before = str(found.days) if found else None
    if found is None:
        found = AbstractedDays(team=_in_force(rows, month), month=month)
    found.days = days
    if before is None or Decimal(before) != days:
        found.save()
        audit.write(
            "ward-team.days",
            by=by,
            about=[found.team],
            before={"month": f"{month:%Y-%m}", "days": before},
            after={"month": f"{month:%Y-%m}", "days": str(days)},
        )
    return found


def check_days(month: date, days: Decimal, rows: list[WardTeam]) -> None:
    """Raises ValueError where there cannot be such a figure. `rows` are those of the team, oldest first."""
    if month > timezone.localdate():
        raise ValueError(f"{month_name(month)} has not begun.")
    if not 0 <= days <= MOST_DAYS or days % Decimal("0.5"):
        raise ValueError(f"Days abstracted must be whole or half days, from 0 to {MOST_DAYS}.")
    if not rows or _after(month) <= rows[0].valid_from:
        raise ValueError(f"There was no team in {month_name(month)}.")


def _in_force(rows: list[WardTeam], month: date) -> WardTeam:
    return [row for row in rows if row.valid_from < _after(month)][-1]


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _row_and_others(by: Viewer, team: WardTeam) -> tuple[WardTeam, list[WardTeam]]:
    """The row as it is now, and the agency's other rows of the ward; all locked until the transaction ends."""
    if not WardTeam.objects.visible_to(by).filter(pk=team.pk).exists() or not may_manage(by, team.owner_id, team.ward):
        raise PermissionDenied("You may not change this team.")
    rows = _locked(team.owner_id, team.ward_id)
    return next(row for row in rows if row.pk == team.pk), [row for row in rows if row.pk != team.pk]


def _locked(owner: int, ward: int) -> list[WardTeam]:
    # The ward's own row is the lock where the agency has no team in it yet.
    Area.objects.select_for_update(no_key=True).get(pk=ward)
    return list(WardTeam.objects.filter(owner=owner, ward=ward).select_related("ward__parent", "owner"))
