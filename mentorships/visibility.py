"""What of a mentorship is seen by whom, for the page that says it."""

from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from people.visibility import Circle, show

SUBJECT = _("Your mentorship")

show(
    SUBJECT,
    Circle.ME,
    [
        _("your private notes"),
        _("your journal, until you share a page of it"),
        _("how useful a session was to you, and where you stand"),
        _("whether it clicks, what is off, and why you end it"),
        worded(
            _("a story that you have not offered, and your year as %(mentor_word)s")
        ),
    ],
)
show(
    SUBJECT,
    Circle.PAIR,
    [
        _("what you write about a session together"),
        _("goals, steps and progress"),
        _("actions and who does them"),
        _("your agreement, and what you want to talk about"),
        _("feedback and thanks: only the two of you"),
    ],
)
show(
    SUBJECT,
    Circle.TEAM,
    [
        _("that you met, when, and how long"),
        _("that you pause, and that you want to be called; never why"),
        _("that you left a group, and from when you want another; never why"),
    ],
)
show(
    SUBJECT,
    Circle.ORGANISATION,
    [_("a story that you let the programme show, until you take it back")],
)
