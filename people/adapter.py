"""How allauth signs people in here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from the HR feed and from invitations, never from signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
