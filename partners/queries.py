"""Reads for the pages of this app."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.models import Job


def jobs_newest_first() -> QuerySet[Job]:
    """All jobs with who asked for them, without their logs, which may be long. Everybody signed in may see them."""
    return Job.objects.select_related("requested_by").defer("log", "arguments").order_by("-pk")


def job_with_log(pk: int) -> Job | None:
    """One job with who asked for it and, where it is one, its import run; None where there is no such job."""
    return Job.objects.select_related("requested_by", "import_run").defer("arguments").filter(pk=pk).first()
