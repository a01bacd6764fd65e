"""Where mentees choose: three mentors for each, and none shown more than fits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache

from matching.models import Request
from matching.pool import load_pool
from matching.scoring import Explanation, Pool, Scorer
from matching.solver import BEST_TOTAL, Problem, solve
from programs.models import Participant, Program

SHOWN = 3
FOR_SECONDS = 300


@dataclass(frozen=True)
class Suggestion:
    """A mentor who has room, and why they would fit."""

    mentor: Participant
    explanation: Explanation


def suggestions_for(mentee: Participant) -> list[Suggestion]:
    """Up to three mentors with a free place whom nobody else may fill meanwhile.

    Of each free place three mentees are told at most, since each of them picks one of
    three; a place for which somebody has asked already is told to nobody.
    """
    program = mentee.program
    chosen = suggested_in(program).get(mentee.pk, ())
    if not chosen:
        return []
    pool = load_pool(program, only=[mentee.pk, *chosen])
    scorer = Scorer(pool)
    people = Participant.objects.select_related("user__employment").in_bulk(chosen)
    room = _free(program, [people[each] for each in chosen if each in people])
    row = next(n for n, person in enumerate(pool.mentees) if person.id == mentee.pk)
    found = [
        Suggestion(people[person.id], scorer.explain(row, column))
        for column, person in enumerate(pool.mentors)
        if room.get(person.id, 0) > 0
    ]
    found = [each for each in found if each.explanation.score >= 0]
    return sorted(found, key=lambda each: (-each.explanation.score, each.mentor.pk))


def suggested_in(program: Program) -> dict[int, tuple[int, ...]]:
    """Whom each waiting mentee is shown: the best for all of them together.

    Kept for some minutes: the same page shows the same people when it is opened again.
    """
    key = f"matching.suggested.{program.pk}"
    found: dict[int, tuple[int, ...]] | None = cache.get(key)
    if found is None:
        found = _share_out(load_pool(program), _asked(program))
        cache.set(key, found, FOR_SECONDS)
    return found


def forget_suggestions(program: Program) -> None:
    """Work them out anew the next time."""
    cache.delete(f"matching.suggested.{program.pk}")


def _share_out(pool: Pool, asked: dict[int, int]) -> dict[int, tuple[int, ...]]:
    free = [
        max(0, person.capacity - asked.get(person.id, 0)) for person in pool.mentors
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
    solution = solve(
        Problem(
            scores=Scorer(pool).block,
            mentee_capacity=[SHOWN] * len(pool.mentees),
            mentor_capacity=[SHOWN * room for room in free],
            objective=BEST_TOTAL,
            mentee_ids=[person.id for person in pool.mentees],
            mentor_ids=[person.id for person in pool.mentors],
        )
    )
    found: dict[int, tuple[int, ...]] = {}
    for row, column in solution.pairs:
        mentee, mentor = pool.mentees[row].id, pool.mentors[column].id
        found[mentee] = (*found.get(mentee, ()), mentor)
    return found


def _asked(program: Program) -> dict[int, int]:
    """How many wait for the answer of each mentor."""
    counts: dict[int, int] = {}
    for mentor in (
        Request.objects.open()
        .filter(mentor__program=program)
        .values_list("mentor", flat=True)
    ):
        counts[mentor] = counts.get(mentor, 0) + 1
    return counts


def _free(program: Program, mentors: Iterable[Participant]) -> dict[int, int]:
    asked = _asked(program)
    return {each.pk: each.room - asked.get(each.pk, 0) for each in mentors}


def reasons(explanation: Explanation, most: int = 3) -> list[Any]:
    """The lines that speak for a pair most."""
    known = [line for line in explanation.lines if line.is_known and line.points]
    return sorted(known, key=lambda line: (-line.points, line.key))[:most]
