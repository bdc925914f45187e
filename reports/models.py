"""What it adds up to: monthly summaries and counts of drawn places; sets of candidates; views and priorities."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from hotspots.models import Area, Boundary, Category, Hotspot, Slice
from partners.models import Agency, Record, User
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


class PlaceCount(models.Model):
    """What was recorded inside one drawn shape, of one category (no group) in one month.

    Kept by version of the boundary, so a redraw leaves older evaluations as they were. Map points are snapped: `low`
    and `high` are the counts inside the shape drawn 100 m smaller and 100 m larger. None means unknown, never zero.
    Written by `reports.place_counts` alone, in bulk.
    """

    pk = models.CompositePrimaryKey("boundary_id", "category_id", "month")
    boundary = models.ForeignKey(Boundary, on_delete=models.CASCADE, db_index=False, related_name="+")
    category = models.ForeignKey(
        Category, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # First day of the month.
    month = models.DateField()
    count = models.IntegerField(null=True)
    low = models.IntegerField(null=True)
    high = models.IntegerField(null=True)
    coverage = models.SmallIntegerField(choices=MonthlySummary.Coverage)

    def __str__(self) -> str:
        return f"{self.boundary_id} {self.category_id} {self.month:%Y-%m}: {self.count}"


class PlacePoint(models.Model):
    """What was recorded at one map point inside one drawn shape (no ring), of one category in one month; no zeros.

    The months that are known, as of `PlaceCount`, add up to it. Written by `reports.place_counts` alone, in bulk.
    """

    boundary = models.ForeignKey(Boundary, on_delete=models.CASCADE, related_name="+")
    # Millionths of a degree, WGS84, as in the fact slices.
    lon = models.IntegerField()
    lat = models.IntegerField()
    # As the file names it, without "On or near"; "" where it has no name.
    street = models.TextField()
    category = models.ForeignKey(
        Category, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # First day of the month.
    month = models.DateField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.boundary_id} {self.street} {self.month:%Y-%m}: {self.count}"


class PlaceRecount(models.Model):
    """When a drawn shape was last counted. A shape without a row was not yet."""

    boundary = models.OneToOneField(Boundary, on_delete=models.CASCADE, related_name="recount")
    counted = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.boundary_id}: {self.counted:%Y-%m-%d %H:%M}"


class CandidateSet(Record):
    """One search for hotspots, with its method and what it was made from, so that a later one can be compared."""

    TYPE = "candidate-set"
    CALLED = "sets of candidates"
    PAGE = "reports:candidate-set"

    name = models.CharField(max_length=100)
    borough = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    # Slugs of police.uk categories, no groups.
    categories = ArrayField(models.SlugField(max_length=60))
    # First days of the first and last month that were counted.
    first_month = models.DateField()
    last_month = models.DateField()
    # Months between them that were not known whole, and not counted.
    left_out = ArrayField(models.DateField(), default=list, blank=True)
    # Version of the method (docs/methods), e.g. "1".
    method = models.CharField(max_length=20)
    # Share of false discoveries accepted, e.g. 0.05.
    alpha = models.FloatField()
    data_version = models.PositiveBigIntegerField()
    # The very files that were counted.
    slices = models.ManyToManyField(Slice, related_name="+")
    # Of the counts over the period: 0 = spread evenly, 1 = all in one place. None without any crime.
    gini = models.FloatField(null=True, blank=True)
    generalised_gini = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Candidate(models.Model):
    """One LSOA of a set, by rank."""

    class HotClass(models.TextChoices):
        NEW = "new", "New"
        CONSECUTIVE = "consecutive", "Consecutive"
        INTENSIFYING = "intensifying", "Intensifying"
        PERSISTENT = "persistent", "Persistent"
        DIMINISHING = "diminishing", "Diminishing"
        SPORADIC = "sporadic", "Sporadic"
        OSCILLATING = "oscillating", "Oscillating"
        HISTORICAL = "historical", "Historical"
        NONE = "none", "No pattern"
        UNKNOWN = "unknown", "Not known"

    candidate_set = models.ForeignKey(CandidateSet, on_delete=models.CASCADE, related_name="candidates")
    rank = models.PositiveIntegerField()
    lsoa_code = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    ward_name = models.CharField(max_length=150, blank=True)
    square_metres = models.FloatField()
    # Crimes over the period, with the exact 95 % interval.
    count = models.PositiveIntegerField()
    low = models.FloatField()
    high = models.FloatField()
    # Gi* of the last three months, its one-sided p, and whether that stands after Benjamini-Hochberg. None = cannot be
    # computed.
    z = models.FloatField(null=True, blank=True)
    p = models.FloatField(null=True, blank=True)
    is_hot = models.BooleanField()
    hot_class = models.CharField(max_length=20, choices=HotClass)
    # Gi* of each of the last twelve quarters, oldest first; None where fewer than two of its months are known.
    quarters = ArrayField(models.FloatField(null=True), default=list, blank=True)
    # What it was made into; None = nothing yet.
    hotspot = models.ForeignKey(Hotspot, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["candidate_set", "rank"]
        constraints = [models.UniqueConstraint(fields=["candidate_set", "rank"], name="one_candidate_a_rank")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.name}"


class RepeatLocation(models.Model):
    """One map point of a set with many crimes. A point stands for at least eight addresses, never for one."""

    candidate_set = models.ForeignKey(CandidateSet, on_delete=models.CASCADE, related_name="repeat_locations")
    rank = models.PositiveSmallIntegerField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    street = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField()
    # Months of the period in which at least one crime was put there.
    months_active = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["candidate_set", "rank"]

    def __str__(self) -> str:
        return f"{self.street}: {self.count}"


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
