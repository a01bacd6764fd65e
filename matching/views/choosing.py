"""For those who take part: where I stand, choosing a mentor, answering, wishes."""

from typing import Any

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
from matching.forms import AnswerForm, PlaceForm, RequestForm, WishForm
from matching.models import (
    MOST_WISHES,
    Manner,
    PlaceRequest,
    Request,
    mode_of,
    place_request_of,
    request_of,
)
from matching.standing import standing_of
from matching.suggestions import reasons_for, suggestions_for
from matching.words import Words
from mentoring.http import Request as Signed
from mentoring.http import posted, render_page
from people.models import Employment, Wish
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
        each.mentor.pk: [line_as_row(line) for line in each.reasons]
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
                    "score": each.score,
                    "reasons": [words.reason(row) for row in rows[each.mentor.pk]],
                }
                for each in suggested
                if each.mentor.pk not in living
            ],
            "asked": asked,
            "waits": bool(living),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mentor_choose(request: Signed, program_slug: str, mentor_id: int) -> HttpResponse:
    """Ask one mentor, with what I want to reach, how often and for how long."""
    me = _chooser(request, program_slug)
    mentor = get_object_or_404(
        me.program.participants.ready()
        .filter(role=Role.MENTOR)
        .exclude(user=request.user)
        .select_related("user__employment"),
        pk=mentor_id,
    )
    last = me.requests_sent.order_by("-at", "-pk").first()
    form = RequestForm(
        posted(request),
        program=me.program,
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
        messages.success(request, _("It is taken back."))
    return redirect("matching:choose", found.program.slug)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A mentor answers from the mail, in two taps; opening it does nothing."""
    found = request_of(token)
    if found is None:
        raise Http404
    if not found.link_works:
        return render_page(request, "people/link_expired.html", status=410)
    form = AnswerForm(posted(request))
    is_mentor = request.user == found.mentor.user
    asker = found.mentee.user
    context: dict[str, Any] = {
        "request_": found,
        "program": found.program,
        "form": form,
        "is_mentor": is_mentor,
        "who": asker.name if is_mentor else asker.first_name,
    }
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
            return redirect("matching:request_answer", token)
    status = 200
    if form.errors:
        # Wrong in what was sent, or somebody was faster.
        status = 422 if found.state == Request.State.OPEN else 409
        found.refresh_from_db()
    # A mail is passed on: its link alone says less than the mail, and the rest is for
    # the mentor who has signed in.
    if is_mentor and found.state == Request.State.OPEN:
        context |= _who_asks(found)
    return render_page(request, "matching/request_answer.html", context, status=status)


def _who_asks(found: Request) -> dict[str, Any]:
    """Of whoever asks: their work, what they want to learn, and why it would fit."""
    rows = [line_as_row(line) for line in reasons_for(found.mentee, found.mentor)]
    words = Words([rows])
    wishes = Wish.objects.filter(profile__user=found.mentee.user)
    return {
        "work": Employment.objects.filter(user=found.mentee.user).first(),
        "wants": [
            each.topic.name
            for each in wishes.select_related("topic").order_by("-priority", "pk")
        ],
        "reasons": [words.reason_to_mentor(row) for row in rows],
    }


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A mentor says whether there is one more place; opening it does nothing."""
    found = place_request_of(token)
    if found is None:
        raise Http404
    if not found.link_works:
        return render_page(request, "people/link_expired.html", status=410)
    form = PlaceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_place(found, yes=form.cleaned_data["answer"] == "yes")
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("matching:place_answer", token)
    status = 200
    if form.errors:
        found.refresh_from_db()
        status = 422 if found.state == PlaceRequest.State.OPEN else 409
    return render_page(
        request,
        "matching/place_answer.html",
        {
            "place_request": found,
            "program": found.program,
            "mentor": found.mentor,
            "may_give": actions.may_give_a_place(found.mentor),
            "form": form,
        },
        status=status,
    )


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
        .filter(role=other)
        .exclude(user=request.user)
        .order_by("user__name_folded", "pk")
    )
    form = WishForm(
        posted(request),
        people=people,
        chosen=list(me.wishes_for.values_list("wanted", flat=True)),
        most=MOST_WISHES,
        asked=request.GET,
        find_at=request.path,
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
