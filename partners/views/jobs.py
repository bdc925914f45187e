"""The pages of background work. While a job is live its part of the page is fetched again every two seconds."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from partners import presenters, queries
from partners.access import viewer
from partners.models import Job

JOBS_A_PAGE = 50


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def job_list(request: HttpRequest) -> HttpResponse:
    """The jobs that the reader may see, newest first."""
    page = Paginator(queries.jobs_newest_first(viewer(request)), JOBS_A_PAGE).get_page(request.GET.get("page"))
    rows = [presenters.job_row(job) for job in page]
    context = {"page": page, "rows": rows, "live": any(row.live for row in rows)}
    return render(request, _whole_or_part(request, "partners/jobs.html", "partners/_jobs.html"), context)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: progress, result, log."""
    job = queries.job_with_log(viewer(request), pk)
    if job is None:
        raise Http404("There is no such job.")
    lines, left_out = presenters.last_log_lines(job)
    context = {
        "job": presenters.job_row(job),
        "log": lines,
        "left_out": left_out,
        "result_url": _result_url(job),
    }
    return render(request, _whole_or_part(request, "partners/job.html", "components/job_progress.html"), context)


def _whole_or_part(request: Any, whole: str, part: str) -> str:
    return part if request.htmx else whole


def _result_url(job: Job) -> str:
    """The page of what the job brought in; "" where there is none. Known by name: it lies to the right of this app."""
    run = getattr(job, "import_run", None)
    try:
        return reverse("hotspots:import", args=[run.pk]) if run else ""
    except NoReverseMatch:
        return ""
