"""Matching away from the web process, and what the clock does for those who wait."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from matching.actions import expire_request, fail_round, run_round
from matching.checker import Wrong
from matching.models import REMIND_AFTER, Request, Round
from outbox.actions import plan
from outbox.workhours import next_working_morning

logger = logging.getLogger(__name__)

BATCH = 500
SILENT_FOR = timedelta(days=14)


@shared_task
def solve_round(round_id: int) -> None:
    """Run one round. A second call finds it done and changes nothing."""
    found = (
        Round.objects.select_related("program", "by")
        .filter(pk=round_id, state=Round.State.RUNNING)
        .first()
    )
    if found is None:
        return
    # What goes wrong is said in the language of whoever pressed the button.
    with override(found.by.language or None if found.by else None):
        try:
            run_round(found)
        except Wrong:
            logger.exception("round %s", round_id)
            fail_round(
                found,
                _(
                    "The check of the result did not agree, so it is not shown."
                    " Run again."
                ),
            )
        except Exception:
            # Whatever it was: the coordinator sees it, and the next round can begin.
            logger.exception("round %s", round_id)
            fail_round(
                found,
                _(
                    "Something went wrong on the server. Run again; if it stays, tell"
                    " the IT admin."
                ),
            )


@shared_task
def move_requests() -> int:
    """Hourly: remind mentors on day 3, and let a request go on day 7.

    Twice changes nothing. Gives back how many expired.
    """
    now = timezone.now()
    open_ones = Request.objects.open().select_related(
        "mentor__user", "mentee__program", "mentee__user"
    )
    expired = sum(
        expire_request(each) for each in open_ones.filter(expires_at__lte=now)
    )
    reminded = open_ones.filter(
        expires_at__gt=now, expires_at__lte=now + timedelta(days=7) - REMIND_AFTER
    )
    for found in reminded:
        plan(
            "request_reminder",
            found.mentor.user,
            about=found,
            program_id=found.program_id,
            not_before=next_working_morning(now, found.mentor.user.time_zone),
        )
    return expired
