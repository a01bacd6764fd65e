"""What we tell people about their sessions."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.guides import guides
from mentorships.invitations import CANCEL, REQUEST
from mentorships.links import log_path
from mentorships.models import (
    MentoringSession,
    SessionOffer,
)
from mentorships.notifications.context import about, calendar_file, reply_to_other
from outbox.clocks import after
from outbox.kinds import Content, Kind, Phase, register
from outbox.models import Message
from programs.notifications import takes_part


def _session(message: Message, method: str) -> Content | None:
    session = (
        MentoringSession.objects.select_related("mentorship__program")
        .filter(pk=message.about_id)
        .first()
    )
    if session is None:
        return None
    context = about(session.mentorship, message)
    if context["me"] is None:
        # It goes out of the calendar of who left, whatever became of it since.
        makes_sense = method == CANCEL
    else:
        # A later change has a mail of its own.
        is_last = message.occasion == str(session.ics_sequence)
        makes_sense = is_last and session.is_planned == (method == REQUEST)
    if not makes_sense:
        return None
    return Content(
        {
            **context,
            "session": session,
            "moved": message.kind == "session_moved",
            # Another room for the same moment: then nothing was moved.
            "stays": message.facts.get("stays", False),
        },
        attachments=[calendar_file(session, method, message.to)],
        reply_to=reply_to_other(context),
    )


def session_planned(message: Message) -> Content | None:
    """An invitation for the calendar."""
    return _session(message, REQUEST)


def session_cancelled(message: Message) -> Content | None:
    """The calendar takes it out: for all, or for who left a group that meets on."""
    content = _session(message, CANCEL)
    if content and content.context["me"] is None:
        program = content.context["program"]
        content.context["action_path"] = program.get_absolute_url()
    return content


def session_prepare(message: Message) -> Content | None:
    """The day before: when, what is open, and a place to say what it is to be about.

    What the actions and the goals say is on the page, not in the mail.
    """
    session = _planned(message)
    if session is None or session.starts_at <= timezone.now():
        return None
    context = about(session.mentorship, message)
    if context["me"] is None:
        return None
    return Content(
        {
            **context,
            "session": session,
            "open_actions": session.mentorship.actions.open().count(),
            "guide": guides().get(session.guide_key),
            "action_path": session.get_absolute_url(),
        },
        reply_to=reply_to_other(context),
    )


def session_log(message: Message) -> Content | None:
    """After the hour: one tap says what became of it; nothing once it was logged."""
    session = _planned(message)
    if session is None or session.ends_at > timezone.now():
        return None
    context = about(session.mentorship, message)
    if context["me"] is None:
        return None
    return Content(
        {
            **context,
            "session": session,
            "again": message.kind == "session_log_again",
            "action_path": log_path(session, context["me"]),
        }
    )


def _planned(message: Message) -> MentoringSession | None:
    """The session, while it stands as it was when the message was planned."""
    session = (
        MentoringSession.objects.planned()
        .select_related("mentorship__program")
        .filter(pk=message.about_id, mentorship__ended_at=None)
        .first()
    )
    if session and message.occasion == str(session.ics_sequence):
        return session
    return None


def session_offered(message: Message) -> Content | None:
    """Moments to pick from, while nobody picked one."""
    offer = (
        SessionOffer.objects.open(timezone.now())
        .select_related("mentorship__program", "by__participant__user")
        .prefetch_related("times")
        .filter(pk=message.about_id)
        .first()
    )
    if offer is None:
        return None
    context = about(offer.mentorship, message)
    return Content(
        {**context, "offer": offer, "name": offer.by.participant.user.name},
        reply_to=str(offer.by.participant.user.email),
    )


register(
    Kind(
        "session_planned",
        _("Planned sessions"),
        session_planned,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when a session is planned"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        days=lambda walk: (
            [walk.planned_on(day) for day in walk.sessions] if takes_part(walk) else []
        ),
    )
)
register(
    Kind(
        "session_moved",
        _("Moved sessions"),
        session_planned,
        may_switch_off=False,
        tells=False,
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
        tells=False,
        trigger=_("At once, when a session is called off"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
    )
)
# A card and a link belong to an hour of their own: they wait for no other mail.
register(
    Kind(
        "session_prepare",
        _("A card to prepare with, the day before"),
        session_prepare,
        lasts=timedelta(hours=20),
        tells=False,
        trigger=_("24 hours before a session"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        days=lambda walk: (
            [day - timedelta(days=1) for day in walk.sessions]
            if takes_part(walk)
            else []
        ),
    )
)
register(
    Kind(
        "session_log",
        _("A link to log a session with one tap"),
        session_log,
        lasts=timedelta(days=2),
        tells=False,
        trigger=_("2 hours after a session"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        days=lambda walk: list(walk.sessions) if takes_part(walk) else [],
    )
)
register(
    Kind(
        "session_log_again",
        _("The same link once more, two days later"),
        session_log,
        is_reminder=True,
        lasts=timedelta(days=14),
        tells=False,
        trigger=_("2 days after a session that nobody logged"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        # Whoever goes quiet forgets to write the last one down.
        days=lambda walk: (
            after(walk.sessions[-1], [2])
            if walk.goes_quiet and walk.sessions and takes_part(walk)
            else []
        ),
    )
)
register(
    Kind(
        "session_offered",
        _("Moments to pick from"),
        session_offered,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when somebody offers moments"),
        audience=_("the others in it"),
        phase=Phase.MEETING,
    )
)
