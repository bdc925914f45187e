"""Plans: problem-solving plans, and the twelve-month plan."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from interventions.models.days import DayOfAction
from interventions.models.interventions import Intervention
from partners.models import Agency


class ProblemSolvingPlan(Intervention):
    """One problem-solving plan (OSARA): objective, scanning, analysis, responses, assessment."""

    TYPE = "plan"
    CALLED = "problem-solving plans"
    KINDS = ("plan",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "analysis": ("victim", "offender", "location", "hypotheses"),
    }

    class Stage(models.TextChoices):
        SCANNING = "scanning", "Scanning"
        ANALYSIS = "analysis", "Analysis"
        RESPONSE = "response", "Response"
        ASSESSMENT = "assessment", "Assessment"
        CLOSED = "closed", "Closed"

    stage = models.CharField("Stage", max_length=10, choices=Stage, default=Stage.SCANNING)
    objective = models.CharField("Objective", max_length=300, blank=True, help_text="Specific, measurable, by a day.")
    metric = models.CharField("Measured by", max_length=150, blank=True, help_text="Such as “Shoplifting in a year”.")
    baseline = models.PositiveIntegerField("Baseline", null=True, blank=True)
    target = models.PositiveIntegerField("Target", null=True, blank=True)
    target_by = models.DateField("By", null=True, blank=True)
    scanning = models.TextField("Scanning: how it came to notice", blank=True)
    who_cares = models.CharField("Who is affected", max_length=300, blank=True)
    # The problem analysis triangle.
    victim = models.TextField("Analysis: victims", blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    offender = models.TextField("Analysis: offenders", blank=True, null=True)  # noqa: DJ001 - None if withheld
    location = models.TextField("Analysis: location", blank=True, null=True)  # noqa: DJ001 - None if withheld
    hypotheses = models.TextField("Why it happens here", blank=True, null=True)  # noqa: DJ001 - None if withheld
    assessment_method = models.TextField("Assessment: how it was judged", blank=True)
    comparator = models.CharField("Compared with", max_length=200, blank=True)
    result = models.TextField("Result", blank=True)
    result_count = models.PositiveIntegerField("Count at the end", null=True, blank=True)
    displacement = models.CharField("Displacement", max_length=300, blank=True)
    lessons = models.TextField("Lessons", blank=True)
    review_on = models.DateField("Next review", null=True, blank=True)
    closed_reason = models.CharField("Why it was closed", max_length=300, blank=True)
    signed_off_on = models.DateField("Signed off on", null=True, blank=True)

    class Meta:
        verbose_name = "problem-solving plan"


class PlanResponse(models.Model):
    """One thing that a problem-solving plan does, by whom, under which of the four Ps."""

    record = models.ForeignKey(ProblemSolvingPlan, on_delete=models.CASCADE, related_name="responses")
    text = models.CharField("Response", max_length=300)
    strand = models.CharField("Strand", max_length=10, choices=Intervention.Strand)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Partner"
    )
    cost = models.DecimalField("Cost in pounds", max_digits=10, decimal_places=2, null=True, blank=True)
    due_on = models.DateField("Due on", null=True, blank=True)
    done_on = models.DateField("Done on", null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class YearPlan(Intervention):
    """A twelve-month plan for wards or a hotspot, from the month of the record's start."""

    TYPE = "year-plan"
    CALLED = "twelve-month plans"
    KINDS = ("year-plan",)

    objective = models.CharField("Objective", max_length=300, blank=True)
    analysis = models.TextField("What the analysis says", blank=True)

    class Meta:
        verbose_name = "twelve-month plan"


class YearPlanItem(models.Model):
    """One thing that a twelve-month plan holds for one month."""

    class Lane(models.TextChoices):
        USUAL = "usual", "Business as usual"
        PARTNERSHIP = "partnership", "Partnership opportunity"
        JOINT = "joint", "Joint day of action"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    record = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="items")
    # The first day of the month.
    month = models.DateField("Month")
    lane = models.CharField("Lane", max_length=12, choices=Lane)
    text = models.CharField("What", max_length=200)
    strand = models.CharField("Strand", max_length=10, choices=Intervention.Strand)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Who"
    )
    day = models.ForeignKey(
        DayOfAction,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="planned_as",
        verbose_name="Day of action",
    )
    status = models.CharField("Status", max_length=10, choices=Status, default=Status.PROPOSED)
    # Why it was drafted: "Burglary was highest in November (31 of 210)". Blank = a person added it.
    reason = models.CharField("Why", max_length=300, blank=True)

    class Meta:
        ordering = ["month", "lane", "pk"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}: {self.text}"
