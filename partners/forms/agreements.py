"""The form of a sharing agreement."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from partners import agreements
from partners.actions.sharing import Terms
from partners.forms.areas import AreasField
from partners.models import Agency, SharingAgreement, record_types
from partners.roles import Marking
from partners.uploads import Accepts

_OTHER = "other"


class _Day(forms.DateField):
    """A day: a date picker where the browser has one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AgreementForm(forms.Form):
    """What an agreement says; `terms` of a valid form is what the action takes."""

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Give the agreement a title."})
    giving = forms.MultipleChoiceField(
        label="Who shares its records",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one agency that shares."},
    )
    receiving = forms.MultipleChoiceField(
        label="Who sees them",
        widget=forms.CheckboxSelectMultiple,
        help_text="An agency that sees them sees those of every other agency that shares; its parts see them too.",
        error_messages={"required": "Choose at least one agency that sees them."},
    )
    types = forms.MultipleChoiceField(
        label="What is shared",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what is shared."},
    )
    withheld = forms.MultipleChoiceField(
        label="What is withheld of it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Those who see the records are told that these parts are withheld.",
    )
    area_codes = AreasField(label="Where", help_text="Only records in these areas are shared.")
    highest = forms.ChoiceField(
        label="Highest marking",
        choices=Marking.choices,
        initial=Marking.OFFICIAL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the highest marking that is shared."},
    )
    purpose = forms.CharField(
        label="Purpose",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Say what the records are shared for."},
    )
    gateway = forms.ChoiceField(
        label="Legal gateway",
        choices=[*agreements.GATEWAYS.items(), (_OTHER, "Another, written below")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose by what law the agencies may share."},
    )
    gateway_text = forms.CharField(label="Legal gateway in your words", required=False, max_length=150)
    first_day = _Day(label="First day", error_messages={"required": "Enter the first day."})
    last_day = _Day(
        label="Last day",
        help_text="Sharing stops at the end of this day, whatever else happens.",
        error_messages={"required": "Enter the last day."},
    )
    review_on = _Day(
        label="Review on",
        help_text="When the parties look at it again: usually within a year.",
        error_messages={"required": "Enter the day of the review."},
    )
    document = forms.FileField(
        label="The signed agreement",
        required=False,
        help_text="A PDF, Word (DOCX) or OpenDocument (ODT) file of up to 10 MB. Only the parties can open it.",
        validators=[Accepts("pdf", "docx", "odt")],
    )

    def __init__(self, *args: Any, old: SharingAgreement | None = None, **options: Any) -> None:
        if old is not None:
            options["initial"] = _terms_of(old)
        super().__init__(*args, **options)
        agencies = [(str(agency.pk), agency.name) for agency in Agency.objects.filter(left_at=None)]
        for name, choices in (
            ("giving", agencies),
            ("receiving", agencies),
            ("types", [(name, agreements.type_name(name).capitalize()) for name in sorted(record_types())]),
            ("withheld", agreements.parts_to_withhold()),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if old is not None:
            self.fields["area_codes"].keeping(old.area_codes)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("gateway") == _OTHER and not given.get("gateway_text"):
            self.add_error("gateway_text", "Write by what law the agencies may share.")
        types = given.get("types", [])
        if any(field.split(".")[0] not in types for field in given.get("withheld", [])):
            self.add_error("withheld", "Something is ticked of records that are not shared: share them, or untick it.")
        first, last, review = (given.get(name) for name in ("first_day", "last_day", "review_on"))
        if first and last and last < first:
            self.add_error("last_day", "The last day comes before the first one.")
        elif last and last < timezone.localdate():
            self.add_error("last_day", "The last day is over already.")
        if review and (review < timezone.localdate() or (last and review > last)):
            self.add_error("review_on", "The review lies between today and the last day.")
        return given

    @property
    def terms(self) -> Terms:
        """Of a valid form."""
        given = self.cleaned_data
        words = [agreements.GATEWAYS.get(given["gateway"], ""), given["gateway_text"]]
        return Terms(
            title=given["title"],
            purpose=given["purpose"],
            legal_gateway=". ".join(word for word in words if word),
            giving={int(agency) for agency in given["giving"]},
            receiving={int(agency) for agency in given["receiving"]},
            types=given["types"],
            withheld=given["withheld"],
            areas=given["area_codes"],
            highest=Marking(given["highest"]),
            valid_from=_midnight(given["first_day"]),
            valid_until=_midnight(given["last_day"] + timedelta(days=1)),
            review_on=given["review_on"],
        )


class ReasonForm(forms.Form):
    """Why an agreement stops."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="At least 10 characters. All parties read it: write nothing about a case or a person.",
        error_messages={"required": "Give a reason."},
    )


def _midnight(day: date) -> datetime:
    """The moment at which a day begins in London."""
    return timezone.make_aware(datetime.combine(day, time()))


def _terms_of(old: SharingAgreement) -> dict[str, Any]:
    """The form's values for an agreement that takes over an old one; the days are asked anew."""
    parties = list(old.parties.all())
    gateway = next((key for key, text in agreements.GATEWAYS.items() if old.legal_gateway.startswith(text)), _OTHER)
    rest = old.legal_gateway.removeprefix(agreements.GATEWAYS.get(gateway, "")).removeprefix(". ")
    return {
        "title": old.title,
        "giving": [str(party.agency_id) for party in parties if party.gives],
        "receiving": [str(party.agency_id) for party in parties if party.receives],
        "types": old.record_types,
        "withheld": old.withheld_fields,
        "area_codes": old.area_codes,
        "highest": old.highest_marking,
        "purpose": old.purpose,
        "gateway": gateway,
        "gateway_text": rest,
    }
