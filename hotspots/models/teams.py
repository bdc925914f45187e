"""The wards' Safer Neighbourhood Teams."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hotspots.models.areas import Area
from partners.models import Record


class WardTeam(Record):
    """The Safer Neighbourhood Team of one ward over some dates: posts, who holds them, and how the public reach it."""

    TYPE = "ward-team"
    CALLED = "ward teams"
    # `abstracted` stands for the rows of AbstractedDays.
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "in_post": ("officers_in_post", "pcsos_in_post", "sergeants_in_post"),
        "abstracted": (),
    }

    ward = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="teams")
    # From this day, until (not including) that day; None = still.
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # Dedicated ward officers, PCSOs and sergeants: posts, and how many are filled. None = not known.
    officers_established = models.PositiveSmallIntegerField()
    officers_in_post = models.PositiveSmallIntegerField(null=True, blank=True)
    pcsos_established = models.PositiveSmallIntegerField()
    pcsos_in_post = models.PositiveSmallIntegerField(null=True, blank=True)
    sergeants_established = models.PositiveSmallIntegerField(default=1)
    sergeants_in_post = models.PositiveSmallIntegerField(null=True, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="ward_team_from_before_to"
            ),
            # Of each agency: that another one keeps a team, which may be hidden, must not be felt.
            models.UniqueConstraint(
                fields=["owner", "ward"], condition=Q(valid_to=None), name="one_team_of_an_agency_and_ward_now"
            ),
        ]

    def __str__(self) -> str:
        return f"Team of {self.ward}"


class AbstractedDays(models.Model):
    """How many days a ward's team lost to duties elsewhere in one month."""

    team = models.ForeignKey(WardTeam, on_delete=models.CASCADE, related_name="abstractions")
    # First day of the month.
    month = models.DateField()
    # Officer-days, halves allowed.
    days = models.DecimalField(max_digits=6, decimal_places=1)

    class Meta:
        verbose_name_plural = "abstracted days"
        constraints = [models.UniqueConstraint(fields=["team", "month"], name="one_figure_of_a_team_and_month")]

    def __str__(self) -> str:
        return f"{self.team}, {self.month:%Y-%m}: {self.days}"
