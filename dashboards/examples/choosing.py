"""Finding each other: requests and proposals."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.examples.worlds import Example
from dashboards.invented import World
from matching.models import Manner, PlaceRequest, Proposal, Request, Round
from outbox.models import Message
from programs.models import Participant

WEEK = timedelta(days=7)


def _request(kind: str, state: str = Request.State.OPEN) -> Example:
    def make(world: World) -> Message:
        """The reader is the one who hears of it: asked, or not accepted."""
        mine = Participant.objects.get(program=world.program, user=world.reader)
        theirs = Participant.objects.get(program=world.program, user=world.pair[1])
        mentor, mentee = (theirs, mine) if kind == "request_unmet" else (mine, theirs)
        found = Request.objects.create(
            mentor=mentor,
            mentee=mentee,
            goals=_("I lead the weekly meeting on my own"),
            rhythm_days=world.program.rhythm_days,
            state=state,
            expires_at=timezone.now() + timedelta(days=7),
        )
        Participant.objects.filter(pk=mentee.pk).update(places_taken=0)
        return world.message(kind, found)

    return make


def _not_asked(world: World) -> Message:
    Manner.objects.update_or_create(
        program=world.program, defaults={"mode": Manner.Mode.CHOOSE}
    )
    return world.message("not_asked", world.participant(places_taken=0))


def _proposals(world: World) -> Message:
    found = Round.objects.create(
        program=world.program, state=Round.State.READY, at=timezone.now() - WEEK
    )
    Proposal.objects.bulk_create(Proposal(round=found, score=500) for _number in "123")
    return world.message("proposals_waiting", found)


def _place_request(world: World) -> Message:
    mentor = Participant.objects.get(program=world.program, user=world.reader)
    found = PlaceRequest.objects.create(mentor=mentor, by=world.pair[1])
    return world.message("place_request", found)


EXAMPLES: dict[str, Example] = {
    "request": _request("request"),
    "request_reminder": _request("request_reminder"),
    "request_unmet": _request("request_unmet", Request.State.DECLINED),
    "request_settled": _request("request_settled", Request.State.WITHDRAWN),
    "place_request": _place_request,
    "not_asked": _not_asked,
    "proposals_waiting": _proposals,
}
