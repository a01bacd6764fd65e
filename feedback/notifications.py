"""Asking people how it went."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from feedback.models import CareMessage, Invitation
from outbox.kinds import Content, Kind, Phase, Story, register
from outbox.models import Message

FIRST_DAY, EVERY_DAYS = 30, 60


def pulse(message: Message) -> Content | None:
    """The question, with a link of one's own; nothing once it is answered or closed."""
    invitation = (
        Invitation.objects.unanswered()
        .select_related("wave__survey__program")
        .filter(pk=message.about_id)
        .first()
    )
    if invitation is None or not invitation.wave.is_open:
        return None
    return Content(
        {
            "survey": invitation.wave.survey,
            "program": invitation.wave.survey.program,
            "closes_at": invitation.wave.closes_at,
            "is_reminder": message.occasion == "reminder",
            "action_path": invitation.get_absolute_url(),
        }
    )


def _pulse_days(story: Story) -> list[date]:
    if story.role == "coordinator":
        return []
    found = []
    day = story.starts_on + timedelta(days=FIRST_DAY)
    while day < story.last_day:
        # Whoever answers hears no more of it; who is quiet is reminded once.
        found += [day, day + timedelta(days=5)] if story.goes_quiet else [day]
        day += timedelta(days=EVERY_DAYS)
    return found


register(
    Kind(
        "pulse",
        _("Short surveys"),
        pulse,
        is_reminder=True,
        trigger=_("On day 30 of the programme, then every 60 days; again after 5 days"),
        audience=_("everybody in a mentorship"),
        phase=Phase.ASKING,
        days=_pulse_days,
    )
)


def care(message: Message) -> Content | None:
    """What somebody who cares for the pair wrote; answers go to them."""
    found = (
        CareMessage.objects.select_related("by", "item__mentorship__program")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    mentorship = found.item.mentorship
    return Content(
        {
            "body": found.body,
            "by": found.by,
            "program": mentorship.program,
            "action_path": mentorship.get_absolute_url(),
        },
        reply_to=found.by.email if found.by else "",
    )


register(
    Kind(
        "care",
        _("A message from a coordinator"),
        care,
        may_switch_off=False,
        trigger=_("When a coordinator writes to a pair"),
        audience=_("whom it is for"),
        phase=Phase.MEETING,
    )
)
