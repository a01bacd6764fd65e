"""The second step when signing in: mine, and taking it away of who lost it."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring.http import Request, render_page
from people.models import User
from people.permissions import hr_admin_only
from programs import actions
from programs.second_step import has_to_set_up

Type = Authenticator.Type


@require_safe
def mfa_index(request: Request) -> HttpResponse:
    """What I sign in with beside a code or password: set up, change, take away."""
    mine = Authenticator.objects.filter(user=request.user).order_by("pk")
    by_type: dict[str, list[Authenticator]] = {each: [] for each in Type.values}
    for each in mine:
        by_type[each.type].append(each)
    codes = by_type[Type.RECOVERY_CODES]
    return render_page(
        request,
        "mfa/index.html",
        {
            "must": has_to_set_up(request.user),
            "app": next(iter(by_type[Type.TOTP]), None),
            "keys": by_type[Type.WEBAUTHN],
            "codes": codes[0].wrap().get_unused_codes() if codes else [],
            "has_codes": bool(codes),
        },
    )


class _JustShown:
    """Whoever just set one up need not show it again to see their recovery codes."""

    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(
            self.request, self.request.user, "mfa", reauthenticated=True
        )
        return response


class AppActivateView(_JustShown, ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app."""


class KeyAddView(_JustShown, AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey or a security key."""


@require_http_methods(["GET", "HEAD", "POST"])
def second_step_reset(request: Request, user_id: int) -> HttpResponse:
    """Take away the second step of who lost it, after showing one's own."""
    hr_admin_only(request)
    person = get_object_or_404(User.objects.working_here(), pk=user_id)
    if person == request.user or not is_mfa_enabled(person):
        raise Http404
    raise_if_reauthentication_required(request, app="allauth.mfa")
    if request.method == "POST":
        try:
            actions.reset_second_step(person, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request,
                _("The second step of %(name)s is taken away.") % {"name": person},
            )
        return redirect("people:person_detail", user_id=person.pk)
    return render_page(request, "programs/second_step_reset.html", {"person": person})
