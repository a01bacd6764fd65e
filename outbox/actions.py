"""Writing messages to be sent, and telling a worker that there are some."""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict, Unpack

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.kinds import KINDS
from outbox.models import (
    BOUNCED,
    Bounce,
    Heartbeat,
    Message,
    MessageQuerySet,
    SwitchedOff,
    Wording,
    new_message_id,
)
from people.models import User

logger = logging.getLogger(__name__)


class Details(TypedDict, total=False):
    """What a message has beside its kind and its reader."""

    about: models.Model | None
    occasion: str
    program_id: int | None
    not_before: datetime | None
    facts: dict[str, Any] | None


def compose(kind: str, to: User, **details: Unpack[Details]) -> Message:
    """A message that is not saved yet: for ``plan_all``, and to look at."""
    assert kind in KINDS, kind
    about = details.get("about")
    return Message(
        kind=kind,
        to=to,
        about_type=about._meta.label_lower if about else "",
        about_id=about.pk if about else 0,
        occasion=details.get("occasion", ""),
        program_id=details.get("program_id"),
        facts=details.get("facts") or {},
        not_before=details.get("not_before") or timezone.now(),
        message_id=new_message_id(),
    )


def plan(kind: str, to: User, **details: Unpack[Details]) -> None:
    """Write one message to be sent; asking twice for the same occasion changes nothing.

    Call it in the transaction of what causes it: both happen or neither does.
    """
    plan_all([compose(kind, to, **details)])


def plan_all(messages: Iterable[Message]) -> None:
    """Write many at once, as ``plan`` writes one."""
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    give_hint()


@transaction.atomic
def switch(program: models.Model, kind: str, *, on: bool, by: User) -> None:
    """Let a programme send a kind of message, or not. What one needs stays on."""
    if not KINDS[kind].may_switch_off or KINDS[kind].is_overview:
        raise ValidationError(_("This message cannot be switched off."))
    if on:
        SwitchedOff.objects.filter(program_id=program.pk, kind=kind).delete()
    else:
        SwitchedOff.objects.bulk_create(
            [SwitchedOff(program_id=program.pk, kind=kind)], ignore_conflicts=True
        )
    record(program, f"{kind} switched {'on' if on else 'off'}", by=by)


@transaction.atomic
def word(
    program: models.Model, kind: str, texts: dict[str, tuple[str, str]], *, by: User
) -> None:
    """Say a kind of message in the programme's own words: subject and text for each
    language. Both empty is as shipped.
    """
    for language, (subject, body) in texts.items():
        found = Wording.objects.filter(
            program_id=program.pk, kind=kind, language=language
        )
        if subject or body:
            Wording.objects.update_or_create(
                program_id=program.pk,
                kind=kind,
                language=language,
                defaults={"subject": subject, "body": body},
            )
        else:
            found.delete()
    record(program, f"{kind} worded", by=by)


@transaction.atomic
def send_again(messages: MessageQuerySet, *, by: User) -> int:
    """Try once more what was given up, also to an address that bounced; how many."""
    found = list(messages.gave_up().select_related("to"))
    Bounce.objects.filter(email__in=[each.to.email.lower() for each in found]).delete()
    again = (
        messages.gave_up()
        .filter(pk__in=[each.pk for each in found])
        .update(
            state=Message.State.PLANNED,
            attempts=0,
            not_before=timezone.now(),
            last_error="",
        )
    )
    for each in found:
        record(each, "sent again", by=by)
    if again:
        give_hint()
    return again


@transaction.atomic
def let_be(messages: MessageQuerySet, *, by: User) -> int:
    """Nobody needs what was given up any more, and it asks for no attention; how many.
    The address stays one to which nothing is sent.
    """
    found = list(messages.gave_up())
    messages.gave_up().filter(pk__in=[each.pk for each in found]).update(
        state=Message.State.DROPPED, facts={}, last_error=""
    )
    for each in found:
        record(each, "let be", by=by)
    return len(found)


@transaction.atomic
def record_bounce(email: str, message_id: str = "") -> bool:
    """A mail came back: nothing more is sent to the address, and the message, where it
    is known which and it was sent lately, stands among those that could not be sent.
    Whether the address is somebody's here; twice changes nothing.
    """
    if not User.objects.filter(email__iexact=email).exists():
        return False
    Bounce.objects.bulk_create([Bounce(email=email.lower())], ignore_conflicts=True)
    Message.objects.may_come_back().filter(
        to__email__iexact=email, message_id=message_id
    ).update(state=Message.State.FAILED, last_error=BOUNCED)
    return True


def worker_of(queue: str) -> str:
    """The name under which whoever takes work from a queue says that it lives."""
    return f"worker {queue}"


def say_alive(name: str) -> None:
    """Note that something that runs by itself lives; a database that is away at the
    moment is no reason to die.
    """
    try:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})
    except DatabaseError:
        logger.warning("No database: the heartbeat of %s is not noted.", name)


class Hint:
    """One word to a worker, however often it is asked for."""

    is_given = False

    def give(self) -> None:
        if not self.is_given:
            self.is_given = True
            poke()


class Waiting(threading.local):
    """The hint that a thread gives with its next commit."""

    def __init__(self) -> None:
        self.hint = Hint()


_waiting = Waiting()


def give_hint() -> None:
    """Once it is certain, tell a worker that something is due: once for all that is
    planned in one transaction, whatever of it is rolled back.
    """
    if _waiting.hint.is_given:
        _waiting.hint = Hint()
    # Each asks for it: what a rolled back part asked for falls away with that part.
    transaction.on_commit(_waiting.hint.give)


def poke() -> None:
    """Tell a worker that something is due; without a broker the clock will find it."""
    try:
        current_app.send_task("outbox.tasks.send_due")
    except Exception:  # noqa: BLE001 - whatever a broker throws, the row is written
        logger.warning("No broker: messages wait for the clock.")


def copy_words(earlier: models.Model, program: models.Model) -> None:
    """Let a programme say what another says itself, and be silent where that is."""
    words = list(Wording.objects.filter(program_id=earlier.pk))
    for each in words:
        each.pk, each.program_id = None, program.pk
    Wording.objects.bulk_create(words)
    SwitchedOff.objects.bulk_create(
        SwitchedOff(program_id=program.pk, kind=each.kind)
        for each in SwitchedOff.objects.filter(program_id=earlier.pk)
    )
