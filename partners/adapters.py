"""How people sign in: an account is made by an administrator, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour, with sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
