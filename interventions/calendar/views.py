"""Pages of the calendar, and the feed that calendar programs read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import Throttled

from hotspots.models import Hotspot
from hotspots.words import month_name
from interventions.calc.periods import months_after
from interventions.calendar import actions, dates, presenters
from interventions.calendar import feeds as feed_files
from interventions.calendar.forms import CalendarForm, FeedForm, ReminderForm
from interventions.models import CalendarFeed, Digest
from partners import audit
from partners.access import person, viewer
from partners.api.throttling import check_failures, count_failure, seconds_to_wait
from partners.markings import highest_marking
from partners.requests import address_of
from partners.second_factor import confirmed
from partners.visibility import Viewer

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
# Calendar programs ask a few times a day.
FEED_RATE = "60/hour"


@require_safe
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """A month, or a list of twelve: what is due, and before it what is overdue."""
    asks = viewer(request)
    places = list(Hotspot.objects.visible_to(asks).exclude(status=Hotspot.Status.ARCHIVED).order_by("name", "pk"))
    form = CalendarForm(request.GET, places)
    if not form.is_valid():
        return render(request, "interventions/calendar/calendar.html", {"form": form}, status=400)
    asked = form.cleaned_data
    today = timezone.localdate()
    first, last = form.days()
    found = dates.collect(
        asks,
        min(first, today - dates.OVERDUE_FOR),
        last,
        hotspot=int(asked["hotspot"]) if asked["hotspot"] else None,
        groups=[dates.Group(asked["kind"])] if asked["kind"] else dates.Group,
    )
    if asked["whose"] == "mine":
        found = dates.own(asks, found)
    overdue = [due for due in found if due.is_overdue(today) and due.day >= today - dates.OVERDUE_FOR]
    shown = [due for due in found if due.day >= first]
    plain = not asked["kind"] and not asked["hotspot"]
    lines = dates.planned_in(asks, first, last) if plain else []
    records = dates.read_records([*overdue, *shown])
    context = {
        "form": form,
        "filtered": any(request.GET.get(name) for name in ("whose", "kind", "hotspot")),
        "month": month_name(first),
        "is_list": asked["show"] == "list",
        "days": presenters.days(first, shown, today) if asked["show"] == "month" else [],
        "months": presenters.months(shown, today) if asked["show"] == "list" else [],
        "count": len(shown),
        "overdue": presenters.entries(overdue, today),
        "planned": presenters.planned(lines),
        "weekdays": presenters.WEEKDAYS,
        "before": _link(request, month=f"{months_after(first, -1):%Y-%m}"),
        "after": _link(request, month=f"{months_after(first, 1):%Y-%m}"),
        "other": _link(request, show="month" if asked["show"] == "list" else "list"),
        "marking": highest_marking([*records, *{plan.pk: plan for _, plan in lines}.values()]),
    }
    audit.read([*records, *{plan.pk: plan for _, plan in lines}.values()], by=asks, how="calendar")
    return render(request, "interventions/calendar/calendar.html", context)


def _link(request: HttpRequest, **said: str) -> str:
    """This calendar, with something else asked."""
    query = {name: text for name, text in request.GET.items() if text} | said
    return f"?{urlencode(query)}"


@require_http_methods(_ASKS_AND_DOES)
@never_cache
@confirmed
@sensitive_variables()
def feeds(request: HttpRequest) -> HttpResponse:
    """One's own addresses for calendar programs; a new one is shown in the answer that it was made by, once."""
    form = FeedForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made, token = actions.make_feed(by=viewer(request), name=form.cleaned_data["name"])
        except ValueError as problem:
            form.add_error("name", str(problem))
        else:
            context |= {
                "made": made,
                "address": request.build_absolute_uri(reverse("interventions:feed", args=[token])),
            }
            context["form"], status = FeedForm(), 201
    of_person = CalendarFeed.objects.filter(user=person(request))
    context["live"] = [one for one in of_person if not one.revoked_at]
    context["ended"] = [one for one in of_person if one.revoked_at]
    status = 422 if form.is_bound and form.errors else status
    return render(request, "interventions/calendar/feeds.html", context, status=status)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def revoke_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, then ends an address at once."""
    feed = CalendarFeed.objects.filter(pk=pk, user=person(request)).first()
    if feed is None:
        raise Http404("You have no such calendar address.")
    if request.method != "POST":
        return render(request, "interventions/calendar/revoke.html", {"feed": feed})
    try:
        actions.revoke_feed(by=viewer(request), pk=pk)
    except ValueError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"The address “{feed.name}” is revoked. It stopped working at this moment.")
    return redirect("interventions:feeds")


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def reminders(request: HttpRequest) -> HttpResponse:
    """How often one is reminded by e-mail."""
    kept = Digest.objects.filter(user=person(request)).first()
    initial = {"frequency": kept.frequency if kept else Digest.Frequency.OFF}
    form = ReminderForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            digest = actions.set_reminders(by=viewer(request), frequency=form.cleaned_data["frequency"])
        except ValueError as problem:
            form.add_error("frequency", str(problem))
        else:
            messages.success(request, f"Reminders: {digest.get_frequency_display().lower()}.")
            return redirect("interventions:reminders")
    context = {"form": form, "kept": kept, "email": person(request).email}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "interventions/calendar/reminders.html", context, status=status)


@login_not_required
@require_safe
@never_cache
@sensitive_variables()
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the person of an address sees now, as iCalendar. Who guesses at addresses is soon refused."""
    address = address_of(request)
    try:
        check_failures(address)
    except Throttled:
        return _later(60)
    found = feed_files.find(token)
    if found is None:
        count_failure(address)
        raise Http404("There is no such calendar.")
    if wait := seconds_to_wait(f"calendar:{found.pk}", FEED_RATE):
        return _later(wait)
    asks = Viewer.of_user(found.user)
    dues = dates.collect(asks, *feed_files.window(timezone.localdate()))
    feed_files.used(found)
    answer = feed_files.as_calendar(found, dues, f"{request.scheme}://{request.get_host()}")
    audit.read(dates.read_records(dues), by=asks, how="calendar")
    return answer


def _later(seconds: int) -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
