"""Signing in: allauth's forms, which know whom an invitation asked."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import Resolver404, resolve

from people.signing_in import AskCodeForm
from programs.actions import find_invite


def invited_address() -> str:
    """Whom the invitation asked that signing in leads on to; else empty."""
    try:
        found = resolve(context.request.GET.get(REDIRECT_FIELD_NAME, ""))
    except Resolver404:
        return ""
    if found.view_name != "programs:invite_accept":
        return ""
    invitation = find_invite(found.kwargs["token"])
    return invitation.email if invitation else ""


class PasswordForm(LoginForm):  # type: ignore[misc]
    """An address and its password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("login", invited_address())


class CodeByMailForm(AskCodeForm):
    """The address to which a code is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("email", invited_address())
