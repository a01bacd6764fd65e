"""One round, from the pool to people put together with a proof. No database here."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from matching.checker import Wrong, check
from matching.groups import Together, form_circles, form_groups, mutual
from matching.scoring import Explanation, Pool, Scorer
from matching.solver import MOST_MATCHED, Problem, Solution, left_out, solve

PAIRS, GROUPS, CIRCLES = "pairs", "groups", "circles"
# People left out of whom it is said what each limit keeps from them.
LIFTS = 300


@dataclass(frozen=True)
class Part:
    """Two people of a match, by participant, and the sum of the one with the other."""

    one: int
    other: int
    explanation: Explanation


@dataclass(frozen=True)
class Match:
    """People put together: the learners, who leads them if anybody, and why."""

    learners: tuple[int, ...]
    mentor: int | None
    score: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Limits:
    """What keeps somebody out, and what is known of it.

    ``facts``: the ``mentor`` it is about, the ``score`` with them, what one more place
    there would bring everybody (``more_people``, ``more_points``); for somebody whom
    every mentor is forbidden how many each limit blocks (``blocked``), and the *must*
    whose lifting helps most (``lift``, ``lift_mentors``, ``lift_score``).
    """

    limit: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Matches by participant, the proof, and who is left over."""

    matches: list[Match]
    total: int
    upper_bound: int
    matched: int
    matched_bound: int
    seconds: float
    left_over: dict[int, Limits]
    floor: int = 0
    is_floor_proven: bool = True
    bonus: int = 0
    mentee_prices: dict[int, int] = field(default_factory=dict)
    mentor_prices: dict[int, int] = field(default_factory=dict)

    @property
    def gap(self) -> int:
        return self.upper_bound - self.total


def assign(
    pool: Pool,
    *,
    objective: str,
    protect_weakest: bool,
    floor: int = 0,
    fixed: Sequence[tuple[int, int]] = (),
    time_limit: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Match the whole pool in pairs, checked independently. Raises ``checker.Wrong``.

    ``fixed`` are pairs of participants that stay, with their places, whatever the
    limits: a person chose them.
    """
    kept, rest = _set_aside(pool, fixed)
    scorer = Scorer(rest)
    problem = Problem(
        scores=scorer.block,
        mentee_capacity=[mentee.capacity for mentee in rest.mentees],
        mentor_capacity=[mentor.capacity for mentor in rest.mentors],
        objective=objective,
        floor=floor,
        protect_weakest=protect_weakest,
        mentee_ids=[mentee.id for mentee in rest.mentees],
        mentor_ids=[mentor.id for mentor in rest.mentors],
        time_limit=time_limit,
    )
    solution = solve(problem, on_progress=on_progress, is_cancelled=is_cancelled)
    proof = check(
        scorer.block,
        problem.mentee_capacity,
        problem.mentor_capacity,
        solution.pairs,
        solution.mentor_prices,
        bonus=solution.bonus,
        floor=solution.floor,
    )
    if proof.total != solution.total or (solution.gap == 0 and proof.gap != 0):
        raise Wrong("The total or the proof is not what the solver says.")
    matches = [*kept]
    for row, column in solution.pairs:
        mentee, mentor = rest.mentees[row].id, rest.mentors[column].id
        why = scorer.explain(row, column)
        matches.append(
            Match((mentee,), mentor, why.score, (Part(mentee, mentor, why),))
        )
    points = sum(match.score for match in kept)
    return Result(
        matches=matches,
        total=solution.total + points,
        upper_bound=solution.upper_bound + points,
        matched=solution.matched + len(kept),
        matched_bound=solution.matched_bound + len(kept),
        seconds=solution.seconds,
        left_over=_left_over(rest, problem, solution),
        floor=solution.floor,
        is_floor_proven=solution.is_floor_proven,
        bonus=solution.bonus,
        mentee_prices=_by_id(rest.mentees, solution.mentee_prices),
        mentor_prices=_by_id(rest.mentors, solution.mentor_prices),
    )


def _by_id(people: Sequence[Any], prices: Any) -> dict[int, int]:
    return {person.id: int(price) for person, price in zip(people, prices, strict=True)}


def _set_aside(
    pool: Pool, fixed: Sequence[tuple[int, int]]
) -> tuple[list[Match], Pool]:
    """The fixed pairs with their sums, and the pool without their places.

    A fixed pair of which somebody is no longer here, or has no place left, is let go.
    """
    if not fixed:
        return [], pool
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    scorer = Scorer(pool)
    room = {person.id: person.capacity for person in (*pool.mentees, *pool.mentors)}
    kept = []
    taken: Counter[int] = Counter()
    together = set()
    for mentee, mentor in dict.fromkeys(fixed):
        if mentee not in rows or mentor not in columns:
            continue
        if min(room[each] - taken[each] for each in (mentee, mentor)) < 1:
            continue
        taken[mentee] += 1
        taken[mentor] += 1
        why = scorer.explain(rows[mentee], columns[mentor])
        kept.append(Match((mentee,), mentor, why.total, (Part(mentee, mentor, why),)))
        one, other = pool.mentees[rows[mentee]], pool.mentors[columns[mentor]]
        together.add((one.user_id, other.user_id))
    return kept, replace(
        pool,
        mentees=[replace(p, capacity=p.capacity - taken[p.id]) for p in pool.mentees],
        mentors=[replace(p, capacity=p.capacity - taken[p.id]) for p in pool.mentors],
        excluded=pool.excluded | together,
    )


def _left_over(pool: Pool, problem: Problem, solution: Solution) -> dict[int, Limits]:
    found: dict[int, Limits] = {}
    forbidden: list[int] = []
    for each in left_out(problem, solution):
        facts: dict[str, Any] = {}
        if each.mentor is not None and each.score is not None:
            facts = {"mentor": pool.mentors[each.mentor].id, "score": each.score}
        if each.gain is not None:
            facts["more_people"] = each.gain.pairs
            facts["more_points"] = each.gain.points
        if each.limit == "forbidden":
            forbidden.append(each.mentee)
        found[pool.mentees[each.mentee].id] = Limits(each.limit, facts)
    for row, facts in _what_forbids(pool, forbidden[:LIFTS]).items():
        found[pool.mentees[row].id] = Limits("forbidden", facts)
    return found


def _what_forbids(pool: Pool, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For people whom every mentor is forbidden: by which limit, and what lifting one
    would bring, computed by scoring them without it.
    """
    if not rows:
        return {}
    at = np.array(rows, np.intp)
    places = np.array([mentor.capacity > 0 for mentor in pool.mentors])

    def ruled_out(musts: set[str]) -> Any:
        """Which mentors with places are, when only these are a *must*."""
        criteria = [replace(each, must=each.key in musts) for each in pool.criteria]
        return (Scorer(replace(pool, criteria=criteria)).block(at) < 0) & places

    keys = [each.key for each in pool.criteria if each.must]
    always = ruled_out(set())
    facts: dict[int, dict[str, Any]] = {
        row: {"blocked": {"always": int(count)} if count else {}}
        for row, count in zip(rows, always.sum(axis=1), strict=True)
    }
    for key in keys:
        more = (ruled_out({key}) & ~always).sum(axis=1)
        for row, count in zip(rows, more, strict=True):
            if count:
                facts[row]["blocked"][key] = int(count)
    for must in [each for each in pool.criteria if each.must]:
        others = [
            replace(each, must=False) if each.key == must.key else each
            for each in pool.criteria
        ]
        block = Scorer(replace(pool, criteria=others)).block(at)
        for row, scores in zip(rows, block, strict=True):
            mentors = int((scores >= 0).sum())
            if mentors > facts[row].get("lift_mentors", 0):
                best = int(scores.argmax())
                facts[row] |= {
                    "lift": must.key,
                    "lift_mentors": mentors,
                    "lift_score": int(scores[best]),
                    "mentor": pool.mentors[best].id,
                }
    return facts


def assign_groups(
    pool: Pool,
    *,
    objective: str,
    least: int,
    most: int,
    is_cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Groups of ``least`` to ``most`` mentees, each with one mentor."""
    scorer = Scorer(pool)
    scores = scorer.block(np.arange(len(pool.mentees)))
    found = form_groups(
        scores,
        [mentor.capacity for mentor in pool.mentors],
        least=least,
        most=most,
        people_first=objective == MOST_MATCHED,
        is_cancelled=is_cancelled,
    )
    matches = []
    for column, rows in found.groups:
        assert column is not None
        mentor = pool.mentors[column].id
        parts = tuple(
            Part(pool.mentees[row].id, mentor, scorer.explain(row, column))
            for row in rows
        )
        _verify(part.explanation.score for part in parts)
        matches.append(
            Match(
                tuple(pool.mentees[row].id for row in rows),
                mentor,
                _mean([part.explanation.score for part in parts]),
                parts,
            )
        )
    return _together(pool, found, matches)


def assign_circles(
    pool: Pool,
    *,
    least: int,
    most: int,
    is_cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Peers in circles of ``least`` to ``most``; two and two are pairs."""
    scorer = Scorer(pool)
    scores = scorer.block(np.arange(len(pool.mentees)))
    both = mutual(scores)
    found = form_circles(scores, least=least, most=most, is_cancelled=is_cancelled)
    matches = []
    for _none, rows in found.groups:
        two = [(a, b) for n, a in enumerate(rows) for b in rows[n + 1 :]]
        _verify(int(both[a, b]) for a, b in two)
        matches.append(
            Match(
                tuple(pool.mentees[row].id for row in rows),
                None,
                _mean([int(both[a, b]) for a, b in two]),
                tuple(
                    Part(pool.mentees[x].id, pool.mentees[y].id, scorer.explain(x, y))
                    for a, b in two
                    for x, y in ((a, b), (b, a))
                ),
            )
        )
    return _together(pool, found, matches)


def _verify(scores: Any) -> None:
    if any(score < 0 for score in scores):
        raise Wrong("Two who may not be together are.")


def _mean(scores: Sequence[int]) -> int:
    """Half up, as on paper."""
    return (2 * sum(scores) + len(scores)) // (2 * len(scores))


def _together(pool: Pool, found: Together, matches: list[Match]) -> Result:
    placed = {person for match in matches for person in match.learners}
    return Result(
        matches=matches,
        total=found.total,
        upper_bound=found.upper_bound,
        matched=found.matched,
        matched_bound=found.matched_bound,
        seconds=found.seconds,
        left_over={
            person.id: Limits("group")
            for person in pool.mentees
            if person.id not in placed and person.capacity > 0
        },
    )


def explain_pair(pool: Pool, mentee: int, mentor: int) -> Explanation:
    """The sum of two participants of a pool, whether they are together or not."""
    rows: Mapping[int, int] = {p.id: n for n, p in enumerate(pool.mentees)}
    columns = {p.id: n for n, p in enumerate(pool.mentors)}
    return Scorer(pool).explain(rows[mentee], columns[mentor])
