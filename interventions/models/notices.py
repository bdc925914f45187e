"""Warnings, notices and further orders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from interventions.models.interventions import Intervention
from interventions.models.orders import OnPerson
from partners.models import User


class CommunityProtection(OnPerson, Intervention):
    """One Community Protection Warning, or the Notice that followed it."""

    TYPE = "community-protection"
    CALLED = "Community Protection Warnings and Notices"
    KINDS = ("cpw", "cpn")
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "subject": ("subject_ref", "age_band", "premises_name"),
        "breaches": (),
    }

    class Outcome(models.TextChoices):
        OPEN = "open", "Running"
        KEPT = "kept", "Complied with"
        BROKEN = "broken", "Broken"
        APPEALED = "appealed", "Under appeal"
        QUASHED = "quashed", "Quashed or withdrawn"

    warning = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
        verbose_name="The warning before it",
        help_text="Of a notice: the written warning that came first.",
    )
    premises_name = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Premises", max_length=150, blank=True, null=True
    )
    conduct = models.TextField("Conduct", blank=True, help_text="What they do, and how it affects others.")
    served_how = models.CharField("How it was served", max_length=150, blank=True)
    comply_by = models.DateField("To comply by", null=True, blank=True)
    informed = models.CharField("Bodies informed", max_length=200, blank=True)
    outcome = models.CharField("Outcome", max_length=10, choices=Outcome, default=Outcome.OPEN)
    disposal = models.CharField(
        "What followed a breach", max_length=200, blank=True, help_text="Fixed penalty, prosecution, remedial work."
    )
    fpn_number = models.CharField("Number of the fixed penalty notice", max_length=40, blank=True)
    fpn_amount = models.DecimalField("Fixed penalty in pounds", max_digits=7, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "Community Protection Warning or Notice"


class OrderType(models.Model):
    """One type of order that the partnership keeps besides those with a register: an injunction, a Respect Order."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    law = models.CharField(max_length=200)
    # None = no limit. Months; of somebody under 18, of an adult.
    youth_max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    adult_max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    youngest = models.PositiveSmallIntegerField(null=True, blank=True)
    breach_is_crime = models.BooleanField(default=False)
    # Only what is on can be chosen.
    is_on = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FurtherOrder(OnPerson, Intervention):
    """One injunction, or another order of a type that the partnership has set up. Its period is start and end."""

    TYPE = "order"
    CALLED = "injunctions and other orders"
    KINDS = ("order",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "subject": ("subject_ref", "age_band"),
        "support": (),
        "breaches": (),
    }

    class Stage(models.TextChoices):
        PREPARING = "preparing", "In preparation"
        APPLIED = "applied", "Applied for"
        INTERIM = "interim", "Interim order in force"
        MADE = "made", "Made"
        DISCHARGED = "discharged", "Discharged"
        REFUSED = "refused", "Refused by the court"

    order_type = models.ForeignKey(
        OrderType, on_delete=models.PROTECT, related_name="orders", verbose_name="Type of order"
    )
    stage = models.CharField("Stage", max_length=12, choices=Stage, default=Stage.PREPARING)
    court = models.CharField("Court", max_length=150, blank=True)
    applicant = models.CharField("Applicant", max_length=150, blank=True)
    applied_on = models.DateField("Applied for on", null=True, blank=True)
    made_on = models.DateField("Made on", null=True, blank=True)
    risk_assessed_on = models.DateField("Risk assessed on", null=True, blank=True)
    power_of_arrest = models.BooleanField("With a power of arrest", default=False)
    exclusion_times = models.CharField("When they must keep away", max_length=200, blank=True)
    discharged_on = models.DateField("Discharged on", null=True, blank=True)

    class Meta:
        verbose_name = "injunction or other order"
