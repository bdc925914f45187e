"""Reads of the files of a record that its reader sees: `interventions.queries.record`."""

from __future__ import annotations

from interventions.models import Attachment, Intervention


def attachments(record: Intervention) -> list[Attachment]:
    """A record's files, the oldest first; none where its details are withheld. One query at most."""
    if "details" in record.withheld:
        return []
    return list(record.attachments.select_related("added_by"))


def attachment(record: Intervention, pk: int) -> Attachment | None:
    """One of a record's files; None where there is none for this reader."""
    return next((one for one in attachments(record) if one.pk == pk), None)
