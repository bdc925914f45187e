"""Clear, Hold, Build: the dated phases of a hotspot, the gates between them, and what would bring it back."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hotspots.models.hotspots import Hotspot
from partners.models import User


class Phase(models.TextChoices):
    """The phases, in the order in which they are meant to follow each other."""

    PREPARE = "prepare", "Prepare"
    CLEAR = "clear", "Clear"
    HOLD = "hold", "Hold"
    BUILD = "build", "Build"
    SUSTAIN = "sustain", "Sustain"


class PhasePeriod(models.Model):
    """One phase of a hotspot over some dates. Periods may overlap, stop, and come again: `current` ones are derived."""

    class Ending(models.TextChoices):
        COMPLETED = "completed", "Completed"
        STOPPED = "stopped", "Stopped"
        REGRESSED = "regressed", "Went back to an earlier phase"

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="phases")
    phase = models.CharField(max_length=10, choices=Phase)
    # From this day, until that day, on which the next phase may begin; None = still going on.
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    # When it is meant to end: its gate is due on this day.
    planned_end = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    objectives = models.TextField(blank=True)
    # What each partner is expected to do, in words.
    expectations = models.TextField(blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The planned ends of which other systems were told, a week before and when they had passed: once each.
    told_soon = models.DateField(null=True, blank=True)
    told_overdue = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="phase_ends_after_start"),
            models.CheckConstraint(
                condition=Q(planned_end=None) | Q(planned_end__gte=F("starts")), name="phase_is_planned_to_end_later"
            ),
            models.CheckConstraint(
                condition=Q(ends=None, ending="") | (Q(ends__isnull=False) & ~Q(ending="")), name="phase_ended_somehow"
            ),
            models.UniqueConstraint(fields=["hotspot", "phase"], condition=Q(ends=None), name="one_phase_going_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} from {self.starts}"

    def is_current(self, on: date) -> bool:
        """Whether a day lies in it, as `phases.queries.going_on` asks the database."""
        return self.starts <= on and (self.ends is None or on < self.ends)

    def is_overdue(self, on: date) -> bool:
        """Whether it goes on and the day of its gate has passed."""
        return self.ends is None and self.planned_end is not None and self.planned_end < on


class GateQuestion(models.Model):
    """One question to answer before a phase is left. The partnership's administrators keep them."""

    phase = models.CharField(max_length=10, choices=Phase)
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    # Those that are not asked any more stay, as old decisions quote them.
    is_asked = models.BooleanField(default=True)

    class Meta:
        ordering = ["phase", "position", "pk"]

    def __str__(self) -> str:
        return self.text


class GateDecision(models.Model):
    """What a meeting decided at a gate. Rows are added, never changed: people decide, the product states evidence."""

    class Outcome(models.TextChoices):
        PROCEED = "proceed", "Go on to the next phase"
        STAY = "stay", "Stay, and look again"
        REGRESS = "regress", "Go back to an earlier phase"
        STOP = "stop", "Stop the phase"

    period = models.ForeignKey(PhasePeriod, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    # The phase that begins with it; blank where none does.
    to_phase = models.CharField(max_length=10, choices=Phase, blank=True)
    decided_on = models.DateField()
    chair = models.CharField(max_length=150)
    meeting = models.CharField(max_length=150)
    reasons = models.TextField(blank=True)
    # Who disagreed, and why; blank = nobody did.
    dissent = models.TextField(blank=True)
    # What the evidence was made from: the version of the figures and their last month. None = no figures then.
    data_version = models.PositiveBigIntegerField()
    last_month = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decided_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} on {self.decided_on}"


class GateAnswer(models.Model):
    """The answer to one gate question, in the words in which it was asked then."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    decision = models.ForeignKey(GateDecision, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=10, choices=Answer)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.question} {self.get_answer_display()}"


class GateEvidence(models.Model):
    """One figure as it stood when a gate was decided, with the sentence that said it."""

    decision = models.ForeignKey(GateDecision, on_delete=models.CASCADE, related_name="evidence")
    # What figure it is, e.g. "months-below-baseline".
    name = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    # None where it could not be told.
    value = models.FloatField(null=True, blank=True)
    sentence = models.CharField(max_length=500)
    # From which releases, e.g. "Metropolitan Police Service, police.uk, to August 2026".
    source = models.CharField(max_length=300)

    class Meta:
        verbose_name_plural = "gate evidence"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.sentence


class ReentryTrigger(models.Model):
    """What would bring a hotspot back: crimes of a category above its baseline range for some months on end."""

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="triggers")
    category = models.SlugField(max_length=60)
    months = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # None: still looked at after every import.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=12), name="trigger_of_one_to_twelve_months"),
            models.UniqueConstraint(
                fields=["hotspot", "category", "months"], condition=Q(ended_at=None), name="one_such_trigger_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} for {self.months} months"


class ReentryAlert(models.Model):
    """A trigger that was met by the figures of a month. People acknowledge it; the product does nothing else."""

    trigger = models.ForeignKey(ReentryTrigger, on_delete=models.CASCADE, related_name="alerts")
    # First day of the last of the months that met it.
    month = models.DateField()
    sentence = models.CharField(max_length=500)
    raised = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [models.UniqueConstraint(fields=["trigger", "month"], name="one_alert_a_month")]

    def __str__(self) -> str:
        return self.sentence
