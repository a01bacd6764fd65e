"""One round, from the pool to people put together with a proof. No database here."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from matching.checker import Wrong, check
from matching.results import Limits, Match, Part, Result, until
from matching.scoring import Person, Pool, Scorer
from matching.solver import Problem, Solution, left_out, solve

# People left out of whom it is said what each limit keeps from them.
LIFTS = 300


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
        person, limit = pool.mentees[each.mentee], each.limit
        if limit == "forbidden":
            forbidden.append(each.mentee)
        if person.is_away:
            limit, facts = "away", until(person)
        found[person.id] = Limits(limit, facts)
    for row, facts in _what_forbids(pool, forbidden[:LIFTS]).items():
        found[pool.mentees[row].id].facts.update(facts)
    return found


def _lifted(pool: Pool, keys: Collection[str]) -> Pool:
    """The pool without some of its limits: a *must* by its key, or "absence"."""

    def here(people: Sequence[Person]) -> Sequence[Person]:
        if "absence" not in keys:
            return people
        return [replace(person, away_until=None) for person in people]

    return replace(
        pool,
        mentees=here(pool.mentees),
        mentors=here(pool.mentors),
        criteria=[
            replace(each, must=each.must and each.key not in keys)
            for each in pool.criteria
        ],
    )


def _what_forbids(pool: Pool, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For people whom every mentor is forbidden: by which limit, and what lifting one
    would bring, computed by scoring them without it.
    """
    if not rows:
        return {}
    pool = replace(pool, mentees=[pool.mentees[row] for row in rows])
    at = np.arange(len(rows))
    places = np.array([mentor.capacity > 0 for mentor in pool.mentors])
    limits = [each.key for each in pool.criteria if each.must]
    if any(person.is_away for person in (*pool.mentees, *pool.mentors)):
        limits.append("absence")

    def ruled_out(keys: set[str]) -> Any:
        """Which mentors with places are, when only these limits hold."""
        rest = _lifted(pool, set(limits) - keys)
        return (Scorer(rest).block(at) < 0) & places

    always = ruled_out(set())
    facts: list[dict[str, Any]] = [
        {"blocked": {"always": int(count)} if count else {}}
        for count in always.sum(axis=1)
    ]
    for key in limits:
        more = (ruled_out({key}) & ~always).sum(axis=1)
        for fact, person, count in zip(facts, pool.mentees, more, strict=True):
            # That somebody is away themselves is said once.
            if count and not (key == "absence" and person.is_away):
                fact["blocked"][key] = int(count)
        scored = Scorer(_lifted(pool, {key})).block(at)
        for fact, scores in zip(facts, scored, strict=True):
            mentors = int((scores >= 0).sum())
            if mentors > fact.get("lift_mentors", 0):
                best = int(scores.argmax())
                fact |= {
                    "lift": key,
                    "lift_mentors": mentors,
                    "lift_score": int(scores[best]),
                    "mentor": pool.mentors[best].id,
                }
    return dict(zip(rows, facts, strict=True))
