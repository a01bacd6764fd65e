"""What follows when people get another address: each app adds its own part when it
starts, and does it for many at once.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from people.models import User


class Moved(NamedTuple):
    """Somebody who has another address, and what both are."""

    user_id: int
    before: str
    now: str


Follow = Callable[[Sequence[Moved], User | None], None]
FOLLOWS: list[Follow] = []


def follows(do: Follow) -> Follow:
    """Do this, too, when people get another address; it is told who gave it."""
    FOLLOWS.append(do)
    return do
