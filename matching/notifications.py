"""What we tell people about matching."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import Request
from outbox.kinds import Content, Kind, Phase, register
from outbox.models import Message


def request(message: Message) -> Content | None:
    """A mentee asks; nothing once it was answered, withdrawn or too late."""
    found = (
        Request.objects.open()
        .select_related("mentee__user", "mentee__program", "mentor")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    return Content(
        {
            "request": found,
            "program": found.program,
            "mentee": found.mentee.user,
            "action_path": found.get_absolute_url(),
        },
        reply_to=found.mentee.user.email,
    )


def request_unmet(message: Message) -> Content | None:
    """It did not become a match, without why; and what happens now."""
    found = (
        Request.objects.select_related("mentee__program", "mentor__user")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None or found.mentee.places_taken:
        return None
    following = (
        Request.objects.open()
        .filter(mentee=found.mentee)
        .select_related("mentor__user")
        .first()
    )
    return Content(
        {
            "request": found,
            "program": found.program,
            "mentor": found.mentor.user,
            "following": following,
            "action_path": reverse("matching:choose", args=[found.program.slug]),
        }
    )


register(
    Kind(
        "request",
        _("That a mentee asks me"),
        request,
        may_switch_off=False,
        trigger=_("as soon as a mentee asks"),
        audience=_("the mentor"),
        phase=Phase.WAITING,
    )
)
register(
    Kind(
        "request_reminder",
        _("A reminder of a mentee who asks me"),
        request,
        is_reminder=True,
        trigger=_("three days after a mentee asked, without an answer"),
        audience=_("the mentor"),
        phase=Phase.WAITING,
        lasts=timedelta(days=4),
    )
)
register(
    Kind(
        "request_unmet",
        _("That a mentor I asked cannot"),
        request_unmet,
        may_switch_off=False,
        trigger=_("when a mentor says no, or has not answered for seven days"),
        audience=_("the mentee"),
        phase=Phase.WAITING,
    )
)
