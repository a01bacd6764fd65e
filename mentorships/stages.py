"""Where a mentorship stands on its way, from facts alone. Nobody fills it in."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

CLOSING_WITHIN = timedelta(days=21)


class Stage(IntEnum):
    """In the order in which one goes through them."""

    ACQUAINTED = 0
    AGREEING = 1
    WORKING = 2
    CLOSING = 3

    @property
    def key(self) -> str:
        return self.name.lower()


LABELS: dict[Stage, Any] = {
    Stage.ACQUAINTED: _("Getting acquainted"),
    Stage.AGREEING: _("Agreeing"),
    Stage.WORKING: _("Working"),
    Stage.CLOSING: _("Closing"),
}


@dataclass(frozen=True)
class Facts:
    """What the stage follows from."""

    held: int
    is_signed: bool
    has_goal: bool
    last_day: date | None
    is_ended: bool = False


def stage_of(facts: Facts, today: date) -> Stage:
    """After the first session one agrees; with a goal or an agreement one works.

    The last three weeks are for closing, once there is something to close.
    """
    if facts.is_ended:
        return Stage.CLOSING
    if not facts.held:
        return Stage.ACQUAINTED
    if facts.last_day and today >= facts.last_day - CLOSING_WITHIN:
        return Stage.CLOSING
    if facts.is_signed or facts.has_goal:
        return Stage.WORKING
    return Stage.AGREEING


def way(stage: Stage) -> list[dict[str, Any]]:
    """All stages, each behind us, ahead, or where we are."""
    return [
        {
            "label": LABELS[each],
            "state": "now" if each == stage else "past" if each < stage else "ahead",
        }
        for each in Stage
    ]
