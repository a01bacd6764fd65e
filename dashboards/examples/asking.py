"""Surveys, care and reports."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.examples.worlds import Example
from dashboards.invented import NOBODYS, World
from feedback.actions import pulse_of
from feedback.models import CareItem, CareMessage, Confidant, Invitation, Wave
from mentorships.models import Concern
from outbox.models import Message
from programs.models import Program


def _pulse(world: World) -> Message:
    wave = Wave.objects.create(
        survey=pulse_of(world.program),
        occasion="example",
        opens_at=timezone.now() - timedelta(hours=1),
        closes_at=timezone.now() + timedelta(days=14),
    )
    invitation = Invitation.objects.create(
        pk=NOBODYS, wave=wave, to=world.reader, role=world.role
    )
    return world.message("pulse", invitation)


def _help_wanted(world: World) -> Message:
    """Somebody of the pair asks to be called; what about is not in it."""
    mentorship = world.mentorship(met=True)
    member = world.other(mentorship)
    concern = Concern(
        member=member, author=member.participant.user, asked_at=timezone.now()
    )
    concern.write("")
    concern.save()
    return world.message("help_wanted", concern)


def _care(world: World) -> Message:
    item = CareItem.objects.create(
        mentorship=world.mentorship(met=True), score=40, reason_key="quiet"
    )
    message = CareMessage.objects.create(
        item=item,
        to=world.reader,
        by=world.pair[1],
        body=_("How are the two of you? Say it if I can help."),
    )
    return world.message("care", message)


def _confidant_left(world: World) -> Message:
    """For HR: somebody who was named for it cannot read any more."""
    former = world.pair[1]
    Confidant.objects.filter(program=world.program).delete()
    Confidant.objects.create(program=world.program, user=former)
    former.is_active, former.left_on = False, timezone.localdate()
    former.save()
    return world.message("confidant_left", former)


def _without_reader(world: World) -> Message:
    """For HR: whoever reads for a pair is in it."""
    Confidant.objects.all().delete()
    world.mentorship(met=True)
    Confidant.objects.create(program=world.program, user=world.pair[1])
    Program.objects.filter(pk=world.program.pk).update(state=Program.State.RUNNING)
    return world.message("without_reader", world.program)


EXAMPLES: dict[str, Example] = {
    "pulse": _pulse,
    "care": _care,
    "help_wanted": _help_wanted,
    "report": lambda world: world.message("report", None),
    "confidant_left": _confidant_left,
    "without_reader": _without_reader,
}
