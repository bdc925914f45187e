"""The form on which a record of any register is added and changed."""

from interventions.forms.form import RegisterForm

__all__ = ["RegisterForm"]
