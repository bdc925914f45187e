"""What every template may ask for."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hotspots.models import Area

SYNTHETIC_PREFIX = "SYN"  # codes that cannot be mistaken for real ones
CACHE_KEY = "synthetic-data"
CACHE_SECONDS = 60


def synthetic_data(request: HttpRequest) -> dict[str, Any]:
    """Whether generated areas are loaded (then every page says so): `synthetic_data`.

    Lazy, and remembered for a minute: most pages pay no query for it. Whoever loads or removes them deletes CACHE_KEY.
    """
    return {"synthetic_data": SimpleLazyObject(_is_synthetic)}


def _is_synthetic() -> bool:
    return bool(
        cache.get_or_set(
            CACHE_KEY, Area.objects.filter(code__startswith=SYNTHETIC_PREFIX).exists, timeout=CACHE_SECONDS
        )
    )
