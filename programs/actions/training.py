"""Doing a training, and who did."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from history.models import record
from programs.actions.joining import complete
from programs.models import Completion, Module, Participant


@transaction.atomic
def finish_module(module: Module, participant: Participant) -> None:
    """Note that somebody did a training; it may be what they lacked. Twice is once."""
    _done, is_new = Completion.objects.get_or_create(
        module=module, participant=participant
    )
    if is_new:
        record(participant, "training done", by=participant.user)
        complete(participant)


def reopen_module(module: Module, participant: Participant) -> None:
    """Somebody wants to do a training again. What it made possible stays."""
    Completion.objects.filter(module=module, participant=participant).delete()


def training_of(participant: Participant) -> list[Module]:
    """The trainings of somebody's role that are out, each with ``is_done``."""
    done = Completion.objects.filter(module=OuterRef("pk"), participant=participant)
    return list(
        participant.program.modules.training()
        .out()
        .meant_for(participant.role)
        .annotate(is_done=Exists(done))
    )
