"""Meetings: who came, priorities, bids and decisions."""

from __future__ import annotations

from django.db import models

from interventions.models.interventions import Intervention
from partners.models import Agency


class Meeting(Intervention):
    """One meeting of a ward panel, a tactical group, the Monthly Intelligence Meeting or the board."""

    TYPE = "meeting"
    CALLED = "meetings"
    KINDS = ("meeting",)

    class Sort(models.TextChoices):
        WARD_PANEL = "ward-panel", "Ward panel"
        TACTICAL = "tactical", "Tactical delivery group"
        INTELLIGENCE = "intelligence", "Monthly Intelligence Meeting"
        BOARD = "board", "Partnership board"
        OTHER = "other", "Another"

    sort = models.CharField("Sort", max_length=12, choices=Sort)
    chair = models.CharField(
        "Chair", max_length=150, blank=True, help_text="The role: “Chief inspector, neighbourhoods”."
    )
    summary = models.TextField("What was said", blank=True)
    next_on = models.DateField("Next meeting", null=True, blank=True)

    class Meta:
        verbose_name = "meeting"


class Attendance(models.Model):
    """How many people of one agency or group came to a meeting."""

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    body = models.CharField("Agency or group", max_length=150)
    people = models.PositiveSmallIntegerField("People", default=1)

    class Meta:
        verbose_name_plural = "attendance"
        ordering = ["body", "pk"]

    def __str__(self) -> str:
        return f"{self.body}: {self.people}"


class MeetingPriority(models.Model):
    """One priority that a meeting set: specific, measurable, for two months or so."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Running"
        MET = "met", "Met"
        PARTLY = "partly", "Met in part"
        MISSED = "missed", "Not met"

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="priorities")
    text = models.CharField("Priority", max_length=300)
    measure = models.CharField("Measured by", max_length=150, blank=True)
    starts_on = models.DateField("From")
    ends_on = models.DateField("Until")
    outcome = models.CharField("Outcome", max_length=10, choices=Outcome, default=Outcome.OPEN)
    report = models.CharField("What was reported back", max_length=300, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Bid(models.Model):
    """One bid for assets at a meeting, the decision and its reason."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "Not decided"
        GRANTED = "granted", "Granted"
        PARTLY = "partly", "Granted in part"
        REFUSED = "refused", "Refused"

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="bids")
    asked_for = models.CharField("Asked for", max_length=200)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Asked by"
    )
    why = models.CharField("Why", max_length=300, blank=True)
    answer = models.CharField("Decision", max_length=10, choices=Answer, default=Answer.WAITING)
    reason = models.CharField("Reason for the decision", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.asked_for[:80]


class Decision(models.Model):
    """One decision of a meeting."""

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField("Decision", max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]
