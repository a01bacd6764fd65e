"""People who are asked, join and apply."""

import uuid
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.examples.worlds import Example
from dashboards.invented import World
from mentoring.branding import worded
from outbox.models import Message
from programs.models import (
    Application,
    Invite,
    Participant,
    Program,
    Role,
    hashed,
)


def _participant(kind: str, occasion: str = "", **fields: object) -> Example:
    return lambda world: world.message(
        kind, world.participant(**fields), occasion=occasion
    )


def _invite(kind: str) -> Example:
    def make(world: World) -> Message:
        # Nothing hangs on it yet, so there is nothing to look for.
        mine = Participant.objects.filter(user=world.reader)
        mine._raw_delete(mine.db)
        invite = Invite.objects.create(
            program=world.program,
            email=world.reader.email,
            role=world.role,
            token_hash=hashed(uuid.uuid4().hex),
            by=world.pair[1],
            expires_at=timezone.now() + timedelta(days=30),
        )
        return world.message(kind, invite, facts={"nonce": "example"})

    return make


def _unanswered(world: World) -> Message:
    Invite.objects.create(
        program=world.program,
        email="robin@example.invalid",
        role=Role.MENTEE,
        token_hash=hashed(uuid.uuid4().hex),
        at=timezone.now() - timedelta(days=15),
        expires_at=timezone.now() + timedelta(days=15),
    )
    return world.message("invitations_unanswered", world.program)


def _application_waiting(world: World) -> Message:
    Application.objects.create(
        program=world.program, user=world.pair[1], role=world.role
    )
    return world.message("application_waiting", world.program)


def _application_declined(world: World) -> Message:
    application = Application.objects.create(
        program=world.program,
        user=world.reader,
        role=world.role,
        state=Application.State.DECLINED,
        decided_at=timezone.now(),
        decided_by=world.pair[1],
        reason=worded(
            _("This round there are more %(mentees_word)s than %(mentors_word)s.")
        ),
    )
    return world.message("application_declined", application)


def _clearing(world: World) -> Message:
    now = timezone.now()
    Program.objects.filter(pk=world.program.pk).update(
        state=Program.State.ARCHIVED, archived_at=now, clearing_told_at=now
    )
    return world.message("program_clearing", world.program)


def _about_oneself(kind: str, **facts: str) -> Example:
    return lambda world: world.message(kind, None, facts=facts)


EXAMPLES: dict[str, Example] = {
    "invitation": _invite("invitation"),
    "invitation_reminder": _invite("invitation_reminder"),
    "invitations_unanswered": _unanswered,
    "joined": _participant("joined"),
    "profile_unfinished": _participant("profile_unfinished", state="joining"),
    "waiting_status": _participant("waiting_status", places_taken=0),
    "guidelines_changed": _participant("guidelines_changed", "version-1"),
    "application_waiting": _application_waiting,
    "application_declined": _application_declined,
    "program_clearing": _clearing,
    "address_changed": lambda world: world.message(
        "address_changed",
        None,
        facts={
            "before": "robin@example.invalid",
            "now": "robin.visser@example.invalid",
            "on": "now",
            "by": world.pair[1].pk,
        },
    ),
    "second_step_changed": _about_oneself(
        "second_step_changed", change="totp_activated"
    ),
    "second_step_reset": lambda world: world.message(
        "second_step_reset", None, facts={"by": world.pair[1].pk}
    ),
}
