"""The questions that a programme asks of who joins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.models import record
from history.once import once
from mentoring.http import Request, posted, render_page
from programs import actions
from programs.forms import JoinQuestionForm
from programs.models import JoinQuestion, Program
from programs.permissions import is_over, managed
from programs.tabs import tabs


@require_safe
def question_list(request: Request, program_slug: str) -> HttpResponse:
    """What is asked of who joins, in order; with its use and its readers."""
    program = managed(request, program_slug)
    return render_page(
        request,
        "programs/question_list.html",
        {
            "program": program,
            "questions": program.join_questions.all(),
            "tabs": tabs(program, "programs:program_edit"),
        },
        parts={"questions"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def question_add(request: Request, program_slug: str) -> HttpResponse:
    """One more question."""
    program = managed(request, program_slug)
    question = JoinQuestion(program=program, position=program.join_questions.count())
    return _question_page(request, program, question)


@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(
    request: Request, program_slug: str, question_id: int
) -> HttpResponse:
    """Change a question; what was answered stays."""
    program = managed(request, program_slug)
    question = get_object_or_404(program.join_questions, pk=question_id)
    return _question_page(request, program, question)


def _question_page(
    request: Request, program: Program, question: JoinQuestion
) -> HttpResponse:
    if is_over(request, program):
        return redirect(program)
    form = JoinQuestionForm(posted(request), instance=question, program=program)
    if request.method == "POST" and form.is_valid():
        form.save()
        record(program, "question saved", by=request.user)
        messages.success(request, _("The question is saved."))
        return redirect("programs:question_list", program.slug)
    return render_page(
        request,
        "programs/question_edit.html",
        {
            "program": program,
            "form": form,
            "question": question,
            "answered": question.answers.count() if question.pk else 0,
            "tabs": tabs(program, "programs:program_edit"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def question_move(
    request: Request, program_slug: str, question_id: int
) -> HttpResponse:
    """One place up or down."""
    program = managed(request, program_slug)
    question = get_object_or_404(program.join_questions, pk=question_id)
    if not is_over(request, program):
        actions.move_row(
            program.join_questions.all(), question.pk, up="up" in request.POST
        )
    return redirect("programs:question_list", program.slug)


@require_POST
def question_remove(
    request: Request, program_slug: str, question_id: int
) -> HttpResponse:
    """Take a question away, with its answers."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    get_object_or_404(program.join_questions, pk=question_id).delete()
    record(program, "question removed", by=request.user)
    messages.success(request, _("The question is removed, with its answers."))
    return redirect("programs:question_list", program.slug)
