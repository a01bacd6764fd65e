"""Moments on the way that one may be proud of, from facts alone.

On screen these are milestones; in code a ``Milestone`` is a step of a goal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

COUNTED = {
    1: _("Your first session"),
    5: _("Five sessions"),
    10: _("Ten sessions"),
    25: _("Twenty-five sessions"),
    50: _("Fifty sessions"),
}


@dataclass(frozen=True)
class Landmark:
    """What was reached, and when."""

    label: Any
    at: datetime


def landmarks(
    *,
    held: Sequence[datetime],
    signed_at: datetime | None,
    goals: Iterable[tuple[str, datetime]],
) -> list[Landmark]:
    """The newest first: sessions by their number, the agreement that all signed, each
    goal that was reached.

    ``held`` are the starts of the sessions that took place; ``goals`` the name of each
    goal that was reached, with the moment.
    """
    found = [
        Landmark(COUNTED[number], at)
        for number, at in enumerate(sorted(held), 1)
        if number in COUNTED
    ]
    if signed_at:
        found.append(Landmark(_("Your agreement, signed by all"), signed_at))
    found += [
        Landmark(_("Goal reached: %(goal)s") % {"goal": goal}, at) for goal, at in goals
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)
