"""Publishers, categories, and the record of every import and of what it stored."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from hotspots.models.areas import Area


class Publisher(models.Model):
    """One body that publishes figures: a territorial force, British Transport Police, ..."""

    # The police.uk slug, as in file names ("metropolitan", "btp").
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150, unique=True)
    # The force area it polices; None for forces without a territory (British Transport Police).
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="publishers")

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One crime type, search object, outcome type, or a group of them. A copy of `hotspots.categories`."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    scheme = models.CharField(max_length=20)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    is_group = models.BooleanField()
    in_totals = models.BooleanField()
    violence = models.BooleanField()
    victim_reported = models.BooleanField()
    found_by_police = models.BooleanField()
    drug_possession = models.BooleanField()
    drug_supply = models.BooleanField()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["scheme", "slug"], name="one_category_a_slug")]

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """The sources of facts; each has one category scheme (`facts.SCHEME`)."""

    STREET = "street", "police.uk street-level crime"
    OUTCOMES = "outcomes", "police.uk outcomes"
    SEARCHES = "searches", "police.uk stop and search"
    API = "api", "data.police.uk API"
    MPS_WARD = "mps-ward", "Metropolitan Police ward table"
    MPS_BOROUGH = "mps-borough", "Metropolitan Police borough table"
    PARTNER = "partner", "Partners' monthly counts"
    PARTNER_QUARTER = "partner-quarter", "Partners' quarterly counts"


class ImportRun(models.Model):
    """One call of the importer over one or more files."""

    job = models.OneToOneField(
        "partners.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="import_run"
    )
    title = models.CharField(max_length=200)
    started = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class ImportedFile(models.Model):
    """One source file that was offered to the importer, and what became of it: the quality page's record."""

    class State(models.TextChoices):
        STORED = "stored", "Stored"
        UNCHANGED = "unchanged", "Already stored"
        REFUSED = "refused", "Refused"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    # As a person would name it: "2016-04/2016-04-btp-street.csv", "latest.zip: 2026-09/2026-09-btp-street.csv".
    name = models.CharField(max_length=400)
    # The importer's name ("police.uk street"), blank where none recognised the file.
    format = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State)
    # One sentence a person can act on; always set for a refused file.
    message = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    rows_read = models.PositiveIntegerField(default=0)
    rows_kept = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    # See hotspots.importers.base.Quality.as_dict.
    quality = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            # "Was this very file stored before?"
            models.Index(fields=["sha256"], name="imported_file_sha256"),
        ]

    def __str__(self) -> str:
        return self.name


class RejectedRow(models.Model):
    """One row of a source file that was not kept, and why. The header is row 1."""

    file = models.ForeignKey(ImportedFile, on_delete=models.CASCADE, related_name="rejected")
    row = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["file", "row"]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"


class SliceQuerySet(models.QuerySet["Slice"]):
    """Verbs for slices."""

    def current(self) -> SliceQuerySet:
        """Those that count: not superseded by a later release."""
        return self.filter(superseded__isnull=True)


class Slice(models.Model):
    """One publisher's figures of one month from one source: a pointer to an immutable Parquet file.

    The row is the commit point: it is written in the transaction that writes the summaries made from it.
    A later release of the same (source, publisher, scope, month) supersedes the row and does not erase it.
    """

    source = models.CharField(max_length=20, choices=Source)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="slices")
    # First day of the month; of a quarter its first month.
    month = models.DateField()
    # What part of the publisher's figures the file holds: "" = all of it; else e.g. a borough's name; of partners'
    # counts "Havering: Council: noise reported", so that each series of a borough is sent and replaced by itself.
    scope = models.CharField(max_length=100, blank=True)
    # The publisher's own date for the release, where it has one (MPS tables: the last month in the window).
    release = models.DateField(null=True, blank=True)
    # The file holds only these categories (an extract): any other is unknown, not zero. Empty = all categories.
    only_categories = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    rows_located = models.PositiveIntegerField()
    # Under FACTS_DIR.
    path = models.CharField(max_length=200)
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="slices")
    loaded = models.DateTimeField(default=timezone.now)
    superseded = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )

    objects = SliceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "publisher", "scope", "month"],
                condition=Q(superseded__isnull=True),
                name="one_current_slice",
            ),
            models.CheckConstraint(
                condition=Q(superseded__isnull=True, superseded_by__isnull=True)
                | Q(superseded__isnull=False, superseded_by__isnull=False),
                name="slice_superseded_by_a_slice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher} {self.source} {self.month:%Y-%m}"


class DataVersion(models.Model):
    """The single row (pk 1) that counts changes to published figures; it makes the API's ETags."""

    number = models.PositiveBigIntegerField(default=0)
    changed = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.number)
