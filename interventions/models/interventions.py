"""What is done about it: what all registers share. One table for all of them, so that a place, a day or a calendar is
one question; what only one register has stands in a table of its own beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hotspots.models import Area, Hotspot
from partners.models import Record, User


class Intervention(Record):
    """One thing that an agency does, or plans, about a place: a patrol, a visit, an order, a day of action."""

    TYPE = "intervention"
    CALLED = "activity records"
    PAGE = "interventions:detail"
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        "place": ("place", "longitude", "latitude"),
        "details": ("details",),
        "contact": ("contact",),
        "people_reached": ("people_reached",),
    }
    # The kinds whose rows have their own fields in this model's table.
    KINDS: ClassVar[tuple[str, ...]] = ("other",)

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
        HEAD_TEACHERS = "head-teachers", "Head-teacher meeting"
        TRANSPORT = "transport", "Work with British Transport Police"
        CCTV = "cctv", "CCTV room"
        JOINT = "joint", "Joint operation"
        SEARCHES = "searches", "Stop-and-search operation"
        REFERRALS = "referrals", "Referrals"
        WARRANT = "warrant", "Warrant"
        CBO = "cbo", "Criminal Behaviour Order"
        PSPO = "pspo", "Public Spaces Protection Order"
        PSPO_ACTION = "pspo-action", "PSPO action"
        DISPERSAL = "dispersal", "Dispersal authorisation"
        DIRECTION = "direction", "Dispersal direction"
        CLOSURE = "closure", "Closure"
        CPW = "cpw", "Community Protection Warning"
        CPN = "cpn", "Community Protection Notice"
        ORDER = "order", "Injunction or other order"
        PLAN = "plan", "Problem-solving plan"
        DAY = "day", "Day of action"
        YEAR_PLAN = "year-plan", "Twelve-month plan"
        MEETING = "meeting", "Meeting"
        OTHER = "other", "Other"

    class Strand(models.TextChoices):
        PREPARE = "prepare", "Prepare"
        PROTECT = "protect", "Protect"
        PURSUE = "pursue", "Pursue"
        PREVENT = "prevent", "Prevent"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        # Of an order: made, whether still in force or over.
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=20, choices=Kind)
    # What partners may know in one line; never withheld.
    title = models.CharField(max_length=150)
    # What the owner's own system calls it.
    reference = models.CharField("Reference", max_length=60, blank=True, help_text="What your own system calls it.")
    strand = models.CharField(max_length=10, choices=Strand)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    starts = models.DateTimeField()
    # The moment from which it is over; None = it has no end (an indefinite order).
    ends = models.DateTimeField(null=True, blank=True)
    wards = models.ManyToManyField(Area, related_name="interventions")
    hotspots = models.ManyToManyField(Hotspot, blank=True, related_name="interventions")
    day = models.ForeignKey(
        "interventions.DayOfAction",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="work",
        verbose_name="Day of action",
        help_text="The day of action that it is a part of.",
    )
    place = models.CharField(max_length=200, blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    # The ground that it covers, as a GeoJSON MultiPolygon in WGS84; None = none was drawn. Never withheld: whoever
    # knows of an order has to know where it holds.
    zone = models.JSONField(null=True, blank=True)
    # The zone's extent, by which zones around a point are found.
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    details = models.TextField(blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    contact = models.CharField(max_length=200, blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    # How many people it reached, a count; None while unknown.
    people_reached = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="intervention_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(kind="warrant", status="planned") | Q(audience="team"),
                name="a_planned_warrant_is_the_teams_alone",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="intervention_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(zone__isnull=True, west=None, south=None, east=None, north=None)
                | Q(
                    zone__isnull=False, west__isnull=False, south__isnull=False, east__isnull=False, north__isnull=False
                ),
                name="intervention_zone_has_its_extent",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            # The register and the calendar: newest first.
            models.Index(fields=["-starts"], name="intervention_starts"),
            # Each register: its kinds, newest first.
            models.Index(fields=["kind", "-starts"], name="intervention_kind_starts"),
            # The change feed.
            models.Index(fields=["changed_at", "id"], name="intervention_changed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def type(self) -> str:
        return kind_types().get(self.kind, self.TYPE)

    @property
    def first_day(self) -> date:
        """The day on which it starts, by London's clocks."""
        return timezone.localtime(self.starts).date()

    @property
    def last_day(self) -> date | None:
        """The last day on any part of which it goes on; None = it has no end."""
        if self.ends is None:
            return None
        last = self.ends if self.ends == self.starts else self.ends - timedelta(microseconds=1)
        return timezone.localtime(last).date()

    @classmethod
    def types_of_kinds(cls) -> dict[str, str]:
        return kind_types() if cls is Intervention else {}

    @classmethod
    def asked_of(cls, agencies: Collection[int]) -> Q | None:
        """Of the table of all kinds, what holds for one of them."""
        kinds = cls.__subclasses__() if cls is Intervention else []
        return next((rows for kind in kinds if (rows := kind.asked_of(agencies)) is not None), None)


@cache
def kind_types() -> dict[str, str]:
    """Kind -> the TYPE of the records of that kind, by which agreements name them."""
    tables: list[type[Intervention]] = [Intervention, *Intervention.__subclasses__()]
    return {kind: model.TYPE for model in tables for kind in model.KINDS}


class RuleReason(models.Model):
    """Why somebody kept a record of which a rule had warned."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="reasons")
    # As the rule is named in the code: "cbo.no-conditions".
    rule = models.CharField(max_length=60)
    # What the rule said then.
    warning = models.CharField(max_length=500)
    reason = models.CharField(max_length=500)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "rule"], name="one_reason_for_each_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"


class Attachment(models.Model):
    """One file kept with a record: a document, or a photo without its place and camera."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(max_length=150)
    file = models.FileField(upload_to="interventions/")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.title
