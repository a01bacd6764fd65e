"""Asking people how it went."""

from django.utils.translation import gettext_lazy as _

from feedback.models import Invitation
from outbox.kinds import Content, Kind, register
from outbox.models import Message


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


register(Kind("pulse", _("Short surveys"), pulse, is_reminder=True))
