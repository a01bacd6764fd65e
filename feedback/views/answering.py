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
        return _over(request, invitation)
    # Answers with a name are not given by somebody else, whoever sent the link on.
    me = request.user
    if (
        invitation.wave.survey.is_named
        and me.is_authenticated
        and me.pk != invitation.to_id
    ):
        return render_page(
            request,
            "feedback/survey_of_another.html",
            {"survey": invitation.wave.survey, "answers_as": invitation.to},
            status=403,
        )
    return None


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Thanks, or that it is closed. Whoever sends something then reads that it was not
    added.
    """
    was_sent = request.method == "POST"
    after_answering = 409 if was_sent else 200
    return render_page(
        request,
        "feedback/survey_thanks.html",
        {
            "survey": invitation.wave.survey,
            "answered": invitation.answered,
            "was_sent": was_sent,
        },
        status=after_answering if invitation.answered else 410,
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, on a phone, from a link of one's own; nobody need sign in."""
    invitation = Invitation.from_token(token)
    if answer := _closed(request, invitation):
        return answer
    assert invitation
    survey = invitation.wave.survey
    kept = Draft.objects.filter(invitation=invitation).first()
    form = AnswerForm(
        posted(request), survey=survey, draft=kept.read() if kept else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(invitation, form.answers())
        except ValidationError:
            # Answered or closed since it was looked at.
            invitation.refresh_from_db()
            return _over(request, invitation)
        return redirect("feedback:survey_answer", token)
    return render_page(
        request,
        "feedback/survey_answer.html",
        {
            "form": form,
            "survey": survey,
            "program": survey.program,
            "token": invitation.token,
            "answers_as": invitation.to,
        },
        status=422 if form.errors else 200,
    )


@login_not_required
@require_POST
def answer_keep(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what is filled in so far. The page that asks by itself stays as it is:
    whoever goes on answering meanwhile is left in peace.
    """
    invitation = Invitation.from_token(token)
    if answer := _closed(request, invitation):
        return answer
    assert invitation
    form = AnswerForm(request.POST, survey=invitation.wave.survey)
    actions.save_draft(invitation, form.filled_in())
    if getattr(request, "htmx", False):
        return HttpResponse(status=204)
    messages.success(request, _("Kept. Open the link in your mail again to go on."))
    return redirect("feedback:survey_answer", token)
