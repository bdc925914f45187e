"""Work on the ground: patrols, licensing visits, walks, stop-and-search operations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from interventions.models.interventions import Attachment, Intervention
from partners.models import Agency


class Patrol(Intervention):
    """A plan of patrols at a place over the record's start and end, and what was delivered; never by named officer."""

    KINDS = ("patrol",)

    class Mode(models.TextChoices):
        FOOT = "foot", "On foot"
        CYCLE = "cycle", "By bicycle"
        VEHICLE = "vehicle", "By vehicle"
        HORSE = "horse", "On horseback"
        MIXED = "mixed", "Mixed"

    purpose = models.CharField("What for", max_length=200, blank=True)
    # Officer-minutes: minutes times officers. What was delivered stands in the stints. None = nothing was planned.
    planned_minutes = models.PositiveIntegerField(
        "Planned officer-minutes", null=True, blank=True, help_text="Minutes times officers: two for an hour are 120."
    )

    class Meta:
        verbose_name = "patrol"


class PatrolStint(models.Model):
    """One stretch of patrolling that was delivered: minutes by so many officers of an agency."""

    record = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="stints")
    starts = models.DateTimeField("From")
    minutes = models.PositiveSmallIntegerField("Minutes")
    officers = models.PositiveSmallIntegerField("Officers", default=2)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="Agency")
    mode = models.CharField("How", max_length=10, choices=Patrol.Mode, default=Patrol.Mode.FOOT)
    note = models.CharField("What was done", max_length=300, blank=True)

    class Meta:
        ordering = ["starts", "pk"]

    def __str__(self) -> str:
        return f"{self.starts:%d %B %Y}, {self.minutes} min"


class LicensingVisit(Intervention):
    """One visit to licensed premises, or a test purchase."""

    KINDS = ("licensing", "test-purchase")
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = Intervention.WITHHOLDABLE

    class Sort(models.TextChoices):
        ON = "on", "On-licence"
        OFF = "off", "Off-licence"
        LATE = "late", "Late-night premises"
        SIA = "sia", "Door supervisors (SIA check)"
        SWAB = "swab", "Drug swabs"
        MAKESAFE = "makesafe", "Op Makesafe (spiking, exploitation)"
        PUB_WATCH = "pub-watch", "Pub watch"
        PURCHASE = "purchase", "Test purchase"

    class Band(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    sort = models.CharField("Sort of visit", max_length=10, choices=Sort, blank=True)
    premises_name = models.CharField("Premises", max_length=150, blank=True)
    licence_number = models.CharField("Licence number", max_length=40, blank=True)
    uprn = models.CharField("UPRN", max_length=12, blank=True)
    joint_with = models.CharField("Together with", max_length=200, blank=True, help_text="Agencies.")
    # None = not looked at.
    cctv_ok = models.BooleanField("Cameras in order", null=True, blank=True)
    incident_book_ok = models.BooleanField("Incident book in order", null=True, blank=True)
    dps_present = models.BooleanField("Designated premises supervisor present", null=True, blank=True)
    sia_checked = models.PositiveSmallIntegerField("Door supervisors checked", null=True, blank=True)
    sales_attempted = models.PositiveSmallIntegerField("Test purchases tried", null=True, blank=True)
    sales_made = models.PositiveSmallIntegerField("Sales made to the volunteer", null=True, blank=True)
    advice_given = models.BooleanField("Advice given", default=False)
    warning_given = models.BooleanField("Warning given", default=False)
    review_requested = models.BooleanField("Review of the licence asked for", default=False)
    follow_up_on = models.DateField("Follow-up due on", null=True, blank=True)
    next_band = models.CharField("Risk from now on", max_length=10, choices=Band, blank=True)

    class Meta:
        verbose_name = "licensing visit"


class Swab(models.Model):
    """Swabs for drugs taken at one spot of licensed premises, and how many were positive."""

    record = models.ForeignKey(LicensingVisit, on_delete=models.CASCADE, related_name="swabs")
    spot = models.CharField("Spot", max_length=100, help_text="Bar, toilets, cloakroom.")
    taken = models.PositiveSmallIntegerField("Swabs taken")
    positive = models.PositiveSmallIntegerField("Positive", default=0)
    substance = models.CharField("Substance", max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.spot}: {self.positive} of {self.taken}"


class SearchOperation(Intervention):
    """One stop-and-search operation in numbers; nobody who was searched stands here."""

    KINDS = ("searches",)

    operation = models.CharField("Operation", max_length=100, blank=True)
    searches = models.PositiveIntegerField("Searches", default=0)
    # Of the searches. None = not known.
    found = models.PositiveIntegerField("Something found", null=True, blank=True)
    found_object = models.PositiveIntegerField("What was searched for found", null=True, blank=True)
    no_action = models.PositiveIntegerField("No further action", null=True, blank=True)
    arrests = models.PositiveIntegerField("Arrests", null=True, blank=True)
    strip_searches = models.PositiveIntegerField("More than outer clothing removed", null=True, blank=True)
    complaints = models.PositiveIntegerField("Complaints", null=True, blank=True)
    is_no_suspicion = models.BooleanField("Under section 60 (no suspicion needed)", default=False)
    panel_view = models.CharField("What the scrutiny panel said", max_length=300, blank=True)

    class Meta:
        verbose_name = "stop-and-search operation"


class SearchCount(models.Model):
    """How many searches of an operation were of one group, object or outcome."""

    class Dimension(models.TextChoices):
        ETHNICITY = "ethnicity", "Self-defined ethnicity"
        AGE = "age", "Age"
        OBJECT = "object", "Object of the search"
        OUTCOME = "outcome", "Outcome"

    record = models.ForeignKey(SearchOperation, on_delete=models.CASCADE, related_name="counts")
    dimension = models.CharField("By", max_length=10, choices=Dimension)
    value = models.CharField("Which", max_length=100)
    count = models.PositiveIntegerField("Searches")

    class Meta:
        ordering = ["dimension", "value", "pk"]

    def __str__(self) -> str:
        return f"{self.value}: {self.count}"


class Walk(Intervention):
    """One environmental visual audit: a walk with residents and agencies that notes what invites crime."""

    KINDS = ("walk",)

    class Light(models.TextChoices):
        DAY = "day", "By day"
        NIGHT = "night", "After dark"

    light = models.CharField("Light", max_length=5, choices=Light, blank=True)
    weather = models.CharField("Weather", max_length=60, blank=True)
    took_part = models.CharField(
        "Who took part", max_length=200, blank=True, help_text="Agencies and groups, no names."
    )
    repeat_on = models.DateField("Walk again on", null=True, blank=True)

    class Meta:
        verbose_name = "environmental visual audit"


class Observation(models.Model):
    """One thing that a walk noted, who is to mend it, and when it was done."""

    class Category(models.TextChoices):
        SECURITY = "security", "Physical security"
        LIGHTING = "lighting", "Lighting and surveillance"
        DECAY = "decay", "Environmental decay"
        ACCESS = "access", "Access and layout"

    class CostBand(models.TextChoices):
        NONE = "none", "Nothing"
        LOW = "low", "Under £500"
        MIDDLE = "middle", "£500 to £5,000"
        HIGH = "high", "Over £5,000"

    record = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="observations")
    category = models.CharField("Category", max_length=10, choices=Category)
    # 1 = hardly matters, 5 = must be mended at once.
    severity = models.PositiveSmallIntegerField("Severity (1 to 5)")
    text = models.CharField("What was seen", max_length=300)
    spot = models.CharField("Where", max_length=150, blank=True)
    latitude = models.FloatField("Latitude", null=True, blank=True)
    longitude = models.FloatField("Longitude", null=True, blank=True)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Who mends it"
    )
    fix = models.CharField("Recommended", max_length=300, blank=True)
    cost_band = models.CharField("Cost", max_length=10, choices=CostBand, blank=True)
    due_on = models.DateField("Due on", null=True, blank=True)
    done_on = models.DateField("Done on", null=True, blank=True)
    photo = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="Photo"
    )
    after_photo = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="Photo afterwards"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]
