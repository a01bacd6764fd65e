"""Looking along: who runs a programme sees it as one of its participants does.

It is written down, the participant reads it, it ends by itself, and nothing can be
changed meanwhile. Only the pages that are named here, or by an app above, are shown:
a new page is hidden until somebody thought about it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mentoring.http import Request, render_page
from programs.models import Participant, Program

MINUTES = 15
KEY = "viewing"

# Pages of the one programme that are shown as they are.
SHOWN = {
    "programs:program_detail",
    "programs:participation",
    "programs:guideline_detail",
    "programs:visibility",
    "programs:library",
    "programs:module_detail",
}
# Pages that hold what is private: another page is shown in their place.
INSTEAD: dict[str, Callable[..., HttpResponse]] = {}
# These are of the looker, not of the participant.
ALWAYS = {
    "programs:viewing_stop",
    "account_logout",
    "people:brand_css",
    "people:brand_logo",
    "dashboards:healthz",
}


@dataclass(frozen=True)
class Viewing:
    """That somebody looks along as a participant, and until when."""

    participant: Participant
    until: float

    @property
    def minutes_left(self) -> int:
        return max(1, round((self.until - time.time()) / 60))


def begin(request: Request, participant: Participant) -> None:
    """From the next page on, until it is stopped or ends by itself."""
    request.session[KEY] = {
        "participant": participant.pk,
        "until": time.time() + MINUTES * 60,
    }


def stop(request: HttpRequest) -> Participant | None:
    """Be oneself again; as whom one looked until now."""
    kept = request.session.pop(KEY, None)
    if kept is None:
        return None
    return (
        Participant.objects.select_related("program")
        .filter(pk=kept["participant"])
        .first()
    )


def viewing_of(request: HttpRequest) -> Viewing | None:
    """As whom somebody looks along now; it ends with the right to."""
    kept = request.session.get(KEY)
    if kept is None or not request.user.is_authenticated or kept["until"] < time.time():
        return None
    participant = (
        Participant.objects.may_be_viewed_by(request.user)
        .select_related("user", "program")
        .filter(pk=kept["participant"])
        .first()
    )
    return Viewing(participant, kept["until"]) if participant else None


class ViewingMiddleware:
    """Let every page know as whom it is looked at, and hide what is not to be seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if KEY not in request.session:
            return None
        name = request.resolver_match.view_name
        if name in ALWAYS:
            return None
        viewing = viewing_of(request)
        if viewing is None:
            return _ended(request)
        request.viewing = viewing
        if request.method not in {"GET", "HEAD"}:
            return _hidden(request, viewing, changes=True)
        if name in INSTEAD:
            return INSTEAD[name](request, viewing, **kwargs)
        if (
            name not in SHOWN
            or kwargs.get("program_slug") != viewing.participant.program.slug
        ):
            return _hidden(request, viewing)
        request.user = viewing.participant.user
        return None


def _ended(request: HttpRequest) -> HttpResponse:
    participant = stop(request)
    messages.info(
        request,
        _(
            "You no longer view the programme as somebody else."
            " You see Wegwijs as yourself again."
        ),
    )
    if (
        participant
        and Program.objects.managed_by(request.user)
        .filter(pk=participant.program_id)
        .exists()
    ):
        return redirect("programs:participant_list", participant.program.slug)
    return redirect("dashboards:home")


def _hidden(
    request: HttpRequest, viewing: Viewing, *, changes: bool = False
) -> HttpResponse:
    return render_page(
        request,
        "programs/viewing_hidden.html",
        {"program": viewing.participant.program, "changes": changes},
        status=403,
    )
