"""The actions that came out of a record, as a section of its page: for every register that has such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from interventions.tracker import presenters, queries
from partners.roles import Permission
from partners.visibility import Viewer


def read(viewer: Viewer, record: Any, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """The actions of a record, and where another is written down. Two queries at most; None where there is neither."""
    found = queries.of_record(viewer, record.pk)
    may_add = viewer.may(Permission.ADD)
    if not found and not may_add:
        return None
    around = queries.around(viewer, found)
    around.sources.clear()  # it is the page itself
    return {
        "rows": presenters.rows(found, around, timezone.localdate()),
        "add": f"{reverse('interventions:action-add')}?source={record.pk}" if may_add else "",
    }
