"""The forms of the data pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from hotspots.models import Source

ACCEPTED = (".csv", ".json", ".geojson", ".zip", ".gpkg")


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files: cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """Files to import, and since when the boundaries among them are in force."""

    upload = FilesField(
        label="Files",
        help_text="CSV, JSON, GeoJSON, GeoPackage, or a zip of them. Keep the names under which they were published.",
        widget=FilesInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={
            "required": "Choose at least one file.",
            "empty": "One of the files is empty. Choose files that hold something.",
        },
    )
    valid_from = forms.DateField(
        label="In force from (only for ward boundaries)",
        help_text="The day on which these wards came into force, for example 5 May 2022. Leave empty for other files.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter the day on which the wards came into force, such as 05/05/2022."},
    )

    def clean_valid_from(self) -> date | None:
        day: date | None = self.cleaned_data["valid_from"]
        if day and not 1965 <= day.year <= timezone.localdate().year + 2:
            raise forms.ValidationError(
                "The day on which the wards came into force must lie between 1965 and two years from now."
            )
        return day


class SourceForm(forms.Form):
    """Which source a page is about."""

    source = forms.ChoiceField(choices=Source.choices)
