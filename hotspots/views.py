"""The data pages: what is loaded, bringing data in, and what became of every file."""

from __future__ import annotations

import errno
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, TooManyFilesSent
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from hotspots import actions, inbox, presenters, previews, queries, words
from hotspots.access import can_import
from hotspots.coverage import coverage as coverage_of
from hotspots.forms import SourceForm, UploadForm
from hotspots.importers import partner_counts
from hotspots.models import ImportedFile, Slice, Source
from partners import csvs
from partners.access import person, viewer

RUNS_A_PAGE = 20
FILES_A_PAGE = 100
REJECTED_ON_PAGE = 100


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """What is loaded, what is missing, and the ways to bring data in."""
    loaded = queries.loaded()
    matrices = {source: coverage_of(source) for source in {row.source for row in loaded}}
    tables = presenters.sources(loaded, matrices)
    return render(
        request,
        "hotspots/data.html",
        {
            "sources": tables,
            "missing": [table.source.label for table in tables if not table.rows],
            "anything": bool(loaded),
            "areas": presenters.areas(queries.areas()),
            "can_import": can_import(viewer(request)),
        },
    )


@csrf_exempt  # checked below, once the size is known: looking for the token reads the whole upload
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    """The form that takes files."""
    _require_importer(request)
    if request.method != "POST":
        return render(request, "hotspots/upload.html", _upload_context(UploadForm()))
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > settings.UPLOAD_MAX_BYTES:
        return _upload_refused(
            request,
            f"The files are {words.size(size)} together, but at most {words.size(settings.UPLOAD_MAX_BYTES)} "
            "can be uploaded at once. Send fewer files, or zip them.",
            status=413,
        )
    try:
        return _receive(request)
    except TooManyFilesSent:
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return _upload_refused(request, f"At most {most} files can be uploaded at once. Zip them into one file.")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _upload_refused(
            request, "The server's disk is full, so nothing was kept. Tell whoever runs it, then try again.", status=507
        )


@csrf_protect
def _receive(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "hotspots/upload.html", _upload_context(form), status=422)
    received = inbox.store(form.cleaned_data["upload"], by=person(request), valid_from=form.cleaned_data["valid_from"])
    return redirect("hotspots:upload-preview", token=received.token)


def _upload_refused(request: HttpRequest, sentence: str, status: int = 422) -> HttpResponse:
    form = UploadForm({})
    form.full_clean()
    form.errors.clear()
    form.add_error("upload", sentence)
    return render(request, "hotspots/upload.html", _upload_context(form), status=status)


def _upload_context(form: UploadForm) -> dict[str, object]:
    return {"form": form, "most": words.size(settings.UPLOAD_MAX_BYTES), "templates": partner_counts.KINDS}


@require_http_methods(["GET", "HEAD", "POST"])
def upload_preview(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What an upload holds and what it would replace; then its sender imports it or lets it go."""
    _require_importer(request)
    user = person(request)
    received = inbox.load(token, by=user)
    if received is None:
        raise Http404("These files were imported, cancelled or removed after a week. Upload them again.")
    if request.method == "POST":
        if request.POST.get("do") == "import":
            job = actions.start_import(by=user, upload=received)
            return redirect("partners:job", pk=job.pk)
        inbox.discard(received)
        messages.info(request, "The files were removed. Nothing was imported.")
        return redirect("hotspots:upload")
    seen = previews.preview(received)
    parts = [part for file in seen.files for part in file.parts]
    replaced = queries.current_slices({part.key for part in parts})
    stored = queries.stored_before(file.sha256 for file in seen.files)
    return render(
        request,
        "hotspots/upload_preview.html",
        {"preview": presenters.preview(seen, replaced, stored), "valid_from": received.valid_from},
    )


@require_GET
def template(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The template for the counts of a kind of agency: its header, and example rows to be replaced."""
    if kind not in partner_counts.KINDS:
        raise Http404("There is no such template.")
    header, *rows = partner_counts.template(kind)
    return csvs.response(f"partner-counts-{kind}.csv", header, rows)


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All import runs, newest first."""
    page = _page(request, queries.import_runs(), RUNS_A_PAGE)
    return render(request, "hotspots/imports.html", {"page": page, "can_import": can_import(viewer(request))})


@require_GET
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its files and what became of them. htmx asks for the part that changes while the run is under way."""
    run = get_object_or_404(queries.import_runs(), pk=pk)
    page = _page(request, queries.imported_files(run), FILES_A_PAGE)
    template = "hotspots/_run.html" if request.htmx else "hotspots/run.html"  # type: ignore[attr-defined]
    return render(request, template, {"run": run, "page": page})


@require_GET
def imported_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The quality page of one file."""
    file = get_object_or_404(ImportedFile.objects.select_related("run"), pk=pk)
    slices = list(file.slices.select_related("publisher").order_by("month", "publisher__name"))
    stored = queries.stored_before([file.sha256]).get(file.sha256)
    return render(
        request,
        "hotspots/file.html",
        {
            "file": file,
            "quality": presenters.quality(file),
            "reasons": queries.reasons(file),
            "rejected": file.rejected.all()[:REJECTED_ON_PAGE],
            "slices": slices,
            "stored": stored if stored != file else None,
        },
    )


@require_GET
def rejected_rows(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rejected rows of a file as CSV: row number and reason."""
    file = get_object_or_404(ImportedFile, pk=pk)
    rows = file.rejected.values_list("row", "reason").iterator(chunk_size=2000)
    name = f"rejected-{slugify(file.name)[-80:] or file.pk}.csv"
    return csvs.response(name, ("Row", "Reason"), rows)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Who reported which month, source by source."""
    loaded = {row.source for row in queries.loaded()}
    form = SourceForm(request.GET or {"source": next((s for s in Source if s in loaded), Source.STREET)})
    if not form.is_valid():
        raise Http404("There is no such source. Choose one on the coverage page.")
    source = Source(form.cleaned_data["source"])
    return render(
        request,
        "hotspots/coverage.html",
        {
            "source": source,
            "sources": [(s, s in loaded) for s in Source],
            "years": presenters.coverage(coverage_of(source)),
            "legend": presenters.LEGEND,
            "month_names": presenters.MONTH_NAMES,
        },
    )


@require_GET
def releases(request: HttpRequest, pk: int) -> HttpResponse:
    """All releases of one publisher's month from one source: which counts now, and what it replaced."""
    one = get_object_or_404(Slice.objects.select_related("publisher"), pk=pk)
    return render(request, "hotspots/releases.html", {"one": one, "releases": queries.releases(one)})


def _require_importer(request: HttpRequest) -> None:
    if not can_import(viewer(request)):
        raise PermissionDenied("Only analysts, managers and administrators may import data. Ask one of them to do it.")


def _page(request: HttpRequest, rows: QuerySet[Any], size: int) -> Page[Any]:
    return Paginator(rows, size).get_page(request.GET.get("page"))
