"""Answering a survey, and reading what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback import actions
from feedback.forms import AnswerForm
from feedback.models import Invitation, Wave
from feedback.results import TEXT_FLOOR, results
from mentoring.http import Request, posted, render_page
from programs.models import Program
from programs.tabs import tabs


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, on a phone, from a link of one's own; nobody need sign in."""
    invitation = Invitation.from_token(token)
    if invitation is None:
        return render_page(request, "people/link_expired.html", status=410)
    survey = invitation.wave.survey
    if invitation.answered or not invitation.wave.is_open:
        return render_page(
            request,
            "feedback/survey_thanks.html",
            {"survey": survey, "answered": invitation.answered},
            status=200 if invitation.answered else 410,
        )
    form = AnswerForm(posted(request), survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(invitation, form.answers())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("feedback:survey_answer", token)
    return render_page(
        request,
        "feedback/survey_answer.html",
        {"form": form, "survey": survey, "program": survey.program},
        status=422 if form.errors else 200,
    )


@require_safe
def survey_list(request: Request, program_slug: str) -> HttpResponse:
    """The surveys of a programme, and each time they were asked."""
    program = get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )
    waves = (
        Wave.objects.filter(survey__program=program)
        .select_related("survey")
        .annotate(
            asked=Count("invitations"),
            answered=Count("invitations", Q(invitations__answered=True)),
        )
    )
    return render_page(
        request,
        "feedback/survey_list.html",
        {
            "program": program,
            "waves": waves,
            "tabs": tabs(program, "feedback:survey_list"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def survey_send(request: Request, program_slug: str) -> HttpResponse:
    """Ask the pulse now, after saying what that does."""
    program = get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )
    problem = ""
    if request.method == "POST":
        try:
            survey = actions.pulse_of(program)
            if Wave.objects.filter(survey=survey).open_at(timezone.now()).exists():
                raise ValidationError(_("A survey is open now. Wait until it closes."))
            wave = actions.open_wave(
                survey, occasion=f"{timezone.localdate():%Y-%m-%d}", by=request.user
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("The survey is on its way."))
            return redirect(wave)
    return render_page(
        request,
        "feedback/survey_send.html",
        {"program": program, "problem": problem},
        status=409 if problem else 200,
    )


@require_safe
def wave_detail(request: Request, wave_id: int) -> HttpResponse:
    """What came of it: as much as can be shown without showing anybody."""
    wave = get_object_or_404(
        Wave.objects.visible_to(request.user).select_related("survey__program"),
        pk=wave_id,
    )
    asked = wave.invitations.count()
    answered = wave.invitations.filter(answered=True).count()
    sheets, found = results(wave)
    return render_page(
        request,
        "feedback/wave_detail.html",
        {
            "wave": wave,
            "program": wave.survey.program,
            "asked": asked,
            "answered": answered,
            "rate": round(100 * answered / asked) if asked else 0,
            "sheets": sheets,
            "results": found,
            "floor": wave.survey.floor,
            "text_floor": TEXT_FLOOR,
            "tabs": tabs(wave.survey.program, "feedback:survey_list"),
        },
    )
