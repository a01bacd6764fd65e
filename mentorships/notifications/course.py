"""What we tell people about the course of their mentorship: start, pause, end."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word, worded
from mentoring.mail import Attachment
from mentorships.invitations import REQUEST
from mentorships.models import (
    Agreement,
    FitCheck,
    Member,
    MentoringSession,
    Mentorship,
)
from mentorships.notifications.context import (
    about,
    active,
    calendar_file,
    reply_to_other,
    still_quiet,
)
from outbox.clocks import after
from outbox.kinds import Content, Kind, Phase, register
from outbox.models import Message
from people.erasing import NOBODY
from programs.models import Role
from programs.notifications import takes_part

# In days after the first session.
FIT_CHECK_AFTER, AGREEMENT_AFTER = 1, 4


def introduction(message: Message) -> Content | None:
    """Who the other is, and what to do first. Who is in it again has what is planned
    in their calendar again.
    """
    found = active(message)
    if found is None:
        return None
    context = about(found, message)
    coming, files = _to_come(found, message) if message.occasion else ([], [])
    return Content(
        {**context, "coming": coming},
        attachments=files,
        reply_to=reply_to_other(context),
    )


def _to_come(
    mentorship: Mentorship, message: Message
) -> tuple[list[MentoringSession], list[Attachment]]:
    """What is planned, and each of it for the calendar of the reader."""
    coming = list(mentorship.sessions.planned().filter(starts_at__gt=timezone.now()))
    return coming, [
        calendar_file(session, REQUEST, message.to, f"invite-{number}.ics")
        for number, session in enumerate(coming, 1)
    ]


def ended(message: Message) -> Content | None:
    """That it ended, in neutral words."""
    found = (
        Mentorship.objects.select_related("program").filter(pk=message.about_id).first()
    )
    if found is None:
        return None
    context = about(found, message)
    return Content({**context, "action_path": found.program.get_absolute_url()})


def stepped_out(message: Message) -> Content | None:
    """That somebody is no longer in the group, which goes on; what is planned comes
    along for the calendar, without them.
    """
    found = active(message)
    if found is None:
        return None
    context = about(found, message)
    if context["me"] is None:
        return None
    coming, files = _to_come(found, message)
    return Content(
        {**context, "who": _who(message), "coming": coming}, attachments=files
    )


def _who(message: Message) -> str:
    """Of whom it tells, as they are called now; may be empty."""
    found = message.person("who")
    if found is None:
        return ""
    return str(_("Somebody")) if found.name == NOBODY else found.name


def group_left(message: Message) -> Content | None:
    """For a coordinator: who left a group, and whether they want another. Not why."""
    found = (
        Member.ever.select_related("participant__user", "mentorship__program")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    program = found.mentorship.program
    return Content(
        {
            "person": found.participant.user,
            "participant": found.participant,
            "group": str(found.mentorship),
            "program": program,
            "action_path": reverse("matching:round_list", args=[program.slug]),
        },
        reply_to=found.participant.user.email,
    )


def check_in(message: Message) -> Content | None:
    """It has been quiet; nothing once they met or planned again, or need not meet."""
    found = still_quiet(message)
    if found is None:
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


def fit_check(message: Message) -> Content | None:
    """After the first session: does it click?"""
    mentorship = active(message)
    if mentorship is None:
        return None
    context = about(mentorship, message)
    if context["me"] is None or FitCheck.objects.filter(member=context["me"]).exists():
        return None
    path = reverse("mentorships:fit_check", args=[mentorship.pk])
    return Content({**context, "action_path": path})


def agreement_open(message: Message) -> Content | None:
    """Some days later: what did you agree on? Nothing once it is signed."""
    mentorship = active(message)
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
    mentorship = active(message)
    if mentorship is None:
        return None
    context = about(mentorship, message)
    if message.kind == "extended":
        days = [mentorship.ends_on]
    else:
        # One of them may pause in the whole programme.
        pausing = [each.participant for each in context["others"]]
        days = [
            mentorship.paused_until,
            *(each.paused_until for each in pausing if each.is_pausing),
        ]
    for day in days:
        if day and message.occasion == f"{day:%Y-%m-%d}":
            return Content(
                {**context, "until": day, "who": _who(message)},
                reply_to=reply_to_other(context),
            )
    return None


def rhythm_changed(message: Message) -> Content | None:
    """How often they meet from now on; only the last word of it."""
    mentorship = active(message)
    if mentorship is None:
        return None
    context = about(mentorship, message)
    said, _space, _moment = message.occasion.partition(" ")
    if context["me"] is None or said != str(mentorship.rhythm_days):
        return None
    return Content(
        {**context, "rhythm": mentorship.get_rhythm_days_display()},
        reply_to=reply_to_other(context),
    )


register(
    Kind(
        "introduction",
        _("Who my match is"),
        introduction,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when matches are announced"),
        audience=_("everybody who is matched"),
        phase=Phase.WAITING,
        days=lambda walk: [walk.matched_on] if takes_part(walk) else [],
    )
)
register(
    Kind(
        "ended",
        _("That a mentorship ended"),
        ended,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when a mentorship ends"),
        audience=_("the others in it"),
        phase=Phase.ENDING,
        # Whoever goes quiet hears that the clock ended it.
        days=lambda walk: (
            [walk.last_day] if walk.last_day < walk.ends_on and takes_part(walk) else []
        ),
    )
)
register(
    Kind(
        "stepped_out",
        _("That somebody left my group"),
        stepped_out,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when somebody leaves a group that goes on"),
        audience=_("the others in it"),
        phase=Phase.ENDING,
    )
)
register(
    Kind(
        "group_left",
        worded(_("For %(coordinators_word)s: who left a group")),
        group_left,
        tells=False,
        trigger=_("At once, when somebody leaves a group and stays in the programme"),
        audience=lazy_role_word("coordinator", many=True),
        only=(Role.COORDINATOR,),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "check_in",
        _("A reminder when it is quiet"),
        check_in,
        is_reminder=True,
        tells=False,
        trigger=_("One and a half times the rhythm without a session"),
        audience=_("everybody who is matched"),
        phase=Phase.MEETING,
        days=lambda walk: (
            after(walk.quiet_from, [round(1.5 * walk.rhythm_days) + 1])
            if walk.goes_quiet and takes_part(walk)
            else []
        ),
    )
)
register(
    Kind(
        "fit_check",
        _("After the first session: does it click?"),
        fit_check,
        is_reminder=True,
        tells=True,
        trigger=_("The day after the first session"),
        audience=_("everybody who is matched"),
        phase=Phase.MEETING,
        days=lambda walk: (
            after(walk.sessions[0], [FIT_CHECK_AFTER])
            if walk.sessions and takes_part(walk)
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
        tells=False,
        trigger=_("Some days after the first session, while it is not signed"),
        audience=_("whoever has not signed"),
        phase=Phase.MEETING,
        days=lambda walk: (
            after(walk.sessions[0], [AGREEMENT_AFTER])
            if walk.goes_quiet and walk.sessions and takes_part(walk)
            else []
        ),
    )
)
register(
    Kind(
        "paused",
        _("That it pauses"),
        changed_course,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when somebody pauses it"),
        audience=_("the others in it"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "rhythm_changed",
        _("That we meet more often, or less"),
        rhythm_changed,
        tells=False,
        trigger=_("At once, when somebody chooses another rhythm"),
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
        tells=False,
        trigger=_("At once, when it is extended"),
        audience=_("the others in it"),
        phase=Phase.ENDING,
    )
)
