"""Reads of the files of a record that its reader sees, as its own model has it (`interventions.record.queries.typed`)
and so knows all that is withheld."""

from __future__ import annotations

from interventions.models import Attachment, Intervention


def attachments(record: Intervention) -> list[Attachment]:
    """A record's files, the oldest first; none where anything of it is withheld, as a file may say all of it. One query
    at most."""
    if record.withheld:
        return []
    return list(record.attachments.select_related("added_by"))


def attachment(record: Intervention, pk: int) -> Attachment | None:
    """One of a record's files; None where there is none for this reader."""
    return next((one for one in attachments(record) if one.pk == pk), None)
