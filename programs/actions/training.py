"""Doing a training, and who did."""

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef

from history.models import record
from people.models import User
from programs.actions.joining import complete
from programs.models import Completion, Module, Participant


@transaction.atomic
def save_module(module: Module, *, before: str, by: User) -> None:
    """Keep a training. A file that it had ``before`` goes when nothing uses it."""
    module.save()
    record(module.program, "training saved", by=by)
    if before and before != module.file.name:
        _drop_file(before)


@transaction.atomic
def remove_module(module: Module, *, by: User) -> None:
    """Take a training away, and its file."""
    name = module.file.name
    module.delete()
    record(module.program, "training removed", by=by)
    if name:
        _drop_file(name)


def _drop_file(name: str) -> None:
    """Delete a file once it is certain; a copied programme may use the same one."""
    if not Module.objects.filter(file=name).exists():
        transaction.on_commit(partial(default_storage.delete, name))


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
