"""Pages of a session: plan it, move it, write it down."""

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

from mentoring.http import Request, posted, render_page
from mentoring.sealing import CannotOpen
from mentorships import actions
from mentorships.forms import LogForm, SessionForm
from mentorships.guides import guide_for
from mentorships.models import Member, MentoringSession, Mentorship, PrivateNote
from mentorships.views.pairs import mine, refuse_ended


def my_session(request: Request, session_id: int) -> MentoringSession:
    """A session of a mentorship I am a member of."""
    return get_object_or_404(
        MentoringSession.objects.visible_to(request.user)
        .select_related("mentorship__program")
        .prefetch_related(
            Prefetch(
                "mentorship__members",
                Member.objects.select_related("participant__user"),
            ),
            "notes__by",
            "attendances__member__participant__user",
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
    session = my_session(request, session_id)
    note, opens = private_note(request, session)
    notes = list(session.notes.all())
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
            "is_over": session.ends_at < timezone.now(),
            **(_preparation(session.mentorship) if session.is_planned else {}),
        },
    )


def _preparation(mentorship: Mentorship) -> dict[str, Any]:
    """What to look at beforehand: a guide, what is open and where the goals stand."""
    goals = list(
        mentorship.goals.active()
        .select_related("owner__participant__user")
        .prefetch_related("progress")
    )
    return {
        "guide": guide_for(
            held=mentorship.sessions.held().count(), has_goals=bool(goals)
        ),
        "goals": goals,
        "actions": mentorship.actions.open().select_related("owner__participant__user"),
    }


def _suggested(mentorship: Mentorship, now: datetime) -> dict[str, Any]:
    """The next working day at ten, a rhythm after the last time, where it was then."""
    day = now.date() + timedelta(days=1)
    if mentorship.last_held_at:
        wanted = timezone.localtime(mentorship.last_held_at) + timedelta(
            days=mentorship.rhythm_days
        )
        day = max(day, wanted.date())
    while day.weekday() >= 5:
        day += timedelta(days=1)
    before = mentorship.sessions.last()
    return {
        "on": day,
        "at": time(10, 0),
        "minutes": before.minutes if before else 60,
        "mode": before.mode if before else MentoringSession.Mode.VIDEO,
        "place": before.place if before else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def session_plan(request: Request, mentorship_id: int) -> HttpResponse:
    """Plan a session; everybody gets an invitation for the calendar."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    form = SessionForm(
        posted(request), initial=_suggested(mentorship, timezone.localtime())
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_session(
                mentorship, wall=form.wall(), by=request.user, **form.details()
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
        {"mentorship": mentorship, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
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
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_session(
                session, wall=form.wall(), by=request.user, **form.details()
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Moved. The calendars get the change."))
            return redirect(session.mentorship)
    return render_page(
        request,
        "mentorships/session_plan.html",
        {"mentorship": session.mentorship, "form": form, "session": session},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: Request, session_id: int) -> HttpResponse:
    """It will not take place, after saying what that does."""
    session = my_session(request, session_id)
    if request.method == "POST":
        try:
            actions.cancel_session(session, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("The session is called off. The others hear it.")
            )
        return redirect(session.mentorship)
    if not session.is_planned:
        return redirect(session)
    return render_page(
        request,
        "mentorships/session_cancel.html",
        {"session": session, "mentorship": session.mentorship},
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


@require_http_methods(["GET", "HEAD", "POST"])
def session_log(request: Request, session_id: int) -> HttpResponse:
    """Write down a session, or correct what was written."""
    session = my_session(request, session_id)
    if timezone.localtime(session.starts_at).date() > timezone.localdate():
        messages.error(request, _("A session that is still to come cannot be logged."))
        return redirect(session)
    return _log_page(request, session)


@require_http_methods(["GET", "HEAD", "POST"])
def session_log_new(request: Request, mentorship_id: int) -> HttpResponse:
    """Write down a session that was never planned."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    session = MentoringSession(mentorship=mentorship)
    session.set_wall(
        datetime.combine(timezone.localdate(), time(12, 0)), request.user.time_zone
    )
    return _log_page(request, session)


def _log_page(request: Request, session: MentoringSession) -> HttpResponse:
    mentorship = session.mentorship
    notes = list(session.notes.all()) if session.pk else []
    came = [each.member_id for each in session.attendances.all()] if session.pk else []
    if not session.is_held:
        came = [member.pk for member in mentorship.members.all()]
    private, opens = private_note(request, session)
    local = timezone.localtime(session.starts_at)
    form = LogForm(
        posted(request),
        mentorship=mentorship,
        initial={
            "on": local.date(),
            "minutes": session.minutes,
            "came": came,
            "owner": mentorship.member_for(request.user),
            "shared": notes[0].body if notes else "",
            "seen_version": notes[0].version if notes else 0,
            "private": private,
        },
    )
    theirs = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["on"] != local.date():
                session.set_wall(
                    datetime.combine(data["on"], local.time()), request.user.time_zone
                )
            actions.log_session(
                session,
                by=request.user,
                came=data["came"],
                minutes=data["minutes"],
                shared=data["shared"],
                seen_version=data["seen_version"],
                private=data["private"] if opens or data["private"] else None,
                next_actions=form.next_actions(),
            )
        except actions.NoteConflict as conflict:
            theirs = conflict.theirs
            form.have_seen(theirs.version)
            form.add_error(
                "shared",
                _(
                    "Somebody else wrote here in the meantime. Their text stands above;"
                    " put the two together and save again."
                ),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Written down. When is the next one?"))
            return redirect(mentorship)
    return render_page(
        request,
        "mentorships/session_log.html",
        {
            "mentorship": mentorship,
            "session": session,
            "form": form,
            "theirs": theirs,
            "private_opens": opens,
        },
        status=422 if form.errors else 200,
    )
