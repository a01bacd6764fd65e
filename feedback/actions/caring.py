"""Pairs that ask for a person: finding them, and what is done about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
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
from feedback.models.care import NOBODYS
from history.models import record
from mentorships.models import (
    Concern,
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
# What history says of it, and then until which day.
PUT_OFF = "put off"
# After somebody looked after a pair it has this much time to find its way.
REST = timedelta(days=21)
# Who was written to has this long to answer, before the pair comes back.
ANSWER_IN = timedelta(days=7)
# Nobody is out of sight for longer than that.
LONGEST = timedelta(days=90)


@transaction.atomic
def save_care_settings(settings: CareSettings, *, by: User) -> None:
    """Save how a programme listens; two who save it at first save one row."""
    values = {
        field.name: getattr(settings, field.name)
        for field in CareSettings._meta.concrete_fields
        if not field.primary_key and field.name != "program"
    }
    CareSettings.objects.update_or_create(program=settings.program, defaults=values)
    record(settings.program, "care settings changed", by=by)


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
    is_away: bool
    course: Course


def courses(mentorships: MentorshipQuerySet, now: datetime) -> QuerySet[Mentorship]:
    """Adds what ``course_of`` needs, without reading what anybody said."""
    sessions = MentoringSession.objects.filter(mentorship=OuterRef("pk"))
    goals = Goal.objects.filter(mentorship=OuterRef("pk"))
    moving = Q(progress__at__gt=now - timedelta(days=GOALS_DUE)) | Q(
        state=Goal.State.REACHED
    )
    asked = Concern.objects.filter(
        member__mentorship=OuterRef("pk"), asked_at__isnull=False
    )
    return (
        mentorships.with_quiet_from()
        .annotate(
            held_lately=_number(
                sessions.held().filter(starts_at__gt=now - timedelta(days=WINDOW))
            ),
            is_planned=Exists(
                sessions.filter(state=MentoringSession.State.PLANNED, starts_at__gt=now)
            ),
            goals_set=_number(goals.exclude(state=Goal.State.LET_GO)),
            goals_moving=_number(goals.filter(moving)),
            is_agreed=Exists(
                Signature.objects.filter(
                    agreement__mentorship=OuterRef("pk"),
                    version=F("agreement__version"),
                )
            ),
            asked_at=Subquery(asked.order_by("-asked_at").values("asked_at")[:1]),
        )
        .order_by("pk")
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many of these a mentorship has, without joining them to anything else."""
    found = rows.order_by().values("mentorship")
    return Coalesce(
        Subquery(found.annotate(n=Count("pk", distinct=True)).values("n")), 0
    )


def course_of(mentorship: Mentorship, now: datetime) -> Course:
    """The figures of one that ``courses`` found."""
    last = mentorship.last_held_at
    # After a pause they begin anew; after a time away they meet again.
    start = max(mentorship.started_at, mentorship.back_at or mentorship.started_at)
    if last:
        last = mentorship.quiet_from
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
    active = (
        Mentorship.objects.active().filter(program=program).exclude(back_at__gt=now)
    )
    return _health(active, CareSettings.of(program), now)


def _health(
    mentorships: MentorshipQuerySet, settings: CareSettings, now: datetime
) -> Iterable[Health]:
    away = set(mentorships.somebody_away_at(now).values_list("pk", flat=True))
    for mentorship in courses(mentorships, now).iterator(chunk_size=BATCH):
        course = course_of(mentorship, now)
        parts = parts_of(course, settings.weights)
        yield Health(
            mentorship,
            score_of(parts),
            parts,
            mentorship.asked_at,  # type: ignore[attr-defined]
            course.age >= settings.grace_days,
            mentorship.pk in away,
            course,
        )


@transaction.atomic
def review_program(program: Program, now: datetime) -> int:
    """Put pairs into the queue that are below the threshold, or late by the clock;
    refresh those in it, and take out what is nobody's and back on track or resting, and
    what has ended; how many are new. Twice changes nothing.

    In a programme that is closing only who asks to be called is new.
    """
    threshold = CareSettings.of(program).threshold
    items = CareItem.objects.filter(mentorship__program=program)
    known = {each.mentorship_id: each for each in items.open()}
    nobodys = set(items.open().filter(NOBODYS).values_list("pk", flat=True))
    resting = set(
        items.filter(closed_at__gt=now - REST).values_list("mentorship", flat=True)
    )
    # What the clock took out answers nobody.
    looked_at = dict(
        items.exclude(closed_by=None)
        .order_by()
        .values_list("mentorship")
        .annotate(last=Max("closed_at"))
    )
    fresh: list[CareItem] = []
    changed: list[CareItem] = []
    back: list[int] = []
    seen: set[int] = set()
    for each in health_in(program, now):
        key = each.mentorship.pk
        item = known.get(key)
        seen.add(key)
        asks = _asks(each, looked_at.get(key))
        late = each.is_grown and each.course.is_late
        low = each.is_grown and bool(each.parts) and each.score < threshold
        # While somebody is away there is nothing to look after, unless one asks.
        needs = (late or low) and not each.is_away
        may_be_new = asks or (needs and key not in resting and not program.is_closing)
        if item is None and not may_be_new:
            continue
        if item and not needs and not asks and item.pk in nobodys:
            back.append(item.pk)
            continue
        row = item or CareItem(mentorship=each.mentorship, since=now)
        _renew(row, each, asks=asks)
        if late and not any(fact["part"] == "contact" for fact in row.facts):
            row.facts.append(each.course.contact)
        (changed if item else fresh).append(row)
    gone = [item.pk for key, item in known.items() if key not in seen]
    CareItem.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
    CareItem.objects.bulk_update(
        changed, ["score", "facts", "reason_key"], batch_size=BATCH
    )
    _close_all(back, CareItem.Outcome.BACK, now, NOBODYS)
    ended = Q(mentorship__ended_at__isnull=False)
    _close_all(gone, CareItem.Outcome.ENDED, now, ended)
    # Who took it goes on with it, and who asked to be called still waits.
    left = NOBODYS & ~Q(reason_key="asked") & Q(mentorship__back_at__gt=now)
    _close_all(gone, CareItem.Outcome.PAUSED, now, left)
    return len(fresh)


def _renew(row: CareItem, each: Health, *, asks: bool) -> None:
    """Give it the figure and the facts of now."""
    row.facts = [
        {**part.fact, "score": part.score, "weight": part.weight} for part in each.parts
    ]
    row.score = each.score
    row.reason_key = "asked" if asks else reason_of(each.parts)
    if asks:
        row.facts.insert(0, {"part": "asked"})


@transaction.atomic
def heed_call(concern: Concern) -> None:
    """Somebody asks to be called: their pair is in the queue at once, and is not put
    off any more. Whoever looks after it goes on with it.
    """
    now = timezone.now()
    mentorship = concern.member.mentorship
    active = Mentorship.objects.active().filter(pk=mentorship.pk)
    for each in _health(active, CareSettings.of(mentorship.program), now):
        row = CareItem(mentorship=each.mentorship, since=now)
        _renew(row, each, asks=True)
        CareItem.objects.bulk_create([row], ignore_conflicts=True)
        CareItem.objects.open().filter(mentorship=mentorship).update(
            score=row.score,
            facts=row.facts,
            reason_key=row.reason_key,
            snoozed_until=None,
        )


def _asks(each: Health, looked_at: datetime | None) -> bool:
    """Whether somebody asked to be called and nobody has looked after it since."""
    if each.asked_at is None:
        return False
    return looked_at is None or each.asked_at > looked_at


def _close_all(keys: list[int], outcome: str, now: datetime, only: Q) -> None:
    """Close those of them that are open and for which this is so."""
    for start in range(0, len(keys), BATCH):
        CareItem.objects.open().filter(only, pk__in=keys[start : start + BATCH]).update(
            closed_at=now, outcome=outcome
        )


def _change(item: CareItem, by: User, **fields: object) -> None:
    """Change an open item; once it is closed nothing changes any more."""
    if not CareItem.objects.open().filter(pk=item.pk).update(**fields):
        raise closed_already(item, by=by)


def closed_already(item: CareItem, *, by: User) -> ValidationError:
    """Says to somebody who closed it: themselves, a colleague or the clock."""
    found = CareItem.objects.select_related("closed_by").get(pk=item.pk).closed_by
    if found is None:
        words = _("This pair has left the queue by itself.")
    elif found == by:
        words = _("You have closed this already.")
    else:
        words = _("%(name)s has closed this already.") % {"name": found.name}
    return ValidationError(words, code="closed")


@transaction.atomic
def take_care(item: CareItem, *, by: User) -> None:
    """It is mine now; the others see that."""
    _change(item, by, owner=by, snoozed_until=None)
    record(item, "taken", by=by)


@transaction.atomic
def let_care_go(item: CareItem, *, by: User) -> bool:
    """It is nobody's again, and keeps its day; whether it was mine."""
    mine = CareItem.objects.open().filter(pk=item.pk, owner=by)
    if not mine.update(owner=None):
        return False
    record(item, "let go", by=by)
    return True


@transaction.atomic
def snooze_care(item: CareItem, until: date, *, by: User) -> None:
    """Look at it again on a later day: not after they end, nor in a long time."""
    today = timezone.localdate()
    if until <= today:
        raise ValidationError(_("Choose a day that is still to come."))
    if until > today + LONGEST:
        raise ValidationError(
            _("Choose a day within %(days)s days, so that nobody is forgotten.")
            % {"days": LONGEST.days}
        )
    last_day = item.mentorship.last_day
    if last_day and today < last_day < until:
        raise ValidationError(
            _("Their last day is %(day)s; choose that or an earlier day.")
            % {"day": date_format(last_day, "j F Y")}
        )
    _change(item, by, snoozed_until=until)
    record(item, f"{PUT_OFF} {until:%Y-%m-%d}", by=by)


@transaction.atomic
def close_care(item: CareItem, outcome: str, *, reason: str, by: User) -> None:
    """It has been looked after; or nothing is needed, for a reason."""
    if outcome == CareItem.Outcome.DISMISSED and not reason.strip():
        raise ValidationError(_("Say in a few words why nothing is needed."))
    _change(
        item,
        by,
        closed_at=timezone.now(),
        closed_by=by,
        outcome=outcome,
        reason=reason.strip(),
    )
    record(item, "closed", by=by)


@transaction.atomic
def write_care(item: CareItem, *, to: User, body: str, by: User) -> None:
    """Write to one of the pair; whoever writes has taken it on, and the pair waits
    for an answer meanwhile.
    """
    members = item.mentorship.members.filter(participant__user=to)
    if not members.exists():
        raise ValidationError(_("This person is not in the mentorship."))
    mine = CareItem.objects.open().filter(pk=item.pk)
    if not mine.select_for_update().exists():
        raise closed_already(item, by=by)
    mine.filter(NOBODYS).update(owner=by)
    until = timezone.localdate() + ANSWER_IN
    mine.exclude(snoozed_until__gt=until).update(snoozed_until=until)
    message = CareMessage.objects.create(item=item, to=to, by=by, body=body)
    plan(
        "care",
        to,
        about=message,
        program_id=item.mentorship.program_id,
    )
    record(item, "wrote", by=by)
