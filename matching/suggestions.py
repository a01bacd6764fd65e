"""Where mentees choose: three mentors for each, and none shown more than fits."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone

from matching.models import Request
from matching.pool import load_pool, snapshot
from matching.scoring import Line, Pool, Scorer
from matching.solver import BEST_TOTAL, Problem, solve
from people.models import Absence
from programs.models import Participant, Program, Role

SHOWN = 3
REASONS = 3
# What makes it possible to meet is no reason to want to: it stands last.
PRACTICAL = {"languages", "location"}
FOR_SECONDS = 3600


@dataclass(frozen=True)
class Fit:
    """A mentor whom a mentee is shown: how well they fit, and what speaks for it."""

    mentor: int
    score: int
    reasons: tuple[Line, ...]


@dataclass(frozen=True)
class Suggestion:
    """A mentor who has room, and why they would fit."""

    mentor: Participant
    score: int
    reasons: tuple[Line, ...]


def suggestions_for(mentee: Participant) -> list[Suggestion]:
    """Up to three mentors with a free place whom nobody else may fill meanwhile.

    Of each free place three mentees are told at most, since each of them picks one of
    three; a place for which somebody has asked already is told to nobody.
    """
    program = mentee.program
    fits = suggested_in(program).get(mentee.pk, ())
    if not fits:
        return []
    ready = program.participants.ready().select_related("user__employment")
    people = ready.in_bulk([fit.mentor for fit in fits])
    asked = _asked(program)
    found = [
        Suggestion(people[fit.mentor], fit.score, fit.reasons)
        for fit in fits
        if fit.mentor in people and people[fit.mentor].room > asked[fit.mentor]
    ]
    return sorted(found, key=lambda each: (-each.score, each.mentor.pk))


def suggested_in(program: Program) -> dict[int, tuple[Fit, ...]]:
    """Whom each waiting mentee is shown: the best for all of them together.

    Worked out once for each state of the programme: every process that finds the same
    rows finds the same answer, and after a change all of them work it out anew.
    """
    criteria = snapshot(program)
    key = f"matching.suggested.{program.pk}.{_state_of(program, criteria)}"
    found: dict[int, tuple[Fit, ...]] | None = cache.get(key)
    if found is None:
        found = _share_out(load_pool(program, criteria=criteria), _asked(program))
        cache.set(key, found, FOR_SECONDS)
    return found


def _state_of(program: Program, criteria: list[dict[str, Any]]) -> str:
    """A mark of what decides who is shown to whom, as far as it changes by the hour."""
    today = timezone.localdate()
    people = program.participants.exclude(role=Role.COORDINATOR)
    pauses = Q(paused_until__gt=today)
    facts = [
        today,
        program.starts_on,
        sorted(criteria, key=itemgetter("key")),
        people.aggregate(
            Count("left_at"),
            Sum("capacity"),
            Max("pk"),
            Max("ready_at"),
            Max("user__profile__saved_at"),
            ready=Count("pk", Q(state="ready", user__is_active=True)),
            pausing=Count("pk", pauses),
            # One who pauses as another one is back is another pool.
            who=Sum("pk", filter=pauses),
            # Who is full by another one is another pool.
            taken=Sum(F("pk") * F("places_taken")),
        ),
        Request.objects.filter(mentee__program=program).aggregate(
            Count("pk"),
            Max("answered_at"),
            asked=Sum("mentor", filter=Q(state="open")),
            over=Count("pk", ~Q(state__in=["open", "queued"])),
        ),
        Absence.objects.filter(user__in=people.values("user")).aggregate(
            Max("pk"), Count("pk")
        ),
        program.exclusions.aggregate(Max("pk"), Count("pk")),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _share_out(pool: Pool, asked: Counter[int]) -> dict[int, tuple[Fit, ...]]:
    # Who is away now cannot answer, and is shown to nobody.
    away = set(
        Absence.objects.on(timezone.localdate())
        .filter(user__in=[person.user_id for person in pool.mentors])
        .values_list("user", flat=True)
    )
    free = [
        0 if person.user_id in away else max(0, person.capacity - asked[person.id])
        for person in pool.mentors
    ]
    pool = replace(
        pool,
        mentors=[
            replace(person, capacity=room)
            for person, room in zip(pool.mentors, free, strict=True)
        ],
    )
    if not pool.mentees or not any(free):
        return {}
    scorer = Scorer(pool)
    solution = solve(
        Problem(
            scores=scorer.block,
            mentee_capacity=[SHOWN] * len(pool.mentees),
            mentor_capacity=[SHOWN * room for room in free],
            objective=BEST_TOTAL,
            mentee_ids=[person.id for person in pool.mentees],
            mentor_ids=[person.id for person in pool.mentors],
        )
    )
    found: dict[int, tuple[Fit, ...]] = {}
    for row, column in solution.pairs:
        why = scorer.explain(row, column)
        fit = Fit(pool.mentors[column].id, why.score, _best_of(why.lines))
        mentee = pool.mentees[row].id
        found[mentee] = (*found.get(mentee, ()), fit)
    return found


def reasons_for(mentee: Participant, mentor: Participant) -> tuple[Line, ...]:
    """What speaks most for these two, whether they have a place or not."""
    pool = load_pool(mentee.program, only=[mentee.pk, mentor.pk])
    why = Scorer(pool).explain(0, 0)
    return _best_of(why.lines)


def _best_of(lines: Iterable[Line]) -> tuple[Line, ...]:
    known = [line for line in lines if line.is_known and line.points]
    best = sorted(known, key=lambda line: (-line.points, line.key))[:REASONS]
    return tuple(sorted(best, key=lambda line: line.key in PRACTICAL))


def _asked(program: Program) -> Counter[int]:
    """How many wait for the answer of each mentor."""
    return Counter(
        Request.objects.open()
        .filter(mentor__program=program)
        .values_list("mentor", flat=True)
    )
