"""Who may change what is loaded. Everybody who is signed in may see it."""

from __future__ import annotations

from partners.roles import Permission
from partners.visibility import Viewer


def can_import(viewer: Viewer) -> bool:
    """Whether somebody may bring in data."""
    return viewer.may(Permission.IMPORT)
