"""Reads of comparison places. All take a place that its reader sees: `Hotspot.objects.visible_to(viewer)`."""

from __future__ import annotations

from hotspots.models import ComparisonPlace, Hotspot


def comparison_places(place: Hotspot) -> list[ComparisonPlace]:
    """All that a place was ever compared with, those that it still is first, oldest first. One query."""
    found = ComparisonPlace.objects.filter(hotspot=place).select_related("accepted_by", "ended_by")
    return sorted(found, key=lambda one: one.ended_at is not None)
