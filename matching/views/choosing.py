"""For those who take part: where I stand, choosing a mentor, answering, wishes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from matching import actions
from matching.actions.rounds import line_as_row
from matching.forms import AnswerForm, RequestForm, WishForm
from matching.models import MOST_WISHES, Manner, Request, mode_of, request_of
from matching.standing import standing_of
from matching.suggestions import forget_suggestions, reasons, suggestions_for
from matching.words import Words
from mentoring.http import Request as Signed
from mentoring.http import posted, render_page
from programs.models import Participant, Role


def _mine(request: Signed, program_slug: str, *roles: str) -> Participant:
    """One's own part in a programme."""
    return get_object_or_404(
        Participant.objects.active()
        .select_related("program", "user")
        .filter(role__in=roles),
        program__slug=program_slug,
        user=request.user,
    )


@require_safe
def waiting(request: Signed, program_slug: str) -> HttpResponse:
    """Where I stand: why, when I hear more, what would help, what I can do now."""
    me = _mine(request, program_slug, Role.MENTEE, Role.MENTOR, Role.PEER)
    return render_page(
        request,
        "matching/waiting.html",
        {"program": me.program, "me": me, "standing": standing_of(me)},
    )


def _chooser(request: Signed, program_slug: str) -> Participant:
    """A mentee of a programme in which mentees choose."""
    me = _mine(request, program_slug, Role.MENTEE)
    if mode_of(me.program) != Manner.Mode.CHOOSE:
        raise Http404
    return me


@require_safe
def choose(request: Signed, program_slug: str) -> HttpResponse:
    """Three mentors who have room, with reasons; and what I asked so far."""
    me = _chooser(request, program_slug)
    asked = list(
        me.requests_sent.select_related("mentor__user__employment").order_by(
            "-at", "-pk"
        )
    )
    living = {
        each.mentor_id: each
        for each in asked
        if each.state in {Request.State.OPEN, Request.State.QUEUED}
    }
    may_choose = me.is_ready and not me.places_taken
    suggested = suggestions_for(me) if may_choose else []
    rows = {
        each.mentor.pk: [line_as_row(line) for line in reasons(each.explanation)]
        for each in suggested
    }
    words = Words(rows.values())
    return render_page(
        request,
        "matching/choose.html",
        {
            "program": me.program,
            "me": me,
            "may_choose": may_choose,
            "suggestions": [
                {
                    "mentor": each.mentor,
                    "score": each.explanation.score,
                    "reasons": [words.reason(row) for row in rows[each.mentor.pk]],
                }
                for each in suggested
                if each.mentor.pk not in living
            ],
            "asked": asked,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mentor_choose(request: Signed, program_slug: str, mentor_id: int) -> HttpResponse:
    """Ask one mentor, with what I want to reach, how often and for how long."""
    me = _chooser(request, program_slug)
    mentor = get_object_or_404(
        me.program.participants.ready()
        .filter(role=Role.MENTOR, user__is_active=True)
        .exclude(user=request.user)
        .select_related("user__employment"),
        pk=mentor_id,
    )
    last = me.requests_sent.order_by("-at", "-pk").first()
    form = RequestForm(
        posted(request),
        initial={
            "goals": last.goals if last else me.motivation,
            "rhythm_days": me.program.rhythm_days,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.ask_mentor(me, mentor, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            forget_suggestions(me.program)
            if found.state == Request.State.OPEN:
                said = _("%(name)s gets your question. You hear within seven days.")
            else:
                said = _("%(name)s is your next choice, should the first one not work.")
            messages.success(request, said % {"name": mentor.user.name})
            return redirect("matching:choose", me.program.slug)
    return render_page(
        request,
        "matching/mentor_choose.html",
        {"program": me.program, "mentor": mentor, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def request_withdraw(request: Signed, request_id: int) -> HttpResponse:
    """Take back what I asked."""
    found = get_object_or_404(
        Request.objects.filter(mentee__user=request.user).select_related(
            "mentee__program", "mentor__user"
        ),
        pk=request_id,
    )
    try:
        actions.withdraw_request(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        forget_suggestions(found.program)
        messages.success(request, _("It is taken back."))
    return redirect("matching:choose", found.program.slug)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A mentor answers from the mail, in two taps; opening it does nothing."""
    found = request_of(token)
    if found is None:
        raise Http404
    form = AnswerForm(posted(request))
    context = {"request_": found, "program": found.program, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["answer"] == "yes":
                actions.accept_request(found, by=found.mentor.user)
            else:
                actions.decline_request(
                    found, reason=form.cleaned_data["reason"], by=found.mentor.user
                )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            forget_suggestions(found.program)
            return redirect("matching:request_answer", token)
    status = 200
    if form.errors:
        # Wrong in what was sent, or somebody was faster.
        status = 422 if found.state == Request.State.OPEN else 409
        found.refresh_from_db()
    return render_page(request, "matching/request_answer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def wishes_edit(request: Signed, program_slug: str) -> HttpResponse:
    """Whom I wish for: up to five, the dearest first. A round takes it into account."""
    me = _mine(request, program_slug, Role.MENTEE, Role.MENTOR, Role.PEER)
    if mode_of(me.program) != Manner.Mode.RANK:
        raise Http404
    other = {Role.MENTEE: Role.MENTOR, Role.MENTOR: Role.MENTEE}.get(
        Role(me.role), Role.PEER
    )
    people = (
        me.program.participants.ready()
        .filter(role=other, user__is_active=True)
        .exclude(user=request.user)
        .select_related("user__employment")
        .order_by("user__name", "pk")
    )
    form = WishForm(
        posted(request),
        people=people,
        chosen=list(me.wishes_for.values_list("wanted", flat=True)),
        most=MOST_WISHES,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_wishes(me, form.wanted())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Your wishes are saved."))
            return redirect("matching:waiting", me.program.slug)
    return render_page(
        request,
        "matching/wishes_edit.html",
        {"program": me.program, "me": me, "form": form},
        status=422 if form.errors else 200,
    )
