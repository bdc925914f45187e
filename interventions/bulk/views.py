"""Bringing in many records of a register as a CSV file: what each row would do is shown before anything is added."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from interventions.api import examples
from interventions.browse.views import register_at
from interventions.bulk import files
from interventions.bulk.adding import Report, add_rows
from interventions.bulk.files import Wrong
from interventions.bulk.forms import BulkForm
from interventions.bulk.numbers import named
from interventions.forms.form import RegisterForm
from interventions.forms.queries import wards_to_choose
from interventions.registers.register import Register
from interventions.rights import who_adds
from partners import csvs
from partners.access import viewer
from partners.refusals import Refused
from partners.visibility import Viewer

# Errors that the page lists, and rows that each of them names.
MOST_SHOWN, MOST_NAMED = 200, 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """A file is chosen, then what is wrong with its rows is shown, then it is added: all of it, or the good rows."""
    register, asks = register_at(slug), who_adds(request)
    if request.method != "POST":
        return _page(request, register, BulkForm(viewer=asks), asks)
    form = BulkForm(request.POST, request.FILES, viewer=asks)
    if not form.is_valid():
        return _page(request, register, form, asks, 422)
    given, do = form.cleaned_data, request.POST.get("do")
    try:
        report = add_rows(
            by=asks,
            owner=given["owner"],
            register=register,
            read=files.of_csv(register, given["text"]),
            keep_good=do == "add-good",
            dry_run=do not in ("add", "add-good"),
        )
    except ValueError as error:
        form.add_error("owner" if isinstance(error, Refused) and error.field == "owner" else "file", str(error))
        return _page(request, register, form, asks, 422)
    if report.added:
        left_out = f" {report.refused:,} {pluralize(report.refused, 'was,were')} left out." if report.refused else ""
        messages.success(request, f"{register.name}: {len(report.added):,} added.{left_out}")
        return redirect("interventions:of-register", slug=register.slug)
    return _preview(request, register, form, report)


@require_safe
def template(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The columns of a register's file, with one row as an example, in a ward that the reader may add to."""
    register = register_at(slug)
    header = [name for name, _, _ in files.columns(register)]
    form = RegisterForm(None, viewer=viewer(request), register=register, wards=wards_to_choose())
    sent = examples.sent(register) | {"wards": list(form.offered)[:1]}
    return csvs.response(f"{slug}-template.csv", header, [list(files.example(register, sent))])


def _page(request: HttpRequest, register: Register, form: BulkForm, asks: Viewer, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "register": register,
        "form": form,
        "columns": files.columns(register),
        "named": named(register, asks),
        "most": files.MOST_ROWS,
    }
    return render(request, "interventions/bulk/upload.html", context, status=status)


def _preview(request: HttpRequest, register: Register, form: BulkForm, report: Report) -> HttpResponse:
    alike = _alike(report)
    context = {
        "register": register,
        "report": report,
        "shown": alike[:MOST_SHOWN],
        "kinds": len(alike),
        "text": form.cleaned_data["text"],
        "owner": form.cleaned_data["owner"],
    }
    return render(request, "interventions/bulk/preview.html", context, status=422 if report.refused else 200)


def _alike(report: Report) -> list[tuple[Wrong, str, str]]:
    """What is wrong, each once: (what, how many rows, their numbers), in the order of the first of them."""
    of: dict[Wrong, list[int]] = {}
    for number, one in report.wrong:
        of.setdefault(one, []).append(number)
    return [(one, f"{len(its):,}", _numbers(its)) for one, its in of.items()]


def _numbers(rows: list[int]) -> str:
    named = ", ".join(map(str, rows[:MOST_NAMED]))
    return f"{named} and {len(rows) - MOST_NAMED:,} more" if len(rows) > MOST_NAMED else named
