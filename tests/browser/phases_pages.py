"""The pages of phases, gates and triggers, each in the state in which it shows most: for `test_every_page`."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from hotspots.models import GateQuestion, ReentryAlert
from hotspots.phases import actions
from hotspots.phases.actions import Answered, Plan
from partners.models import Agency, User
from partners.visibility import Viewer
from reports.evidence import evidence
from tests.factories import make_place

LONG = "The-footpath-behind-the-shops-that-has-a-very-long-name-and-no-spaces-in-it-at-all"


def phases(analyst: User) -> dict[str, list[str]]:
    """A place whose gate is overdue after a decision with everything said, and an alert of a trigger."""
    by, today = Viewer.of_user(analyst), timezone.localdate()
    place = make_place(Agency.objects.earliest("pk"), name=LONG, valid_from=date(2024, 1, 1))
    question = GateQuestion.objects.create(phase="clear", text=f"Is it quiet on {LONG}?", position=0)
    plan = Plan(starts=today - timedelta(days=90), objectives=LONG, expectations=LONG, lead=analyst)
    period = actions.start_phase(by=by, place=place.pk, phase="clear", plan=plan, knowingly=True)
    actions.decide_gate(
        by=by,
        period=period.pk,
        outcome="stay",
        planned_end=today - timedelta(days=2),
        decided_on=today - timedelta(days=30),
        answers={question.pk: Answered("partly", LONG)},
        evidence=evidence(place, today),
        chair=LONG,
        meeting=LONG,
        reasons=LONG,
        dissent=LONG,
    )
    trigger = actions.set_trigger(by=by, place=place.pk, category="criminal-damage-arson", months=2)
    ReentryAlert.objects.create(trigger=trigger, month=date(2026, 4, 1), sentence=f"Above the range at {LONG}.")
    here = f"/hotspots/{place.pk}"
    return {
        "hotspots:phases": [f"{here}/phases/"],
        "hotspots:phase-start": [f"{here}/phases/start/"],
        "hotspots:phase-change": [f"{here}/phases/{period.pk}/change/"],
        "hotspots:phase-stop": [f"{here}/phases/{period.pk}/stop/"],
        "hotspots:phase-remove": [f"{here}/phases/{period.pk}/remove/"],
        "hotspots:gate-questions": ["/hotspots/gate-questions/"],
        "hotspots:gate-question-add": ["/hotspots/gate-questions/clear/add/"],
        "hotspots:gate-question-reword": [f"/hotspots/gate-questions/{question.pk}/reword/"],
        "hotspots:gate-question-move": [],
        "hotspots:gate-question-retire": [],
        "reports:gate": [f"{here}/gates/{period.pk}/"],
        "reports:triggers": [f"{here}/triggers/"],
    }
