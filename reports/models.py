"""What it adds up to: the monthly summaries."""

from __future__ import annotations

from django.db import models

from hotspots.models import Area, Category


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
