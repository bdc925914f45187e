"""Agencies and people from a CSV file: what each row would do, before anything is written.

`plan` reads, `partners.actions.people_import` writes the same plan. A file's header says which of the two it holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from partners import areas, csv_import
from partners.actions.people import require_giver
from partners.actions.rights import keeps_parts
from partners.csv_import import Column, Row
from partners.directory import in_words
from partners.forms.areas import resolve
from partners.models import Agency, Invitation, Membership, Role, User
from partners.visibility import Viewer

AGENCIES, PEOPLE = "agencies", "people"
COLUMNS = {
    AGENCIES: (
        Column("agency", "Agency"),
        Column("kind", "Kind"),
        Column("part_of", "Part of", required=False),
        Column("areas", "Areas", required=False),
    ),
    PEOPLE: (
        Column("email", "E-mail"),
        Column("agency", "Agency"),
        Column("role", "Role"),
        Column("areas", "Areas", required=False),
    ),
}
EXAMPLES = {
    AGENCIES: [
        ("Havering Council", "Council", "", ""),
        ("Havering Licensing", "Council: licensing", "Havering Council", ""),
        ("Romford Street Pastors", "Street pastors", "", "St Edward's; St Alban's"),
    ],
    PEOPLE: [
        ("sam@example.org", "Havering Council", "Analyst", ""),
        ("kim@example.org", "Romford Street Pastors", "Contributor", "St Edward's"),
    ],
}
ADDED, CHANGED, UNCHANGED, WRONG = "Add", "Change", "Unchanged", "Wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """What one row would do: `does` is one of the four words above, `says` the details or what is wrong."""

    number: int
    name: str
    does: str
    says: str
    # What the action takes, but for `part_of`, which is the name of an agency that may be in the file itself.
    values: dict[str, Any] = field(default_factory=dict)
    # The row that is changed: an Agency or a Membership. None where one is added, or invited again.
    current: Any = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole file: which kind it is, its rows, and the headings that mean nothing here."""

    kind: str
    lines: list[Line]
    ignored: list[str]

    def of(self, *does: str) -> list[Line]:
        """The rows that would do one of these."""
        return [line for line in self.lines if line.does in does]

    @property
    def fingerprint(self) -> str:
        """Another one where anything that the preview shows would be different."""
        shown = [(line.number, line.name, line.does, line.says) for line in self.lines]
        return hashlib.sha256(repr((self.kind, shown)).encode()).hexdigest()


def plan(text: str, by: Viewer) -> Plan:
    """What a file would do. The same number of queries however many rows.

    Raises ValueError (a sentence) where it cannot be read as either table.
    """
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0].casefold()
    kind = PEOPLE if "mail" in first or "role" in first else AGENCIES
    table = csv_import.read(text, COLUMNS[kind])
    rows = _Agencies(by) if kind == AGENCIES else _People(by, table.rows)
    return Plan(kind, [_line(row, rows.line) for row in table.rows], table.ignored)


def _line(row: Row, read: Callable[[Row], Line]) -> Line:
    """The row's line; where it cannot be read, the sentence that says why."""
    try:
        if row.error:
            raise ValueError(row.error)
        return read(row)
    except ValueError as problem:
        return Line(row.number, row.values.get("email") or row.values.get("agency", ""), WRONG, str(problem))


class _Agencies:
    """Rows of agencies, each held against those that are there and those of the rows before it."""

    def __init__(self, by: Viewer) -> None:
        self.by = by
        self.choices = areas.choices()
        self.named = {choice.code: choice.name for choice in self.choices}
        self.known = {agency.name.casefold(): agency for agency in Agency.objects.select_related("part_of")}
        # Name -> name of what it is a part of, as it will be after the rows read so far; None = of nothing.
        self.whole_of = {
            name: agency.part_of.name.casefold() if agency.part_of else None for name, agency in self.known.items()
        }
        # As they are written, of the file's own rows as well.
        self.names = {name: agency.name for name, agency in self.known.items()}
        self.seen: dict[str, int] = {}

    def line(self, row: Row) -> Line:
        name = " ".join(row["agency"].split())
        if not 1 <= len(name) <= 150 or not name.isprintable():
            raise ValueError("Agency: write a name of at most 150 characters.")
        _once(self.seen, name.casefold(), row.number)
        current = self.known.get(name.casefold())
        if current is not None and current.left_at:
            raise ValueError(f"{current} left the partnership. Take it back on its page first.")
        whole = self._whole(row, name, current)
        self._require(current, whole)
        values = {
            "name": name,
            "kind": _choice("Kind", row["kind"], Agency.Kind),
            "part_of": whole,
            "area_codes": _areas(row, self.choices, current.area_codes if current else ()),
        }
        self.whole_of[name.casefold()] = whole
        self.names[name.casefold()] = name
        if current is None:
            return Line(row.number, name, ADDED, self._says(values), values)
        was = {
            "name": current.name,
            "kind": current.kind,
            "part_of": current.part_of.name.casefold() if current.part_of else None,
            "area_codes": current.area_codes,
        }
        if _same(was, values):
            return Line(row.number, name, UNCHANGED, "")
        return Line(row.number, name, CHANGED, f"{self._says(was)} → {self._says(values)}", values, current)

    def _whole(self, row: Row, name: str, current: Agency | None) -> str | None:
        """The name of what the agency will be a part of. A column that is not there leaves it as it is."""
        if "part_of" not in row.values:
            return current.part_of.name.casefold() if current and current.part_of else None
        whole = " ".join(row["part_of"].split()).casefold()
        if not whole:
            return None
        if whole not in self.whole_of or (whole in self.known and self.known[whole].left_at):
            raise ValueError(f"Part of: there is no agency “{row['part_of']}”. Put its own row above this one.")
        at: str | None = whole
        while at is not None:
            if at == name.casefold():
                raise ValueError("Part of: it would be a part of itself.")
            at = self.whole_of.get(at)
        return whole

    def _require(self, current: Agency | None, whole: str | None) -> None:
        """Raises ValueError unless the person looks after the partnership, or what the agency was and will be part of.

        A part that the file itself adds is the person's own, as the row that adds it would be wrong otherwise.
        """
        wholes = [whole] if current is None else [whole, current.part_of.name.casefold() if current.part_of else None]
        for one in wholes:
            known = self.known.get(one or "")
            is_new = one is not None and known is None
            if not is_new and not keeps_parts(self.by, known.pk if known else None):
                raise ValueError("You may only add and change parts of agencies that you administer.")

    def _says(self, values: dict[str, Any]) -> str:
        of = f", part of {self.names[values['part_of']]}" if values["part_of"] else ""
        return f"{Agency.Kind(values['kind']).label}{of}, {in_words(values['area_codes'], self.named)}"


class _People:
    """Rows of people: the roles that they have, and the invitations that wait, are read once for all rows."""

    def __init__(self, by: Viewer, rows: Sequence[Row]) -> None:
        emails = {row.values.get("email", "").casefold() for row in rows}
        self.by = by
        self.choices = areas.choices()
        self.named = {choice.code: choice.name for choice in self.choices}
        self.agencies = {agency.name.casefold(): agency for agency in Agency.objects.filter(left_at=None)}
        self.users = {user.email: user for user in User.objects.filter(email__in=emails)}
        held = Membership.objects.current().filter(user__email__in=emails).select_related("user", "agency")
        self.held = {(one.user.email, one.agency_id, one.role): one for one in held}
        waiting = Invitation.objects.waiting().filter(email__in=emails)
        self.waiting = {(one.email, one.agency_id, one.role): one for one in waiting}
        self.seen: dict[str, int] = {}

    def line(self, row: Row) -> Line:
        email = row["email"].casefold()
        try:
            validate_email(email)
        except ValidationError:
            raise ValueError(f"E-mail: “{row['email'][:100]}” is not an e-mail address.") from None
        agency = self.agencies.get(" ".join(row["agency"].split()).casefold())
        if agency is None:
            raise ValueError(f"Agency: there is no agency “{row['agency'][:100]}”.")
        role = _choice("Role", row["role"], Role)
        _once(self.seen, f"{email} {agency.pk} {role}", row.number)
        require_giver(self.by, agency, role)
        if self.by.user and email == self.by.user.email:
            raise ValueError("You cannot give yourself a role, or change your own. Ask another administrator.")
        if email in self.users and not self.users[email].is_active:
            raise ValueError("The account of this address is switched off.")
        key = (email, agency.pk, str(role))
        held, waiting = self.held.get(key), self.waiting.get(key)
        before = held or waiting
        codes = _areas(row, self.choices, before.area_codes if before else ())
        require_giver(self.by, agency, role, codes)
        values = {"email": email, "agency": agency, "role": role, "area_codes": codes}
        says = f"{Role(role).label} in {agency}, {in_words(codes, self.named)}"
        if before is None:
            return Line(row.number, email, ADDED, f"Invite: {says}", values)
        if waiting is not None and held is None and waiting.expires <= timezone.now():
            return Line(row.number, email, CHANGED, f"Invite again: {says}", values)
        if set(before.area_codes) == set(codes):
            return Line(row.number, email, UNCHANGED, "")
        return Line(row.number, email, CHANGED, f"{in_words(before.area_codes, self.named)} → {says}", values, held)


def _once(seen: dict[str, int], what: str, number: int) -> None:
    """Raises ValueError where an earlier row is about the same."""
    if what in seen:
        raise ValueError(f"Row {seen[what]} is about the same. Keep one of them.")
    seen[what] = number


def _choice(heading: str, text: str, choices: Any) -> str:
    """The value that a cell means, by value or label."""
    for value, label in choices.choices:
        if text.casefold() in (value.casefold(), label.casefold()):
            return str(value)
    every = ", ".join(choices.labels)
    if not text:
        raise ValueError(f"{heading}: the cell is empty. It is one of: {every}.")
    raise ValueError(f"{heading}: “{text[:100]}” is not known. It is one of: {every}.")


def _areas(row: Row, choices: list[areas.Choice], current: Sequence[str]) -> list[str]:
    """Codes of a cell with semicolons. A column that is not there leaves the areas as they are."""
    if "areas" not in row.values:
        return list(current)
    try:
        return resolve([part.strip() for part in row["areas"].split(";") if part.strip()], choices, keep=current)
    except ValueError as problem:
        raise ValueError(f"Areas: {problem}") from None


def _same(was: dict[str, Any], values: dict[str, Any]) -> bool:
    return {**was, "area_codes": set(was["area_codes"])} == {**values, "area_codes": set(values["area_codes"])}
