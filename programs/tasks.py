"""What the clock does for programmes."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from outbox.actions import compose, plan_all
from outbox.clocks import GRACE_DAYS, days_since, due_step
from outbox.models import Message
from outbox.workhours import next_working_morning
from people.models import User
from programs import actions
from programs.lacking import lacking_nothing
from programs.models import Invite, Participant, Program, Role
from programs.notifications import (
    PROFILE_STEPS,
    TELL_COORDINATOR_AFTER,
    WAITING_DAYS,
)


@shared_task
def settle_participants() -> None:
    """Whoever lacks nothing any more is ready. Running it twice changes nothing."""
    joining = (
        Participant.objects.active()
        .filter(
            state=Participant.State.JOINING,
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
            user__is_active=True,
        )
        .select_related("program", "user")
    )
    for participant in lacking_nothing(joining):
        actions.complete(participant)


@shared_task
def part_with_leavers() -> int:
    """Whoever no longer works here takes part no longer: their place comes free, and
    those they work with hear it. Twice changes nothing; how many.

    The day after, so that a mistake of HR can be taken back on the same day. They have
    no access meanwhile.
    """
    gone = (
        Participant.objects.active()
        .exclude(role=Role.COORDINATOR)
        .filter(user__in=User.objects.gone())
        .exclude(user__left_on=timezone.localdate())
        .select_related("program", "user")
    )
    for participant in gone:
        # One who leaves by themselves at this moment is no longer here to be let go.
        with suppress(ValidationError):
            actions.leave_program(participant, by=None)
    return len(gone)


def _row(kind: str, participant: Participant, occasion: str) -> Message:
    """A reminder to a participant about taking part."""
    return compose(
        kind,
        participant.user,
        about=participant,
        occasion=occasion,
        program_id=participant.program_id,
        not_before=next_working_morning(timezone.now(), participant.user.time_zone),
    )


@shared_task
def plan_joining_reminders() -> None:
    """Hourly: whoever has not completed joining is asked to; twice changes nothing."""
    now = timezone.now()
    joining = (
        Participant.objects.active()
        .not_pausing()
        .filter(
            state=Participant.State.JOINING,
            joined_at__gt=now - timedelta(days=max(PROFILE_STEPS) + GRACE_DAYS + 1),
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )
        .select_related("user")
    )
    plan_all(
        _row("profile_unfinished", each, f"{each.joined_at:%Y-%m-%d} day-{step}")
        for each in joining
        if (step := due_step(days_since(each.joined_at, now), PROFILE_STEPS))
    )


@shared_task
def plan_waiting_status() -> None:
    """Hourly: nobody who waits for a match hears nothing for more than 14 days."""
    now = timezone.now()
    waiting = (
        Participant.objects.ready()
        .filter(
            places_taken=0,
            ready_at__lte=now - timedelta(days=WAITING_DAYS),
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )
        .exclude(role="coordinator")
        .select_related("user")
    )
    rows = []
    for each in waiting:
        assert each.ready_at
        number = days_since(each.ready_at, now) // WAITING_DAYS
        rows.append(
            _row("waiting_status", each, f"{each.ready_at:%Y-%m-%d} time-{number}")
        )
    plan_all(rows)


@shared_task
def tell_of_unanswered() -> None:
    """Hourly: coordinators hear of invitations that nobody answered for two weeks."""
    now = timezone.now()
    last = now - timedelta(days=TELL_COORDINATOR_AFTER)
    first = last - timedelta(days=GRACE_DAYS + 1)
    days: dict[int, str] = {}
    for program_id, at in (
        Invite.objects.unused()
        .unanswered()
        .filter(at__gt=first, at__lte=last)
        .order_by("at")
        .values_list("program", "at")
    ):
        days[program_id] = f"{at:%Y-%m-%d}"
    coordinators = (
        Participant.objects.coordinators()
        .filter(program__in=days)
        .select_related("user", "program")
    )
    plan_all(
        compose(
            "invitations_unanswered",
            each.user,
            about=each.program,
            occasion=days[each.program_id],
            program_id=each.program_id,
            not_before=next_working_morning(now, each.user.time_zone),
        )
        for each in coordinators
    )


@shared_task
def read_goals() -> None:
    """What the goals stand at, weekly, for their trend. Twice a day changes nothing."""
    for program in Program.objects.live():
        actions.take_readings(program)


@shared_task
def clear_programs() -> None:
    """Daily: what people wrote in programmes of long ago goes, after telling them."""
    for program in Program.objects.to_clear():
        if actions.is_time_to_tell(program):
            actions.tell_of_clearing(program)
        actions.clear_program(program)
