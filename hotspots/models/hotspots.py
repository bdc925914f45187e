"""The register of places: hotspots and watch places, their status over time, documents, comparison places."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hotspots.models.areas import Area
from partners.models import Agency, Record, User


class Hotspot(Record):
    """One place of the register: a hotspot on which Clear, Hold, Build is run, or a place that is only watched.

    Its shapes are the dated `Boundary` rows of its `area`, those of the displacement ring around it of `ring`. Both
    areas bear a number for a name: what the place is called is restricted. `owner` is the lead agency.
    """

    TYPE = "hotspot"
    CALLED = "hotspots"
    PAGE = "reports:place"
    # `documents`, `gates`: rows of HotspotDocument; of GateDecision with its answers and evidence.
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "reasons": ("identified_note",),
        "equality": ("equality_people", "equality_balance", "equality_other"),
        "documents": (),
        "gates": (),
    }

    class Kind(models.TextChoices):
        HOTSPOT = "hotspot", "Hotspot"
        WATCH = "watch", "Watch place"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACTIVE = "active", "Active"
        CLOSED = "closed", "Closed"
        ARCHIVED = "archived", "Archived"

    class IdentifiedBy(models.TextChoices):
        ANALYSIS = "analysis", "Analysis of recorded crime"
        INTELLIGENCE = "intelligence", "Intelligence team"
        WARD_PANEL = "ward-panel", "Ward panel"
        COMPLAINTS = "complaints", "Complaints"
        OTHER = "other", "Another way"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HOTSPOT)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="hotspot")
    # None: without a displacement ring.
    ring = models.OneToOneField(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="ring_of")
    # Width of the ring in metres; 0 = none.
    ring_m = models.PositiveSmallIntegerField(default=500)
    # What the partners call it, and what the public is told: an operation's name need not be the place's.
    name = models.CharField(max_length=100)
    public_name = models.CharField(max_length=100, blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    partners = models.ManyToManyField(Agency, blank=True, related_name="+")
    identified_by = models.CharField(max_length=20, choices=IdentifiedBy, default=IdentifiedBy.ANALYSIS)
    identified_note = models.TextField(blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    # Slugs of police.uk categories.
    problems = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    # What is to be reached: a count of recorded crimes of a category over twelve months, from a baseline to a target.
    objective = models.CharField(max_length=300, blank=True)
    objective_category = models.SlugField(max_length=60, blank=True)
    objective_baseline = models.PositiveIntegerField(null=True, blank=True)
    objective_target = models.PositiveIntegerField(null=True, blank=True)
    objective_by = models.DateField(null=True, blank=True)
    # First days of the first and last month. The baseline leaves the selection period out: places are picked in a bad
    # year, and the next one is better by itself (docs/methods).
    selected_from = models.DateField(null=True, blank=True)
    selected_to = models.DateField(null=True, blank=True)
    baseline_from = models.DateField(null=True, blank=True)
    baseline_to = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    # Answers to the equality prompt: who lives here, what mix of support and enforcement, what else could explain it.
    equality_people = models.TextField(blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    equality_balance = models.TextField(blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    equality_other = models.TextField(blank=True, null=True)  # noqa: DJ001 - None where it is withheld

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(selected_from=None, selected_to=None) | Q(selected_to__gte=F("selected_from")),
                name="hotspot_selection_is_a_period",
            ),
            models.CheckConstraint(
                condition=Q(baseline_from=None, baseline_to=None) | Q(baseline_to__gte=F("baseline_from")),
                name="hotspot_baseline_is_a_period",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            # The register and the board, by problem.
            GinIndex(fields=["problems"], name="hotspot_problems"),
        ]

    def __str__(self) -> str:
        return self.name


class HotspotStatus(models.Model):
    """One change of a hotspot's status. Rows are added, never changed."""

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=10, choices=Hotspot.Status)
    reason = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "hotspot statuses"
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.hotspot_id} {self.status}"


class HotspotDocument(models.Model):
    """One file kept with a hotspot."""

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=150)
    file = models.FileField(upload_to="hotspots/")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.title


class ComparisonPlace(models.Model):
    """LSOAs outside the programme that a hotspot is compared with, and how alike they were over the baseline."""

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="comparisons")
    name = models.CharField(max_length=200)
    lsoa_codes = ArrayField(models.CharField(max_length=40))
    # Its crimes a month over the baseline, divided by the hotspot's.
    level_ratio = models.FloatField()
    # Its trend over the baseline minus the hotspot's, in percentage points a year.
    trend_difference = models.FloatField()
    # Half the sum of the differences between the categories' shares: 0 = the same mix, 1 = nothing in common.
    mix_difference = models.FloatField()
    reason = models.CharField(max_length=500)
    accepted_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # None: still compared with.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["accepted_at", "pk"]

    def __str__(self) -> str:
        return self.name
