"""What is done about it: the work that agencies plan and do at places."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hotspots.models import Area
from partners.models import Record


class Intervention(Record):
    """One piece of work that an agency does, or plans, at a place: a patrol, a visit, outreach, a warrant."""

    TYPE = "intervention"
    CALLED = "activity records"
    PAGE = "interventions:detail"
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "place": ("place", "longitude", "latitude"),
        "details": ("details",),
        "contact": ("contact",),
        "people_reached": ("people_reached",),
    }

    class Kind(models.TextChoices):
        PATROL = "patrol", "Patrol"
        OUTREACH = "outreach", "Outreach"
        TREATMENT = "treatment", "Treatment session"
        YOUTH = "youth", "Youth work"
        COMMUNITY = "community", "Community event"
        LICENSING = "licensing", "Licensing visit"
        TEST_PURCHASE = "test-purchase", "Test purchase"
        WALK = "walk", "Environmental visual audit"
        SCHOOL = "school", "School visit"
        JOINT = "joint", "Joint operation"
        WARRANT = "warrant", "Warrant"
        OTHER = "other", "Other"

    class Strand(models.TextChoices):
        PREPARE = "prepare", "Prepare"
        PROTECT = "protect", "Protect"
        PURSUE = "pursue", "Pursue"
        PREVENT = "prevent", "Prevent"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=20, choices=Kind)
    # What partners may know in one line; never withheld.
    title = models.CharField(max_length=150)
    strand = models.CharField(max_length=10, choices=Strand)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    wards = models.ManyToManyField(Area, related_name="interventions")
    place = models.CharField(max_length=200, blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    details = models.TextField(blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    contact = models.CharField(max_length=200, blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    # How many people it reached, a count; None while unknown.
    people_reached = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="intervention_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(kind="warrant", status="planned") | Q(audience="team"),
                name="a_planned_warrant_is_the_teams_alone",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="intervention_point_is_whole",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            # The register and the calendar: newest first.
            models.Index(fields=["-starts"], name="intervention_starts"),
        ]

    def __str__(self) -> str:
        return self.title
