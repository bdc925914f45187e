"""How much was done, ward by ward: exact for those who sign in, and a file that may be published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from interventions.counts import HIDDEN, KINDS, Quarter, Table, is_over, publishable, seen, suppressed
from partners import areas, csvs
from partners.access import viewer
from partners.filters import refuse_briefly
from partners.visibility import Viewer

QUARTERS_SHOWN = 12


class CountsForm(forms.Form):
    """Where, when, and what by."""

    borough = forms.ChoiceField(label="Borough")
    quarter = forms.ChoiceField(label="Quarter")
    by = forms.ChoiceField(label="Columns", choices=[("kind", "Kinds"), ("agency", "Agencies")])

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        choices = areas.choices()
        now = Quarter.of(timezone.localdate())
        quarters = [now.before_or_after(-back) for back in range(QUARTERS_SHOWN)]
        boroughs = [(one.code, one.name) for one in choices if not one.within]
        given = {
            "borough": _home(viewer, choices),
            "quarter": str(now),
            "by": "kind",
            **{name: text for name, text in data.items() if text},
        }
        super().__init__(given)
        refuse_briefly(self)
        inputs: dict[str, Any] = self.fields
        inputs["borough"].choices = boroughs
        inputs["quarter"].choices = [(str(one), one.name) for one in quarters]


def _home(viewer: Viewer, choices: list[areas.Choice]) -> str:
    """The code of the first borough that somebody works in."""
    codes = {code for standing in viewer.standings for code in (standing.areas or standing.agency_areas)}
    names = {one.within or one.name for one in choices if one.code in codes}
    boroughs = [one for one in choices if not one.within]
    first = next((one for one in boroughs if one.name in names), boroughs[0] if boroughs else None)
    return first.code if first else ""


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """A table of what the reader sees, and the way to the file for publication."""
    asks = viewer(request)
    form = CountsForm(request.GET, viewer=asks)
    context: dict[str, Any] = {"form": form, "there": bool(form.fields["borough"].choices)}  # type: ignore[attr-defined]
    if not form.is_valid():
        return render(request, "interventions/counts.html", context, status=400 if context["there"] else 200)
    asked = form.cleaned_data
    quarter = Quarter.parse(asked["quarter"])
    table, records = seen(asks, asked["borough"], quarter, asked["by"])
    *rows, total = table.totalled() or [[]]
    context |= {
        "table": table,
        "records": records,
        "rows": [(ward, row[:-1], row[-1]) for ward, row in zip(table.wards, rows, strict=True)],
        "total": total,
        "place": dict(form.fields["borough"].choices)[asked["borough"]],  # type: ignore[attr-defined]
        "is_over": is_over(quarter, timezone.localdate()),
        "publication": f"{reverse('interventions:publication')}?borough={asked['borough']}&quarter={quarter}",
    }
    return render(request, "interventions/counts.html", context)


@require_safe
def publication(request: HttpRequest) -> HttpResponseBase:
    """The same table for everybody, small numbers hidden: what `/api/v1/public/activity-counts/` answers, as CSV."""
    form = CountsForm(request.GET, viewer=viewer(request))
    address = reverse("interventions:counts")
    if not form.is_valid():
        return redirect(f"{address}?{request.GET.urlencode()}")
    quarter = Quarter.parse(form.cleaned_data["quarter"])
    if not is_over(quarter, timezone.localdate()):
        return redirect(f"{address}?{request.GET.urlencode()}")
    [table] = publishable(quarter, form.cleaned_data["borough"]) or [Table(quarter, [], KINDS, [])]
    names = [*(ward.name for ward in table.wards), "All wards"]
    header = ["Ward", *(name for _, name in table.columns), "All kinds"]
    shown = [[HIDDEN if count is None else count for count in row] for row in suppressed(table.counts)]
    lines = [[name, *row] for name, row in zip(names, shown, strict=False)]
    notes = [
        [f"{HIDDEN}: a small number, or one from which a small number could be worked out"],
        ["Work done in the quarter that agencies share with partners; a piece of work in two wards counts in both"],
    ]
    title = f"Activity in {dict(form.fields['borough'].choices)[form.cleaned_data['borough']]}, {quarter.name}"  # type: ignore[attr-defined]
    return csvs.response(f"activity-counts-{quarter}.csv", [title], [header, *lines, *notes])
