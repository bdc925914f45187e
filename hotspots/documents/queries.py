"""Reads of the documents of a place that its reader sees: `register.queries.place`."""

from __future__ import annotations

from hotspots.models import Hotspot, HotspotDocument


def documents(place: Hotspot) -> list[HotspotDocument]:
    """A place's documents, newest first; none where they are withheld. One query at most."""
    if "documents" in place.withheld:
        return []
    return list(place.documents.select_related("added_by").order_by("-added_at", "-pk"))


def document(place: Hotspot, pk: int) -> HotspotDocument | None:
    """One of a place's documents; None where there is none for this reader."""
    return next((one for one in documents(place) if one.pk == pk), None)
