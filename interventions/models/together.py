"""Working together: plans, days of action, the twelve-month plan, meetings, and who promised what."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.utils import timezone

from hotspots.models import Hotspot
from interventions.models.interventions import Intervention
from partners.models import Agency, User
from partners.roles import Permission
from partners.visibility import Viewer


class ProblemSolvingPlan(Intervention):
    """One problem-solving plan (OSARA): objective, scanning, analysis, responses, assessment."""

    TYPE = "plan"
    CALLED = "problem-solving plans"
    KINDS = ("plan",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "analysis": ("victim", "offender", "location", "hypotheses"),
    }

    class Stage(models.TextChoices):
        SCANNING = "scanning", "Scanning"
        ANALYSIS = "analysis", "Analysis"
        RESPONSE = "response", "Response"
        ASSESSMENT = "assessment", "Assessment"
        CLOSED = "closed", "Closed"

    stage = models.CharField("Stage", max_length=10, choices=Stage, default=Stage.SCANNING)
    objective = models.CharField("Objective", max_length=300, blank=True, help_text="Specific, measurable, by a day.")
    metric = models.CharField("Measured by", max_length=150, blank=True, help_text="Such as “Shoplifting in a year”.")
    baseline = models.PositiveIntegerField("Baseline", null=True, blank=True)
    target = models.PositiveIntegerField("Target", null=True, blank=True)
    target_by = models.DateField("By", null=True, blank=True)
    scanning = models.TextField("Scanning: how it came to notice", blank=True)
    who_cares = models.CharField("Who is affected", max_length=300, blank=True)
    # The problem analysis triangle.
    victim = models.TextField("Analysis: victims", blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    offender = models.TextField("Analysis: offenders", blank=True, null=True)  # noqa: DJ001 - None if withheld
    location = models.TextField("Analysis: location", blank=True, null=True)  # noqa: DJ001 - None if withheld
    hypotheses = models.TextField("Why it happens here", blank=True, null=True)  # noqa: DJ001 - None if withheld
    assessment_method = models.TextField("Assessment: how it was judged", blank=True)
    comparator = models.CharField("Compared with", max_length=200, blank=True)
    result = models.TextField("Result", blank=True)
    result_count = models.PositiveIntegerField("Count at the end", null=True, blank=True)
    displacement = models.CharField("Displacement", max_length=300, blank=True)
    lessons = models.TextField("Lessons", blank=True)
    review_on = models.DateField("Next review", null=True, blank=True)
    closed_reason = models.CharField("Why it was closed", max_length=300, blank=True)
    signed_off_on = models.DateField("Signed off on", null=True, blank=True)

    class Meta:
        verbose_name = "problem-solving plan"


class PlanResponse(models.Model):
    """One thing that a problem-solving plan does, by whom, under which of the four Ps."""

    record = models.ForeignKey(ProblemSolvingPlan, on_delete=models.CASCADE, related_name="responses")
    text = models.CharField("Response", max_length=300)
    strand = models.CharField("Strand", max_length=10, choices=Intervention.Strand)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Partner"
    )
    cost = models.DecimalField("Cost in pounds", max_digits=10, decimal_places=2, null=True, blank=True)
    due_on = models.DateField("Due on", null=True, blank=True)
    done_on = models.DateField("Done on", null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class DayOfAction(Intervention):
    """One joint day of action: planned by one agency, done by several, in the record's start, end and zone."""

    TYPE = "day-of-action"
    CALLED = "days of action"
    KINDS = ("day",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "briefing": ("briefing", "risk"),
    }

    objective = models.CharField("Objective", max_length=300, blank=True)
    briefing = models.TextField("Briefing", blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    risk = models.TextField("Risk assessment", blank=True, null=True)  # noqa: DJ001 - None where it is withheld
    comms_plan = models.TextField("What is told to the public", blank=True)
    cost = models.DecimalField("Cost in pounds", max_digits=10, decimal_places=2, null=True, blank=True)
    went_well = models.TextField("Debrief: what went well", blank=True)
    went_badly = models.TextField("Debrief: what did not", blank=True)
    debriefed_on = models.DateField("Debriefed on", null=True, blank=True)
    public_summary = models.TextField("Summary for the public", blank=True)
    # When the keeper of the day was last reminded that results are missing.
    chased_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "day of action"
        verbose_name_plural = "days of action"

    @classmethod
    def asked_of(cls, agencies: Collection[int]) -> models.Q:
        return models.Q(pk__in=DayAgency.objects.filter(agency__in=agencies).order_by().values("record"))


class DayAgency(models.Model):
    """One agency's part in a day of action: what it was asked, and what it answered."""

    class Answer(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    record = models.ForeignKey(DayOfAction, on_delete=models.CASCADE, related_name="agencies")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="Agency")
    role = models.CharField("Role", max_length=200, blank=True)
    people = models.PositiveSmallIntegerField("People", null=True, blank=True)
    hours = models.DecimalField("Hours each", max_digits=5, decimal_places=1, null=True, blank=True)
    answer = models.CharField("Answer", max_length=10, choices=Answer, default=Answer.ASKED, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["agency__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "agency"], name="an_agency_is_asked_once")]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.answer}"


class DayItem(models.Model):
    """One line of the timetable of a day of action."""

    record = models.ForeignKey(DayOfAction, on_delete=models.CASCADE, related_name="items")
    at_time = models.TimeField("Time", null=True, blank=True)
    what = models.CharField("What", max_length=200)
    where = models.CharField("Where", max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Who"
    )

    class Meta:
        ordering = ["at_time", "pk"]

    def __str__(self) -> str:
        return self.what


class DayResult(models.Model):
    """What one agency counted on a day of action: one measure."""

    class Measure(models.TextChoices):
        ARRESTS = "arrests", "Arrests"
        SEARCHES = "searches", "Stop and searches"
        WARRANTS = "warrants", "Warrants executed"
        PENALTIES = "penalties", "Fixed penalty notices"
        WARNINGS = "warnings", "Warnings and advice"
        VEHICLES = "vehicles", "Vehicles stopped"
        SEIZED = "seized", "Vehicles seized"
        VISITS = "visits", "Premises visited"
        LETTERS = "letters", "Addresses visited with letters"
        CONTACTS = "contacts", "People offered support"
        REFERRALS = "referrals", "Referrals to support"
        WASTE = "waste", "Bags of waste removed"
        OTHER = "other", "Other"

    record = models.ForeignKey(DayOfAction, on_delete=models.CASCADE, related_name="results")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="Agency")
    measure = models.CharField("Measure", max_length=10, choices=Measure)
    what = models.CharField("Of what", max_length=100, blank=True, help_text="Needed for “Other”.")
    value = models.PositiveIntegerField("Count")
    reported_at = models.DateTimeField(default=timezone.now, editable=False)
    reported_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["agency__name", "measure", "what", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "agency", "measure", "what"], name="a_result_is_reported_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.value}"


class YearPlan(Intervention):
    """A twelve-month plan for wards or a hotspot, from the month of the record's start."""

    TYPE = "year-plan"
    CALLED = "twelve-month plans"
    KINDS = ("year-plan",)

    objective = models.CharField("Objective", max_length=300, blank=True)
    analysis = models.TextField("What the analysis says", blank=True)

    class Meta:
        verbose_name = "twelve-month plan"


class YearPlanItem(models.Model):
    """One thing that a twelve-month plan holds for one month."""

    class Lane(models.TextChoices):
        USUAL = "usual", "Business as usual"
        PARTNERSHIP = "partnership", "Partnership opportunity"
        JOINT = "joint", "Joint day of action"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    record = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="items")
    # The first day of the month.
    month = models.DateField("Month")
    lane = models.CharField("Lane", max_length=12, choices=Lane)
    text = models.CharField("What", max_length=200)
    strand = models.CharField("Strand", max_length=10, choices=Intervention.Strand)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Who"
    )
    day = models.ForeignKey(
        DayOfAction,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="planned_as",
        verbose_name="Day of action",
    )
    status = models.CharField("Status", max_length=10, choices=Status, default=Status.PROPOSED)
    # Why it was drafted: "Burglary was highest in November (31 of 210)". Blank = a person added it.
    reason = models.CharField("Why", max_length=300, blank=True)

    class Meta:
        ordering = ["month", "lane", "pk"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}: {self.text}"


class Meeting(Intervention):
    """One meeting of a ward panel, a tactical group, the Monthly Intelligence Meeting or the board."""

    TYPE = "meeting"
    CALLED = "meetings"
    KINDS = ("meeting",)

    class Sort(models.TextChoices):
        WARD_PANEL = "ward-panel", "Ward panel"
        TACTICAL = "tactical", "Tactical delivery group"
        INTELLIGENCE = "intelligence", "Monthly Intelligence Meeting"
        BOARD = "board", "Partnership board"
        OTHER = "other", "Another"

    sort = models.CharField("Sort", max_length=12, choices=Sort)
    chair = models.CharField(
        "Chair", max_length=150, blank=True, help_text="The role: “Chief inspector, neighbourhoods”."
    )
    summary = models.TextField("What was said", blank=True)
    next_on = models.DateField("Next meeting", null=True, blank=True)

    class Meta:
        verbose_name = "meeting"


class Attendance(models.Model):
    """How many people of one agency or group came to a meeting."""

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    body = models.CharField("Agency or group", max_length=150)
    people = models.PositiveSmallIntegerField("People", default=1)

    class Meta:
        verbose_name_plural = "attendance"
        ordering = ["body", "pk"]

    def __str__(self) -> str:
        return f"{self.body}: {self.people}"


class MeetingPriority(models.Model):
    """One priority that a meeting set: specific, measurable, for two months or so."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Running"
        MET = "met", "Met"
        PARTLY = "partly", "Met in part"
        MISSED = "missed", "Not met"

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="priorities")
    text = models.CharField("Priority", max_length=300)
    measure = models.CharField("Measured by", max_length=150, blank=True)
    starts_on = models.DateField("From")
    ends_on = models.DateField("Until")
    outcome = models.CharField("Outcome", max_length=10, choices=Outcome, default=Outcome.OPEN)
    report = models.CharField("What was reported back", max_length=300, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Bid(models.Model):
    """One bid for assets at a meeting, the decision and its reason."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "Not decided"
        GRANTED = "granted", "Granted"
        PARTLY = "partly", "Granted in part"
        REFUSED = "refused", "Refused"

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="bids")
    asked_for = models.CharField("Asked for", max_length=200)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Asked by"
    )
    why = models.CharField("Why", max_length=300, blank=True)
    answer = models.CharField("Decision", max_length=10, choices=Answer, default=Answer.WAITING)
    reason = models.CharField("Reason for the decision", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.asked_for[:80]


class Decision(models.Model):
    """One decision of a meeting."""

    record = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField("Decision", max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class AgreedActionQuerySet(models.QuerySet["AgreedAction"]):
    """Actions: `visible_to` for reading."""

    def visible_to(self, viewer: Viewer) -> AgreedActionQuerySet:
        """Those that one's own agencies promised or asked for, and those of records that one sees; of what is for its
        owning team alone, only the latter."""
        mine = viewer.agencies_with_parts(Permission.SEE)
        whose = models.Q(agency__in=mine) | models.Q(asked_by__in=mine)
        if viewer.looking_as:
            theirs = viewer.looking_as.agencies_with_parts(Permission.SEE)
            whose &= models.Q(agency__in=theirs) | models.Q(asked_by__in=theirs)
        records = Intervention.objects.visible_to(viewer).values("pk")
        whose &= ~models.Q(source__audience=Intervention.Audience.TEAM)
        return self.filter(whose | models.Q(source__in=records))


class AgreedAction(models.Model):
    """One thing that an agency promised to do: in a meeting, after a day of action, for a plan."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    # What it came out of; None = nothing in particular.
    source = models.ForeignKey(
        Intervention, null=True, blank=True, on_delete=models.CASCADE, related_name="agreed_actions"
    )
    hotspot = models.ForeignKey(
        Hotspot, null=True, blank=True, on_delete=models.SET_NULL, related_name="agreed_actions"
    )
    # Its two agencies read this: no names and nothing restricted.
    title = models.CharField(max_length=200)
    strand = models.CharField(max_length=10, choices=Intervention.Strand, default=Intervention.Strand.PREPARE)
    # Who promised; who asked for it and keeps the list.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="promised")
    asked_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    # The day that was promised first, and why it was moved; None = it never was.
    moved_from = models.DateField(null=True, blank=True)
    moved_why = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    done_on = models.DateField(null=True, blank=True)
    # What shows that it was done, or why it was dropped.
    evidence = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AgreedActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            # The tracker: what is open, by agency and due date.
            models.Index(fields=["status", "due_on"], name="agreed_action_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_covert(self) -> bool:
        """Whether it came out of a record that is for its owning team alone. One query, where it has a source."""
        return self.source is not None and self.source.audience == Intervention.Audience.TEAM
