"""Who somebody is by their e-mail address: whoever has it now, and nobody who had it.

allauth keeps addresses in a table of its own as well, and looks there first. Here that
table counts for nothing: ``User.email`` alone says who comes in.
"""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm

from people.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """A password, with the address of whoever it belongs to."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        found: User | None = self._check_password(
            User.objects.with_address(email).first(), password
        )
        return found


class AskCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """A code goes to who works here and has the address."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self._user = User.objects.working_here().with_address(email).first()
        return email


class AskPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """A link for a new password goes to who works here and has the address."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = list(User.objects.working_here().with_address(email))
        return email
