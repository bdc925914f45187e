"""Forms of agencies, people and invitations. What may be given to whom, the actions say."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError

from partners.forms.areas import AreasField
from partners.models import Agency, Membership, User
from partners.role_table import FOR_WHOM
from partners.roles import Permission, Role
from partners.visibility import Viewer


class AgencyForm(forms.Form):
    """An agency: who may choose what it is a part of is told by the viewer."""

    name = forms.CharField(
        label="Name",
        help_text="As its partners know it, for example “Havering Council” or “Romford Street Pastors”.",
        max_length=150,
        error_messages={
            "required": "Give the agency a name.",
            "max_length": "A name has at most 150 characters.",
        },
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Choose a kind"), *Agency.Kind.choices],
        error_messages={"required": "Choose what kind of agency it is."},
    )
    part_of = forms.ModelChoiceField(
        label="Part of",
        help_text="Members of the whole act for its parts, and its agreements hold for them.",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="Not part of another agency",
        error_messages={
            "required": "Choose the agency that it is a part of.",
            "invalid_choice": "Choose one of the agencies in the list.",
        },
    )
    area_codes = AreasField(label="Areas", help_text="Where the agency works.")

    def __init__(self, *args: Any, viewer: Viewer, agency: Agency | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = Agency.objects.filter(left_at=None)
        if agency is not None:
            choices = choices.exclude(pk__in=viewer.parts_of(agency.pk))
            cast(AreasField, self.fields["area_codes"]).keeping(agency.area_codes)
        whole = cast("forms.ModelChoiceField[Agency]", self.fields["part_of"])
        if not viewer.may(Permission.MANAGE_AGENCIES):
            choices = choices.filter(pk__in=viewer.agencies_with_parts(Permission.MANAGE_PEOPLE))
            whole.required = True
            whole.empty_label = None
        whole.queryset = choices


class RoleForm(forms.Form):
    """A role and its areas."""

    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose one of the roles in the list."},
    )
    area_codes = AreasField(
        label="Narrowed to areas",
        help_text="For example the wards of an SNT lead: records elsewhere are not seen then.",
    )

    def __init__(self, *args: Any, viewer: Viewer, membership: Membership | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        given = [role for role in Role if role != Role.PARTNERSHIP or viewer.may(Permission.MANAGE_AGENCIES)]
        cast(forms.ChoiceField, self.fields["role"]).choices = [
            (role.value, f"{role.label}. {FOR_WHOM[role]}") for role in given
        ]
        if membership is not None:
            cast(AreasField, self.fields["area_codes"]).keeping(membership.area_codes)


class InviteForm(RoleForm):
    """Whom to invite, to which role."""

    field_order = ["email", "role", "area_codes"]
    email = forms.CharField(
        label="E-mail address",
        help_text="The person's own work address: the link goes there, and the person signs in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=254,
        error_messages={"required": "Enter the e-mail address of the person."},
    )


class JoinForm(forms.Form):
    """A new person's name and password."""

    full_name = forms.CharField(
        label="Your name",
        help_text="As your colleagues know you.",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name.", "max_length": "A name has at most 150 characters."},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    again = forms.CharField(
        label="Password (again)",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the password once more."},
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password = given.get("password")
        if password:
            try:
                validate_password(password, User(email=self.email, full_name=given.get("full_name", "")))
            except ValidationError as problem:
                self.add_error("password", problem)
            if "again" in given and given["again"] != password:
                self.add_error("again", "The two passwords differ. Enter the same one twice.")
        return given


class WhyForm(forms.Form):
    """Why an agency leaves."""

    reason = forms.CharField(
        label="Why it leaves",
        help_text="10 to 500 characters. It stands in the audit trail, and parties of its agreements read it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the agency leaves.", "max_length": "Use at most 500 characters."},
    )
