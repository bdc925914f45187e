"""Pages of the documents of a place: the list, one as a download, adding and removing."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hotspots.documents import actions, queries
from hotspots.documents.forms import DocumentForm
from hotspots.models import Hotspot, HotspotDocument
from hotspots.register.queries import changeable, place
from hotspots.register.views import NOT_HERE, to_change
from partners import audit, uploads
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import Refused

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
_NO_DOCUMENT = "There is no such document, or it is not shared with you."


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The documents of a place, and the form with which its keepers add one."""
    who = viewer(request)
    record = _seen(request, pk)
    form = None
    if request.method == "POST":
        to_change(who, pk)
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = actions.add_document(by=who, place=pk, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field, str(refused))
            else:
                messages.success(request, f"“{made.title}” is kept with {record.name}.")
                return redirect("hotspots:documents", pk=pk)
    elif changeable(who, pk) is not None:
        form = DocumentForm()
    audit.read([record], by=who, how="page")
    context = {
        "record": record,
        "form": form,
        "documents": queries.documents(record),
        "is_withheld": "documents" in record.withheld,
        "marking": marking_tag(record.marking).text,
    }
    return render(request, "hotspots/documents/list.html", context, status=422 if form and form.errors else 200)


@require_safe
@never_cache
def document(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """One document, as a file to keep."""
    record = _seen(request, pk)
    row = _of(record, document)
    answer = uploads.download(row.file, f"hotspot-{pk}-document-{row.pk}", missing=_NO_DOCUMENT)
    audit.write("hotspot.document-read", by=viewer(request), about=[record], after={"document": row.pk})
    return answer


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def remove_document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """Asks first, then removes a document."""
    who = viewer(request)
    record = to_change(who, pk)
    row = _of(record, document)
    if request.method == "POST":
        actions.remove_document(by=who, place=pk, document=document)
        messages.success(request, f"“{row.title}” is removed.")
        return redirect("hotspots:documents", pk=pk)
    audit.read([record], by=who, how="page")
    context = {"record": record, "document": row, "marking": marking_tag(record.marking).text}
    return render(request, "hotspots/documents/remove.html", context)


def _seen(request: HttpRequest, pk: int) -> Hotspot:
    record = place(viewer(request), pk)
    if record is None:
        raise Http404(NOT_HERE)
    return record


def _of(record: Hotspot, pk: int) -> HotspotDocument:
    row = queries.document(record, pk)
    if row is None:
        raise Http404(_NO_DOCUMENT)
    return row
