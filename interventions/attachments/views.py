"""Pages of the files of a record: the list, one as a download, adding and removing."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from interventions import queries as records
from interventions.attachments import actions, queries
from interventions.attachments.forms import AttachmentForm
from interventions.models import Attachment, Intervention
from interventions.record.queries import typed
from interventions.rights import NOT_HERE, to_change
from partners import audit, uploads
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import Refused
from partners.visibility import Viewer

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
_NO_FILE = "There is no such file, or it is not shared with you."


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def attachments(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a record, and the form with which its keepers add one."""
    who = viewer(request)
    record = _seen(who, pk)
    form = None
    if request.method == "POST":
        to_change(who, pk)
        form = AttachmentForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = actions.add_attachment(by=who, pk=pk, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field, str(refused))
            else:
                messages.success(request, f"“{made.title}” is kept with this record.")
                return redirect("interventions:attachments", pk=pk)
    elif records.changeable(who, pk) is not None:
        form = AttachmentForm()
    audit.read([record], by=who, how="page")
    context = {
        "record": record,
        "form": form,
        "attachments": queries.attachments(record),
        "is_withheld": bool(record.withheld),
        "marking": marking_tag(record.marking).text,
    }
    return render(request, "interventions/attachments/list.html", context, status=422 if form and form.errors else 200)


@require_safe
@never_cache
def attachment(request: HttpRequest, pk: int, attachment: int) -> FileResponse:
    """One file, to keep."""
    who = viewer(request)
    record = _seen(who, pk)
    row = _of(record, attachment)
    answer = uploads.download(row.file, f"activity-{pk}-attachment-{row.pk}", missing=_NO_FILE)
    audit.write("intervention.attachment-read", by=who, about=[record], after={"attachment": row.pk})
    return answer


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def remove_attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Asks first, then removes a file."""
    who = viewer(request)
    record = _seen(who, pk)
    to_change(who, pk)
    row = _of(record, attachment)
    if request.method == "POST":
        actions.remove_attachment(by=who, pk=pk, attachment=attachment)
        messages.success(request, f"“{row.title}” is removed.")
        return redirect("interventions:attachments", pk=pk)
    audit.read([record], by=who, how="page")
    context = {"record": record, "attachment": row, "marking": marking_tag(record.marking).text}
    return render(request, "interventions/attachments/remove.html", context)


def _seen(who: Viewer, pk: int) -> Intervention:
    found = typed(who, pk)
    if found is None:
        raise Http404(NOT_HERE)
    record: Intervention = found[1]
    return record


def _of(record: Intervention, pk: int) -> Attachment:
    row = queries.attachment(record, pk)
    if row is None:
        raise Http404(_NO_FILE)
    return row
