"""A sign for more, fewer or as many: read by its shape, beside words that say the same."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_SHAPES = {1: "M8 1L15 9H10.5V15H5.5V9H1Z", -1: "M8 15L1 7H5.5V1H10.5V7H15Z", 0: "M1 6H15V10H1Z"}


def direction(change: float | None) -> SafeString:
    """An arrow up for more, down for fewer, a level bar for as many; "" where there is no comparison."""
    if change is None:
        return SafeString("")
    shape = _SHAPES[(change > 0) - (change < 0)]
    return mark_safe(  # noqa: S308 - made of constants
        f'<svg class="app-direction" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">'
        f'<path d="{shape}"/></svg>'
    )
