"""How allauth signs people in here."""

import base64
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from mentoring.sealing import seal, unseal
from people.models import User
from programs.actions import tell_second_step_changed
from programs.notifications import CHANGES

# What the secrets of a second step are sealed for, and nothing else.
BOUND_TO = "second step"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from the HR feed and from invitations, never from signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """A page of ours by its whole path: a word alone is one beside this page."""
        return bool(url and url.startswith("/") and super().is_safe_url(url))

    def pre_login(
        self, request: HttpRequest, user: User, *, email: str | None, **more: Any
    ) -> HttpResponse | None:
        """By an address that is theirs no more nobody comes in: it may have changed
        since they asked for a code on it.
        """
        if email and email.lower() != user.email:
            clear_login(request)
            return redirect("account_request_login_code")
        found: HttpResponse | None = super().pre_login(
            request, user, email=email, **more
        )
        return found

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back where one came from; the page of the settings says that it is done."""
        return reverse("people:settings")

    def send_notification_mail(
        self, template_prefix: str, user: User, *_args: Any, **_more: Any
    ) -> None:
        """What changed about the second step goes through the outbox."""
        change = template_prefix.removeprefix("mfa/email/")
        if change in CHANGES:
            tell_second_step_changed(user, change)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Whoever has a second step shows that one: a password alone, which somebody
        else may know, does not take it away. A key first, because it is quickest.
        """
        words = {
            "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
            "mfa_reauthenticate": _("Give a code"),
            "reauthenticate": _("Give your password"),
        }
        found = {
            method["id"]: method
            for method in super().get_reauthentication_methods(user)
        }
        if len(found) > 1:
            found.pop("reauthenticate", None)
        return [
            {**found[each], "description": said}
            for each, said in words.items()
            if each in found
        ]


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step: its secrets are sealed, and its keys have names of ours."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, bound_to=BOUND_TO)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), bound_to=BOUND_TO)

    def build_totp_svg(self, url: str) -> str:
        """The picture as an element of the page: our policy allows no other."""
        image = qrcode.make(url, image_factory=SvgPathImage)
        return str(image.to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        """A name to begin with; people choose their own."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Key %(number)s") % {"number": number}
