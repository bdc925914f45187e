"""Orders of courts and councils that hold for years: Criminal Behaviour Orders, Public Spaces Protection Orders."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from interventions.models.interventions import Intervention


class OnPerson(models.Model):
    """What every record about one person has: a pseudonym and an age band, no name and no date of birth."""

    class AgeBand(models.TextChoices):
        UNDER_10 = "under-10", "Under 10"
        FROM_10 = "10-15", "10 to 15"
        FROM_16 = "16-17", "16 or 17"
        FROM_18 = "18-24", "18 to 24"
        FROM_25 = "25-34", "25 to 34"
        FROM_35 = "35-49", "35 to 49"
        FROM_50 = "50-plus", "50 or older"
        BODY = "body", "A business or another body"

    UNDER_18 = (AgeBand.UNDER_10, AgeBand.FROM_10, AgeBand.FROM_16)

    subject_ref = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Subject reference",
        max_length=40,
        blank=True,
        null=True,
        help_text="A pseudonym that leads to the person in your own system. Never a name.",
    )
    age_band = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Age", max_length=10, choices=AgeBand, blank=True, null=True, help_text="When the order or notice was made."
    )

    class Meta:
        abstract = True


class CriminalBehaviourOrder(OnPerson, Intervention):  # noqa: DJ008 - as the record
    """One Criminal Behaviour Order, from its preparation to its end. Its period is the record's start and end."""

    TYPE = "cbo"
    CALLED = "Criminal Behaviour Orders"
    KINDS = ("cbo",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        # When a youth offending team was asked says how old somebody is.
        "subject": ("subject_ref", "age_band", "turns_18_on", "youth_team_consulted_on", "conviction_group"),
        "support": (),
        "breaches": (),
    }

    class Stage(models.TextChoices):
        PREPARING = "preparing", "In preparation"
        APPLIED = "applied", "Applied for"
        INTERIM = "interim", "Interim order in force"
        MADE = "made", "Made"
        APPEALED = "appealed", "Made, under appeal"
        DISCHARGED = "discharged", "Discharged"
        REFUSED = "refused", "Refused by the court"

    class Publicity(models.TextChoices):
        UNDECIDED = "undecided", "Not yet considered"
        NONE = "none", "Considered: not publicised"
        LOCAL = "local", "Publicised"

    stage = models.CharField("Stage", max_length=12, choices=Stage, default=Stage.PREPARING)
    court = models.CharField("Court", max_length=150, blank=True)
    conviction_group = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Convicted of", max_length=100, blank=True, null=True, help_text="The group of the offence, such as “Theft”."
    )
    applicant = models.CharField("Applicant", max_length=150, blank=True, help_text="The agency that asked for it.")
    lead_officer = models.CharField("Lead officer", max_length=150, blank=True)
    applied_on = models.DateField("Applied for on", null=True, blank=True)
    made_on = models.DateField("Made on", null=True, blank=True)
    is_indefinite = models.BooleanField("It is indefinite", default=False)
    interim_from = models.DateField("Interim order from", null=True, blank=True)
    interim_to = models.DateField("Interim order until", null=True, blank=True)
    discharged_on = models.DateField("Discharged on", null=True, blank=True)
    turns_18_on = models.DateField(
        "Turns 18 on", null=True, blank=True, help_text="Only of somebody under 18, for the yearly reviews."
    )
    youth_team_consulted_on = models.DateField(
        "Youth offending team consulted on",
        null=True,
        blank=True,
        help_text="Due before applying, of somebody under 18.",
    )
    exclusion_times = models.CharField("When they must keep away", max_length=200, blank=True)
    publicity = models.CharField("Publicity", max_length=10, choices=Publicity, default=Publicity.UNDECIDED)
    publicity_reason = models.CharField("Why", max_length=500, blank=True)
    publicity_from = models.DateField("Publicised from", null=True, blank=True)
    publicity_to = models.DateField("Publicised until", null=True, blank=True)
    retention_review_on = models.DateField("Review whether to keep this on", null=True, blank=True)

    class Meta:
        verbose_name = "Criminal Behaviour Order"


class PublicSpacesOrder(Intervention):
    """One Public Spaces Protection Order. From the record's start to its end, over all terms, in the zone."""

    TYPE = "pspo"
    CALLED = "Public Spaces Protection Orders"
    KINDS = ("pspo",)

    class Stage(models.TextChoices):
        PREPARING = "preparing", "In preparation"
        CONSULTING = "consulting", "Out for consultation"
        DECIDED = "decided", "Decided, not yet in force"
        IN_FORCE = "in-force", "Made"
        DISCHARGED = "discharged", "Discharged"
        DROPPED = "dropped", "Not made"

    stage = models.CharField("Stage", max_length=12, choices=Stage, default=Stage.PREPARING)
    number = models.CharField("Number and year", max_length=40, blank=True, help_text="Such as “No 1 of 2017”.")
    is_expedited = models.BooleanField("It is an expedited order (section 59A)", default=False)
    activities = models.TextField("What it is about", blank=True, help_text="The activities that it names.")
    grounds = models.TextField("Grounds", blank=True, help_text="Effect on quality of life; persistent; unreasonable.")
    rights_statement = models.TextField("Articles 10 and 11", blank=True, help_text="How free speech was weighed.")
    equality_statement = models.TextField("Equality impact", blank=True)
    decided_by = models.CharField("Decided by", max_length=150, blank=True, help_text="The body or the officer.")
    decided_on = models.DateField("Decided on", null=True, blank=True)
    minute_ref = models.CharField("Minute", max_length=60, blank=True)
    is_delegated = models.BooleanField("Decided by an officer under delegated powers", default=False)
    sealed_on = models.DateField("Sealed on", null=True, blank=True)
    first_in_force = models.DateField("First in force from", null=True, blank=True, help_text="Before any extension.")
    published_on = models.DateField("Published on", null=True, blank=True)
    published_url = models.URLField("Published at", blank=True)
    discharged_on = models.DateField("Discharged on", null=True, blank=True)
    penalty = models.DecimalField("Fixed penalty in pounds", max_digits=7, decimal_places=2, null=True, blank=True)
    penalty_early = models.DecimalField(
        "If paid early, in pounds", max_digits=7, decimal_places=2, null=True, blank=True
    )
    penalty_early_days = models.PositiveSmallIntegerField("Days for paying early", null=True, blank=True)
    enforced_by = ArrayField(
        models.CharField(max_length=100), verbose_name="Enforced by", default=list, blank=True, help_text="One a line."
    )

    class Meta:
        verbose_name = "Public Spaces Protection Order"
