"""Answering a survey, from a link of one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback import actions
from feedback.forms import AnswerForm
from feedback.models import Draft, Invitation
from mentoring.http import posted, render_page


def _closed(request: HttpRequest, invitation: Invitation | None) -> HttpResponse | None:
    """What is said instead of the questions, when they cannot be answered."""
    if invitation is None:
        return render_page(request, "people/link_expired.html", status=410)
    if invitation.answered or not invitation.wave.is_open:
        return render_page(
            request,
            "feedback/survey_thanks.html",
            {"survey": invitation.wave.survey, "answered": invitation.answered},
            status=200 if invitation.answered else 410,
        )
    return None


def _questions(
    request: HttpRequest, invitation: Invitation, form: AnswerForm, *, is_kept: bool
) -> HttpResponse:
    survey = invitation.wave.survey
    return render_page(
        request,
        "feedback/survey_answer.html",
        {
            "form": form,
            "survey": survey,
            "program": survey.program,
            "token": invitation.token,
            "is_kept": is_kept,
        },
        parts={"questions"},
        status=422 if form.is_bound and form.errors and not is_kept else 200,
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, on a phone, from a link of one's own; nobody need sign in."""
    invitation = Invitation.from_token(token)
    if answer := _closed(request, invitation):
        return answer
    assert invitation
    kept = Draft.objects.filter(invitation=invitation).first()
    form = AnswerForm(
        posted(request),
        survey=invitation.wave.survey,
        draft=kept.read() if kept else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(invitation, form.answers())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("feedback:survey_answer", token)
    return _questions(request, invitation, form, is_kept=False)


@login_not_required
@require_POST
def answer_keep(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what is filled in so far, and show the questions that follow from it."""
    invitation = Invitation.from_token(token)
    if answer := _closed(request, invitation):
        return answer
    assert invitation
    survey = invitation.wave.survey
    given = AnswerForm(request.POST, survey=survey).filled_in()
    actions.save_draft(invitation, given)
    if not getattr(request, "htmx", False):
        messages.success(request, _("Kept. Open the link in your mail again to go on."))
        return redirect("feedback:survey_answer", token)
    form = AnswerForm(survey=survey, draft=given)
    if form.shown == request.POST.get("seen"):
        # Nothing to ask more: whoever goes on answering meanwhile is left in peace.
        response = render_page(
            request, "feedback/survey_answer.html#kept", {"is_kept": True}
        )
        response["HX-Retarget"] = "#kept"
        return response
    return _questions(request, invitation, form, is_kept=True)
