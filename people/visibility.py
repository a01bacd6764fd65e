"""The circles of visibility, and what lies in each: forms and pages read it here.

Apps above add what is theirs when they start, so that the page “Who sees what” and the
line beside a field cannot say different things.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Circle(models.IntegerChoices):
    """From the smallest to the largest; who is in one is in each that is larger."""

    ME = 1, _("only you")
    PAIR = 2, _("who you are matched with")
    TEAM = 3, _("the programme team and who you are matched with")
    ORGANISATION = 4, _("your organisation")


@dataclass(frozen=True)
class Sight:
    """One thing that the application knows of somebody, and how far it is seen."""

    subject: Any
    thing: Any
    circle: Circle


SIGHTS: list[Sight] = []


def show(subject: Any, circle: Circle, things: Iterable[Any]) -> None:
    """Say of things, all of one subject, how far they are seen."""
    SIGHTS.extend(Sight(subject, thing, circle) for thing in things)


show(
    _("From the HR system"),
    Circle.ORGANISATION,
    [_("name, e-mail address, department, job and location")],
)
show(_("From the HR system"), Circle.TEAM, [_("level, manager and first working day")])
show(
    _("Your background"),
    Circle.ME,
    [_("what you say of it, if you want to; counted in groups of five and more")],
)
show(
    _("Signing in"),
    Circle.ME,
    [
        _("your second step when signing in; HR admins see only whether there is one"),
        _("when you last signed in; HR admins see it of who is not in the HR file"),
    ],
)
