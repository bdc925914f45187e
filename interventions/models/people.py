"""Work with people and with other bodies, in counts: outreach, youth work, schools, referrals."""

from __future__ import annotations

from django.db import models

from interventions.models.interventions import Intervention


class BuildActivity(Intervention):
    """One piece of outreach, treatment, youth or community work; `people_reached` is its reach."""

    KINDS = ("outreach", "treatment", "youth", "community")

    programme = models.CharField("Programme", max_length=150, blank=True)
    provider = models.CharField("Provided by", max_length=150, blank=True)
    # Counts of people. None = not known.
    new_contacts = models.PositiveIntegerField("Met for the first time", null=True, blank=True)
    referred = models.PositiveIntegerField("Referred on", null=True, blank=True)
    entered_treatment = models.PositiveIntegerField("Entered treatment", null=True, blank=True)
    housed = models.PositiveIntegerField("Found somewhere to live", null=True, blank=True)
    volunteers = models.PositiveIntegerField("Volunteers", null=True, blank=True)

    class Meta:
        verbose_name = "outreach, treatment, youth or community work"
        verbose_name_plural = "outreach, treatment, youth and community work"


class JointWork(Intervention):
    """One piece of work with a school, British Transport Police, the CCTV room or others."""

    KINDS = ("school", "head-teachers", "transport", "cctv", "joint")

    together_with = models.CharField("Together with", max_length=200, blank=True, help_text="Bodies, no names.")
    topic = models.CharField("About", max_length=200, blank=True)
    outcome = models.CharField("What came of it", max_length=300, blank=True)
    # Counts. None = not known.
    incidents_seen = models.PositiveIntegerField("Incidents seen by camera", null=True, blank=True)
    arrests = models.PositiveIntegerField("Arrests", null=True, blank=True)
    next_on = models.DateField("Next on", null=True, blank=True)

    class Meta:
        verbose_name = "joint work"
        verbose_name_plural = "joint work"


class Referrals(Intervention):
    """How many referrals an agency made to offender and safeguarding schemes over some days; no cases."""

    KINDS = ("referrals",)

    class Meta:
        verbose_name = "referrals"
        verbose_name_plural = "referrals"


class ReferralCount(models.Model):
    """Referrals to one scheme."""

    class Scheme(models.TextChoices):
        IOM = "iom", "Integrated Offender Management (IOM)"
        DIP = "dip", "Drug Interventions Programme (DIP)"
        MARAC = "marac", "MARAC (high-risk domestic abuse)"
        MASH = "mash", "MASH (safeguarding)"
        YOS = "yos", "Youth Offending Service (YOS)"

    record = models.ForeignKey(Referrals, on_delete=models.CASCADE, related_name="counts")
    scheme = models.CharField("Scheme", max_length=6, choices=Scheme)
    count = models.PositiveIntegerField("Referrals")

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "scheme"], name="referrals_of_a_scheme_once")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()}: {self.count}"
