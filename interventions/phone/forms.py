"""The form on the phone: what an officer taps, and what is refused of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from interventions.contents import Content, Unlawful
from interventions.forms.moments import MomentsForm
from interventions.law.rules import Severity
from interventions.law.words import moment_words
from interventions.models import Intervention, OnPerson, PspoAction
from interventions.phone.queries import OrderHere
from partners.models import Agency
from partners.refusals import Refused
from partners.roles import Permission
from partners.visibility import Viewer

# What was typed longer ago is asked about, and not taken as it comes.
OLD = timedelta(hours=24)
# Telephones' clocks differ.
AHEAD = timedelta(minutes=5)
# What rules and checks speak of -> the field that asks for it here.
_ASKED_BY = {"order": "what", "condition": "what", "starts": "starts_time", "wards": "ward", "title": "action"}
_ASKED_BY |= dict.fromkeys(("point", "longitude", "latitude", "zone"), "place")
FLAGS = ("vulnerability_seen", "support_offered", "support_accepted", "is_drug_related")


class PhoneForm(MomentsForm):
    """One action under one of the orders in force; `what` is the number of an order and of its condition, "12-34", or
    of the order alone, "12-0"."""

    what = forms.ChoiceField(label="Which condition?", error_messages={"required": "Choose what it was about."})
    action = forms.ChoiceField(
        label="What did you do?",
        choices=PspoAction.Action.choices,
        error_messages={"required": "Choose what you did."},
    )
    fpn_number = forms.CharField(label="Number of the notice", max_length=40, required=False)
    fpn_amount = forms.DecimalField(
        label="Amount in pounds",
        help_text="Leave blank for what the order says.",
        max_digits=7,
        decimal_places=2,
        min_value=0,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "Give the amount as a number, such as 100."},
    )
    place = forms.CharField(
        label="Where?", max_length=200, required=False, help_text="In words, such as “outside 12 South Street”."
    )
    ward = forms.ChoiceField(label="Ward", required=False)
    longitude = forms.FloatField(widget=forms.HiddenInput, required=False)
    latitude = forms.FloatField(widget=forms.HiddenInput, required=False)
    age_band = forms.ChoiceField(label="Age", choices=[("", "Not said"), *OnPerson.AgeBand.choices], required=False)
    vulnerability_seen = forms.BooleanField(label="The person seemed vulnerable", required=False)
    support_offered = forms.BooleanField(label="I offered support", required=False)
    support_accepted = forms.BooleanField(label="Support was accepted", required=False)
    is_drug_related = forms.BooleanField(label="Drugs were involved", required=False)
    owner = forms.TypedChoiceField(label="For which agency?", coerce=int)
    why = forms.CharField(
        label="Why it is kept all the same",
        help_text="Only after a warning.",
        max_length=500,
        required=False,
    )
    # Made up by the phone, or by the page: the same number is the same action.
    sent_as = forms.UUIDField(widget=forms.HiddenInput)
    # The phone's clock when it was typed; nothing without scripts.
    typed_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer, orders: Sequence[OrderHere]) -> None:
        super().__init__(data, initial={"sent_as": uuid4()})
        self.viewer = viewer
        self.now: datetime = viewer.now
        self.orders = {one.order.pk: one for one in orders}
        self.warned = False
        self.ask_moment("starts", "when it was", required=False)
        self.fields["starts_day"].help_text = "Blank for today."
        asked: dict[str, Any] = self.fields
        asked["what"].choices = [
            (f"{one.order.pk}-{condition}", "")
            for one in orders
            for condition in (*(row.pk for row in one.conditions), 0)
        ]
        asked["what"].error_messages["invalid_choice"] = (
            "The order is not in force any more, or not shared with you. Choose another."
        )
        wards = {ward.code: ward for one in orders for ward in one.wards}
        asked["ward"].choices = [("", "Choose"), *((code, ward.name) for code, ward in sorted(wards.items()))]
        self.wards = wards
        agencies = Agency.objects.filter(pk__in=viewer.agencies_with_parts(Permission.ADD), left_at=None)
        self.agencies = {one.pk: one for one in agencies.order_by("name")}
        asked["owner"].choices = [(pk, one.name) for pk, one in self.agencies.items()]
        if len(self.agencies) == 1:
            asked["owner"].widget = forms.HiddenInput()
            asked["owner"].initial = next(iter(self.agencies))

    @property
    def asks_ward(self) -> bool:
        """Whether some order lies in several wards: then a place in words does not say in which."""
        return any(len(one.wards) > 1 for one in self.orders.values())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        typed = min(given.get("typed_at") or self.now, self.now)
        if given.get("starts_time") and "starts_day" in given:
            given["starts_day"] = given["starts_day"] or timezone.localdate(typed)
        given["starts"] = self.moment("starts") if given.get("starts_time") or given.get("starts_day") else typed
        if given.get("action") == PspoAction.Action.FPN and not given.get("fpn_number"):
            self.add_error("fpn_number", "Give the number of the fixed penalty notice.")
        if "what" in given:
            self._place(given)
        return given

    def clean_typed_at(self) -> datetime | None:
        typed: datetime | None = self.cleaned_data["typed_at"]
        if typed is None:
            return None
        if typed > self.now + AHEAD:
            raise forms.ValidationError(
                f"The clock of this phone is ahead: it says {moment_words(typed)}. Set it right, and send this again."
            )
        if typed < self.now - OLD:
            days = (self.now - typed).days
            ago = "a day" if days == 1 else f"{days:,} days"
            raise forms.ValidationError(
                f"This was typed at {moment_words(typed)}, {ago} ago, and never arrived. Check it and its date, and "
                "save it again; or delete it."
            )
        return typed

    def _place(self, given: dict[str, Any]) -> None:
        order, condition = (int(number) for number in given["what"].split("-"))
        given["order"] = here = self.orders[order]
        given["condition"] = condition or None
        has_point = given.get("longitude") is not None and given.get("latitude") is not None
        if given.get("ward"):
            given["wards"] = (self.wards[given["ward"]],)
        elif len(here.wards) == 1 and (here.order.zone or not has_point):
            given["wards"] = tuple(here.wards)
        elif has_point:
            # Of the order's wards, or where nobody drew its area, the one in which the point lies.
            given["wards"] = ()
        else:
            self.add_error("ward", "Choose the ward in which it was, or use your position.")

    def content(self, *, reasons: dict[str, str] | None = None) -> Content:
        """What a valid form says."""
        given = self.cleaned_data
        here: OrderHere = given["order"]
        is_penalty = given["action"] == PspoAction.Action.FPN
        amount = given["fpn_amount"] if given["fpn_amount"] is not None else here.order.penalty
        return Content(
            kind=Intervention.Kind.PSPO_ACTION,
            status=Intervention.Status.DONE,
            starts=given["starts"],
            wards=given["wards"],
            place=given["place"],
            longitude=given["longitude"],
            latitude=given["latitude"],
            particulars={
                "order": here.order.pk,
                "condition": given["condition"],
                "action": given["action"],
                "age_band": given["age_band"],
                "fpn_number": given["fpn_number"] if is_penalty else "",
                "fpn_amount": amount if is_penalty else None,
                **{name: given[name] for name in FLAGS},
            },
            reasons=reasons or {},
        )

    def refuse(self, refused: Refused) -> None:
        """Says what was refused beside what asks for it; after a warning, asks for a reason."""
        if isinstance(refused, Unlawful):
            for one in refused.found:
                self.warned |= one.severity == Severity.WARN
                self._say(one.field, one.sentence)
        else:
            self._say(refused.field, str(refused))

    def reasons_for(self, refused: Refused) -> dict[str, str]:
        """The reason that was typed, for each warning; {} where a rule forbids it or none was typed."""
        why = self.cleaned_data["why"].strip()
        if not why or not isinstance(refused, Unlawful):
            return {}
        if any(one.severity == Severity.BLOCK for one in refused.found):
            return {}
        return {one.rule: why for one in refused.found}

    def _say(self, field: str, sentence: str) -> None:
        name = _ASKED_BY.get(field, field)
        is_shown = name in self.fields and not self.fields[name].widget.is_hidden
        self.add_error(name if is_shown else None, sentence)

    @property
    def sentences(self) -> list[str]:
        """All that is wrong, a sentence each."""
        return [str(one) for its in self.errors.values() for one in its]
