"""Powers that are used on a day: PSPO actions, dispersals, closures, warrants."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from interventions.models.interventions import Intervention
from interventions.models.orders import OnPerson, PublicSpacesOrder
from interventions.models.parts import Condition


class PspoAction(OnPerson, Intervention):
    """One time that somebody acted on a PSPO, from advice to a report for summons, at the record's start."""

    TYPE = "pspo-action"
    CALLED = "PSPO actions"
    KINDS = ("pspo-action",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "subject": ("subject_ref", "age_band"),
        "penalty": ("fpn_amount", "paid_on", "cancelled_on", "cancelled_reason", "body_worn_ref"),
    }

    class Action(models.TextChoices):
        # The commonest first.
        ADVICE = "advice", "Advice"
        VERBAL = "verbal", "Verbal warning"
        WRITTEN = "written", "Written warning"
        SURRENDER = "surrender", "Alcohol surrendered"
        NAME = "name", "Name and address taken"
        FPN = "fpn", "Fixed penalty notice"
        SUMMONS = "summons", "Reported for summons"
        REFERRAL = "referral", "Referred to outreach"

    order = models.ForeignKey(
        PublicSpacesOrder, on_delete=models.PROTECT, related_name="actions_on_it", verbose_name="Order"
    )
    condition = models.ForeignKey(
        Condition, null=True, blank=True, on_delete=models.PROTECT, related_name="uses", verbose_name="Condition"
    )
    action = models.CharField("What was done", max_length=10, choices=Action)
    team = models.CharField("Team", max_length=100, blank=True, help_text="The team, never an officer’s name.")
    # None = none was given. One number belongs to one penalty, whichever agency says so.
    fpn_number = models.CharField("Number of the fixed penalty notice", max_length=40, null=True, blank=True)  # noqa: DJ001
    fpn_amount = models.DecimalField("Fixed penalty in pounds", max_digits=7, decimal_places=2, null=True, blank=True)
    paid_on = models.DateField("Paid on", null=True, blank=True)
    cancelled_on = models.DateField("Cancelled on", null=True, blank=True)
    cancelled_reason = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Why it was cancelled", max_length=300, blank=True, null=True
    )
    prosecution = models.CharField("Prosecution and outcome", max_length=200, blank=True)
    is_drug_related = models.BooleanField("Drugs were involved", default=False)
    vulnerability_seen = models.BooleanField("The person seemed vulnerable", default=False)
    support_offered = models.BooleanField("Support was offered", default=False)
    support_accepted = models.BooleanField("Support was accepted", default=False)
    body_worn_ref = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Body-worn video reference", max_length=60, blank=True, null=True
    )
    # Of a report that was typed without a network: made up by the phone, so that it arrives once.
    sent_as = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "PSPO action"
        constraints = [
            models.UniqueConstraint(fields=["fpn_number"], condition=~Q(fpn_number=""), name="fpn_number_is_used_once"),
            models.UniqueConstraint(fields=["sent_as"], name="pspo_action_is_sent_once"),
        ]


class DispersalAuthorisation(Intervention):
    """One section 34 authorisation, for the record's start and end and the zone."""

    TYPE = "dispersal"
    CALLED = "dispersal authorisations"
    KINDS = ("dispersal",)

    class Rank(models.TextChoices):
        CONSTABLE = "constable", "Constable"
        SERGEANT = "sergeant", "Sergeant"
        INSPECTOR = "inspector", "Inspector"
        CHIEF_INSPECTOR = "chief-inspector", "Chief inspector"
        SUPERINTENDENT = "superintendent", "Superintendent or above"

    authorised_rank = models.CharField("Authorised by", max_length=16, choices=Rank, default=Rank.INSPECTOR)
    officer_ref = models.CharField("Officer’s reference", max_length=40, blank=True, help_text="Never a name.")
    grounds = models.TextField("Grounds", blank=True, help_text="In writing, as the authorisation must give them.")
    rights_considered = models.BooleanField("Articles 10 and 11 were considered", default=False)
    community_impact = models.TextField("Community impact", blank=True)
    displacement_considered = models.BooleanField("Where people would go was considered", default=False)
    council_informed = models.BooleanField("The council was informed", default=False)
    published_url = models.URLField("Published at", blank=True)
    cancelled_from = models.DateTimeField("Ended early", null=True, blank=True)

    class Meta:
        verbose_name = "dispersal authorisation"


class DispersalDirection(OnPerson, Intervention):
    """One section 35 direction to leave, given at the record's start and excluding until its end."""

    TYPE = "direction"
    CALLED = "dispersal directions"
    KINDS = ("direction",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        # Where somebody under 16 was taken says how old somebody is.
        "subject": ("subject_ref", "age_band", "ethnicity", "under_16_action"),
    }

    class Outcome(models.TextChoices):
        COMPLIED = "complied", "Complied"
        BREACHED = "breached", "Did not comply"
        ARRESTED = "arrested", "Arrested"

    authorisation = models.ForeignKey(
        DispersalAuthorisation, on_delete=models.PROTECT, related_name="directions", verbose_name="Authorisation"
    )
    is_written = models.BooleanField("Given in writing", default=True)
    told_offence = models.BooleanField("Told that not to comply is an offence", default=True)
    reason = models.CharField("Reason", max_length=200, blank=True)
    under_16_action = models.CharField(
        "Under 16: taken", max_length=100, blank=True, help_text="Home, or to a place of safety."
    )
    ethnicity = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Self-defined ethnicity",
        max_length=60,
        blank=True,
        null=True,
        help_text="As the person said it; blank = not said.",
    )
    property_surrendered = models.CharField("Property surrendered", max_length=200, blank=True)
    outcome = models.CharField("Outcome", max_length=10, choices=Outcome, default=Outcome.COMPLIED)

    class Meta:
        verbose_name = "dispersal direction"


class Closure(Intervention):
    """One closure of premises: the notice from the record's start, and the order that followed, to the record's end."""

    TYPE = "closure"
    CALLED = "closure notices and orders"
    KINDS = ("closure",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "premises": (),
        "occupants": (
            *("occupants", "children_present", "vulnerable_adult", "is_cuckooed", "safeguarding_referral"),
            *("alternative_accommodation", "persons_excluded"),
        ),
    }

    class Issuer(models.TextChoices):
        INSPECTOR = "inspector", "Police inspector"
        SUPERINTENDENT = "superintendent", "Police superintendent or above"
        OFFICER = "officer", "Council officer"
        CHIEF_EXECUTIVE = "chief-executive", "Council chief executive, or who is designated"
        HOUSING = "housing", "Registered housing provider"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Not heard yet"
        MADE = "made", "Order made"
        REFUSED = "refused", "Refused"
        ADJOURNED = "adjourned", "Adjourned"
        WITHDRAWN = "withdrawn", "Notice cancelled"

    class Extent(models.TextChoices):
        FULL = "full", "Closed to everybody"
        PARTIAL = "partial", "Closed in part"

    premises_type = models.CharField("Type of premises", max_length=100, blank=True)
    tenure = models.CharField("Tenure", max_length=60, blank=True)
    landlord = models.CharField("Landlord", max_length=150, blank=True)
    issuer = models.CharField("Notice issued by", max_length=16, choices=Issuer)
    served = models.DateTimeField("Notice served", null=True, blank=True)
    notice_hours = models.PositiveSmallIntegerField("Hours of the notice", default=24)
    consulted = models.CharField("Consulted", max_length=300, blank=True)
    advice_given = models.BooleanField("The notice names contacts for housing and legal advice", default=False)
    persons_excluded = models.TextField(  # noqa: DJ001 - None where it is withheld
        "Who is kept out, and who is exempt", blank=True, null=True, help_text="Groups, not names."
    )
    # None = not known, or withheld.
    occupants = models.PositiveSmallIntegerField("Occupants", null=True, blank=True)
    children_present = models.BooleanField("Children live there", null=True, blank=True)
    vulnerable_adult = models.BooleanField("A vulnerable adult lives there", null=True, blank=True)
    is_cuckooed = models.BooleanField("The home was taken over (cuckooing)", null=True, blank=True)
    safeguarding_referral = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Safeguarding referral", max_length=200, blank=True, null=True
    )
    alternative_accommodation = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Other accommodation", max_length=200, blank=True, null=True
    )
    court = models.CharField("Court", max_length=150, blank=True)
    # Worked out from the time of service where nobody gives it.
    hearing = models.DateTimeField(
        "Hearing", null=True, blank=True, help_text="Left empty, it follows from the service."
    )
    outcome = models.CharField("Outcome", max_length=10, choices=Outcome, default=Outcome.WAITING)
    order_from = models.DateField("Order from", null=True, blank=True)
    order_to = models.DateField("Order until", null=True, blank=True)
    extent = models.CharField("Extent", max_length=10, choices=Extent, blank=True)
    licensing_notified = models.BooleanField("The licensing authority was told", default=False)
    costs = models.CharField("Costs", max_length=100, blank=True)
    relet_plan = models.TextField("Plan for afterwards", blank=True)

    class Meta:
        verbose_name = "closure"


class ClosureVisit(models.Model):
    """One visit to closed premises."""

    record = models.ForeignKey(Closure, on_delete=models.CASCADE, related_name="visits")
    visited_on = models.DateField("Visited on")
    finding = models.CharField("What was found", max_length=300, blank=True)

    class Meta:
        ordering = ["visited_on", "pk"]

    def __str__(self) -> str:
        return f"{self.visited_on}"


class Warrant(Intervention):
    """One search warrant. Planned, it is for the eyes of the owning team alone."""

    TYPE = "warrant"
    CALLED = "warrants"
    KINDS = ("warrant",)
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {
        **Intervention.WITHHOLDABLE,
        "premises": ("premises",),
        "results": (
            *("persons_searched", "arrests", "charged", "drugs", "cash", "weapons", "phones"),
            *("children_present", "safeguarding_referral"),
        ),
    }

    class Power(models.TextChoices):
        DRUGS = "s23-mda", "Section 23, Misuse of Drugs Act 1971"
        PACE = "s8-pace", "Section 8, PACE 1984"
        OTHER = "other", "Another power"

    power = models.CharField("Power", max_length=10, choices=Power, default=Power.DRUGS)
    premises = models.CharField("Premises", max_length=200, blank=True, null=True)  # noqa: DJ001 - None if withheld
    court = models.CharField("Court", max_length=150, blank=True)
    issued_on = models.DateField("Issued on", null=True, blank=True)
    valid_until = models.DateField("Valid until", null=True, blank=True, help_text="As printed on the warrant.")
    entries_allowed = models.PositiveSmallIntegerField("Entries allowed", default=1)
    executed = models.DateTimeField("Executed", null=True, blank=True)
    entry_forced = models.BooleanField("Entry was forced", default=False)
    unit = models.CharField("Unit", max_length=100, blank=True)
    persons_searched = models.PositiveSmallIntegerField("People searched", null=True, blank=True)
    arrests = models.PositiveSmallIntegerField("Arrests", null=True, blank=True)
    charged = models.PositiveSmallIntegerField("Charged", null=True, blank=True)
    drugs = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Drugs", max_length=300, blank=True, null=True, help_text="Class, weight, estimated street value."
    )
    cash = models.DecimalField("Cash in pounds", max_digits=10, decimal_places=2, null=True, blank=True)
    weapons = models.PositiveSmallIntegerField("Weapons", null=True, blank=True)
    phones = models.PositiveSmallIntegerField("Phones", null=True, blank=True)
    children_present = models.BooleanField("Children were there", null=True, blank=True)
    safeguarding_referral = models.CharField(  # noqa: DJ001 - None where it is withheld
        "Referral to the MASH", max_length=200, blank=True, null=True
    )
    damage = models.CharField("Damage and repair", max_length=200, blank=True)
    follow_up = ArrayField(
        models.CharField(max_length=100),
        verbose_name="Follow-up at the premises",
        default=list,
        blank=True,
        help_text="Closure, CPN, tenancy: one a line.",
    )
    result = models.CharField("Result in one line", max_length=200, blank=True)

    class Meta:
        verbose_name = "warrant"
