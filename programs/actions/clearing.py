"""What becomes of what people wrote, a while after a programme is in the archive."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from history.models import record
from outbox.actions import compose, plan_all
from outbox.workhours import next_working_morning
from people.models import User
from programs.clearing import CLEARANCES
from programs.models import TOLD_DAYS, Program


@transaction.atomic
def save_keeping(program: Program, *, by: User) -> None:
    """Save what managers hear and how long words are kept; who changed it is kept."""
    program.save(update_fields=["managers_may_know", "kept_days"])
    record(program, "changed who hears of it and how long it is kept", by=by)


@transaction.atomic
def tell_of_clearing(program: Program) -> None:
    """Tell everybody who takes or took part that it will be cleared; once."""
    now = timezone.now()
    told = (
        Program.objects.to_clear()
        .filter(pk=program.pk, clearing_told_at=None)
        .update(clearing_told_at=now)
    )
    if not told:
        return
    program.clearing_told_at = now
    people = User.objects.working_here().filter(participations__program=program)
    plan_all(
        compose(
            "program_clearing",
            user,
            about=program,
            program_id=program.pk,
            not_before=next_working_morning(now, user.time_zone),
        )
        for user in people.distinct()
    )


@transaction.atomic
def clear_program(program: Program) -> bool:
    """Remove what people wrote; the figures stay. Whether it was time, and not done."""
    today = timezone.localdate()
    locked = Program.objects.select_for_update().to_clear().filter(pk=program.pk)
    due = locked.first()
    if due is None or due.clearing_told_at is None:
        return False
    if due.clears_on is None or due.clears_on > today:
        return False
    Program.objects.filter(pk=due.pk).update(cleared_at=timezone.now())
    # From the top down: what an app above keeps may lead to what is below.
    for each in reversed(CLEARANCES):
        each.do(due)
    record(due, "cleared", by=None)
    return True


def is_time_to_tell(program: Program) -> bool:
    """Whether its day is no further away than people are told beforehand."""
    soonest = timezone.localdate() + timedelta(days=TOLD_DAYS)
    return program.clearing_told_at is None and program.clears_on == soonest
