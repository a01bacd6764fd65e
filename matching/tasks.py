"""Matching away from the web process, and what the clock does for those who wait."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.db import models
from django.utils import timezone

from matching.actions import expire_request, fail_round, let_go, run_round
from matching.checker import Wrong
from matching.models import (
    ANSWER_IN,
    CHOOSING_MODELS,
    REMIND_AFTER,
    Manner,
    Request,
    Round,
)
from matching.notifications import NOT_ASKED_STEPS, UNDECIDED_STEPS
from outbox.actions import compose, plan, plan_all
from outbox.clocks import GRACE_DAYS, days_since, due_step
from outbox.models import Message
from outbox.workhours import next_working_morning
from people.models import User
from programs.models import Participant, Program, Role

logger = logging.getLogger(__name__)

BATCH = 500
SILENT_FOR = timedelta(days=14)


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
    except Wrong:
        logger.exception("round %s", round_id)
        fail_round(found, {"key": "not_proven"})
    except Exception:
        # Whatever it was: the coordinator sees it, and the next round can begin.
        logger.exception("round %s", round_id)
        fail_round(found, {"key": "crashed"})


@shared_task
def move_requests() -> int:
    """Hourly: remind mentors on day 3, and let a request go on day 7; or at once, where
    nobody is matched any more.

    Twice changes nothing. Gives back how many expired.
    """
    now = timezone.now()
    matching = Program.objects.matching()
    for each in Request.objects.alive().exclude(mentee__program__in=matching):
        let_go(each, by=None)
    open_ones = (
        Request.objects.open()
        .select_related("mentor__user", "mentee__program", "mentee__user")
        .prefetch_related("mentor__user__absences")
    )
    expired = sum(
        expire_request(each) for each in open_ones.filter(expires_at__lte=now)
    )
    reminded = open_ones.filter(
        expires_at__gt=now, expires_at__lte=now + ANSWER_IN - REMIND_AFTER
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


@shared_task
def plan_choosing() -> None:
    """Hourly: mentees who may choose and asked nobody; twice changes nothing."""
    now = timezone.now()
    found = (
        Participant.objects.ready()
        .filter(
            role=Role.MENTEE,
            places_taken=0,
            requests_sent=None,
            program__manner__mode=Manner.Mode.CHOOSE,
            program__model__in=CHOOSING_MODELS,
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
            ready_at__gt=_longest_ago(now, NOT_ASKED_STEPS),
        )
        .select_related("user")
    )
    plan_all(
        _row("not_asked", each.user, each, each.program_id, step)
        for each in found
        if each.ready_at
        and (step := due_step(days_since(each.ready_at, now), NOT_ASKED_STEPS))
    )


@shared_task
def plan_undecided() -> None:
    """Hourly: coordinators hear of a round that nobody published; twice changes
    nothing.
    """
    now = timezone.now()
    found = {
        each.program_id: each
        for each in Round.objects.filter(
            state=Round.State.READY, at__gt=_longest_ago(now, UNDECIDED_STEPS)
        ).order_by("at")
    }
    coordinators = Participant.objects.coordinators().filter(program__in=found)
    plan_all(
        _row("proposals_waiting", one.user, each, each.program_id, step)
        for one in coordinators.select_related("user")
        if (each := found[one.program_id])
        and (step := due_step(days_since(each.at, now), UNDECIDED_STEPS))
    )


def _longest_ago(now: datetime, steps: tuple[int, ...]) -> datetime:
    return now - timedelta(days=max(steps) + GRACE_DAYS + 1)


def _row(
    kind: str, to: User, about: models.Model, program_id: int, step: int
) -> Message:
    """A reminder of a day, in working hours."""
    return compose(
        kind,
        to,
        about=about,
        occasion=f"day-{step}",
        program_id=program_id,
        not_before=next_working_morning(timezone.now(), to.time_zone),
    )
