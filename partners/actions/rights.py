"""What somebody may do, as several actions ask before they do it."""

from __future__ import annotations

from collections.abc import Collection

from partners import areas
from partners.models import Agency, Record
from partners.refusals import Refused
from partners.roles import Marking, Permission
from partners.visibility import Viewer


def require_of_partnership(by: Viewer) -> None:
    """Raises ValueError (a sentence) but for partnership administrators."""
    if not by.may(Permission.MANAGE_AGENCIES):
        raise ValueError("Only a partnership administrator can do that.")


def keeps_parts(viewer: Viewer, whole: int | None) -> bool:
    """Whether somebody may add and change parts of an agency; None = agencies that are a part of no other."""
    return viewer.may(Permission.MANAGE_AGENCIES) or (
        whole is not None and viewer.may(Permission.MANAGE_PEOPLE, agency=whole)
    )


def check_within(by: Viewer, permission: Permission, agency: int, area_codes: Collection[str]) -> None:
    """Raises ValueError (a sentence) where this reaches beyond the areas in which somebody may do it for the agency.

    `area_codes` empty = everywhere. Nothing is raised for who may not do it at all, which is asked before.
    """
    mine = by.narrowed_to(permission, agency=agency)
    if mine and not (area_codes and areas.with_wards(mine).issuperset(area_codes)):
        named = ", ".join(areas.names(sorted(mine)))
        raise ValueError(f"Your role is narrowed to {named}, and this reaches further: narrow it to areas within.")


def check_readers(by: Viewer, owner: Agency, marking: str, audience: str, called: str) -> None:
    """Raises Refused where somebody cannot mark a record of an agency so, or mean it for these. `called` "place"."""
    if marking not in Marking.values or audience not in Record.Audience.values:
        raise Refused("marking", "Choose a marking and who may see it.")
    if marking == Marking.SENSITIVE and not by.may(Permission.SEE_SENSITIVE, agency=owner.pk):
        raise Refused("marking", "Only those who may see OFFICIAL-SENSITIVE records can mark one so.")
    if audience == Record.Audience.EVERYONE and marking != Marking.OPEN:
        raise Refused("audience", "Only an OPEN record can be for everyone who signs in.")
    if audience == Record.Audience.TEAM and owner.pk not in by.agencies(Permission.ADD):
        raise Refused("audience", f"Only people of {owner} itself can keep a {called} for the owning team alone.")
