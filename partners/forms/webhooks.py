"""Adding a webhook."""

from __future__ import annotations

from django import forms

from partners.webhooks import EVENTS


class WebhookForm(forms.Form):
    """Where to tell, and what."""

    # Not a URLField: what is wrong with an address is said by `partners.deliveries`.
    url = forms.CharField(
        label="Address",
        help_text="Where messages are posted to, such as https://example.org/told. It must begin with https://, and "
        "anybody on the internet must be able to reach it.",
        max_length=500,
        widget=forms.URLInput(attrs={"spellcheck": "false"}),
        error_messages={"required": "Enter the address that messages are posted to."},
    )
    events = forms.MultipleChoiceField(
        label="What it is told",
        choices=list(EVENTS.items()),
        # Those of records come many times a day: who wants them says so.
        initial=[name for name in EVENTS if not name.startswith("record.")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what it is told."},
    )
