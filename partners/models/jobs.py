"""Background work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from partners.models.people import Membership, User

if TYPE_CHECKING:
    from partners.visibility import Viewer


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, viewer: Viewer) -> JobQuerySet:
        """The server's own, and those that people of the reader's agencies asked for; partnership administrators all.

        A job stays with its agency when the person leaves. Looking as somebody else, what both see.
        """
        found = self
        if not viewer.is_of_partnership:
            ours = Membership.objects.filter(user=OuterRef("requested_by"), agency__in=viewer.agencies())
            found = self.filter(Q(requested_by=None) | Q(requested_by=viewer.user) | Exists(ours))
        return found.visible_to(viewer.looking_as) if viewer.looking_as else found


class Job(models.Model):
    """One piece of background work. The row is the truth; a queue message carries only its id."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    # Two live jobs cannot have the same key: asking again returns the first.
    unique_key = models.CharField(max_length=200)
    attempts = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=200, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    log = models.TextField(blank=True)
    message = models.TextField(blank=True)
    requested_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")
    queued = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_live_job_per_key",
            )
        ]
        indexes = [
            # The sweep: live jobs, oldest heartbeat first.
            models.Index(fields=["heartbeat"], condition=models.Q(state__in=["queued", "running"]), name="job_live"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int | None:
        """0 to 100, or None while the total is unknown."""
        return min(100, round(100 * self.done / self.total)) if self.total else None
