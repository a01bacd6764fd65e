"""One round, from the pool to pairs with a proof. No database here."""

from collections.abc import Callable
from dataclasses import dataclass

from matching.checker import Wrong, check
from matching.scoring import Explanation, Pool, Scorer
from matching.solver import Problem, Solution, left_out, solve


@dataclass(frozen=True)
class Assignment:
    """Pairs of participant ids with their explanation, and who is left over."""

    solution: Solution
    pairs: list[tuple[int, int, Explanation]]
    # participant id → the limit that keeps them out, and what is known of it: the
    # ``mentor`` it is about, the ``score`` with them, and what one more place there
    # would bring everybody together (``more_people``, ``more_points``)
    left_over: dict[int, tuple[str, dict[str, int]]]


def assign(
    pool: Pool,
    *,
    objective: str,
    protect_weakest: bool,
    floor: int = 0,
    time_limit: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Assignment:
    """Match the whole pool, checked independently. Raises ``checker.Wrong``."""
    scorer = Scorer(pool)
    problem = Problem(
        scores=scorer.block,
        mentee_capacity=[mentee.capacity for mentee in pool.mentees],
        mentor_capacity=[mentor.capacity for mentor in pool.mentors],
        objective=objective,
        floor=floor,
        protect_weakest=protect_weakest,
        mentee_ids=[mentee.id for mentee in pool.mentees],
        mentor_ids=[mentor.id for mentor in pool.mentors],
        time_limit=time_limit,
    )
    solution = solve(problem, on_progress=on_progress)
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

    left: dict[int, tuple[str, dict[str, int]]] = {}
    for each in left_out(problem, solution):
        facts: dict[str, int] = {}
        if each.mentor is not None and each.score is not None:
            facts = {"mentor": pool.mentors[each.mentor].id, "score": each.score}
        if each.gain is not None:
            facts["more_people"] = each.gain.pairs
            facts["more_points"] = each.gain.points
        left[pool.mentees[each.mentee].id] = (each.limit, facts)
    return Assignment(
        solution=solution,
        pairs=[
            (pool.mentees[row].id, pool.mentors[column].id, scorer.explain(row, column))
            for row, column in solution.pairs
        ],
        left_over=left,
    )
