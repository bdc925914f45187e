"""Agencies, the people of each, and who is invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from partners.roles import Role


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved user. Raises ValueError without an e-mail address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved user who may do everything."""
        return self.create_user(email, password, **{"is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person who signs in, by e-mail address."""

    email = models.EmailField(max_length=254, unique=True)
    full_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    # The roles that the person has now, as `Viewer.of_user` reads them, where the session's query brought them along
    # (`partners.backends`); None elsewhere. And whether an invitation waits.
    roles_now: list[list[Any]] | None = None
    is_invited = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    def current_memberships(self) -> MembershipQuerySet:
        """The roles that the person has now."""
        return Membership.objects.current().filter(user=self)


class Agency(models.Model):
    """One organisation of the partnership, or one team of it."""

    class Kind(models.TextChoices):
        POLICE = "police", "Police force"
        POLICE_BCU = "police-bcu", "Police: basic command unit"
        POLICE_SNT = "police-snt", "Police: Safer Neighbourhood Team"
        POLICE_CID = "police-cid", "Police: CID"
        POLICE_LICENSING = "police-licensing", "Police: licensing"
        TRANSPORT_POLICE = "transport-police", "British Transport Police"
        COUNCIL = "council", "Council"
        COMMUNITY_SAFETY = "council-community-safety", "Council: community safety"
        ROUGH_SLEEPING = "council-rough-sleeping", "Council: rough sleeping"
        COUNCIL_LICENSING = "council-licensing", "Council: licensing"
        COUNCIL_HOUSING = "council-housing", "Council: housing"
        ENFORCEMENT = "council-enforcement", "Council: enforcement"
        CCTV = "council-cctv", "Council: CCTV"
        YOUTH_OFFENDING = "council-youth-offending", "Council: youth offending"
        HOUSING = "housing", "Housing association"
        HEALTH = "health", "NHS"
        DRUG_TREATMENT = "drug-treatment", "Drug and alcohol treatment"
        FIRE = "fire", "Fire and rescue"
        PROBATION = "probation", "Probation"
        SCHOOL = "school", "School or college"
        VOLUNTARY = "voluntary", "Voluntary group"
        STREET_PASTORS = "street-pastors", "Street pastors"
        STREET_WATCH = "street-watch", "Street watch"
        PUB_WATCH = "pub-watch", "Pub watch"
        OTHER = "other", "Other"

    name = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=30, choices=Kind)
    # Members of the whole act for its parts, and its agreements hold for them; never the other way.
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    # Codes of the boroughs or wards it works in; empty = all.
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # It left the partnership: its people's access and its keys ended then.
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey("User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        """Those that have not ended, in agencies that have not left, of people who may sign in."""
        return self.filter(ended_at=None, agency__left_at=None, user__is_active=True)


class Membership(models.Model):
    """One person's role in one agency, now or once. A person may have several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    # Codes of the boroughs or wards to which the role is narrowed; empty = as its agency.
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"], condition=Q(ended_at=None), name="a_role_is_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.agency})"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> InvitationQuerySet:
        """Those that nobody accepted or withdrew, in agencies that have not left; expired ones included."""
        return self.filter(accepted_at=None, withdrawn_at=None, agency__left_at=None)

    def open(self, now: datetime) -> InvitationQuerySet:
        """Those that can still be accepted."""
        return self.waiting().filter(expires__gt=now)


class Invitation(models.Model):
    """One link by e-mail with which a person joins an agency. Only a hash of its secret is kept."""

    email = models.EmailField(max_length=254)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=30, choices=Role)
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    # When the mail server took the mail with the link that works now; None where it has not.
    sent = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email", "agency", "role"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_to_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.agency}"
