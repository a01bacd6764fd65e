"""What we tell people about their mentorship."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentorships.invitations import CANCEL, REQUEST, invitation
from mentorships.models import MentoringSession, Mentorship
from outbox.clocks import after
from outbox.kinds import Content, Kind, Phase, register
from outbox.models import Message


def about(mentorship: Mentorship, message: Message) -> dict[str, Any]:
    """The others, and the person's own part, as every mail needs them."""
    members = list(mentorship.members.select_related("participant__user"))
    mine = [each for each in members if each.participant.user_id == message.to_id]
    others = [each for each in members if each.participant.user_id != message.to_id]
    return {
        "mentorship": mentorship,
        "program": mentorship.program,
        "me": mine[0] if mine else None,
        "others": others,
        "other_names": ", ".join(each.participant.user.name for each in others),
        "action_path": mentorship.get_absolute_url(),
    }


def reply_to_other(context: dict[str, Any]) -> str:
    others = context["others"]
    return str(others[0].participant.user.email) if others else ""


def introduction(message: Message) -> Content | None:
    """Who the other is, and what to do first."""
    found = (
        Mentorship.objects.active()
        .select_related("program")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    context = about(found, message)
    return Content(context, reply_to=reply_to_other(context))


def ended(message: Message) -> Content | None:
    """That it ended, in neutral words."""
    found = (
        Mentorship.objects.select_related("program").filter(pk=message.about_id).first()
    )
    if found is None:
        return None
    context = about(found, message)
    return Content({**context, "action_path": found.program.get_absolute_url()})


def check_in(message: Message) -> Content | None:
    """It has been quiet; nothing once they met or planned again."""
    found = (
        Mentorship.objects.active()
        .with_last_held()
        .select_related("program")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None or found.sessions.planned().exists():
        return None
    if message.occasion != f"{found.quiet_from:%Y-%m-%d}":
        return None
    context = about(found, message)
    return Content(
        {
            **context,
            "quiet_from": found.quiet_from,
            "never_met": found.last_held_at is None,
            "action_path": reverse("mentorships:session_plan", args=[found.pk]),
        },
        reply_to=reply_to_other(context),
    )


def _session(message: Message, method: str) -> Content | None:
    session = (
        MentoringSession.objects.select_related("mentorship__program")
        .filter(pk=message.about_id)
        .first()
    )
    if session is None or message.occasion != str(session.ics_sequence):
        # A later change has a mail of its own.
        return None
    if method == REQUEST and not session.is_planned:
        return None
    context = about(session.mentorship, message)
    return Content(
        {**context, "session": session},
        attachments=[
            (
                "invite.ics",
                invitation(session, method),
                f"text/calendar; method={method}",
            )
        ],
        reply_to=reply_to_other(context),
    )


def session_planned(message: Message) -> Content | None:
    """An invitation for the calendar."""
    return _session(message, REQUEST)


def session_cancelled(message: Message) -> Content | None:
    """The calendar takes it out."""
    return _session(message, CANCEL)


register(
    Kind(
        "introduction",
        _("Who my match is"),
        introduction,
        may_switch_off=False,
        trigger=_("At once, when matches are announced"),
        audience=_("everybody who is matched"),
        phase=Phase.WAITING,
        days=lambda story: [story.matched_on] if story.role != "coordinator" else [],
    )
)
register(
    Kind(
        "ended",
        _("That a mentorship ended"),
        ended,
        may_switch_off=False,
        trigger=_("At once, when a mentorship ends"),
        audience=_("the others in it"),
        phase=Phase.ENDING,
    )
)
register(
    Kind(
        "check_in",
        _("A reminder when it is quiet"),
        check_in,
        is_reminder=True,
        trigger=_("One and a half times the rhythm without a session"),
        audience=_("mentors and mentees"),
        phase=Phase.MEETING,
        days=lambda story: (
            after(story.quiet_from, [round(1.5 * story.rhythm_days) + 1])
            if story.goes_quiet and story.role != "coordinator"
            else []
        ),
    )
)
register(
    Kind(
        "session_planned",
        _("Planned sessions"),
        session_planned,
        may_switch_off=False,
        trigger=_("At once, when a session is planned"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        days=lambda story: (
            [day - timedelta(days=7) for day in story.sessions]
            if story.role != "coordinator"
            else []
        ),
    )
)
register(
    Kind(
        "session_moved",
        _("Moved sessions"),
        session_planned,
        may_switch_off=False,
        trigger=_("At once, when a session is moved"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "session_cancelled",
        _("Sessions that were called off"),
        session_cancelled,
        may_switch_off=False,
        trigger=_("At once, when a session is called off"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
    )
)
