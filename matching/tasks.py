"""Matching away from the web process."""

import logging

from celery import shared_task

from matching.actions import fail_round, run_round
from matching.models import Round

logger = logging.getLogger(__name__)


@shared_task
def solve_round(round_id: int) -> None:
    """Run one round. A second call finds it done and changes nothing."""
    found = (
        Round.objects.select_related("program")
        .filter(pk=round_id, state=Round.State.RUNNING)
        .first()
    )
    if found is None:
        return
    try:
        run_round(found)
    except Exception as error:
        # Whatever it was: the coordinator sees it, and the next round can begin.
        logger.exception("round %s", round_id)
        fail_round(found, f"{type(error).__name__}")
