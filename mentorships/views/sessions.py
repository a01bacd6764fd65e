"""Pages of a session: plan it, prepare it, move it, call it off."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.http import Request, posted, render_page
from mentoring.sealing import CannotOpen
from mentorships import actions
from mentorships.doubts import doubts
from mentorships.forms.fields import look_again
from mentorships.forms.sessions import CallOffForm, PreparationForm, SessionForm
from mentorships.guides import guide_for, guides
from mentorships.models import Member, MentoringSession, Mentorship, PrivateNote
from mentorships.views.pairs import mine, own_membership, refuse_ended
from mentorships.wallclock import moment
from people.models import User

# So many days one looks ahead for a day on which everybody is there.
FURTHER = 90


def my_session(request: Request, session_id: int) -> MentoringSession:
    """A session of a mentorship I am a member of."""
    return get_object_or_404(
        MentoringSession.objects.visible_to(request.user)
        .select_related("mentorship__program", "logged_by")
        .prefetch_related(
            Prefetch(
                "mentorship__members",
                Member.objects.select_related("participant__user"),
            ),
            "notes__by",
            "attendances__member__participant__user",
            "preparations__member__participant__user",
        ),
        pk=session_id,
    )


def private_note(request: Request, session: MentoringSession) -> tuple[str, bool]:
    """What I noted for myself, and whether it can be opened."""
    note = None
    if session.pk:
        note = PrivateNote.objects.visible_to(request.user).filter(session=session)
    found = note.first() if note is not None else None
    try:
        return (found.read() if found else ""), True
    except CannotOpen:
        return "", False


@require_safe
def session_detail(request: Request, session_id: int) -> HttpResponse:
    """A session: when and where, or what was written down."""
    return _session_page(request, my_session(request, session_id))


def _session_page(
    request: Request,
    session: MentoringSession,
    *,
    preparation_form: PreparationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    note, opens = private_note(request, session)
    notes = list(session.notes.all())
    me = own_membership(request, session.mentorship)
    said = {each.member_id: each for each in session.preparations.all()}
    mine = said.pop(me.pk, None)
    attendances = list(session.attendances.all())
    return render_page(
        request,
        "mentorships/session_detail.html",
        {
            "session": session,
            "mentorship": session.mentorship,
            "note": notes[0] if notes else None,
            "earlier": notes[1:],
            "private": note,
            "private_opens": opens,
            "attendances": attendances,
            "rating": next(
                (each.rating for each in attendances if each.member_id == me.pk), None
            ),
            "prepared": said.values(),
            "mine": mine,
            "preparation_form": preparation_form
            or PreparationForm(initial={"body": mine.body if mine else ""}),
            "form": preparation_form,
            **(_preparation(session) if session.is_planned else {}),
        },
        parts={"preparation"},
        status=status,
    )


@require_POST
def session_prepare(request: Request, session_id: int) -> HttpResponse:
    """Note what I want to talk about."""
    session = my_session(request, session_id)
    form = PreparationForm(request.POST)
    if not form.is_valid():
        return _session_page(request, session, preparation_form=form, status=422)
    actions.prepare(
        session,
        own_membership(request, session.mentorship),
        form.cleaned_data["body"],
    )
    messages.success(request, _("Saved. The others see it before you meet."))
    return redirect(session)


def _preparation(session: MentoringSession) -> dict[str, Any]:
    """What to look at beforehand: a guide, last time, what is open, where the goals
    stand.
    """
    mentorship = session.mentorship
    last = mentorship.sessions.held().filter(starts_at__lt=session.starts_at).last()
    note = last.notes.first() if last else None
    goals = list(
        mentorship.goals.active()
        .select_related("owner__participant__user")
        .prefetch_related("progress")
    )
    return {
        "guide": guides().get(session.guide_key)
        or guide_for(held=mentorship.sessions.held().count(), has_goals=bool(goals)),
        "last": last,
        "last_note": note if note and note.body else None,
        "goals": goals,
        "actions": mentorship.actions.open().select_related("owner__participant__user"),
    }


def ask_again(
    request: Request, mentorship: Mentorship, walls: Sequence[datetime]
) -> dict[str, Any]:
    """What speaks against these moments, unless they said that they mean them.

    They say so by a button that names the moments: others are looked at anew.
    """
    named = " ".join(f"{wall:%Y-%m-%dT%H:%M}" for wall in walls)
    if request.POST.get("anyway") == named:
        return {}
    try:
        moments = [moment(wall, request.user.time_zone) for wall in walls]
    except ValidationError:
        # No moment at all: planning it says so.
        return {}
    found = doubts(mentorship.members.all(), moments, by=request.user)
    return {"doubts": found, "named": named} if found else {}


def suggested(mentorship: Mentorship, by: User) -> dict[str, Any]:
    """The next working day at ten on which all of them are there, a rhythm after the
    last time, where it was then.
    """
    now = timezone.localtime()
    day = now.date() + timedelta(days=1)
    if mentorship.last_held_at:
        wanted = timezone.localtime(mentorship.last_held_at) + timedelta(
            days=mentorship.rhythm_days
        )
        day = max(day, wanted.date())
    members = list(mentorship.members.all())
    for _day in range(FURTHER):
        ten = moment(datetime.combine(day, time(10, 0)), by.time_zone)
        if day.weekday() < 5 and not doubts(members, [ten], by=by):
            break
        day += timedelta(days=1)
    before = mentorship.sessions.last()
    return {
        "on": day,
        "at": time(10, 0),
        "minutes": mentorship.usual_minutes,
        "mode": before.mode if before else MentoringSession.Mode.VIDEO,
        "place": before.place if before else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@once
def session_plan(request: Request, mentorship_id: int) -> HttpResponse:
    """Plan a session; everybody gets an invitation for the calendar."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    form = SessionForm(posted(request), initial=suggested(mentorship, request.user))
    again: dict[str, Any] = {}
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        times = form.cleaned_data["times"]
        walls = actions.series_walls(mentorship, form.wall(), times)
        again = ask_again(request, mentorship, walls)
    if is_sent and not again:
        try:
            actions.plan_series(
                mentorship,
                wall=form.wall(),
                times=times,
                by=request.user,
                **form.details(),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("Planned. You all get an invitation for your calendar.")
            )
            return redirect(mentorship)
    return render_page(
        request,
        "mentorships/session_plan.html",
        {"mentorship": mentorship, "form": form, **again},
        status=422 if form.errors or again else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def session_move(request: Request, session_id: int) -> HttpResponse:
    """Another moment or place; calendars get the change."""
    session = my_session(request, session_id)
    if not session.is_planned:
        messages.error(request, _("This session is no longer planned."))
        return redirect(session)
    local = timezone.localtime(session.starts_at)
    form = SessionForm(
        posted(request),
        instance=session,
        initial={"on": local.date(), "at": local.time()},
    )
    again: dict[str, Any] = {}
    is_sent = request.method == "POST" and form.is_valid()
    # Another room for the same moment is no reason to ask.
    stays = is_sent and form.wall() == local.replace(tzinfo=None)
    if is_sent and not stays:
        pair = mine(request, session.mentorship_id)
        again = ask_again(request, pair, [form.wall()])
    if is_sent and not again:
        try:
            actions.move_session(
                session,
                wall=form.wall(),
                seen=form.cleaned_data["seen"],
                by=request.user,
                **form.details(),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            now = my_session(request, session_id)
            if form.cleaned_data["seen"] not in {None, now.ics_sequence}:
                again = {"now": now}
            look_again(form, now.ics_sequence)
        else:
            messages.success(
                request,
                _("Changed. The calendars get the change.")
                if stays
                else _("Moved. The calendars get the change."),
            )
            return redirect(session.mentorship)
    return render_page(
        request,
        "mentorships/session_plan.html",
        {"mentorship": session.mentorship, "form": form, "session": session, **again},
        status=422 if form.errors or again else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: Request, session_id: int) -> HttpResponse:
    """It will not take place, after saying what that does."""
    session = my_session(request, session_id)
    form = CallOffForm(posted(request), initial={"seen": session.ics_sequence})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        whole = session.series and form.cleaned_data["which"] == CallOffForm.SERIES
        try:
            if whole:
                actions.cancel_series(session, seen=seen, by=request.user)
            else:
                actions.cancel_session(session, seen=seen, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
            session.refresh_from_db()
            look_again(form, session.ics_sequence)
        else:
            said = _("The session is called off. The others hear it.")
            if whole:
                said = _("The sessions are called off. The others hear it.")
            messages.success(request, said)
            return redirect(session.mentorship)
    if not session.is_planned:
        messages.error(request, _("This session is no longer planned."))
        return redirect(session)
    return render_page(
        request,
        "mentorships/session_cancel.html",
        {
            "session": session,
            "mentorship": session.mentorship,
            "form": form,
            "more": session.mentorship.sessions.planned().filter(
                series=session.series, starts_at__gt=session.starts_at
            )
            if session.series
            else [],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def session_miss(request: Request, session_id: int) -> HttpResponse:
    """It was planned and did not happen."""
    session = my_session(request, session_id)
    try:
        actions.miss_session(session, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Noted. Shall you plan the next one right away?"))
    return redirect(session.mentorship)
