"""What the clock does for surveys."""

import logging
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from feedback.actions import open_wave, pulse_of, pulse_programs, settle
from feedback.models import Wave
from feedback.notifications import EVERY_DAYS, FIRST_DAY
from outbox.actions import plan

logger = logging.getLogger(__name__)

# Asked only within this many days of the date: after a long sleep no flood.
GRACE_DAYS = 7
REMIND_AFTER = timedelta(days=5)


@shared_task
def plan_waves() -> int:
    """Hourly: open the pulse that is due, and remind whoever has not answered.

    On day 30 of a programme and every 60 days after. Twice changes nothing: the
    occasion is the day of the programme.
    """
    today = timezone.localdate()
    opened = 0
    for program in pulse_programs():
        assert program.starts_on
        day = (today - program.starts_on).days
        if day < FIRST_DAY:
            continue
        due = FIRST_DAY + (day - FIRST_DAY) // EVERY_DAYS * EVERY_DAYS
        if day - due > GRACE_DAYS:
            continue
        survey = pulse_of(program)
        if survey.waves.filter(occasion=f"day-{due}").exists():
            continue
        try:
            open_wave(survey, occasion=f"day-{due}", by=None)
        except ValidationError:
            logger.info("program %s: too few for an anonymous survey", program.pk)
        else:
            opened += 1
    now = timezone.now()
    for wave in Wave.objects.open_at(now).filter(opens_at__lt=now - REMIND_AFTER):
        for invitation in wave.invitations.unanswered().select_related("to"):
            plan(
                "pulse",
                invitation.to,
                about=invitation,
                occasion="reminder",
                program_id=wave.survey.program_id,
            )
    return opened


@shared_task
def settle_answers() -> int:
    """Let answers out of the pool where enough wait; see ``settle``."""
    waves = Wave.objects.filter(fresh__isnull=False).select_related("survey").distinct()
    return sum(settle(wave) for wave in waves)
