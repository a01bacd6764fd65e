"""Looking along as a participant: asked, begun and stopped."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mentoring.http import Request, render_page
from programs import actions, viewing
from programs.models import Participant
from programs.permissions import managed
from programs.tabs import tabs


@require_http_methods(["GET", "HEAD", "POST"])
def viewing_start(
    request: Request, program_slug: str, participant_id: int
) -> HttpResponse:
    """See the programme as a participant does, after reading what that means."""
    program = managed(request, program_slug)
    participant = get_object_or_404(
        Participant.objects.may_be_viewed_by(request.user)
        .filter(program=program)
        .select_related("user", "program"),
        pk=participant_id,
    )
    if request.method == "POST":
        try:
            actions.look_along(participant, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("programs:participant_list", program.slug)
        viewing.begin(request, participant)
        return redirect("programs:participation", program.slug)
    return render_page(
        request,
        "programs/viewing_start.html",
        {
            "program": program,
            "participant": participant,
            "minutes": viewing.MINUTES,
            "tabs": tabs(program, "programs:participant_list"),
        },
    )


@require_POST
def viewing_stop(request: Request, program_slug: str) -> HttpResponse:
    """Be oneself again."""
    was_looking = viewing.stop(request)
    program = managed(request, program_slug)
    if was_looking:
        messages.success(request, _("You see Wegwijs as yourself again."))
    return redirect("programs:participant_list", program.slug)
