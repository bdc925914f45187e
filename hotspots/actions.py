"""What people do to the data: `verb_noun(*, by, ...)`, atomic."""

from __future__ import annotations

import hashlib

from django.db import transaction

from hotspots import inbox
from partners import audit, jobs
from partners.models import Job, User


@transaction.atomic
def start_import(*, by: User, upload: inbox.Upload) -> Job:
    """Sends an upload to the workers; the job. The same files asked for twice while one is live are one job."""
    content = [*sorted(file.sha256 for file in upload.files), str(upload.valid_from or "")]
    paths = [str(path) for path in upload.paths]
    title = f"Import of {_names(upload)}"
    job = jobs.enqueue(
        "import",
        title=title,
        arguments={
            "paths": paths,
            "names": [file.name for file in upload.files],
            "title": title,
            "options": {"valid_from": upload.valid_from.isoformat() if upload.valid_from else None},
        },
        unique_key="import:" + hashlib.sha256("\n".join(content).encode()).hexdigest(),
        by=by,
    )
    if job.arguments.get("paths") != paths:  # somebody's copy of the same files is on its way already
        transaction.on_commit(lambda: inbox.discard(upload))
    audit.write("import.asked", by=by, about=[job], summary=title)
    return job


def _names(upload: inbox.Upload) -> str:
    """ "a.csv", or "a.csv and 2 more files"; at most 150 characters."""
    first, more = upload.files[0].name, len(upload.files) - 1
    if not more:
        return first
    return f"{first} and {more} more {'file' if more == 1 else 'files'}"
