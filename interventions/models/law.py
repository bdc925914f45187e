"""The numbers of the law, with their dates and sources. None of them stands in the code."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partners.models import User


class LegalParameter(models.Model):
    """One number of the law (or of local practice) over the days on which it holds, and where that is written."""

    class Unit(models.TextChoices):
        YEARS = "years", "years"
        MONTHS = "months", "months"
        WEEKS = "weeks", "weeks"
        DAYS = "days", "days"
        HOURS = "hours", "hours"
        POUNDS = "pounds", "pounds"
        AGE = "age", "years of age"
        COUNT = "count", ""

    # "cbo", "pspo", "fpn", "dispersal", "closure", "cpn", "injunction", "warrant", "day".
    instrument = models.SlugField(max_length=30)
    key = models.SlugField(max_length=60)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit)
    jurisdiction = models.CharField(max_length=60, default="England and Wales")
    # From this day, until (not including) that day; None = no known limit.
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    source_url = models.URLField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    # Rules use only what is switched on; nothing is that nobody has verified.
    is_on = models.BooleanField(default=False)
    verified_by = models.CharField(max_length=150, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["instrument", "key", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="legal_parameter_valid_from_before_to",
            ),
            models.CheckConstraint(
                condition=Q(is_on=False) | (~Q(verified_by="") & Q(verified_on__isnull=False)),
                name="legal_parameter_on_is_verified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}.{self.key} = {self.value:g} {self.get_unit_display()}"
