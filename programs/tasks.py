"""What the clock does for programmes."""

from celery import shared_task

from programs import actions
from programs.models import Participant, Program


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
    for participant in joining:
        actions.complete(participant)


@shared_task
def read_goals() -> None:
    """What the goals stand at, weekly, for their trend. Twice a day changes nothing."""
    for program in Program.objects.live():
        actions.take_readings(program)
