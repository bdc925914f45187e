"""The table of roles as `/roles/` shows it: from `partners.roles`, with a sentence on whom each role is for."""

from __future__ import annotations

from dataclasses import dataclass

from partners.roles import NEEDS_SECOND_FACTOR, PERMISSIONS, Permission, Role

FOR_WHOM = {
    Role.VIEWER: "For those who only need to know: sees records up to OFFICIAL and changes nothing.",
    Role.CONTRIBUTOR: "For those who do the work: adds records of it, and keeps these true.",
    Role.ANALYST: "For those who make sense of it: sees and keeps all of the agency's records, and brings in data.",
    Role.SNT_LEAD: "For a sergeant or team lead, often narrowed to some wards: keeps the records and the ward teams.",
    Role.MANAGER: "For those who answer for an agency: decides what it shares, and reads its audit trail.",
    Role.ADMINISTRATOR: "For those who look after access: people, keys and agreements of one agency and its parts. "
    "Sees no more of the records than a viewer.",
    Role.PARTNERSHIP: "For the few who look after the whole partnership: adds agencies, helps with people and keys. No "
    "record is open to them for it.",
}


@dataclass(frozen=True, slots=True)
class RoleColumn:
    """One role: what it may do, whether it needs a second factor, and in which agencies the reader has it."""

    name: str
    for_whom: str
    permissions: list[str]
    second_factor: bool
    mine: list[str]


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One permission, and for each role, in order, whether it has it."""

    name: str
    has: list[bool]


def columns(mine: dict[Role, list[str]]) -> list[RoleColumn]:
    """Every role; `mine` says in which agencies the reader has which."""
    return [
        RoleColumn(
            role.label,
            FOR_WHOM[role],
            [permission.label for permission in Permission if permission in PERMISSIONS[role]],
            role in NEEDS_SECOND_FACTOR,
            mine.get(role, []),
        )
        for role in Role
    ]


def rows() -> list[PermissionRow]:
    """Every permission."""
    return [PermissionRow(one.label, [one in PERMISSIONS[role] for role in Role]) for one in Permission]
