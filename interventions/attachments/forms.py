"""The form with which a file is added."""

from __future__ import annotations

from django import forms

from interventions.attachments.actions import LONGEST_TITLE


class AttachmentForm(forms.Form):
    """A file, and what it is. What can be kept is checked where it is kept, in `actions`."""

    title = forms.CharField(
        label="What it is",
        max_length=LONGEST_TITLE,
        help_text="In one line, such as “Broken lamp at the north gate”.",
        error_messages={"required": "Say in one line what it is."},
    )
    file = forms.FileField(
        label="File",
        help_text=(
            "A PDF, Word (DOCX) or OpenDocument (ODT) file, or a photo (JPEG, PNG, WebP), of up to 10 MB. Where and "
            "when a photo was taken, and with what, is taken out of it. Nothing SECRET or above, no intelligence, no "
            "faces, and no personal data of members of the public."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.jpg,.jpeg,.png,.webp"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another."},
    )
