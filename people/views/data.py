"""All that is kept about one person: taking it oneself, and giving it to who asks."""

from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
)
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from mentoring.http import Request, render_page
from people import actions
from people.data_file import kept_from_hr, reasons
from people.models import User
from people.permissions import hr_admin_only

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def data_mine(request: Request) -> HttpResponse:
    """Everything that is kept about me, in one file, after showing that it is me."""
    return _data_page(request, request.user, "people/data_mine.html")


@require_http_methods(["GET", "HEAD", "POST"])
def person_data(request: Request, user_id: int) -> HttpResponse:
    """What HR may read of somebody, in one file, for who asks for it."""
    hr_admin_only(request)
    person = get_object_or_404(User.objects.not_erased(), pk=user_id)
    if person == request.user:
        return redirect("people:data_mine")
    return _data_page(request, person, "people/person_data.html")


def _data_page(request: Request, person: User, template: str) -> HttpResponse:
    raise_if_reauthentication_required(request, app="allauth.mfa")
    problem = ""
    if request.method == "POST":
        try:
            file = actions.take_data(person, by=request.user)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return HttpResponse(
                file.content,
                content_type="application/zip",
                headers={
                    "Content-Disposition": content_disposition_header(True, file.name)
                    or ""
                },
            )
    return render_page(
        request,
        template,
        {
            "person": person,
            "problem": problem,
            "left_out": reasons(),
            "kept": kept_from_hr(),
            "taken": actions.files_taken(person, seen_by=request.user)[:SHOWN],
        },
        status=422 if problem else 200,
    )
