"""A round of groups or circles, from the pool to people put together. No database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.checker import Wrong, check_score, check_together
from matching.groups import (
    EFFORT,
    Table,
    Together,
    form_circles,
    form_groups,
    lift_weakest,
    mutual,
)
from matching.results import Limits, Match, Part, Result, until
from matching.scoring import Pool, Scorer
from matching.solver import MOST_MATCHED


def assign_groups(
    pool: Pool,
    *,
    objective: str,
    least: int,
    most: int,
    protect_weakest: bool = False,
    fixed: Sequence[tuple[tuple[int, ...], int | None]] = (),
    members: Sequence[tuple[int, int]] = (),
    is_cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Groups of ``least`` to ``most`` mentees, each with one mentor.

    ``fixed`` are groups that stay as they are; ``members`` are mentees who stay with a
    mentor, whatever the limits: a person chose them. A group is filled up around them;
    if there are too few for one, they are left over.
    """
    kept, everybody = _keep_together(pool, fixed)
    here = _who_is_here(everybody)
    stay = _who_stay(here, members, most)
    # Of whom it is settled nothing is searched.
    settled = {learner for learners in stay.values() for learner in learners}
    pool = replace(here, mentees=[p for p in here.mentees if p.id not in settled])
    room = [mentor.capacity for mentor in pool.mentors]
    already = [len(stay.get(mentor.id, ())) for mentor in pool.mentors]
    scores = Scorer(pool).block(np.arange(len(pool.mentees)))

    def form(table: Table, effort: float) -> Together:
        return form_groups(
            table,
            room,
            least=least,
            most=most,
            already=already,
            people_first=objective == MOST_MATCHED,
            is_cancelled=is_cancelled,
            effort=effort,
        )

    found = _formed(form, scores, scores, protect_weakest)
    _agree(
        found,
        check_together(
            scores,
            found.groups,
            least=least,
            most=most,
            bound=found.upper_bound,
            room=room,
            already=already,
            floor=found.floor,
        ).total,
    )
    scorer = Scorer(here)
    matches = []
    for column, rows in found.groups:
        assert column is not None
        mentor = pool.mentors[column].id
        learners = [*stay.get(mentor, ()), *(pool.mentees[row].id for row in rows)]
        match = match_of(scorer, sorted(learners), mentor)
        check_score(match.score, [part.explanation.total for part in match.parts])
        matches.append(match)
    points = sum(
        part.explanation.total
        for match in matches
        for part in match.parts
        if part.one in settled
    )
    found = replace(
        found, total=found.total + points, upper_bound=found.upper_bound + points
    )
    return _together(everybody, found, matches, kept)


def _who_stay(
    pool: Pool, members: Sequence[tuple[int, int]], most: int
) -> dict[int, tuple[int, ...]]:
    """The mentees that a person fixed with each mentor, as far as both are here."""
    learners = {person.id for person in pool.mentees if person.capacity > 0}
    leads = {person.id for person in pool.mentors if person.capacity > 0}
    stay: dict[int, tuple[int, ...]] = {}
    for learner, mentor in dict.fromkeys(members):
        if learner in learners and mentor in leads:
            learners.discard(learner)
            stay[mentor] = (*stay.get(mentor, ()), learner)
    return {mentor: them for mentor, them in stay.items() if len(them) <= most}


def assign_circles(
    pool: Pool,
    *,
    least: int,
    most: int,
    protect_weakest: bool = False,
    fixed: Sequence[tuple[tuple[int, ...], int | None]] = (),
    is_cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Peers in circles of ``least`` to ``most``; two and two are pairs.

    ``fixed`` are circles that stay as they are.
    """
    kept, everybody = _keep_together(pool, fixed)
    pool = _who_is_here(everybody)
    scorer = Scorer(pool)
    scores = scorer.block(np.arange(len(pool.mentees)))
    both = mutual(scores)

    def form(table: Table, effort: float) -> Together:
        return form_circles(
            table, least=least, most=most, is_cancelled=is_cancelled, effort=effort
        )

    found = _formed(form, scores, both, protect_weakest)
    proof = check_together(
        both,
        found.groups,
        least=least,
        most=most,
        bound=found.upper_bound,
        floor=found.floor,
    )
    _agree(found, proof.total)
    matches = []
    for _none, rows in found.groups:
        match = _match_of(scorer, rows, None)
        check_score(match.score, [int(both[two]) for two in combinations(rows, 2)])
        matches.append(match)
    return _together(everybody, found, matches, kept)


def _formed(
    form: Callable[[Table, float], Together],
    scores: NDArray[Any],
    worth: NDArray[Any],
    protect_weakest: bool,
) -> Together:
    """People put together, over a floor if the weakest are protected."""
    if not protect_weakest:
        return form(np.asarray(scores, np.int64), EFFORT)
    found, floor, is_proven = lift_weakest(form, scores, np.asarray(worth, np.int64))
    return replace(found, floor=floor, is_floor_proven=is_proven)


def match_of(scorer: Scorer, learners: Iterable[int], mentor: int | None) -> Match:
    """People put together, by participant."""
    pool = scorer.pool
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    return _match_of(
        scorer,
        [rows[learner] for learner in learners],
        None if mentor is None else columns[mentor],
    )


def _match_of(scorer: Scorer, rows: Sequence[int], column: int | None) -> Match:
    """People put together, by row, with the mentor of a column or as peers.

    The score of a group is the mean of what each has with the mentor, of a circle the
    mean of what each two have with each other.
    """
    pool = scorer.pool
    learners = tuple(pool.mentees[row].id for row in rows)
    if column is not None:
        mentor = pool.mentors[column].id
        parts = tuple(
            Part(learner, mentor, scorer.explain(row, column))
            for learner, row in zip(learners, rows, strict=True)
        )
        score = mean_of([part.explanation.total for part in parts])
        return Match(learners, mentor, score, parts)
    both = [
        (
            Part(pool.mentees[a].id, pool.mentees[b].id, scorer.explain(a, b)),
            Part(pool.mentees[b].id, pool.mentees[a].id, scorer.explain(b, a)),
        )
        for a, b in combinations(rows, 2)
    ]
    score = mean_of([mean_of([part.explanation.total for part in two]) for two in both])
    return Match(learners, None, score, tuple(part for two in both for part in two))


def _keep_together(
    pool: Pool, fixed: Sequence[tuple[tuple[int, ...], int | None]]
) -> tuple[list[Match], Pool]:
    """The groups or circles that stay, with their sums, and the pool without them.

    One of which somebody is no longer here, or has no place left, is let go.
    """
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    scorer = Scorer(pool)
    kept: list[Match] = []
    gone: set[int] = set()
    leads: set[int] = set()
    for learners, mentor in fixed:
        is_led = mentor is None or (mentor in columns and mentor not in leads)
        is_whole = gone.isdisjoint(learners) and rows.keys() >= {*learners}
        if not (is_led and is_whole):
            continue
        column = None if mentor is None else columns[mentor]
        kept.append(_match_of(scorer, [rows[each] for each in learners], column))
        gone |= {*learners}
        leads |= set() if mentor is None else {mentor}
    rest = [person for person in pool.mentees if person.id not in gone]
    if pool.mentees is pool.mentors:
        return kept, replace(pool, mentees=rest, mentors=rest)
    mentors = [
        replace(person, capacity=person.capacity - (person.id in leads))
        for person in pool.mentors
    ]
    return kept, replace(pool, mentees=rest, mentors=mentors)


def worth_of(points: Sequence[int], *, is_led: bool) -> int:
    """What the search counts: the points of every two, of peers the mean of both sums.

    ``points`` are those of the parts of a match, in their order.
    """
    if is_led:
        return sum(points)
    return sum(mean_of(points[n : n + 2]) for n in range(0, len(points), 2))


def _worth(match: Match) -> int:
    points = [part.explanation.total for part in match.parts]
    return worth_of(points, is_led=match.mentor is not None)


def _who_is_here(pool: Pool) -> Pool:
    """The pool without those who are away while it would begin."""
    here = [person for person in pool.mentees if not person.is_away]
    if pool.mentees is pool.mentors:
        return replace(pool, mentees=here, mentors=here)
    leads = [person for person in pool.mentors if not person.is_away]
    return replace(pool, mentees=here, mentors=leads)


def _agree(found: Together, total: int) -> None:
    if found.total != total:
        raise Wrong("The total is not what the search says.")


def mean_of(scores: Sequence[int]) -> int:
    """Half up, as on paper."""
    return (2 * sum(scores) + len(scores)) // (2 * len(scores))


def _together(
    pool: Pool, found: Together, matches: list[Match], kept: list[Match]
) -> Result:
    points = sum(_worth(match) for match in kept)
    people = sum(len(match.learners) for match in kept)
    placed = {person for match in matches for person in match.learners}
    return Result(
        matches=[*kept, *matches],
        total=found.total + points,
        upper_bound=found.upper_bound + points,
        matched=found.matched + people,
        matched_bound=found.matched_bound + people,
        seconds=found.seconds,
        floor=found.floor,
        is_floor_proven=found.is_floor_proven,
        left_over={
            person.id: Limits("away", until(person))
            if person.is_away
            else Limits("group")
            for person in pool.mentees
            if person.id not in placed and person.capacity > 0
        },
    )
