"""The second step when signing in: allauth's forms, in our words."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

# As long as a code of the app can be right: its own half minute, one before, one after.
CODE_LASTS = 90
NAME_LENGTH = 40


def _number() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of the app proves that it was set up."""

    code = forms.CharField(
        label=_("The code that the app shows"), max_length=20, widget=_number()
    )

    @property
    def secret_in_groups(self) -> str:
        """The secret as one types it over."""
        return " ".join(
            self.secret[start : start + 4] for start in range(0, len(self.secret), 4)
        )


CODE = forms.CharField(
    label=_("Code"),
    max_length=20,
    help_text=_("From your authenticator app, or one of your recovery codes."),
    widget=_number(),
)


class _CodeOnce:
    """Takes each code once: who looked over a shoulder cannot use it as well."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        key = f"second-step-code:{self.user.pk}:{normalize_user_code(code)}"
        if not cache.add(key, "used", CODE_LASTS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_CodeOnce, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = CODE


class CodeAgainForm(_CodeOnce, ReauthenticateForm):  # type: ignore[misc]
    """Somebody who is in shows once more that it is they."""

    code = CODE


NOT_KNOWN = _("This key is not known here.")


class _Known:
    """Says of a key that opens nothing here that it is not known."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError as error:
            if error.code == "incorrect_code":
                raise forms.ValidationError(NOT_KNOWN) from error
            raise
        except Exception as error:
            raise forms.ValidationError(NOT_KNOWN) from error


class KeySignInForm(_Known, LoginWebAuthnForm):  # type: ignore[misc]
    """Both steps at once."""


class KeyUseForm(_Known, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in."""


class KeyAgainForm(_Known, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Somebody who is in shows once more that it is they."""


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey, or a key on a key ring."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("By which you know it: my phone, the key on my key ring."),
    )
    passwordless = forms.BooleanField(
        label=_("I sign in with this key alone"),
        required=False,
        initial=True,
        help_text=_(
            "A passkey: it asks for your finger, your face or a PIN, and you need no"
            " code by e-mail. A plain security key cannot do that."
        ),
    )
    credential = forms.JSONField(label=_("Key"), widget=forms.HiddenInput)
    field_order = ["name", "passwordless", "credential"]

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()  # type: ignore[no-any-return]
        except forms.ValidationError:
            raise
        except Exception as error:
            raise forms.ValidationError(NOT_KNOWN) from error


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
