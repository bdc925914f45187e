"""Pages of ward teams: the list, one team with its history, the forms, and the CSV both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hotspots.models import WardTeam
from hotspots.queries import wards_in_force
from hotspots.teams import actions, importing, presenters, queries
from hotspots.teams.actions import Details
from hotspots.teams.forms import CorrectForm, DaysForm, DetailsForm, NewTeamForm
from hotspots.teams.queries import Team
from hotspots.words import plural
from partners import audit, csv_import, csvs
from partners.access import viewer
from partners.csv_import import CsvFileForm

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
_KEEPERS = "SNT leads, managers and administrators keep the ward teams of their agency. Ask one of them to do it."


@require_safe
@never_cache
def teams(request: HttpRequest) -> HttpResponse:
    """Every ward with its team now, borough by borough."""
    who = viewer(request)
    found = queries.teams(who)
    audit.read([team.now for team in found], by=who, how="list")
    context = {
        "groups": presenters.groups(found, list(wards_in_force(timezone.localdate())) if found else []),
        "headings": [heading for _, _, heading in presenters.POSTS.values()],
        "may_keep": bool(queries.keepers(who)),
    }
    return render(request, "hotspots/teams/list.html", context)


@require_safe
@never_cache
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One team: as it is now, how it was, and the days it lost to other duties. Any of its rows leads to the newest."""
    found, row = _seen(request, pk)
    if row.pk != found.now.pk:
        return redirect("hotspots:team", pk=found.now.pk)
    who = viewer(request)
    audit.read(found.rows, by=who, how="page")
    may_keep = actions.may_manage(who, row.owner_id, row.ward)
    context = {
        "row": row,
        "sentence": presenters.sentence(row, found.days[0] if found.days else None),
        "spells": presenters.spells(found, may_keep),
        "months": presenters.months(found),
        "days_withheld": "abstracted" in row.withheld,
        "posts_withheld": "in_post" in row.withheld,
        "headings": [heading for _, _, heading in presenters.POSTS.values()],
        "may_keep": may_keep,
    }
    return render(request, "hotspots/teams/team.html", context)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def new_team(request: HttpRequest) -> HttpResponse:
    """Adds a team; `ward` in the address chooses the ward."""
    owners = _keepers(request)
    wards = list(wards_in_force(timezone.localdate()))
    initial = {**DetailsForm.initial_of(None), "ward": request.GET.get("ward", "")}
    form = NewTeamForm(request.POST or None, initial=initial).offer(owners, wards)

    def add() -> WardTeam:
        ward = next(ward for ward in wards if ward.code == form.cleaned_data["ward"])
        return actions.add_team(
            by=viewer(request),
            owner=form.cleaned_data["owner"],
            ward=ward,
            valid_from=form.cleaned_data["valid_from"],
            details=form.details(),
        )

    return _form(request, form, add, "Add a ward team", "Add the team")


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def change_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts that change from a day."""
    row = _kept(request, pk)
    initial = {**DetailsForm.initial_of(row), "valid_from": timezone.localdate()}
    form = DetailsForm(request.POST or None, initial=initial)

    def change() -> WardTeam:
        first = form.cleaned_data["valid_from"]
        return actions.change_team(by=viewer(request), team=row, valid_from=first, details=form.details())

    return _form(request, form, change, f"Change the team of {row.ward}", "Save the change", row)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def correct_team(request: HttpRequest, pk: int) -> HttpResponse:
    """A row as it should have been, or its end."""
    row = _kept(request, pk)
    initial = {**DetailsForm.initial_of(row), "valid_from": row.valid_from, "valid_to": row.valid_to}
    form = CorrectForm(request.POST or None, initial=initial)

    def correct() -> WardTeam:
        dates = {name: form.cleaned_data[name] for name in ("valid_from", "valid_to")}
        return actions.correct_team(by=viewer(request), team=row, **dates, details=form.details())

    return _form(request, form, correct, f"Correct the team of {row.ward}", "Save the correction", row)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def days(request: HttpRequest, pk: int) -> HttpResponse:
    """Days abstracted in one month."""
    row = _kept(request, pk)
    form = DaysForm(request.POST or None, initial={"month": f"{timezone.localdate():%Y-%m}"})

    def record() -> WardTeam:
        asked = form.cleaned_data
        actions.record_abstraction(by=viewer(request), team=row, month=asked["month"], days=asked["days"])
        return row

    return _form(request, form, record, f"Days abstracted: {row.ward}", "Save the days", row)


def _form(
    request: HttpRequest, form: Form, act: Callable[[], WardTeam], title: str, button: str, row: WardTeam | None = None
) -> HttpResponse:
    """The page of a form; once it is right, `act` does it and leads to the team."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except ValueError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"The team of {done.ward} was saved.")
            return redirect("hotspots:team", pk=done.pk)
    context = {"form": form, "title": title, "button": button, "row": row}
    return render(request, "hotspots/teams/form.html", context, status=422 if form.errors else 200)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def import_teams(request: HttpRequest) -> HttpResponse:
    """A CSV file: first what it would do, row by row; then all of it or nothing."""
    _keepers(request)
    if request.method != "POST":
        return _import_page(request, CsvFileForm())
    form = CsvFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, form, status=422)
    who = viewer(request)
    try:
        table = csv_import.read(form.cleaned_data["text"], importing.COLUMNS)
        with transaction.atomic():
            planned = importing.plan(table, who)
            wrong = [one for one in planned if one.errors]
            if request.POST.get("do") == "import" and not wrong:
                importing.apply(planned, by=who)
                messages.success(request, f"Imported: {_counts(planned)}.")
                return redirect("hotspots:teams")
    except ValueError as problem:
        form.add_error("file", str(problem))
        return _import_page(request, form, status=422)
    context = {
        "text": form.cleaned_data["text"],
        "planned": [one for one in planned if one.wanted and one.wanted.does != importing.UNCHANGED],
        "wrong": wrong,
        "counts": _counts(planned),
        "ignored": table.ignored,
    }
    return render(request, "hotspots/teams/import_preview.html", context, status=422 if wrong else 200)


def _import_page(request: HttpRequest, form: CsvFileForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "columns": importing.COLUMNS, "most": csv_import.MOST_ROWS}
    return render(request, "hotspots/teams/import.html", context, status=status)


def _counts(planned: list[importing.Planned]) -> str:
    """ "12 teams to add, 3 to change, 40 unchanged"."""
    does = [one.wanted.does for one in planned if one.wanted]
    added = plural(does.count(importing.ADDED), "new team")
    changed = does.count(importing.CHANGED) + does.count(importing.CORRECTED)
    return f"{added}, {changed:,} changed, {does.count(importing.UNCHANGED):,} as they are"


@require_safe
@never_cache
def template_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The import's columns with one row as an example."""
    return csvs.response("ward-teams-template.csv", importing.HEADINGS, [importing.TEMPLATE_ROW])


@require_safe
@never_cache
def teams_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The teams in force that the reader sees, in the columns that the import reads."""
    who = viewer(request)
    found = queries.teams(who)
    audit.read([team.now for team in found], by=who, how="csv")
    return csvs.response("ward-teams.csv", importing.HEADINGS, _rows(found))


def _rows(found: list[Team]) -> Iterator[list[Any]]:
    for team in found:
        row = team.now
        details = Details.of(row)
        month, lost = team.days[0] if team.days else (None, None)
        where = [row.ward.name, row.ward.parent.name if row.ward.parent else "", row.owner.name, row.valid_from]
        of_row = [getattr(details, name) for name in Details.__dataclass_fields__]
        by_name = dict(zip(Details.__dataclass_fields__, of_row, strict=True))
        yield [
            *where,
            *(by_name[column.name] for column in importing.COLUMNS if column.name in by_name),
            *(f"{month:%Y-%m}" if month else "", lost),
        ]


def _seen(request: HttpRequest, pk: int) -> tuple[Team, WardTeam]:
    found = queries.team_of(viewer(request), pk)
    if found is None:
        raise Http404("There is no such team. All that you may see are under Ward teams.")
    return found


def _kept(request: HttpRequest, pk: int) -> WardTeam:
    """A row that the person may change, whole."""
    _, row = _seen(request, pk)
    if not actions.may_manage(viewer(request), row.owner_id, row.ward):
        raise PermissionDenied(_KEEPERS)
    return row


def _keepers(request: HttpRequest) -> list[Any]:
    owners = queries.keepers(viewer(request))
    if not owners:
        raise PermissionDenied(_KEEPERS)
    return owners
