"""What a key's scopes let it ask. Signed-in people may read what the pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from partners.access import viewer
from partners.models import ApiKey
from partners.roles import Scope

if TYPE_CHECKING:
    from partners.api.views import Route

ANY_SCOPE = tuple(Scope)


class HasScope(BasePermission):
    """Each route names the scopes of which a key needs one; that a route exists is no secret."""

    def has_permission(self, request: Request, view: Route) -> bool:  # type: ignore[override]
        reads = request.method in SAFE_METHODS
        needed = view.scopes if reads else view.write_scopes
        if isinstance(request.auth, ApiKey):
            if not set(needed).intersection(request.auth.scopes):
                raise PermissionDenied(f"This address needs a key with the scope {' or '.join(needed)}.")
        elif not reads and viewer(request).looking_as:
            raise PermissionDenied("Nothing can be changed while you look as somebody else.")
        return True
