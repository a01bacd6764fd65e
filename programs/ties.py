"""What binds a participant to others, in the apps above: said before they leave or
pause, and dealt with when they do.

An app above adds its own when it starts; this one does not know what a tie is made of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from people.models import User
from programs.models import Participant
from programs.models.participants import ParticipantQuerySet


@dataclass(frozen=True)
class Tie:
    """Something that a participant is in with others."""

    names: str
    url: str
    # Whether the others go on without this one.
    goes_on: bool
    rests: bool


@dataclass(frozen=True)
class Ties:
    """How an app finds the ties of somebody, and everybody in them; loosens them all,
    lets them rest, and mends what was loosened at a moment; what cannot be mended, in
    words.
    """

    of: Callable[[Participant], list[Tie]]
    people: Callable[[Participant], ParticipantQuerySet]
    loosen: Callable[[Participant, User | None], None]
    rest: Callable[[Participant, date, User], None]
    mend: Callable[[Participant, datetime, User], list[str]]


KNOWN: list[Ties] = []


def ties_of(participant: Participant) -> list[Tie]:
    """All that somebody is in now."""
    return [tie for each in KNOWN for tie in each.of(participant)]


def hold_all(participant: Participant) -> None:
    """Take the row of somebody, and of all whom their leaving touches."""
    rows = Participant.objects.filter(pk=participant.pk)
    for each in KNOWN:
        rows |= each.people(participant)
    rows.hold()
