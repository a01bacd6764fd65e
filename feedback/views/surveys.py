"""The surveys of a programme: choosing, making and asking them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from feedback import actions
from feedback.forms import AnswerForm, QuestionForm, SurveyForm
from feedback.models import Question, Survey, Wave
from feedback.shipped import survey_templates
from mentoring.http import Request, posted, render_page
from programs.models import Program
from programs.permissions import managed
from programs.tabs import tabs


def _mine(request: Request, survey_id: int) -> Survey:
    """A survey of a programme that one runs."""
    return get_object_or_404(
        Survey.objects.visible_to(request.user).select_related("program"), pk=survey_id
    )


def _page(survey: Survey, **more: Any) -> dict[str, Any]:
    return {
        "survey": survey,
        "program": survey.program,
        "tabs": tabs(survey.program, "feedback:survey_list"),
        **more,
    }


@require_safe
def survey_list(request: Request, program_slug: str) -> HttpResponse:
    """The surveys of a programme, and each time they were asked."""
    program = managed(request, program_slug)
    waves = (
        Wave.objects.filter(survey__program=program)
        .select_related("survey")
        .annotate(
            asked=Count("invitations"),
            answered=Count("invitations", Q(invitations__answered=True)),
        )
    )
    surveys = list(
        Survey.objects.current()
        .filter(program=program)
        .annotate(number=Count("questions"))
    )
    known = {survey.key for survey in surveys}
    return render_page(
        request,
        "feedback/survey_list.html",
        {
            "program": program,
            "surveys": surveys,
            "waves": waves,
            "offered": [
                each for each in survey_templates().values() if each.key not in known
            ],
            "tabs": tabs(program, "feedback:survey_list"),
        },
    )


@require_POST
def survey_take(request: Request, program_slug: str, template_key: str) -> HttpResponse:
    """Take a survey that is shipped into the programme."""
    program = managed(request, program_slug)
    if template_key not in survey_templates():
        raise Http404
    survey = actions.from_template(program, template_key)
    messages.success(request, _("Added. Read the questions and change what you like."))
    return redirect(survey)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_create(request: Request, program_slug: str) -> HttpResponse:
    """A survey of one's own, from an empty page."""
    program = managed(request, program_slug)
    form = SurveyForm(posted(request), instance=Survey(program=program))
    if request.method == "POST" and form.is_valid():
        survey = form.save(commit=False)
        try:
            actions.create_survey(survey, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved. Now add the first question."))
            return redirect(survey)
    return render_page(
        request,
        "feedback/survey_create.html",
        {
            "program": program,
            "form": form,
            "tabs": tabs(program, "feedback:survey_list"),
        },
        status=422 if form.errors else 200,
    )


@require_safe
def survey_detail(request: Request, survey_id: int) -> HttpResponse:
    """One survey: its questions in order, when it is asked, and each time it was."""
    survey = _mine(request, survey_id)
    questions = list(survey.questions.select_related("shown_if"))
    newest = (
        Survey.objects.filter(program=survey.program_id, key=survey.key)
        .order_by("-version")
        .first()
    )
    waves = (
        Wave.objects.filter(survey__program=survey.program_id, survey__key=survey.key)
        .select_related("survey")
        .annotate(
            asked=Count("invitations"),
            answered=Count("invitations", Q(invitations__answered=True)),
        )
    )
    return render_page(
        request,
        "feedback/survey_detail.html",
        _page(
            survey,
            questions=questions,
            waves=waves,
            newest=newest if newest and newest.pk != survey.pk else None,
            was_asked=any(each.survey_id == survey.pk for each in waves),
            seconds=sum(40 if each.kind == "text" else 12 for each in questions),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def survey_edit(request: Request, survey_id: int) -> HttpResponse:
    """What it is called, whom it asks and when."""
    survey = _mine(request, survey_id)
    form = SurveyForm(posted(request), instance=survey)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.change_survey(form.save(commit=False), by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The survey is saved."))
            return redirect(saved)
    return render_page(
        request,
        "feedback/survey_edit.html",
        _page(_mine(request, survey_id), form=form),
        status=422 if form.errors else 200,
    )


@require_safe
def survey_preview(request: Request, survey_id: int) -> HttpResponse:
    """What people will see; follow-ups show as answers are chosen, nothing is kept."""
    survey = _mine(request, survey_id)
    given = {
        question.pk: (
            request.GET.getlist(f"q{question.pk}")
            if question.kind == Question.Kind.MANY
            else request.GET.get(f"q{question.pk}", "")
        )
        for question in survey.questions.all()
    }
    form = AnswerForm(survey=survey, draft=given)
    return render_page(
        request,
        "feedback/survey_preview.html",
        _page(survey, form=form),
        parts={"questions"},
    )


@require_POST
def survey_retire(request: Request, survey_id: int) -> HttpResponse:
    """Ask it no more, or again."""
    survey = _mine(request, survey_id)
    is_over = survey.retired_at is None
    actions.retire_survey(survey, is_over=is_over, by=request.user)
    messages.success(
        request,
        _("It is not asked any more.") if is_over else _("It can be asked again."),
    )
    return redirect(survey)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_send(request: Request, survey_id: int) -> HttpResponse:
    """Ask it now, after saying what that does."""
    survey = _mine(request, survey_id)
    now = timezone.now()
    members, rested = actions.to_ask(survey, now)
    problem = ""
    if request.method == "POST":
        try:
            _check_may_be_sent(survey)
            wave = actions.open_wave(
                survey,
                occasion=f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
                by=request.user,
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("The survey is on its way."))
            return redirect(wave)
    return render_page(
        request,
        "feedback/survey_send.html",
        _page(survey, problem=problem, number=len(members), rested=rested),
        status=409 if problem else 200,
    )


def _check_may_be_sent(survey: Survey) -> None:
    if not Survey.objects.in_use().filter(pk=survey.pk).exists():
        raise ValidationError(_("This version of the survey is not in use any more."))
    if not survey.questions.exists():
        raise ValidationError(_("Add a question first."))
    if survey.program.state not in {Program.State.RUNNING, Program.State.CLOSING}:
        raise ValidationError(_("A survey is asked in a programme that is running."))
    if (
        Wave.objects.filter(survey__program=survey.program_id, survey__key=survey.key)
        .open_at(timezone.now())
        .exists()
    ):
        raise ValidationError(_("A survey is open now. Wait until it closes."))


# --- questions


def _question(request: Request, question_id: int) -> Question:
    return get_object_or_404(
        Question.objects.filter(
            survey__in=Survey.objects.visible_to(request.user)
        ).select_related("survey__program", "shown_if"),
        pk=question_id,
    )


def _question_page(
    request: Request, survey: Survey, question: Question
) -> HttpResponse:
    form = QuestionForm(posted(request), instance=question, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_question(
                survey, form.save(commit=False), by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The question is saved."))
            return redirect(saved)
    return render_page(
        request,
        "feedback/question_edit.html",
        _page(survey, form=form, is_new=question.pk is None),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def question_add(request: Request, survey_id: int) -> HttpResponse:
    """One more question, in both languages."""
    survey = _mine(request, survey_id)
    return _question_page(request, survey, Question(survey=survey))


@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: Request, question_id: int) -> HttpResponse:
    """Say a question in other words."""
    question = _question(request, question_id)
    return _question_page(request, question.survey, question)


@require_POST
def question_move(request: Request, question_id: int) -> HttpResponse:
    """One place up or down; the buttons work with a keyboard as with a mouse."""
    question = _question(request, question_id)
    step = -1 if request.POST.get("to") == "up" else 1
    try:
        survey = actions.move_question(question, step, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        survey = question.survey
    return redirect(survey)


@require_POST
def question_remove(request: Request, question_id: int) -> HttpResponse:
    """Take a question out."""
    question = _question(request, question_id)
    try:
        survey = actions.remove_question(question, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        survey = question.survey
    else:
        messages.success(request, _("The question is removed."))
    return redirect(survey)
