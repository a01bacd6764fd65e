"""That somebody wrote something, or wants to be called; never which words."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word, worded
from mentorships.models import (
    Concern,
    GoalComment,
    PeerFeedback,
    ThankYou,
)
from mentorships.notifications.context import about
from outbox.kinds import Content, Kind, Phase, register
from outbox.models import Message
from programs.models import Role


def from_somebody(message: Message) -> Content | None:
    """That somebody wrote feedback, thanks or a comment; never which words."""
    # Whoever comes from the mail is led past the form to what was written.
    written: dict[str, tuple[type[PeerFeedback | ThankYou | GoalComment], str, str]] = {
        "feedback_given": (PeerFeedback, "feedback_give", "received"),
        "thanked": (ThankYou, "thank_you", "received"),
        "goal_comment": (GoalComment, "goal_detail", "comments"),
    }
    model, page, place = written[message.kind]
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
            "action_path": reverse(f"mentorships:{page}", args=[target]) + f"#{place}",
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
                "feedback:care_of", args=[found.member.mentorship_id]
            ),
        },
        reply_to=found.author.email,
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
            tells=True,
            trigger=trigger,
            audience=_("whom it is for"),
            phase=Phase.MEETING,
        )
    )
register(
    Kind(
        "help_wanted",
        worded(_("For %(coordinators_word)s: who wants to be called")),
        help_wanted,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when somebody asks to be called"),
        audience=lazy_role_word("coordinator", many=True),
        phase=Phase.MEETING,
        only=(Role.COORDINATOR,),
    )
)
