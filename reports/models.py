"""What it adds up to: the monthly summaries; the views and priorities that people keep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hotspots.models import Area, Category
from partners.models import Agency, User
from partners.visibility import Viewer


class MonthlySummary(models.Model):
    """One area's count of one category in one month, and what is derived from it.

    None means unknown (nobody reported, the category did not exist then, or no population is known), never zero.
    What is derived from other months is None also where one of them is partial.
    Written by `reports.summaries` alone, in bulk, from facts: hence no foreign-key checks in the database, which would
    double the time of a rebuild.
    """

    class Coverage(models.IntegerChoices):
        MISSING = 0, "Missing"
        # Far too few rows: shown, but never compared with or added to other months.
        PARTIAL = 1, "Partial"
        # All but British Transport Police's, who record under one crime in a hundred: compared and added up.
        WITHOUT_TRANSPORT_POLICE = 2, "Complete but for British Transport Police"
        COMPLETE = 3, "Complete"

    pk = models.CompositePrimaryKey("area_id", "category_id", "month")
    area = models.ForeignKey(Area, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    category = models.ForeignKey(
        Category, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # First day of the month.
    month = models.DateField()
    count = models.IntegerField(null=True)
    previous_month = models.IntegerField(null=True)
    same_month_last_year = models.IntegerField(null=True)
    # Sum of the twelve months ending here; None unless all twelve are known.
    rolling_12 = models.IntegerField(null=True)
    # count per 1,000 usual residents of the area.
    rate_per_1000 = models.FloatField(null=True)
    coverage = models.SmallIntegerField(choices=Coverage)
    # The area was not in force in this month: the count was moved onto its boundary.
    converted = models.BooleanField()

    class Meta:
        verbose_name_plural = "monthly summaries"

    def __str__(self) -> str:
        return f"{self.area_id} {self.category_id} {self.month:%Y-%m}: {self.count}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, viewer: Viewer) -> SavedViewQuerySet:
        """The person's own views, and those of the agencies that the person belongs to. Looking as somebody else shows
        only what that agency's people share too."""
        if viewer.looking_as:
            return self.filter(agency__in=viewer.agencies() & viewer.looking_as.agencies())
        return self.filter(Q(created_by=viewer.user, agency=None) | Q(agency__in=viewer.agencies()))


class SavedView(models.Model):
    """An address of a page that somebody gave a name, for himself or for an agency."""

    class Page(models.TextChoices):
        EXPLORE = "explore", "Explore"
        MAP = "map", "Map"

    name = models.CharField(max_length=100)
    page = models.CharField(max_length=10, choices=Page)
    # The query string of the page's address, without the question mark.
    query = models.CharField(max_length=2000, blank=True)
    # None: the view is its maker's own.
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("created_by", "name", condition=Q(agency=None), name="one_personal_view_of_a_name"),
            models.UniqueConstraint(
                "agency", "name", condition=Q(agency__isnull=False), name="one_view_of_a_name_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Priority(models.Model):
    """One category that the partnership of a borough has made a priority: a tile of its overview."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="priorities")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    # The order of the tiles, from 0.
    position = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "priorities"
        ordering = ["area", "position"]
        constraints = [models.UniqueConstraint("area", "category", name="one_priority_of_a_category")]

    def __str__(self) -> str:
        return f"{self.area}: {self.category}"
