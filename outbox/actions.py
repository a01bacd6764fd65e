"""Writing messages to be sent, and telling a worker that there are some."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.kinds import KINDS
from outbox.models import (
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


def plan(
    kind: str,
    to: User,
    *,
    about: models.Model | None = None,
    occasion: str = "",
    program_id: int | None = None,
    not_before: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write one message to be sent; asking twice for the same occasion changes nothing.

    Call it in the transaction of what causes it: both happen or neither does.
    """
    assert kind in KINDS, kind
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                to=to,
                about_type=about._meta.label_lower if about else "",
                about_id=about.pk if about else 0,
                occasion=occasion,
                program_id=program_id,
                facts=facts or {},
                not_before=not_before or timezone.now(),
                message_id=new_message_id(),
            )
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(poke)


def plan_all(messages: Iterable[Message]) -> None:
    """Write many at once, as ``plan`` writes one."""
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    transaction.on_commit(poke)


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
        transaction.on_commit(poke)
    return again


def say_alive(name: str) -> None:
    """Note that something that runs by itself lives; a database that is away at the
    moment is no reason to die.
    """
    try:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})
    except DatabaseError:
        logger.warning("No database: the heartbeat of %s is not noted.", name)


def poke() -> None:
    """Tell a worker that something is due; without a broker the clock will find it."""
    try:
        current_app.send_task("outbox.tasks.send_due")
    except Exception:  # noqa: BLE001 - whatever a broker throws, the row is written
        logger.warning("No broker: messages wait for the clock.")
