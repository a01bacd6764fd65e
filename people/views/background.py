"""Somebody's background: what they say of it, and what is asked."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.http import Request, posted, render_page
from people import actions
from people.forms import BackgroundForm, BackgroundQuestionForm
from people.models import Background, BackgroundQuestion
from people.permissions import hr_admin_only


@require_http_methods(["GET", "HEAD", "POST"])
def background_edit(request: Request) -> HttpResponse:
    """What I say of my background, if I want to, and what becomes of it."""
    kept = Background.objects.filter(user=request.user).first()
    form = BackgroundForm(posted(request), chosen=kept.read() if kept else {})
    if request.method == "POST" and form.is_valid():
        actions.save_background(request.user, form.chosen())
        messages.success(request, _("Saved. You can change or remove it any time."))
        return redirect("people:background_edit")
    return render_page(
        request,
        "people/background_edit.html",
        {"form": form, "has_some": kept is not None},
        status=422 if form.errors else 200,
    )


@require_POST
def background_remove(request: Request) -> HttpResponse:
    """Take back all that I said of my background."""
    actions.save_background(request.user, {})
    messages.success(request, _("It is gone. Nothing of your background is kept."))
    return redirect("people:background_edit")


@require_safe
def background_list(request: Request) -> HttpResponse:
    """What this organisation asks; for HR admins."""
    hr_admin_only(request)
    questions = list(BackgroundQuestion.objects.prefetch_related("choices"))
    known = {each.key for each in questions}
    return render_page(
        request,
        "people/background_list.html",
        {
            "questions": questions,
            "offered": [
                BackgroundQuestion(
                    key=key, text_nl=entry["text_nl"], text_en=entry["text_en"]
                )
                for key, entry in actions.shipped_backgrounds().items()
                if key not in known
            ],
        },
    )


@require_POST
def background_take(request: Request, question_key: str) -> HttpResponse:
    """Ask one of the questions that are shipped."""
    hr_admin_only(request)
    if question_key not in actions.shipped_backgrounds():
        raise Http404
    actions.take_background(question_key, by=request.user)
    messages.success(request, _("Added. Change the words if yours are better."))
    return redirect("people:background_list")


def _question_page(request: Request, question: BackgroundQuestion) -> HttpResponse:
    form = BackgroundQuestionForm(posted(request), instance=question)
    if request.method == "POST" and form.is_valid():
        actions.save_background_question(
            form.save(commit=False), form.words(), by=request.user
        )
        messages.success(request, _("The question is saved."))
        return redirect("people:background_list")
    return render_page(
        request,
        "people/background_question.html",
        {"form": form, "question": question},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def background_create(request: Request) -> HttpResponse:
    """A question of one's own."""
    hr_admin_only(request)
    return _question_page(request, BackgroundQuestion())


@require_http_methods(["GET", "HEAD", "POST"])
def background_question(request: Request, background_id: int) -> HttpResponse:
    """Ask it in other words, or with other choices."""
    hr_admin_only(request)
    found = get_object_or_404(BackgroundQuestion, pk=background_id)
    return _question_page(request, found)


@require_POST
def background_drop(request: Request, background_id: int) -> HttpResponse:
    """Ask it no more."""
    hr_admin_only(request)
    found = get_object_or_404(BackgroundQuestion, pk=background_id)
    actions.remove_background_question(found, by=request.user)
    messages.success(request, _("The question is removed."))
    return redirect("people:background_list")
