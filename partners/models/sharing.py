"""What agencies agreed to share, and the exceptions that people made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partners.models.people import Agency, User
from partners.roles import Marking

if TYPE_CHECKING:
    from partners.visibility import Viewer


class AgreementQuerySet(models.QuerySet["SharingAgreement"]):
    def in_force(self, now: datetime) -> AgreementQuerySet:
        """Those that give something at this moment: accepted by all, not suspended, within their dates."""
        return self.filter(status=SharingAgreement.Status.IN_FORCE, valid_from__lte=now, valid_until__gt=now)

    def visible_to(self, viewer: Viewer) -> AgreementQuerySet:
        """Those of somebody's agencies, of their wholes and of their parts; of partnership administrators, all.

        Looking as somebody else: those that both would see.
        """
        found = self
        if not viewer.is_of_partnership:
            parties = AgreementParty.objects.filter(agency__in=viewer.agencies_around())
            found = self.filter(pk__in=parties.values("agreement"))
        return found.visible_to(viewer.looking_as) if viewer.looking_as else found


class SharingAgreement(models.Model):
    """One agreement of agencies on what they share, for what purpose, and until when."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        IN_FORCE = "in-force", "In force"
        SUSPENDED = "suspended", "Suspended"
        ENDED = "ended", "Ended"

    title = models.CharField(max_length=200)
    purpose = models.TextField()
    legal_gateway = models.CharField(max_length=300)
    # `Record.TYPE` of what is shared.
    record_types = ArrayField(models.CharField(max_length=40))
    # "type.name" of what is withheld (`Record.WITHHOLDABLE`).
    withheld_fields = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # Codes of the boroughs or wards whose records are shared; empty = all.
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    highest_marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    review_on = models.DateField()
    document = models.FileField(upload_to="agreements/", blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PROPOSED)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The agreement that ends when this one begins.
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacements")
    agencies = models.ManyToManyField(Agency, through="AgreementParty", related_name="agreements")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_until"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="agreement_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.title

    def is_in_force(self, now: datetime) -> bool:
        """As `AgreementQuerySet.in_force`, of one."""
        return self.status == self.Status.IN_FORCE and self.valid_from <= now < self.valid_until

    def suspended_by(self) -> set[int]:
        """The parties that have suspended it and not resumed. One query."""
        said = self.statuses.order_by("changed_at", "pk").values_list("agency_id", "status")
        last = {agency: status for agency, status in said if agency is not None}
        return {agency for agency, status in last.items() if status == self.Status.SUSPENDED}


class AgreementParty(models.Model):
    """One agency in one agreement: whether it gives, whether it receives, and who accepted for it."""

    agreement = models.ForeignKey(SharingAgreement, on_delete=models.CASCADE, related_name="parties")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agreement_parties")
    gives = models.BooleanField(default=True)
    receives = models.BooleanField(default=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "agreement parties"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="a_party_is_named_once"),
            models.CheckConstraint(condition=Q(gives=True) | Q(receives=True), name="a_party_gives_or_receives"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} in {self.agreement}"


class AgreementStatus(models.Model):
    """One change of an agreement's status. Append-only."""

    agreement = models.ForeignKey(SharingAgreement, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=20, choices=SharingAgreement.Status)
    # The party that said so; None where no party did, as when it began with the last acceptance.
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "agreement statuses"
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.get_status_display()}"


class BreakGlass(models.Model):
    """One withheld record that a manager opened for a short time, with a reason; its owner was told."""

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()

    class Meta:
        verbose_name_plural = "broken glasses"
        indexes = [
            # What a person has open now.
            models.Index(fields=["opened_by", "expires"], name="break_glass_open"),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}, opened by {self.opened_by}"
