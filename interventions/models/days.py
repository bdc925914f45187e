"""Days of action: what is planned, which agencies take part, and what they counted."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.utils import timezone

from interventions.models.interventions import Intervention
from partners.models import Agency, User


class DayOfAction(Intervention):
    """One joint day of action: planned by one agency, done by several, in the record's start, end and zone."""

    TYPE = "day-of-action"
    CALLED = "days of action"
    KINDS = ("day",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "briefing": ("briefing", "risk"),
    }

    objective = models.CharField("Objective", max_length=300, blank=True)
    briefing = models.TextField("Briefing", blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    risk = models.TextField("Risk assessment", blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    comms_plan = models.TextField("What is told to the public", blank=True)
    cost = models.DecimalField("Cost in pounds", max_digits=10, decimal_places=2, null=True, blank=True)
    went_well = models.TextField("Debrief: what went well", blank=True)
    went_badly = models.TextField("Debrief: what did not", blank=True)
    debriefed_on = models.DateField("Debriefed on", null=True, blank=True)
    public_summary = models.TextField("Summary for the public", blank=True)
    # When the keeper of the day was last reminded that results are missing.
    chased_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "day of action"
        verbose_name_plural = "days of action"

    @classmethod
    def asked_of(cls, agencies: Collection[int]) -> models.Q:
        return models.Q(pk__in=DayAgency.objects.filter(agency__in=agencies).order_by().values("record"))


class DayAgency(models.Model):
    """One agency's part in a day of action: what it was asked, and what it answered."""

    class Answer(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    record = models.ForeignKey(DayOfAction, on_delete=models.CASCADE, related_name="agencies")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="Agency")
    role = models.CharField("Role", max_length=200, blank=True)
    people = models.PositiveSmallIntegerField("People", null=True, blank=True)
    hours = models.DecimalField("Hours each", max_digits=5, decimal_places=1, null=True, blank=True)
    answer = models.CharField("Answer", max_length=10, choices=Answer, default=Answer.ASKED, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["agency__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "agency"], name="an_agency_is_asked_once")]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.answer}"


class DayItem(models.Model):
    """One line of the timetable of a day of action."""

    record = models.ForeignKey(DayOfAction, on_delete=models.CASCADE, related_name="items")
    at_time = models.TimeField("Time", null=True, blank=True)
    what = models.CharField("What", max_length=200)
    where = models.CharField("Where", max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Who"
    )

    class Meta:
        ordering = ["at_time", "pk"]

    def __str__(self) -> str:
        return self.what


class DayResult(models.Model):
    """What one agency counted on a day of action: one measure."""

    class Measure(models.TextChoices):
        ARRESTS = "arrests", "Arrests"
        SEARCHES = "searches", "Stop and searches"
        WARRANTS = "warrants", "Warrants executed"
        PENALTIES = "penalties", "Fixed penalty notices"
        WARNINGS = "warnings", "Warnings and advice"
        VEHICLES = "vehicles", "Vehicles stopped"
        SEIZED = "seized", "Vehicles seized"
        VISITS = "visits", "Premises visited"
        LETTERS = "letters", "Addresses visited with letters"
        CONTACTS = "contacts", "People offered support"
        REFERRALS = "referrals", "Referrals to support"
        WASTE = "waste", "Bags of waste removed"
        OTHER = "other", "Other"

    record = models.ForeignKey(DayOfAction, on_delete=models.CASCADE, related_name="results")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="Agency")
    measure = models.CharField("Measure", max_length=10, choices=Measure)
    what = models.CharField("Of what", max_length=100, blank=True, help_text="Needed for “Other”.")
    value = models.PositiveIntegerField("Count")
    reported_at = models.DateTimeField(default=timezone.now, editable=False)
    reported_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["agency__name", "measure", "what", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "agency", "measure", "what"], name="a_result_is_reported_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.value}"
