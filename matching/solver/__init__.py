"""The best assignment of a whole pool, proven. Arithmetic only: no Django here.

Mentees are the rows and mentors the columns of a table of scores from 0 to 1000;
a negative score (or NaN) is a pair that may not be. Every answer carries prices that
prove it: ``matching.checker`` redoes that proof without trusting a line of this file.

The way there: the best candidates of each mentee and of each mentor make a small
problem, which minimum-cost flow solves exactly. Its prices (the least at which nobody
would rather change) are then held against *all* pairs. A pair that would pay joins the
small problem; when there is none, weak duality says that the answer is the best of the
whole. It is column generation: Dantzig and Wolfe, "Decomposition principle for linear
programs", Operations Research 8 (1960).
"""

from collections.abc import Callable

import numpy as np

from matching.solver.best import Search
from matching.solver.problem import (
    BEST_TOTAL,
    MOST_MATCHED,
    Cancelled,
    CannotKeep,
    Gain,
    LeftOut,
    Pair,
    Problem,
    Solution,
)
from matching.solver.tables import Table

__all__ = [
    "BEST_TOTAL",
    "MOST_MATCHED",
    "Cancelled",
    "CannotKeep",
    "Gain",
    "LeftOut",
    "Pair",
    "Problem",
    "Solution",
    "left_out",
    "solve",
]


def solve(
    problem: Problem,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The best assignment, with its proof; within ``time_limit`` an honest gap.

    ``on_progress(rounds, gap)`` is called after each round of the proof.
    ``is_cancelled()`` is asked between the steps; true raises ``Cancelled``. Raises
    ``CannotKeep`` for a fixed pair that is forbidden or beyond a capacity.
    """
    return Search(problem, on_progress, is_cancelled).run()


def left_out(problem: Problem, solution: Solution) -> tuple[LeftOut, ...]:
    """Every mentee with places and nobody in them; the limit that keeps them out."""
    capacity = np.asarray(problem.mentee_capacity, np.int64)
    places = np.asarray(problem.mentor_capacity, np.int64)
    found = {mentee for mentee, _ in solution.pairs}
    alone = [n for n in np.flatnonzero(capacity > 0).tolist() if n not in found]
    if not places.any():
        return tuple(LeftOut(mentee, "no_mentors") for mentee in alone)
    table = Table(problem.scores, len(capacity), len(places))
    answers = []
    for start in range(0, len(alone), 64):
        rows = np.array(alone[start : start + 64], np.intp)
        for mentee, scores in zip(rows.tolist(), table.read(rows), strict=True):
            mentor = int(np.where(places > 0, scores, -1).argmax())
            score = int(scores[mentor])
            if score < 0 or not places[mentor]:
                answers.append(LeftOut(mentee, "forbidden"))
            elif score < solution.floor:
                answers.append(LeftOut(mentee, "below_floor", mentor, score))
            else:
                gain = solution.one_more_place(mentor)
                answers.append(LeftOut(mentee, "capacity", mentor, score, gain))
    return tuple(answers)
