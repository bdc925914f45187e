"""Agreed actions: who promised what, by when, and what came of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from hotspots.models import Hotspot
from interventions.models.interventions import Intervention
from partners.models import Agency, User
from partners.roles import Permission
from partners.visibility import Viewer


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
