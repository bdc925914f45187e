"""What somebody may do, as several actions ask before they do it."""

from __future__ import annotations

from collections.abc import Collection

from partners import areas
from partners.roles import Permission
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
