"""Roles that are narrowed to areas: what they give and agree to lies within these areas."""

from __future__ import annotations

from collections.abc import Collection

from partners import areas
from partners.roles import Permission
from partners.visibility import Viewer


def check_within(by: Viewer, permission: Permission, agency: int, area_codes: Collection[str]) -> None:
    """Raises ValueError (a sentence) where this reaches beyond the areas in which somebody may do it for the agency.

    `area_codes` empty = everywhere. Nothing is raised for who may not do it at all, which is asked before.
    """
    mine = by.narrowed_to(permission, agency=agency)
    if mine and not (area_codes and areas.with_wards(mine).issuperset(area_codes)):
        named = ", ".join(areas.names(sorted(mine)))
        raise ValueError(f"Your role is narrowed to {named}, and this reaches further: narrow it to areas within.")
