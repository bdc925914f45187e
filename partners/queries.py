"""Reads for the pages of this app."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.models import Job
from partners.visibility import Viewer


def jobs_newest_first(viewer: Viewer) -> QuerySet[Job]:
    """The jobs that somebody may see, with who asked for them, without their logs, which may be long."""
    return Job.objects.visible_to(viewer).select_related("requested_by").defer("log", "arguments").order_by("-pk")


def job_with_log(viewer: Viewer, pk: int) -> Job | None:
    """One job with who asked for it and, where it is one, its import run; None where the reader sees no such job."""
    jobs = Job.objects.visible_to(viewer).select_related("requested_by", "import_run").defer("arguments")
    return jobs.filter(pk=pk).first()
