"""The form by which a file of records comes in."""

from __future__ import annotations

from typing import Any

from django import forms

from interventions.bulk.files import MOST_BYTES
from partners import uploads
from partners.csv_import import CsvFileForm
from partners.models import Agency
from partners.roles import Permission
from partners.visibility import Viewer


class BulkForm(CsvFileForm):
    """A CSV file, or its text as it was shown before, and whose records they are."""

    owner = forms.ModelChoiceField(
        label="Agency", queryset=Agency.objects.none(), help_text="Whose records they are.", empty_label=None
    )
    file = forms.FileField(
        label="CSV file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        validators=[uploads.Accepts("csv", most=MOST_BYTES)],
        error_messages={"empty": "The file is empty. Choose one that has rows."},
    )
    text = forms.CharField(required=False, strip=False, max_length=MOST_BYTES, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        owner: Any = self.fields["owner"]
        owner.queryset = Agency.objects.filter(pk__in=viewer.agencies_with_parts(Permission.ADD), left_at=None)
        self.initial.setdefault("owner", min(viewer.agencies(Permission.ADD), default=None))
