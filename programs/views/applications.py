"""Who asked to take part: read, let in, or declined with a reason."""

from collections.abc import Collection

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mentoring.http import Request, render_page
from programs import actions
from programs.models import Application, JoinAnswer, Program
from programs.permissions import managed
from programs.tabs import tabs


@require_safe
def application_list(request: Request, program_slug: str) -> HttpResponse:
    """Who waits for an answer, with what they wrote; and what was answered lately."""
    program = managed(request, program_slug)
    chosen: list[Application] = []
    if request.GET.get("all") == "yes":
        chosen = list(program.applications.waiting())
    return _application_page(request, program, chosen)


def _application_page(
    request: Request,
    program: Program,
    chosen: Collection[Application] = (),
    *,
    problem: str = "",
    reason: str = "",
) -> HttpResponse:
    waiting = list(
        program.applications.waiting().select_related("user__employment__manager")
    )
    answers: dict[int, list[JoinAnswer]] = {}
    for answer in (
        JoinAnswer.objects.filter(
            question__program=program, user__in=[each.user_id for each in waiting]
        )
        .select_related("question")
        .order_by("question__position", "question__pk")
    ):
        answers.setdefault(answer.user_id, []).append(answer)
    return render_page(
        request,
        "programs/application_list.html",
        {
            "program": program,
            "rows": [
                {"application": each, "answers": answers.get(each.user_id, [])}
                for each in waiting
            ],
            "answered": program.applications.exclude(state=Application.State.WAITING)
            .select_related("user", "decided_by")
            .order_by("-decided_at")[:20],
            "chosen": {each.pk for each in chosen},
            "problem": problem,
            "reason": reason,
            "tabs": tabs(program, "programs:participant_list"),
        },
        status=422 if problem else 200,
    )


@require_POST
def application_decide(request: Request, program_slug: str) -> HttpResponse:
    """Let the chosen people in, or decline them with a reason that they read."""
    program = managed(request, program_slug)
    numbers = [pk for pk in request.POST.getlist("application") if pk.isdecimal()]
    chosen = list(
        program.applications.waiting()
        .filter(pk__in=numbers)
        .select_related("user", "program")
    )
    reason = request.POST.get("reason", "").strip()
    declines = "decline" in request.POST
    if not chosen:
        return _application_page(
            request, program, problem=_("Choose at least one person."), reason=reason
        )
    if declines and not reason:
        return _application_page(
            request,
            program,
            chosen,
            problem=_("Write why: the applicant reads it."),
        )
    done = 0
    for application in chosen:
        try:
            if declines:
                actions.decline_application(application, reason=reason, by=request.user)
            else:
                actions.approve_application(application, by=request.user)
        except ValidationError as error:
            messages.warning(request, f"{application.user}: {' '.join(error.messages)}")
        else:
            done += 1
    if done and declines:
        messages.success(
            request,
            ngettext(
                "%(number)s person gets your answer by mail.",
                "%(number)s people get your answer by mail.",
                done,
            )
            % {"number": done},
        )
    elif done:
        messages.success(
            request,
            ngettext(
                "%(number)s person takes part now, and hears it by mail.",
                "%(number)s people take part now, and hear it by mail.",
                done,
            )
            % {"number": done},
        )
    return redirect("programs:application_list", program.slug)


@require_POST
def application_withdraw(request: Request, program_slug: str) -> HttpResponse:
    """I would rather not take part after all."""
    application = get_object_or_404(
        Application.objects.waiting().select_related("program", "user"),
        program__slug=program_slug,
        user=request.user,
    )
    try:
        actions.withdraw_application(application)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You no longer ask to take part."))
    return redirect("programs:program_list")
