"""What we tell people about their mentorship."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.guides import guides
from mentorships.invitations import CANCEL, REQUEST, invitation
from mentorships.links import log_path
from mentorships.models import (
    Agreement,
    Concern,
    FitCheck,
    GoalComment,
    MentoringSession,
    Mentorship,
    PeerFeedback,
    SessionOffer,
    ThankYou,
)
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
    if found is None or found.is_paused or found.sessions.planned().exists():
        return None
    if message.occasion != f"{found.quiet_from:%Y-%m-%d}":
        return None
    context = about(found, message)
    return Content(
        {
            **context,
            "quiet_from": found.last_held_at or found.started_at,
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


def session_prepare(message: Message) -> Content | None:
    """The day before: when, what is open, and a place to say what it is to be about.

    What the actions and the goals say is on the page, not in the mail.
    """
    session = _planned(message)
    if session is None or session.starts_at <= timezone.now():
        return None
    context = about(session.mentorship, message)
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


def fit_check(message: Message) -> Content | None:
    """After the first session: does it click?"""
    mentorship = _active(message)
    if mentorship is None:
        return None
    context = about(mentorship, message)
    if context["me"] is None or FitCheck.objects.filter(member=context["me"]).exists():
        return None
    path = reverse("mentorships:fit_check", args=[mentorship.pk])
    return Content({**context, "action_path": path})


def agreement_open(message: Message) -> Content | None:
    """Some days later: what did you agree on? Nothing once it is signed."""
    mentorship = _active(message)
    if mentorship is None:
        return None
    context = about(mentorship, message)
    found = Agreement.objects.filter(mentorship=mentorship).first()
    if context["me"] is None or (found and context["me"].pk in found.signed_by()):
        return None
    path = reverse("mentorships:agreement", args=[mentorship.pk])
    return Content({**context, "is_written": found is not None, "action_path": path})


def changed_course(message: Message) -> Content | None:
    """That it rests or goes on for longer; only the last word of it."""
    mentorship = _active(message)
    until = {"paused": "paused_until", "extended": "ends_on"}[message.kind]
    if mentorship is None:
        return None
    day = getattr(mentorship, until)
    if day is None or message.occasion != f"{day:%Y-%m-%d}":
        return None
    context = about(mentorship, message)
    return Content({**context, "until": day}, reply_to=reply_to_other(context))


def _active(message: Message) -> Mentorship | None:
    return (
        Mentorship.objects.active()
        .select_related("program")
        .filter(pk=message.about_id)
        .first()
    )


def from_somebody(message: Message) -> Content | None:
    """That somebody wrote feedback, thanks or a comment; never which words."""
    written: dict[str, tuple[type[PeerFeedback | ThankYou | GoalComment], str]] = {
        "feedback_given": (PeerFeedback, "feedback_give"),
        "thanked": (ThankYou, "thank_you"),
        "goal_comment": (GoalComment, "goal_detail"),
    }
    model, page = written[message.kind]
    found = model.objects.filter(pk=message.about_id).first()
    if found is None:
        return None
    mentorship = found.by.mentorship
    target = found.goal_id if isinstance(found, GoalComment) else mentorship.pk
    giver = found.by.participant.user
    return Content(
        {
            **about(mentorship, message),
            "name": giver.name,
            "action_path": reverse(f"mentorships:{page}", args=[target]),
        },
        reply_to=str(giver.email),
    )


def help_wanted(message: Message) -> Content | None:
    """For a coordinator: who wants to be called. Not about what."""
    found = (
        Concern.objects.select_related(
            "author", "member__mentorship__program", "member__participant"
        )
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    program = found.member.mentorship.program
    return Content(
        {
            "person": found.author,
            "program": program,
            "action_path": reverse(
                "mentorships:program_mentorships", args=[program.slug]
            ),
        },
        reply_to=found.author.email,
    )


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
# A card and a link belong to an hour of their own: they wait for no other mail.
register(
    Kind(
        "session_prepare",
        _("A card to prepare with, the day before"),
        session_prepare,
        lasts=timedelta(hours=20),
        trigger=_("24 hours before a session"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        days=lambda story: (
            [day - timedelta(days=1) for day in story.sessions]
            if story.role != "coordinator"
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
        trigger=_("2 hours after a session"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
        days=lambda story: list(story.sessions) if story.role != "coordinator" else [],
    )
)
register(
    Kind(
        "session_log_again",
        _("The same link once more, two days later"),
        session_log,
        is_reminder=True,
        lasts=timedelta(days=14),
        trigger=_("2 days after a session that nobody logged"),
        audience=_("everybody in it"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "session_offered",
        _("Moments to pick from"),
        session_offered,
        may_switch_off=False,
        trigger=_("At once, when somebody offers moments"),
        audience=_("the others in it"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "fit_check",
        _("After the first session: does it click?"),
        fit_check,
        is_reminder=True,
        trigger=_("The day after the first session"),
        audience=_("mentors and mentees"),
        phase=Phase.MEETING,
        days=lambda story: (
            after(story.sessions[0], [1])
            if story.sessions and story.role != "coordinator"
            else []
        ),
    )
)
register(
    Kind(
        "agreement_open",
        _("A reminder to agree on how you work together"),
        agreement_open,
        is_reminder=True,
        trigger=_("Some days after the first session, while it is not signed"),
        audience=_("whoever has not signed"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "paused",
        _("That it pauses"),
        changed_course,
        may_switch_off=False,
        trigger=_("At once, when somebody pauses it"),
        audience=_("the others in it"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "extended",
        _("That it goes on for longer"),
        changed_course,
        may_switch_off=False,
        trigger=_("At once, when it is extended"),
        audience=_("the others in it"),
        phase=Phase.ENDING,
    )
)
for key, label, trigger in (
    (
        "feedback_given",
        _("That somebody gave feedback"),
        _("At once, when somebody gives feedback"),
    ),
    ("thanked", _("That somebody thanks you"), _("At once, when somebody thanks you")),
    (
        "goal_comment",
        _("That somebody commented on a goal"),
        _("At once, when somebody comments on a goal"),
    ),
):
    register(
        Kind(
            key,
            label,
            from_somebody,
            trigger=trigger,
            audience=_("whom it is for"),
            phase=Phase.MEETING,
        )
    )
register(
    Kind(
        "help_wanted",
        _("For coordinators: who wants to be called"),
        help_wanted,
        may_switch_off=False,
        trigger=_("At once, when somebody asks to be called"),
        audience=_("coordinators"),
        phase=Phase.MEETING,
    )
)
