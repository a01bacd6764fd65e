"""Pages on which a session is written down: signed in, or in one tap from the mail."""

import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships import actions
from mentorships.forms.fields import look_again
from mentorships.forms.sessions import LogForm, NoteForm, TapForm
from mentorships.links import read_log
from mentorships.models import Member, MentoringSession
from mentorships.views.pairs import mine, own_membership, refuse_ended
from mentorships.views.sessions import my_session, private_note


@require_http_methods(["GET", "HEAD", "POST"])
def session_log(request: Request, session_id: int) -> HttpResponse:
    """Write down a session, or correct what was written."""
    session = my_session(request, session_id)
    if timezone.localtime(session.starts_at).date() > timezone.localdate():
        messages.error(request, _("A session that is still to come cannot be logged."))
        return redirect(session)
    return _log_page(request, session)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def session_log_new(request: Request, mentorship_id: int) -> HttpResponse:
    """Write down a session that was never planned."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    session = MentoringSession(mentorship=mentorship, minutes=mentorship.usual_minutes)
    session.set_day(timezone.localdate(), request.user.time_zone)
    return _log_page(request, session)


def _initial(
    request: Request, session: MentoringSession, day: Any, private: str
) -> dict[str, Any]:
    """What the form knows already."""
    mentorship = session.mentorship
    me = own_membership(request, mentorship)
    notes = list(session.notes.all()) if session.pk else []
    there = list(session.attendances.all()) if session.pk else []
    came = [each.member_id for each in there]
    if not session.is_held:
        came = [member.pk for member in mentorship.members.all()]
    shared = notes[0].body if notes else ""
    return {
        "on": day,
        "minutes": session.minutes,
        "came": came,
        "owner": me,
        "shared": shared,
        "base": shared,
        "private": private,
        "rating": next(
            (each.rating for each in there if each.member_id == me.pk), None
        ),
    }


def _log_page(request: Request, session: MentoringSession) -> HttpResponse:
    mentorship = session.mentorship
    private, opens = private_note(request, session)
    local = timezone.localtime(session.starts_at)
    form = LogForm(
        posted(request),
        mentorship=mentorship,
        initial=_initial(request, session, local.date(), private),
    )
    if session.pk:
        form.fields["shared"].widget.attrs |= {
            "hx-post": reverse("mentorships:note_save", args=[session.pk]),
            "hx-trigger": "input changed delay:1500ms, blur changed",
            "hx-include": "[name=base]",
            "hx-target": "#saved",
            "hx-sync": "this:queue last",
        }
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            met = session
            if not session.pk:
                met = mentorship.session_on(data["on"], request.user.time_zone)
            elif data["on"] != local.date():
                met.set_wall(
                    datetime.combine(data["on"], local.time()), request.user.time_zone
                )
            was_merged = actions.log_session(
                met,
                by=request.user,
                came=data["came"],
                minutes=data["minutes"],
                shared=data["shared"],
                base=data["base"],
                private=data["private"] if opens or data["private"] else None,
                done=data.get("done", ()),
                next_actions=form.next_actions(),
                rating=data["rating"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if was_merged:
                messages.info(
                    request,
                    _(
                        "The shared notes were changed elsewhere while you wrote. Both"
                        " texts stand there now: read it over once."
                    ),
                )
                return redirect(met)
            is_next = mentorship.sessions.planned().filter(starts_at__gt=timezone.now())
            messages.success(
                request,
                _("Written down.")
                if is_next.exists()
                else _("Written down. When is the next one?"),
            )
            return redirect(mentorship)
    return render_page(
        request,
        "mentorships/session_log.html",
        {
            "mentorship": mentorship,
            "session": session,
            "form": form,
            "private_opens": opens,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def note_save(request: Request, session_id: int) -> HttpResponse:
    """Keep the shared notes while somebody types, beside what others type."""
    session = my_session(request, session_id)
    form = NoteForm(request.POST)
    kept = None
    if form.is_valid():
        try:
            kept = actions.write_shared(
                session,
                form.cleaned_data["shared"],
                base=form.cleaned_data["base"],
                by=request.user,
                typing=True,
            )
        except ValidationError as error:
            form.add_error("shared", error.messages)
    return render_page(
        request,
        "mentorships/session_log.html#saved",
        {
            "kept": kept,
            "sent": form.cleaned_data.get("shared", ""),
            "at": timezone.now(),
            "session": session,
        },
        status=422 if form.errors else 200,
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_tap(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail: we met, it was moved, it did not happen. Opening does nothing.

    Whoever has the link sees who and when, and nothing that was said.
    """
    found = read_log(token)
    if found is None:
        return render_page(request, "people/link_expired.html", status=410)
    session, member = found
    user = member.participant.user
    with (
        translation.override(user.language or translation.get_language()),
        timezone.override(zoneinfo.ZoneInfo(user.time_zone)),
    ):
        return _tap_page(request, session, member)


def _tap_page(
    request: HttpRequest, session: MentoringSession, member: Member
) -> HttpResponse:
    # A rating is seen by who gave it alone, and a mail can be passed on.
    initial = {
        "minutes": session.minutes,
        "seen": session.ics_sequence,
        **_another_moment(session),
    }
    form = TapForm(posted(request), session=session, initial=initial)
    # Once it was moved there is nothing to log yet; it can be moved once more.
    is_to_come = session.is_planned and session.starts_at > timezone.now()
    is_moving = request.GET.get("moved") == "yes" or is_to_come
    if request.method == "POST" and form.is_valid():
        try:
            _tap(session, member, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
            session.refresh_from_db()
            look_again(form, session.ics_sequence)
        else:
            return redirect(request.path + "?done=yes")
    coming = (
        session.mentorship.sessions.planned()
        .filter(starts_at__gt=timezone.now())
        .exclude(pk=session.pk)
        .first()
    )
    return render_page(
        request,
        "mentorships/session_tap.html",
        {
            "session": session,
            "mentorship": session.mentorship,
            "me": member,
            "others": [
                each for each in session.mentorship.members.all() if each != member
            ],
            "form": form,
            "is_done": request.GET.get("done") == "yes" and not form.errors,
            "is_to_come": is_to_come,
            "is_moving": is_moving
            or (form.is_bound and form["outcome"].value() == TapForm.MOVED),
            "coming": coming,
        },
        status=422 if form.errors else 200,
    )


def _tap(session: MentoringSession, member: Member, form: TapForm) -> None:
    data = form.cleaned_data
    user = member.participant.user
    if data["outcome"] == TapForm.MOVED:
        actions.move_session(session, wall=form.wall(), seen=data["seen"], by=user)
        return
    actions.tap_session(
        session,
        member=member,
        met=data["outcome"] == TapForm.MET,
        minutes=data["minutes"] or session.minutes,
        rating=data["rating"],
    )


def _another_moment(session: MentoringSession) -> dict[str, Any]:
    """A week later at the same time, or the first such moment that is still to come."""
    local = timezone.localtime(session.starts_at)
    moment = local + timedelta(days=7)
    while moment <= timezone.localtime():
        moment += timedelta(days=7)
    return {"on": moment.date(), "at": local.time()}
