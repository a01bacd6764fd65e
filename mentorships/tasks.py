"""What the clock does for mentorships."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from mentorships.actions import end_mentorship
from mentorships.models import Mentorship
from mentorships.reminders import (
    CLOSED_AFTER,
    ENDING_STEPS,
    FIRST_STEPS,
    SILENCE_ASK,
    SILENCE_END,
    SILENCE_NUDGE,
    STUCK_AFTER,
    half_way,
)
from outbox.actions import compose, plan_all
from outbox.clocks import GRACE_DAYS, days_since, due_step
from outbox.models import Message
from outbox.workhours import next_working_morning
from people.models import User
from programs.models import Participant, Program, Role

BATCH = 500


@shared_task
def plan_check_ins() -> int:
    """Hourly: a message for each mentorship that has gone quiet; twice changes nothing.

    Once for each gap: the occasion is the day since which it is quiet. Gives back how
    many mentorships are quiet.
    """
    quiet = 0
    rows: list[Message] = []
    for each in _in_batches(Mentorship.objects.quiet_at(timezone.now())):
        rows += _rows("check_in", each, _people(each), f"{each.quiet_from:%Y-%m-%d}")
        quiet += 1
    plan_all(rows)
    return quiet


def _in_batches(found: QuerySet[Mentorship]) -> Iterator[Mentorship]:
    """Each with its people, so many at a time."""
    ids = list(found.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield from (
            Mentorship.objects.filter(pk__in=ids[start : start + BATCH])
            .with_quiet_from()
            .select_related("program")
            .prefetch_related("members__participant__user")
        )


def _people(mentorship: Mentorship, roles: Iterable[str] = Role.values) -> list[User]:
    wanted = set(roles)
    return [
        each.participant.user
        for each in mentorship.members.all()
        if each.role in wanted
    ]


def _rows(
    kind: str, mentorship: Mentorship, people: Iterable[User], occasion: str
) -> list[Message]:
    """A reminder about a mentorship to each of these."""
    now = timezone.now()
    return [
        compose(
            kind,
            user,
            about=mentorship,
            occasion=occasion,
            program_id=mentorship.program_id,
            not_before=next_working_morning(now, user.time_zone),
        )
        for user in people
    ]


@shared_task
def plan_first_steps() -> None:
    """Hourly: whoever was matched and planned nothing; twice changes nothing."""
    now = timezone.now()
    found = (
        Mentorship.objects.active()
        .filter(
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
            started_at__lte=now - timedelta(days=min(FIRST_STEPS)),
            started_at__gt=now - timedelta(days=max(FIRST_STEPS) + GRACE_DAYS + 1),
        )
        .exclude(sessions__state__in=["planned", "held"])
        .exclude(pk__in=Mentorship.objects.resting_at(now).values("pk"))
    )
    rows: list[Message] = []
    for each in _in_batches(found):
        if step := due_step(days_since(each.started_at, now), FIRST_STEPS):
            people = _people(each, FIRST_STEPS[step])
            rows += _rows("first_step", each, people, f"day-{step}")
    plan_all(rows)


@shared_task
def plan_when_stuck() -> None:
    """Hourly: who met three weeks ago for the first time and agreed on nothing yet;
    once for each mentorship.
    """
    now = timezone.now()
    last = now - timedelta(days=STUCK_AFTER)
    found = (
        Mentorship.objects.active()
        .filter(program__state__in=[Program.State.OPEN, Program.State.RUNNING])
        .exclude(pk__in=Mentorship.objects.resting_at(now).values("pk"))
        .filter(goals=None, agreement__signatures=None)
        .annotate(
            first_held=Min("sessions__starts_at", filter=Q(sessions__state="held"))
        )
        .filter(first_held__lte=last, first_held__gt=last - timedelta(GRACE_DAYS + 1))
    )
    rows: list[Message] = []
    for each in _in_batches(found):
        rows += _rows("stuck", each, _people(each), "agreeing")
    plan_all(rows)


@shared_task
def plan_along_the_way() -> None:
    """Hourly: half-way, and at the end of a programme; twice changes nothing."""
    today = timezone.localdate()
    long_over = today - timedelta(days=max(ENDING_STEPS) + GRACE_DAYS + 1)
    found = (
        Mentorship.objects.active()
        .filter(
            program__state__in=[Program.State.RUNNING, Program.State.CLOSING],
            program__starts_on__lte=today,
            program__ends_on__isnull=False,
        )
        .exclude(pk__in=Mentorship.objects.over_by(long_over).values("pk"))
    )
    rows: list[Message] = []
    for each in _in_batches(found):
        starts_on, ends_on = each.program.starts_on, each.last_day
        assert starts_on
        assert ends_on
        middle = half_way(starts_on, ends_on)
        if 0 <= (today - middle).days <= GRACE_DAYS:
            rows += _rows("half_way", each, _people(each), f"{middle:%Y-%m-%d}")
        step = due_step((today - ends_on).days, ENDING_STEPS)
        if step is not None:
            occasion = f"{ends_on:%Y-%m-%d} {step:+}"
            rows += _rows("ending", each, _people(each), occasion)
    plan_all(rows)


@shared_task
def plan_for_silence() -> None:
    """Hourly: after 60 days a nudge, after 90 the question whether they go on."""
    now = timezone.now()
    silent = Mentorship.objects.quiet_at(now).filter(
        Q(quiet_from__lte=now - timedelta(days=SILENCE_NUDGE))
    )
    rows: list[Message] = []
    asked: list[Mentorship] = []
    for each in _in_batches(silent):
        occasion = f"{each.quiet_from:%Y-%m-%d}"
        if days_since(each.quiet_from, now) >= SILENCE_ASK:
            rows += _rows("silence_ask", each, _people(each), occasion)
            asked.append(each)
        else:
            rows += _rows("silence_nudge", each, _people(each), occasion)
    coordinators: dict[int, list[User]] = {}
    for one in (
        Participant.objects.coordinators()
        .filter(program__in={each.program_id for each in asked})
        .select_related("user")
    ):
        coordinators.setdefault(one.program_id, []).append(one.user)
    for each in asked:
        people = coordinators.get(each.program_id, [])
        rows += _rows("silence_told", each, people, f"{each.quiet_from:%Y-%m-%d}")
    plan_all(rows)


def _heard(kind: str, mentorship: Mentorship, occasion: str, before: datetime) -> bool:
    """Whether at least one of them was told so long ago: nothing ends unannounced."""
    return Message.objects.filter(
        kind=kind,
        about_type=mentorship._meta.label_lower,
        about_id=mentorship.pk,
        occasion=occasion,
        state=Message.State.SENT,
        sent_at__lte=before,
    ).exists()


@shared_task
def end_what_is_over() -> int:
    """Hourly: close what stayed silent after the question, and what outlived its
    last day; how many. After a standstill people hear it first, and a week passes.
    """
    now, today = timezone.now(), timezone.localdate()
    week_ago = now - timedelta(days=SILENCE_END - SILENCE_ASK)
    silent = Mentorship.objects.quiet_at(now).filter(
        Q(quiet_from__lte=now - timedelta(days=SILENCE_END))
    )
    over = (
        Mentorship.objects.active()
        .over_by(today - timedelta(days=CLOSED_AFTER))
        .filter(program__state__in=[Program.State.RUNNING, Program.State.CLOSING])
    )
    ended = 0
    for each in _in_batches(silent):
        if _heard("silence_ask", each, f"{each.quiet_from:%Y-%m-%d}", week_ago):
            end_mentorship(each, by=None)
            ended += 1
    for each in _in_batches(over):
        if each.is_active and _heard_of_the_end(each, week_ago):
            end_mentorship(each, by=None)
            ended += 1
    return ended


def _heard_of_the_end(mentorship: Mentorship, before: datetime) -> bool:
    ends_on = mentorship.last_day
    assert ends_on
    return any(
        _heard("ending", mentorship, f"{ends_on:%Y-%m-%d} {step:+}", before)
        for step in ENDING_STEPS
        if step >= 0
    )
