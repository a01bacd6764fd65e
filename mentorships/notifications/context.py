"""What every mail about a mentorship knows."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.mail import Attachment
from mentorships.invitations import invitation
from mentorships.models import Member, MentoringSession, Mentorship
from outbox.models import Message
from people.erasing import NOBODY
from people.models import User


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
        "other_names": ", ".join(_named(each) for each in others),
        "action_path": mentorship.get_absolute_url(),
    }


def calendar_file(
    session: MentoringSession, method: str, to: User, name: str = "invite.ics"
) -> Attachment:
    """What goes with a mail for the calendar of its reader."""
    return (
        name,
        invitation(session, method, to),
        f"text/calendar; method={method}",
    )


def _named(member: Member) -> str:
    """Their name; of somebody who was erased there is none."""
    user = member.participant.user
    return _("your match") if user.name == NOBODY else user.name


def reply_to_other(context: dict[str, Any]) -> str:
    """One of the others who works here."""
    for each in context["others"]:
        if each.participant.user.is_active:
            return str(each.participant.user.email)
    return ""


def still_quiet(message: Message) -> Mentorship | None:
    """The mentorship while the quiet that a message is about goes on: since the day
    that the message names, in a running programme, nobody away, nothing to come.
    """
    found = (
        Mentorship.objects.quiet_at(timezone.now())
        .select_related("program")
        .filter(pk=message.about_id)
        .first()
    )
    if found and message.occasion == f"{found.quiet_from:%Y-%m-%d}":
        return found
    return None


def active(message: Message) -> Mentorship | None:
    """The mentorship that a message is about, while it goes on."""
    return (
        Mentorship.objects.active()
        .select_related("program")
        .filter(pk=message.about_id)
        .first()
    )
