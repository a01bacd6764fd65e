"""Pairs that ask for a person: finding them, and what is done about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.health import (
    GOALS_DUE,
    WINDOW,
    Course,
    Part,
    parts_of,
    reason_of,
    score_of,
)
from feedback.models import CareItem, CareMessage, CareSettings
from history.models import record
from mentorships.models import (
    Goal,
    MentoringSession,
    Mentorship,
    MentorshipQuerySet,
    Signature,
)
from outbox.actions import plan
from people.models import User
from programs.models import Program

BATCH = 500
# After somebody looked after a pair it has this much time to find its way.
REST = timedelta(days=21)


@dataclass(frozen=True)
class Health:
    """A mentorship with its figure, and the parts that make it.

    ``asked_at`` is when one of them asked to be called; nobody is told what about.
    """

    mentorship: Mentorship
    score: int
    parts: list[Part]
    asked_at: datetime | None
    is_grown: bool


def courses(mentorships: MentorshipQuerySet, now: datetime) -> QuerySet[Mentorship]:
    """Adds what ``course_of`` needs, without reading what anybody said."""
    sessions = MentoringSession.objects.filter(mentorship=OuterRef("pk"))
    moving = Q(goals__progress__at__gt=now - timedelta(days=GOALS_DUE)) | Q(
        goals__state=Goal.State.REACHED
    )
    return (
        mentorships.with_last_held()
        .annotate(
            held_lately=Count(
                "sessions",
                Q(
                    sessions__state=MentoringSession.State.HELD,
                    sessions__starts_at__gt=now - timedelta(days=WINDOW),
                ),
                distinct=True,
            ),
            is_planned=Exists(
                sessions.filter(state=MentoringSession.State.PLANNED, starts_at__gt=now)
            ),
            goals_set=Count("goals", ~Q(goals__state="let_go"), distinct=True),
            goals_moving=Count("goals", moving, distinct=True),
            is_agreed=Exists(
                Signature.objects.filter(
                    agreement__mentorship=OuterRef("pk"),
                    version=F("agreement__version"),
                )
            ),
            asked_at=Max("members__concerns__asked_at"),
        )
        .order_by("pk")
    )


def course_of(mentorship: Mentorship, now: datetime) -> Course:
    """The figures of one that ``courses`` found."""
    last = mentorship.last_held_at
    # After a pause they begin anew.
    start = max(mentorship.started_at, mentorship.back_at or mentorship.started_at)
    if last:
        last = max(last, mentorship.back_at or last)
    return Course(
        age=(now - start).days,
        rhythm=mentorship.rhythm_days,
        held=mentorship.held_lately,  # type: ignore[attr-defined]
        days_since=(now - last).days if last else None,
        is_planned=mentorship.is_planned,  # type: ignore[attr-defined]
        goals=mentorship.goals_set,  # type: ignore[attr-defined]
        goals_moving=mentorship.goals_moving,  # type: ignore[attr-defined]
        is_agreed=mentorship.is_agreed,  # type: ignore[attr-defined]
    )


def health_in(program: Program, now: datetime) -> Iterable[Health]:
    """Each active mentorship that does not rest."""
    settings = CareSettings.of(program)
    active = (
        Mentorship.objects.active().filter(program=program).exclude(back_at__gt=now)
    )
    for mentorship in courses(active, now).iterator(chunk_size=BATCH):
        course = course_of(mentorship, now)
        parts = parts_of(course, settings.weights)
        yield Health(
            mentorship,
            score_of(parts),
            parts,
            mentorship.asked_at,  # type: ignore[attr-defined]
            course.age >= settings.grace_days,
        )


@transaction.atomic
def review_program(program: Program, now: datetime) -> int:
    """Put pairs below the threshold into the queue, refresh those in it, and take out
    what is back on track and nobody's; how many are new. Twice changes nothing.
    """
    threshold = CareSettings.of(program).threshold
    known = {
        each.mentorship_id: each
        for each in CareItem.objects.open().filter(mentorship__program=program)
    }
    resting = dict(
        CareItem.objects.filter(mentorship__program=program, closed_at__gt=now - REST)
        .order_by("closed_at")
        .values_list("mentorship", "closed_at")
    )
    fresh: list[CareItem] = []
    changed: list[CareItem] = []
    back: list[int] = []
    seen: set[int] = set()
    for each in health_in(program, now):
        key = each.mentorship.pk
        item = known.get(key)
        seen.add(key)
        asks = _asks(each, resting.get(key), now)
        needs = each.is_grown and bool(each.parts) and each.score < threshold
        if item is None and not asks and (not needs or key in resting):
            continue
        if item and not needs and not asks and item.owner_id is None:
            back.append(item.pk)
            continue
        row = item or CareItem(mentorship=each.mentorship, since=now)
        row.facts = [{**part.fact, "score": part.score} for part in each.parts]
        if asks:
            row.score, row.reason_key = 0, "asked"
            row.facts.insert(0, {"part": "asked"})
        else:
            row.score, row.reason_key = each.score, reason_of(each.parts)
        (changed if item else fresh).append(row)
    gone = [item.pk for key, item in known.items() if key not in seen]
    CareItem.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
    CareItem.objects.bulk_update(
        changed, ["score", "facts", "reason_key"], batch_size=BATCH
    )
    _close_all(back, CareItem.Outcome.BACK, now)
    _close_all(gone, CareItem.Outcome.ENDED, now)
    return len(fresh)


def _asks(each: Health, closed_at: datetime | None, now: datetime) -> bool:
    """Whether somebody asked to be called and nobody has looked after it since."""
    asked_at = each.asked_at
    if asked_at is None or asked_at < now - REST:
        return False
    return closed_at is None or asked_at > closed_at


def _close_all(keys: list[int], outcome: str, now: datetime) -> None:
    for start in range(0, len(keys), BATCH):
        CareItem.objects.open().filter(pk__in=keys[start : start + BATCH]).update(
            closed_at=now, outcome=outcome
        )


def _change(item: CareItem, **fields: object) -> None:
    """Change an open item; once it is closed nothing changes any more."""
    if not CareItem.objects.open().filter(pk=item.pk).update(**fields):
        raise ValidationError(_("A colleague has closed this already."))


@transaction.atomic
def take_care(item: CareItem, *, by: User) -> None:
    """It is mine now; the others see that."""
    _change(item, owner=by, snoozed_until=None)
    record(item, "taken", by=by)


@transaction.atomic
def snooze_care(item: CareItem, until: date, *, by: User) -> None:
    """Look at it again on a later day."""
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))
    _change(item, snoozed_until=until)
    record(item, "put off", by=by)


@transaction.atomic
def close_care(item: CareItem, outcome: str, *, reason: str, by: User) -> None:
    """It has been looked after; or nothing is needed, for a reason."""
    if outcome == CareItem.Outcome.DISMISSED and not reason.strip():
        raise ValidationError(_("Say in a few words why nothing is needed."))
    _change(
        item,
        closed_at=timezone.now(),
        closed_by=by,
        outcome=outcome,
        reason=reason.strip(),
    )
    record(item, "closed", by=by)


@transaction.atomic
def write_care(item: CareItem, *, to: User, body: str, by: User) -> None:
    """Write to one of the pair; whoever writes has taken it on."""
    members = item.mentorship.members.filter(participant__user=to)
    if not members.exists():
        raise ValidationError(_("This person is not in the mentorship."))
    CareItem.objects.open().filter(pk=item.pk, owner=None).update(owner=by)
    message = CareMessage.objects.create(item=item, to=to, by=by, body=body)
    plan(
        "care",
        to,
        about=message,
        program_id=item.mentorship.program_id,
    )
    record(item, "wrote", by=by)
