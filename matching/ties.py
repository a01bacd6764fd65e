"""What somebody asked, or was asked, who leaves a programme or pauses."""

from datetime import date, datetime

from matching.actions import follow_up, let_go
from matching.models import Request
from people.models import User
from programs.models import Participant
from programs.models.participants import ParticipantQuerySet
from programs.ties import Tie, Ties


def ties(_participant: Participant) -> list[Tie]:
    """None of which one is told before: a question binds nobody yet."""
    return []


def people(_participant: Participant) -> ParticipantQuerySet:
    """Nobody else's place is touched."""
    return Participant.objects.none()


def loosen(participant: Participant, by: User | None) -> None:
    """What they asked is taken back, and nobody can ask them any more."""
    to_them = Request.objects.filter(mentor=participant, state=Request.State.QUEUED)
    for each in to_them:
        let_go(each, by=by)
    _nobody_waits(participant, by)


def rest(participant: Participant, _until: date, by: User) -> None:
    """Nobody waits for them meanwhile; as somebody's next choice they may be back by
    then.
    """
    _nobody_waits(participant, by)


def _nobody_waits(participant: Participant, by: User | None) -> None:
    """What they asked is taken back. Who waits for their answer hears that it cannot
    be, and their next choice is asked.
    """
    for each in Request.objects.alive().filter(mentee=participant):
        let_go(each, by=by)
    waiting = Request.objects.open().filter(mentor=participant)
    for each in waiting.select_related("mentee__user"):
        if let_go(each, by=by):
            follow_up(each)


def mend(_participant: Participant, _since: datetime, _by: User) -> list[str]:
    """Who is taken back asks anew."""
    return []


REQUESTS = Ties(of=ties, people=people, loosen=loosen, rest=rest, mend=mend)
