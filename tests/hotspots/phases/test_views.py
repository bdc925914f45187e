"""The pages of phases and of gate questions: what they say, what forms keep and refuse."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotspots.models import GateQuestion, Hotspot
from partners.models import Agency, AuditEvent, User
from tests.factories import make_administrator, make_place
from tests.hotspots.phases.conftest import Start


def words(response: Any) -> str:
    """The text of a page's main part, spaces made one."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def test_the_phases_of_a_place(keeping: Client, place: Hotspot, start: Start, keeper: User) -> None:
    assert "No phase was started yet" in words(keeping.get(f"/hotspots/{place.pk}/phases/"))
    start("clear", date(2026, 1, 1), planned_end=date(2026, 5, 20), lead=keeper, objectives="Fewer crimes")
    shown = words(keeping.get(f"/hotspots/{place.pk}/phases/"))
    assert "Clear : Since 1 January 2026, day 152" in shown
    assert "Gate 12 days overdue Overdue" in shown
    assert "Lead Keeper" in shown
    assert "Fewer crimes" in shown
    assert AuditEvent.objects.filter(action="hotspot.read").exists()
    with CaptureQueriesContext(connection) as one:
        keeping.get(f"/hotspots/{place.pk}/phases/")
    for phase in ("hold", "build", "sustain", "prepare"):
        start(phase, date(2026, 2, 1), lead=keeper)
    with CaptureQueriesContext(connection) as five:
        keeping.get(f"/hotspots/{place.pk}/phases/")
    assert len(five) == len(one)


def test_a_phase_is_started_on_its_form(keeping: Client, place: Hotspot, keeper: User) -> None:
    path = f"/hotspots/{place.pk}/phases/start/"
    assert b'value="prepare" checked' in re.sub(rb"\s+", b" ", keeping.get(f"{path}?phase=prepare").content)
    asked = {"phase": "build", "starts": "2026-06-01", "planned_end": "01/09/2026", "lead": keeper.pk}
    # An unusual order is said first, and meant the second time.
    first = keeping.post(path, asked)
    assert first.status_code == 422
    assert "Build would begin without Hold before it. If that is what is meant, save once more." in words(first)
    assert 'name="knowingly" value="on"' in first.content.decode()
    done = keeping.post(path, {**asked, "knowingly": "on"}, follow=True)
    assert "Build was started." in words(done)
    # Work has begun on what is a proposal still; of an active place nothing is said.
    Hotspot.objects.update(status=Hotspot.Status.PROPOSED)
    assert "Its status is still “Proposed”. Make it active" in words(keeping.get(f"/hotspots/{place.pk}/phases/"))
    Hotspot.objects.update(status=Hotspot.Status.ACTIVE)
    assert "Make it active" not in words(keeping.get(f"/hotspots/{place.pk}/phases/"))
    period = place.phases.get()
    assert (period.phase, period.planned_end, period.lead) == ("build", date(2026, 9, 1), keeper)
    # What an action refuses stands at its field.
    again = keeping.post(path, {"phase": "build", "starts": "2026-06-02"})
    assert 'href="#id_starts"' in again.content.decode()
    assert "Build goes on since 1 June 2026 already." in words(again)
    assert "Enter a day, such as 05/05/2026." in words(keeping.post(path, {"phase": "hold", "starts": "soon"}))


def test_a_phase_is_changed_stopped_and_removed(keeping: Client, place: Hotspot, start: Start) -> None:
    period = start("prepare")
    path = f"/hotspots/{place.pk}/phases/{period.pk}"
    page = keeping.get(f"{path}/change/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    asked = {"starts": "2026-01-01", "objectives": "Know the place", "seen": seen[1]}
    assert keeping.post(f"{path}/change/", asked).status_code == 302
    # Somebody else has the old form open: told so, and saved when sent again.
    late = keeping.post(f"{path}/change/", {**asked, "objectives": "Theirs"})
    assert "Keeper changed this phase after you opened it" in words(late)
    newer = re.search(r'name="seen" value="([^"]+)"', late.content.decode())
    assert newer
    assert keeping.post(f"{path}/change/", {**asked, "objectives": "Theirs", "seen": newer[1]}).status_code == 302
    period.refresh_from_db()
    assert period.objectives == "Theirs"
    assert "Say why it stops" in words(keeping.post(f"{path}/stop/", {"ends": "2026-05-01"}))
    keeping.post(f"{path}/stop/", {"ends": "2026-05-01", "reason": "Funding ended"})
    period.refresh_from_db()
    assert (period.ends, period.ending) == (date(2026, 5, 1), "stopped")
    assert "Prepare was removed" in words(keeping.post(f"{path}/remove/", {"reason": "Wrong place"}, follow=True))
    assert not place.phases.exists()
    assert keeping.get(f"{path}/change/").status_code == 404


def test_a_watch_place_has_no_phases(keeping: Client, police: Agency, place: Hotspot) -> None:
    watched = make_place(police, kind="watch")
    shown = words(keeping.get(f"/hotspots/{watched.pk}/phases/"))
    assert "This is a watch place: it has no phases." in shown
    assert "Start a phase" not in shown


def test_questions_are_read_by_all_and_kept_by_administrators_of_the_partnership(
    keeping: Client, keeper: User, questions: list[GateQuestion]
) -> None:
    shown = words(keeping.get("/hotspots/gate-questions/"))
    assert "To leave Clear" in shown
    assert "Is the threat disrupted?" in shown
    assert "Reword" not in shown
    make_administrator(keeper)
    assert "Reword" in words(keeping.get("/hotspots/gate-questions/"))
    first, second = questions
    keeping.post("/hotspots/gate-questions/clear/add/", {"text": "And a third?"})
    keeping.post(f"/hotspots/gate-questions/{first.pk}/reword/", {"text": "In other words?"})
    keeping.post(f"/hotspots/gate-questions/{second.pk}/move/", {"way": "up"})
    third = GateQuestion.objects.get(text="And a third?")
    done = keeping.post(f"/hotspots/gate-questions/{third.pk}/retire/", follow=True)
    assert "“And a third?” is not asked any more." in words(done)
    asked = GateQuestion.objects.filter(is_asked=True).order_by("position")
    assert [one.text for one in asked] == ["Is a contingency plan written?", "In other words?"]
    assert keeping.get(f"/hotspots/gate-questions/{third.pk}/reword/").status_code == 404
    assert keeping.get("/hotspots/gate-questions/nowhere/add/").status_code == 404
    wrong = keeping.post("/hotspots/gate-questions/clear/add/", {"text": "in OTHER words?"})
    assert (wrong.status_code, "asks this already" in words(wrong)) == (422, True)
