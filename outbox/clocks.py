"""What the clocks of all apps have in common: on which day of something one is."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

# A step is taken at most so many days late: after a standstill no flood.
GRACE_DAYS = 6


def due_step(days: int, steps: Iterable[int]) -> int | None:
    """The newest of the days on which something falls due, if it fell due just now.

    ``days`` have passed since what the steps count from; a step may lie before it.
    """
    past = [step for step in steps if step <= days]
    if not past or days - max(past) > GRACE_DAYS:
        return None
    return max(past)


def days_since(moment: datetime, now: datetime) -> int:
    """Whole days from a moment until now."""
    return (now - moment) // timedelta(days=1)


def after(day: date, steps: Iterable[int]) -> list[date]:
    """The days of the steps, for a dry run."""
    return [day + timedelta(days=step) for step in steps]


def every(day: date, days: int, until: date) -> list[date]:
    """Each so many days after a day, until another."""
    found = []
    while (day := day + timedelta(days=days)) < until:
        found.append(day)
    return found
