"""Rows that belong to a record of any register: conditions, breaches, hearings and so on. Read only with the record."""

from __future__ import annotations

from datetime import date

from django.db import models

from interventions.models.interventions import Intervention


class Condition(models.Model):
    """One prohibition or requirement of an order or notice."""

    class Sort(models.TextChoices):
        PROHIBITION = "prohibition", "Must not"
        REQUIREMENT = "requirement", "Must"

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField("Number")
    sort = models.CharField("Sort", max_length=12, choices=Sort, default=Sort.PROHIBITION)
    text = models.TextField("What it says", help_text="In plain words.")
    area = models.CharField(
        "Where", max_length=200, blank=True, help_text="Blank = everywhere, or in the order’s area."
    )
    times = models.CharField("When", max_length=200, blank=True, help_text="Blank = always.")
    applies_to = models.CharField("To whom", max_length=200, blank=True)
    exceptions = models.CharField("Exceptions", max_length=300, blank=True)
    provider = models.CharField("Provided by", max_length=150, blank=True)
    supervisor = models.CharField("Supervised by", max_length=150, blank=True, help_text="Of a requirement.")
    is_suitable = models.BooleanField("Evidence that it is suitable and enforceable", null=True, blank=True)
    starts_on = models.DateField("From", null=True, blank=True)
    ends_on = models.DateField("Until", null=True, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="condition_numbers_differ")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"[:120]

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day on which its order is."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


class Breach(models.Model):
    """One breach of an order or notice, and what came of it."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="breaches")
    happened_on = models.DateField("Happened on")
    condition_number = models.PositiveSmallIntegerField("Condition number", null=True, blank=True)
    place = models.CharField("Place", max_length=200, blank=True)
    arrested = models.BooleanField("Arrested", default=False)
    charged = models.BooleanField("Charged", default=False)
    outcome = models.CharField("Outcome", max_length=200, blank=True)
    sentence = models.CharField("Sentence", max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "breaches"
        ordering = ["happened_on", "pk"]

    def __str__(self) -> str:
        return f"{self.happened_on}"


class Review(models.Model):
    """One review of an order: due, and held."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField("Due on")
    held_on = models.DateField("Held on", null=True, blank=True)
    attendees = models.CharField("Who took part", max_length=200, blank=True, help_text="Agencies, not names.")
    compliance = models.CharField("Compliance", max_length=300, blank=True)
    support = models.CharField("Was the support enough?", max_length=300, blank=True)
    outcome = models.CharField("Outcome", max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"due {self.due_on}"


class Variation(models.Model):
    """One variation, extension or discharge of an order."""

    class Sort(models.TextChoices):
        VARIATION = "variation", "Variation"
        EXTENSION = "extension", "Extension"
        DISCHARGE = "discharge", "Discharge"

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="variations")
    sort = models.CharField("Sort", max_length=10, choices=Sort)
    decided_on = models.DateField("Decided on")
    decided_by = models.CharField("Decided by", max_length=150, blank=True)
    # Of an extension: the term that it begins.
    starts_on = models.DateField("From", null=True, blank=True)
    ends_on = models.DateField("Until", null=True, blank=True)
    summary = models.CharField("What changed", max_length=500, blank=True)
    minute_ref = models.CharField("Minute or case number", max_length=60, blank=True)

    class Meta:
        ordering = ["decided_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}, {self.decided_on}"


class Support(models.Model):
    """One offer of help to the person of an order: the rehabilitation side."""

    class Sort(models.TextChoices):
        TREATMENT = "treatment", "Drug or alcohol treatment"
        HOUSING = "housing", "Housing"
        OUTREACH = "outreach", "Outreach"
        HEALTH = "health", "Health"
        WORK = "work", "Work or education"
        OTHER = "other", "Other"

    class Answer(models.TextChoices):
        WAITING = "waiting", "No answer yet"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Not accepted"

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="support")
    sort = models.CharField("Sort", max_length=10, choices=Sort)
    offered_on = models.DateField("Offered on")
    offered_by = models.CharField("Offered by", max_length=150, blank=True, help_text="The agency.")
    answer = models.CharField("Answer", max_length=10, choices=Answer, default=Answer.WAITING)
    note = models.CharField("Note", max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "support"
        ordering = ["offered_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}, {self.offered_on}"


class Briefing(models.Model):
    """One team that was briefed on an order."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="briefings")
    team = models.CharField("Team", max_length=100)
    briefed_on = models.DateField("Briefed on")

    class Meta:
        ordering = ["briefed_on", "pk"]

    def __str__(self) -> str:
        return f"{self.team}, {self.briefed_on}"


class Hearing(models.Model):
    """One hearing in court about a record."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="hearings")
    listed = models.DateTimeField("When")
    court = models.CharField("Court", max_length=150, blank=True)
    outcome = models.CharField("Outcome", max_length=300, blank=True)

    class Meta:
        ordering = ["listed", "pk"]

    def __str__(self) -> str:
        return f"{self.listed:%d %B %Y}"


class Consultation(models.Model):
    """One party that was asked about an order, over some days, and what it answered."""

    class Consultee(models.TextChoices):
        POLICE = "police", "Chief officer of police"
        POLICING_BODY = "policing-body", "Local policing body (in London: MOPAC)"
        COMMUNITY = "community", "Community representatives"
        OWNER = "owner", "Owner or occupier of the land"
        COUNCIL = "council", "County or parish council"
        PUBLIC = "public", "The public"
        SCHOOL = "school", "School or NHS body (expedited orders)"
        OTHER = "other", "Another"

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="consultations")
    consultee = models.CharField("Who", max_length=14, choices=Consultee)
    name = models.CharField("Name of the body", max_length=150, blank=True)
    opened_on = models.DateField("Opened on")
    closed_on = models.DateField("Closed on", null=True, blank=True)
    # Counts of answers. None = not known.
    in_favour = models.PositiveIntegerField("In favour", null=True, blank=True)
    against = models.PositiveIntegerField("Against", null=True, blank=True)
    neutral = models.PositiveIntegerField("Neither", null=True, blank=True)
    summary = models.CharField("Summary", max_length=500, blank=True)

    class Meta:
        ordering = ["opened_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_consultee_display()}, {self.opened_on}"


class Publication(models.Model):
    """One time that an order was made public: on the website, by notices at the place, to another council."""

    class Sort(models.TextChoices):
        WEBSITE = "website", "Website"
        NOTICES = "notices", "Notices at or near the place"
        COUNCILS = "councils", "County or parish council told"
        OTHER = "other", "Other"

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="publications")
    sort = models.CharField("How", max_length=10, choices=Sort)
    published_on = models.DateField("On")
    of_what = models.CharField(
        "Of what", max_length=150, blank=True, help_text="Making, extension, variation, discharge."
    )
    url = models.URLField("Address", blank=True)

    class Meta:
        ordering = ["published_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}, {self.published_on}"


class Sign(models.Model):
    """One sign that tells people of an order, and whether it still stands."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="signs")
    location = models.CharField("Where", max_length=200)
    latitude = models.FloatField("Latitude", null=True, blank=True)
    longitude = models.FloatField("Longitude", null=True, blank=True)
    installed_on = models.DateField("Installed on", null=True, blank=True)
    checked_on = models.DateField("Last checked on", null=True, blank=True)
    # None = not checked yet.
    is_ok = models.BooleanField("It stands and can be read", null=True, blank=True)
    note = models.CharField("Note", max_length=200, blank=True)

    class Meta:
        ordering = ["location", "pk"]

    def __str__(self) -> str:
        return self.location


class RenewalStep(models.Model):
    """One dated step towards the renewal of an order, counted back from its expiry, and when it was done."""

    class Step(models.TextChoices):
        EVIDENCE = "evidence", "Put together the evidence pack"
        DRAFT = "draft", "Draft the consultation"
        CONSULT = "consult", "Open the consultation"
        DECIDE = "decide", "Decide"
        PUBLISH = "publish", "Publish the decision and put up signs"

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="renewal_steps")
    step = models.CharField("Step", max_length=10, choices=Step)
    # The expiry that it counts back from: each renewal has its own steps.
    expires_on = models.DateField("Expiry")
    due_on = models.DateField("Due on")
    done_on = models.DateField("Done on", null=True, blank=True)
    note = models.CharField("Note", max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "expires_on", "step"], name="one_step_for_each_expiry")
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.due_on}"


class Premises(models.Model):
    """One of the premises of a record: a flat, a shop, a block."""

    record = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="premises_list")
    name = models.CharField("Premises", max_length=200)
    uprn = models.CharField("UPRN", max_length=12, blank=True, help_text="Unique Property Reference Number.")
    note = models.CharField("Note", max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "premises"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
