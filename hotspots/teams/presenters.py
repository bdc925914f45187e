"""Ward teams in words and rows: no database here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from hotspots.models import Area, WardTeam
from hotspots.teams.queries import Team
from hotspots.words import day_name, month_name

# Field of posts -> one holder, several, for headings.
POSTS = {
    "officers": ("dedicated ward officer", "dedicated ward officers", "Ward officers (DWOs)"),
    "pcsos": ("PCSO", "PCSOs", "PCSOs"),
    "sergeants": ("sergeant", "sergeants", "Sergeants"),
}
WITHHELD = "withheld by agreement"
LONGEST_BAR = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One ward in the list: its team in cells. `href` is "" where no team is recorded."""

    ward: str
    code: str
    href: str = ""
    keeper: str = ""
    posts: tuple[str, ...] = ()
    days: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One borough and its wards."""

    borough: str
    lines: list[Line]
    missing: int


@dataclass(frozen=True, slots=True)
class Days:
    """One month's days abstracted, and how long its bar is, in pixels of `LONGEST_BAR`."""

    month: str
    days: str
    bar: int


@dataclass(frozen=True, slots=True)
class Spell:
    """One dated row of a team."""

    pk: int
    dates: str
    posts: tuple[str, ...]
    marking: str
    audience: str
    correct: str


@dataclass(frozen=True, slots=True)
class OnWardPage:
    """A team's line on the ward page; `phone_href` is what a telephone dials."""

    keeper: str
    sentence: str
    email: str
    phone: str
    phone_href: str
    href: str


def groups(found: Sequence[Team], wards: Iterable[Area]) -> list[Group]:
    """Each borough in which there is a team: all its wards in force, and wards of the past that still have rows."""
    by_ward: dict[int, list[Team]] = {}
    for team in found:
        by_ward.setdefault(team.now.ward_id, []).append(team)
    boroughs = {team.now.ward.parent_id for team in found}
    areas = {ward.pk: ward for ward in wards if ward.parent_id in boroughs}
    areas |= {team.now.ward_id: team.now.ward for team in found}
    ordered = sorted(areas.values(), key=lambda ward: (ward.parent.name if ward.parent else "", ward.name, ward.code))
    made = []
    for borough, members in groupby(ordered, key=lambda ward: ward.parent.name if ward.parent else "No borough"):
        of_borough = list(members)
        lines = [
            line
            for ward in of_borough
            for line in ([_line(team) for team in by_ward.get(ward.pk, [])] or [Line(ward.name, ward.code)])
        ]
        made.append(Group(borough, lines, sum(ward.pk not in by_ward for ward in of_borough)))
    return made


def _line(team: Team) -> Line:
    row = team.now
    withheld = "abstracted" in row.withheld
    return Line(
        ward=row.ward.name,
        code=row.ward.code,
        href=f"/teams/{row.pk}/",
        keeper=row.owner.name,
        posts=posts(row),
        days=WITHHELD if withheld else _days_and_month(*team.days[0]) if team.days else "none recorded",
        ended=f"ended {day_name(row.valid_to)}" if row.valid_to and row.valid_to <= timezone.localdate() else "",
    )


def posts(row: WardTeam) -> tuple[str, ...]:
    """How many posts of each kind are filled: "2 of 2", "vacant", "2 posts"."""
    return tuple(
        _posts(getattr(row, f"{kind}_established"), getattr(row, f"{kind}_in_post"), "in_post" in row.withheld)
        for kind in POSTS
    )


def _posts(established: int, in_post: int | None, withheld: bool) -> str:
    if in_post is None:
        return f"{established} {'post' if established == 1 else 'posts'}{f', {WITHHELD}' if withheld else ''}"
    return f"{in_post} of {established}"


def sentence(row: WardTeam, latest: tuple[date, Decimal] | None) -> str:
    """ "2 dedicated ward officers of 2, 1 PCSO of 2, sergeant vacant; 9 days abstracted in August 2026"."""
    parts = []
    for kind, (one, several, _) in POSTS.items():
        established, in_post = getattr(row, f"{kind}_established"), getattr(row, f"{kind}_in_post")
        if not established and not in_post:
            continue
        if in_post is None:
            parts.append(f"{established} {f'{one} post' if established == 1 else f'{one} posts'}")
        elif established == 1 and in_post <= 1:
            parts.append(f"{one} {'in post' if in_post else 'vacant'}")
        else:
            parts.append(f"{in_post} {one if in_post == 1 else several} of {established}")
    words = ", ".join(parts) or "No posts"
    return words[0].upper() + words[1:] + (f"; {_days_and_month(*latest, abstracted=True)}" if latest else "")


def on_ward_page(row: WardTeam, latest: tuple[date, Decimal] | None) -> OnWardPage:
    """A team that is open to everyone."""
    dial = "".join(sign for sign in row.contact_phone if sign.isdigit() or sign == "+")
    return OnWardPage(
        row.owner.name, sentence(row, latest), row.contact_email, row.contact_phone, dial, f"/teams/{row.pk}/"
    )


def spells(team: Team, changeable: bool) -> list[Spell]:
    """The dated rows of a team, newest first."""
    return [
        Spell(
            pk=row.pk,
            dates=f"{day_name(row.valid_from)} to {day_name(row.valid_to)}"
            if row.valid_to
            else f"Since {day_name(row.valid_from)}"
            if row.valid_from <= timezone.localdate()
            else f"From {day_name(row.valid_from)}",
            posts=posts(row),
            marking=row.get_marking_display(),
            audience=row.get_audience_display(),
            correct=f"/teams/{row.pk}/correct/" if changeable else "",
        )
        for row in team.rows
    ]


def months(team: Team) -> list[Days]:
    """Days abstracted by month, newest first, with bars in proportion to the largest."""
    most = max((days for _, days in team.days), default=Decimal(0))
    return [
        Days(month_name(month), number(days), round(LONGEST_BAR * days / most) if most else 0)
        for month, days in team.days
    ]


def number(days: Decimal) -> str:
    """ "9", "9.5"."""
    return f"{days:,.1f}".removesuffix(".0")


def _days_and_month(month: date, days: Decimal, *, abstracted: bool = False) -> str:
    unit = "day" if days == 1 else "days"
    return f"{number(days)} {unit} {'abstracted ' if abstracted else ''}in {month_name(month)}"
