"""What a programme's goals are measured by.

Apps above add theirs when they start: a measure is a function from a programme to a
figure, or to ``None`` while it is too early to say.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from programs.models import Program, Role

Measure = Callable[[Program], Decimal | None]

MEASURES: dict[str, Measure] = {}
# Where less is better.
FEWER = {"days_to_first_session"}


def measure(program: Program, key: str) -> Decimal | None:
    """The figure now; ``None`` when it is too early to say."""
    found = MEASURES.get(key)
    return found(program) if found else None


def is_met(key: str, now: Decimal | None, target: Decimal) -> bool | None:
    """Whether a figure is as good as its target; ``None`` while it is not known."""
    if now is None:
        return None
    return now <= target if key in FEWER else now >= target


def percentage(part: int, whole: int) -> Decimal | None:
    """A share in per cent with one decimal; of nothing there is none."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"))


def match_rate(program: Program) -> Decimal | None:
    """The share of ready mentees who have a mentor."""
    counts = (
        program.participants.ready()
        .filter(role__in=[Role.MENTEE, Role.PEER])
        .aggregate(all=Count("pk"), matched=Count("pk", Q(places_taken__gt=0)))
    )
    if program.is_open and not counts["matched"]:
        return None
    return percentage(counts["matched"], counts["all"])


MEASURES["match_rate"] = match_rate


def goal_rows(program: Program) -> list[dict[str, Any]]:
    """Each goal with what it is now; ``None`` is too early to say."""
    rows = []
    for goal in program.goals.all():
        now = measure(program, goal.measure)
        met = is_met(goal.measure, now, goal.target)
        rows.append({"goal": goal, "now": now, "met": met})
    return rows
