"""The surveys of a programme: choosing, making and asking them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import check_for_language, get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from feedback import actions
from feedback.anonymity import TEXT_FLOOR
from feedback.forms import AnswerForm, QuestionForm, SurveyForm
from feedback.models import (
    CareSettings,
    Invitation,
    Question,
    Survey,
    Wave,
    seconds_to_answer,
)
from feedback.schedule import outlook
from feedback.shipped import survey_templates
from history.once import once
from mentoring.http import Request, posted, render_page
from mentoring.words import day_words
from programs.models import Program
from programs.permissions import is_over, managed
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


def _counted(waves: list[Wave]) -> list[Wave]:
    """Waves with how many were asked and answered, counted apart: of years of surveys
    joining the two takes twice as long.
    """
    counts = {
        wave: (asked, answered)
        for wave, asked, answered in Invitation.objects.filter(wave__in=waves)
        .order_by()
        .values_list("wave")
        .annotate(all=Count("pk"), done=Count("pk", Q(answered=True)))
    }
    for wave in waves:
        wave.asked, wave.answered = counts.get(wave.pk, (0, 0))
    return waves


def _look_ahead(
    program: Program, questions: dict[Survey, int], waves: list[Wave]
) -> None:
    """Say of surveys, with how many questions each has, which of the programme's waves
    is theirs and open, and when they are asked next.
    """
    today, rest = timezone.localdate(), CareSettings.of(program).rest_days
    for survey, number in questions.items():
        survey.open_wave = next(
            (each for each in waves if each.survey.key == survey.key and each.is_open),
            None,
        )
        survey.outlook = outlook(
            survey,
            today,
            questions=number,
            waves=waves,
            rest=rest,
        )


@require_safe
def survey_list(request: Request, program_slug: str) -> HttpResponse:
    """The surveys of a programme, and each time they were asked."""
    program = managed(request, program_slug)
    waves = _counted(list(Wave.objects.of(program)))
    first = program.surveys.filter(key=OuterRef("key")).order_by("pk").values("pk")
    surveys = list(
        Survey.objects.current()
        .filter(program=program)
        .select_related("program")
        .annotate(number=Count("questions"), first=Subquery(first[:1]))
        # A new version stands where the survey stood.
        .order_by("first")
    )
    _look_ahead(program, {each: each.number for each in surveys}, waves)
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
    if is_over(request, program):
        return redirect("feedback:survey_list", program.slug)
    if template_key not in survey_templates():
        raise Http404
    survey = actions.from_template(program, template_key)
    messages.success(request, _("Added. Read the questions and change what you like."))
    return redirect(survey)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def survey_create(request: Request, program_slug: str) -> HttpResponse:
    """A survey of one's own, from an empty page."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("feedback:survey_list", program.slug)
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
    every = list(Wave.objects.of(survey.program))
    _look_ahead(survey.program, {survey: len(questions)}, every)
    waves = _counted([each for each in every if each.survey.key == survey.key])
    return render_page(
        request,
        "feedback/survey_detail.html",
        _page(
            survey,
            questions=questions,
            waves=waves,
            newest=newest if newest and newest.pk != survey.pk else None,
            was_asked=any(each.survey_id == survey.pk for each in waves),
            seconds=seconds_to_answer(questions),
            went_up=request.GET.get("up", ""),
            went_down=request.GET.get("down", ""),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def survey_edit(request: Request, survey_id: int) -> HttpResponse:
    """What it is called, whom it asks and when."""
    survey = _mine(request, survey_id)
    if is_over(request, survey.program):
        return redirect(survey)
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
    language = request.GET.get("language", "")
    if not check_for_language(language):
        language = get_language() or settings.LANGUAGE_CODE
    with override(language):
        form = AnswerForm(survey=survey, draft=given)
    return render_page(
        request,
        "feedback/survey_preview.html",
        _page(survey, form=form, language=language, languages=settings.LANGUAGES),
    )


@require_POST
def survey_retire(request: Request, survey_id: int) -> HttpResponse:
    """Ask it no more, or again."""
    survey = _mine(request, survey_id)
    if is_over(request, survey.program):
        return redirect(survey)
    is_asked = survey.retired_at is None
    actions.retire_survey(survey, is_over=is_asked, by=request.user)
    messages.success(
        request,
        _("It is not asked any more.") if is_asked else _("It can be asked again."),
    )
    return redirect(survey)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_send(request: Request, survey_id: int) -> HttpResponse:
    """Ask it now, after saying what that does."""
    survey = _mine(request, survey_id)
    now = timezone.now()
    number, rested, together = actions.number_to_ask(survey, now)
    problem = ""
    if request.method != "POST":
        try:
            _check_may_be_sent(survey)
            actions.check_number(survey, number, rested, together)
        except ValidationError as error:
            problem = " ".join(error.messages)
    else:
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
        _page(
            survey,
            problem=problem,
            was_tried=request.method == "POST",
            number=number,
            rested=rested,
            rested_until=actions.rested_until(survey, now) if rested else None,
            floor=survey.floor,
            text_floor=TEXT_FLOOR,
        ),
        status=409 if problem and request.method == "POST" else 200,
    )


def _check_may_be_sent(survey: Survey) -> None:
    if not Survey.objects.in_use().filter(pk=survey.pk).exists():
        raise ValidationError(_("This version of the survey is not in use any more."))
    if not survey.questions.exists():
        raise ValidationError(_("Add a question first."))
    if survey.program.state not in {Program.State.RUNNING, Program.State.CLOSING}:
        raise ValidationError(_("A survey is asked in a programme that is running."))
    waves = Wave.objects.filter(
        survey__program=survey.program_id, survey__key=survey.key
    )
    if wave := waves.open_at(timezone.now()).first():
        raise ValidationError(
            _("It is open until %(day)s. Wait until then, or close it first.")
            % {"day": day_words(timezone.localdate(wave.closes_at))}
        )


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
    if is_over(request, survey.program):
        return redirect(survey)
    form = QuestionForm(posted(request), instance=question, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_question(
                survey,
                form.save(commit=False),
                by=request.user,
                is_another=form.is_another,
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
@once
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
    if is_over(request, question.survey.program):
        return redirect(question.survey)
    way = "up" if request.POST.get("to") == "up" else "down"
    try:
        survey = actions.move_question(
            question, -1 if way == "up" else 1, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        survey = question.survey
    else:
        place = list(survey.questions.values_list("key", flat=True)).index(question.key)
        messages.success(
            request,
            _("“%(question)s” is number %(number)s now.")
            % {"question": question.text, "number": place + 1},
        )
    # The button that was pressed has the focus again.
    return redirect(f"{survey.get_absolute_url()}?{way}={question.key}")


@require_POST
def question_order(request: Request, survey_id: int) -> HttpResponse:
    """All questions in the order in which they were dragged."""
    survey = _mine(request, survey_id)
    if is_over(request, survey.program):
        return redirect(survey)
    keys = request.POST.get("order", "").split()
    try:
        survey = actions.order_questions(survey, keys, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The order is saved."))
    return redirect(survey)


@require_http_methods(["GET", "HEAD", "POST"])
def question_remove(request: Request, question_id: int) -> HttpResponse:
    """Take a question out, after showing which follow-ups go with it."""
    question = _question(request, question_id)
    if is_over(request, question.survey.program):
        return redirect(question.survey)
    if request.method != "POST":
        return render_page(
            request,
            "feedback/question_remove.html",
            _page(
                question.survey,
                question=question,
                hanging=question.hanging,
                was_asked=question.survey.was_asked,
            ),
        )
    try:
        survey = actions.remove_question(question, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        survey = question.survey
    else:
        messages.success(request, _("The question is removed."))
    return redirect(survey)
