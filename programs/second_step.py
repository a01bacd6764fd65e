"""Whose role asks for a second step when signing in, and who is led to set it up."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from people.models import User
from people.models.users import UserQuerySet
from programs.models import Participant

# Setting it up, and leaving.
OPEN = ("mfa_", "account_")


# Who else reads what is of others: each app above adds a condition on people.
ALSO: list[Callable[[], Q]] = []


def with_power() -> UserQuerySet:
    """Those who see or change what is of others: HR and IT admins, coordinators, and
    whoever an app above adds.
    """
    runs = Participant.objects.coordinators().filter(user=OuterRef("pk"))
    asked = Q(org_role__in=[User.OrgRole.HR_ADMIN, User.OrgRole.IT_ADMIN])
    asked |= Q(Exists(runs))
    for also in ALSO:
        asked |= also()
    return User.objects.working_here().filter(asked)


def without_second_step(people: UserQuerySet) -> UserQuerySet:
    """Those of them who have none yet."""
    return people.exclude(Exists(Authenticator.objects.filter(user=OuterRef("pk"))))


def has_to_set_up(user: User) -> bool:
    """Whether somebody's role asks for a second step that they do not have."""
    return (
        settings.MFA_REQUIRED
        and without_second_step(with_power()).filter(pk=user.pk).exists()
    )


class SecondStepMiddleware:
    """Lead whose role asks for a second step to set it up before anything else.

    Looked up for each page, so that it counts from the moment somebody gets the role,
    or takes the step away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if (
            not request.user.is_authenticated
            or not getattr(view, "login_required", True)
            or request.resolver_match.view_name.startswith(OPEN)
            or not has_to_set_up(request.user)
        ):
            return None
        if request.htmx:
            return HttpResponseClientRedirect(reverse("mfa_index"))
        return redirect("mfa_index")
