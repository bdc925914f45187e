"""Bringing in agencies and people from a CSV file: first what each row would do, then all of it or nothing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from partners import csvs, people_import
from partners.access import viewer
from partners.actions.people_import import import_plan
from partners.csv_import import MOST_ROWS, CsvFileForm
from partners.models import Agency, Role
from partners.people_import import ADDED, CHANGED, UNCHANGED, WRONG, Plan
from partners.roles import Permission
from partners.visibility import Viewer

# More no preview shows: the counts say how many there are.
ROWS_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def import_people(request: HttpRequest) -> HttpResponse:
    """The form, the preview of a file, and the import."""
    who = _administrator(request)
    if request.method != "POST":
        return _form(request, CsvFileForm())
    form = CsvFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form)
    text = form.cleaned_data["text"]
    try:
        plan = people_import.plan(text, who)
        wanted = request.POST.get("do") == "import"
        if wanted and request.POST.get("plan") == plan.fingerprint and not plan.of(WRONG):
            return _imported(request, plan, who)
    except ValueError as problem:
        form.add_error("file", str(problem))
        return _form(request, form)
    return _preview(request, plan, text, again=wanted)


@require_safe
def template_csv(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """A file with the columns and examples."""
    _administrator(request)
    headings = [column.heading for column in people_import.COLUMNS[kind]]
    return csvs.response(f"{kind}-template.csv", headings, people_import.EXAMPLES[kind])


def _administrator(request: HttpRequest) -> Viewer:
    who = viewer(request)
    if not who.agencies(Permission.MANAGE_PEOPLE):
        raise PermissionDenied(
            "Only administrators of an agency or of the partnership may bring in agencies and people."
        )
    return who


def _form(request: HttpRequest, form: CsvFileForm) -> HttpResponse:
    context = {
        "form": form,
        "kinds": Agency.Kind.labels,
        "roles": Role.labels,
        "most": MOST_ROWS,
    }
    return render(request, "partners/import.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, plan: Plan, text: str, *, again: bool) -> HttpResponse:
    wrong, doing = plan.of(WRONG), plan.of(ADDED, CHANGED)
    context = {
        "plan": plan,
        "text": text,
        "again": again and not wrong,
        "wrong": wrong[:ROWS_SHOWN],
        "doing": doing[:ROWS_SHOWN],
        "shown": ROWS_SHOWN,
        "counts": {word: len(plan.of(word)) for word in (ADDED, CHANGED, UNCHANGED, WRONG)},
    }
    return render(request, "partners/import_preview.html", context, status=422 if wrong or again else 200)


def _imported(request: HttpRequest, plan: Plan, who: Viewer) -> HttpResponse:
    job = import_plan(by=who, plan=plan, site=f"{request.scheme}://{request.get_host()}")
    added, changed = len(plan.of(ADDED)), len(plan.of(CHANGED))
    messages.success(request, f"Done: {added:,} added, {changed:,} changed.")
    return redirect("partners:job", pk=job.pk) if job else redirect("partners:agencies")
