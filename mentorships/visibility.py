"""What of a mentorship is seen by whom, for the page that says it."""

from django.utils.translation import gettext_lazy as _

from people.visibility import Circle, show

SUBJECT = _("Your mentorship")

show(SUBJECT, Circle.ME, [_("your private notes")])
show(
    SUBJECT,
    Circle.PAIR,
    [
        _("what you write about a session together"),
        _("goals, steps and progress"),
        _("actions and who does them"),
    ],
)
show(SUBJECT, Circle.TEAM, [_("that you met, when, and how long")])
