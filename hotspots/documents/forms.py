"""The form with which a document is added."""

from __future__ import annotations

from django import forms

from hotspots.documents.actions import LONGEST_TITLE
from partners.uploads import Accepts


class DocumentForm(forms.Form):
    """A file, and what it is."""

    title = forms.CharField(
        label="What it is",
        max_length=LONGEST_TITLE,
        help_text="In one line, such as “Problem profile, March 2026”.",
        error_messages={"required": "Say in one line what it is."},
    )
    file = forms.FileField(
        label="File",
        help_text=(
            "A PDF, Word (DOCX) or OpenDocument (ODT) file of up to 10 MB. Nothing SECRET or above, no intelligence, "
            "and no personal data of members of the public."
        ),
        validators=[Accepts("pdf", "docx", "odt")],
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another."},
    )
