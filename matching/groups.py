"""Groups with one facilitator, and circles of peers from one pool.

Neither is a flow any more: a group that is too small must not be, and a circle has no
two sides. Both are searched, and both come with a bound that nobody can beat, so that
the gap says how far from the best the answer can be at most.

- **Groups**: an integer program (CP-SAT), started from a flow. Its bound is exact when
  the search ends in time (as a rule up to some two hundred people); otherwise the lower
  of its own and the flow's, in which small groups are allowed.
- **Circles** (pairs are circles of two): swaps of two people until none gains; pairs
  of up to ``EXACT`` peers are then solved by CP-SAT. The bound is half the best
  exchange in which each peer listens to as many others as a circle has: that flow
  solves exactly.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.solver import MOST_MATCHED, Cancelled, Problem, solve

EXACT = 200  # peers up to which pairs are solved as an integer program
EFFORT = 8.0  # of CP-SAT's deterministic time, which is near to seconds
_FORBIDDEN = -(1 << 20)  # below anything that swaps could earn back
_SHORTLIST = 15  # facilitators that come into question for each person, in big pools

Table = NDArray[np.int64]
Asked = Callable[[], bool] | None


@dataclass(frozen=True)
class Together:
    """Who is together, by row, with the column of the facilitator if there is one.

    ``total`` and ``upper_bound`` are points over every two who are scored: a member
    with the facilitator, or each two of a circle. ``matched`` counts people placed.
    """

    groups: tuple[tuple[int | None, tuple[int, ...]], ...]
    total: int
    upper_bound: int
    matched: int
    matched_bound: int
    seconds: float

    @property
    def gap(self) -> int:
        return self.upper_bound - self.total


def form_groups(
    scores: NDArray[Any],
    room: Sequence[int],
    *,
    least: int = 3,
    most: int = 8,
    people_first: bool = True,
    is_cancelled: Asked = None,
    effort: float = EFFORT,
) -> Together:
    """Each person in a group of ``least`` to ``most`` with a facilitator who has room.

    ``scores`` is people × facilitators, negative where it may not be. Whom no group
    takes is left out. The same question gets the same answer.
    """
    began = time.perf_counter()
    table = np.asarray(scores, np.int64)
    height = len(table)
    seats = np.where(np.asarray(room) > 0, most, 0)
    relaxed = solve(
        Problem(table, np.ones(height, int), seats, objective=MOST_MATCHED),
        is_cancelled=is_cancelled,
    )
    bonus = 1000 * height + 1 if people_first else 0
    best = relaxed.matched * bonus + relaxed.total
    hint = _dissolved(table, seats, relaxed.pairs, least, is_cancelled)
    chosen, bound = _integer_groups(
        table, seats, least, bonus, hint, effort, is_cancelled
    )
    if people_first:
        bound = min(bound, best)
    total = int(sum(table[i, j] for i, j in chosen))
    matched = len(chosen)
    matched_bound = min(height, relaxed.matched)
    if people_first:
        matched_bound = min(matched_bound, bound // bonus)
        upper = max(total, bound - matched * bonus)
    else:
        upper = max(total, bound)
    # Points of another number of people say nothing about this one.
    upper = min(upper, max(total, int(np.maximum(table, 0).max(axis=1).sum())))
    groups: dict[int, list[int]] = {}
    for i, j in sorted(chosen):
        groups.setdefault(j, []).append(i)
    return Together(
        groups=tuple((j, tuple(groups[j])) for j in sorted(groups)),
        total=total,
        upper_bound=upper,
        matched=matched,
        matched_bound=matched_bound,
        seconds=time.perf_counter() - began,
    )


def _dissolved(
    table: Table,
    seats: NDArray[Any],
    pairs: Sequence[tuple[int, int]],
    least: int,
    is_cancelled: Asked,
) -> list[tuple[int, int]]:
    """A first answer: the smallest group goes until all are large enough."""
    seats = seats.copy()
    found = list(pairs)
    while found:
        size = np.bincount([j for _, j in found], minlength=len(seats))
        small = np.flatnonzero((size > 0) & (size < least))
        if not len(small):
            return found
        seats[small[np.argmin(size[small])]] = 0
        ones = np.ones(len(table), int)
        found = list(
            solve(Problem(table, ones, seats), is_cancelled=is_cancelled).pairs
        )
    return found


def _integer_groups(
    table: Table,
    seats: NDArray[Any],
    least: int,
    bonus: int,
    hint: list[tuple[int, int]],
    effort: float,
    is_cancelled: Asked,
) -> tuple[list[tuple[int, int]], int]:
    """The best groups found, and CP-SAT's bound on points with their bonus."""
    height, width = table.shape
    allowed = (table >= 0) & (seats > 0)
    everything = int((np.where(allowed, table + bonus, 0).max(axis=1, initial=0)).sum())
    if height * width > 20_000 and width > _SHORTLIST:
        # A shortlist makes the search possible; its bound is then not one of the whole.
        worst = np.sort(table, axis=1)[:, width - _SHORTLIST][:, None]
        searched = allowed & (table >= worst)
        for i, j in hint:
            searched[i, j] = True
    else:
        searched = allowed
    if not searched.any():
        return [], 0
    model = cp_model.CpModel()
    at = [(int(i), int(j)) for i, j in np.argwhere(searched)]
    goes = {pair: model.new_bool_var("") for pair in at}
    is_open = [model.new_bool_var("") for _ in range(width)]
    of_row: list[list[Any]] = [[] for _ in range(height)]
    of_column: list[list[Any]] = [[] for _ in range(width)]
    for (i, j), variable in goes.items():
        of_row[i].append(variable)
        of_column[j].append(variable)
    for row in of_row:
        model.add_at_most_one(row)
    for j, column in enumerate(of_column):
        model.add(sum(column) <= int(seats[j]) * is_open[j])
        model.add(sum(column) >= least * is_open[j])
    model.maximize(sum((int(table[p]) + bonus) * goes[p] for p in at))
    chosen = set(hint)
    opened = {j for _, j in hint}
    for pair, variable in goes.items():
        model.add_hint(variable, pair in chosen)
    for j, variable in enumerate(is_open):
        model.add_hint(variable, j in opened)
    solver = _solver(effort)
    status = solver.solve(model, _Watch(is_cancelled))
    if is_cancelled is not None and is_cancelled():
        raise Cancelled
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint, everything
    found = [pair for pair, variable in goes.items() if solver.value(variable)]
    is_whole = searched is allowed
    bound = int(np.floor(solver.best_objective_bound + 1e-6))
    return found, bound if is_whole else everything


class _Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Stops the search when somebody asked to."""

    def __init__(self, is_cancelled: Asked) -> None:
        super().__init__()
        self.is_cancelled = is_cancelled

    def on_solution_callback(self) -> None:
        if self.is_cancelled is not None and self.is_cancelled():
            self.stop_search()


def _solver(effort: float) -> Any:
    """One worker, one seed, effort that is counted: the same answer each time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    return solver


def mutual(scores: NDArray[Any]) -> Table:
    """What two peers are worth together: the mean of both sums, half up."""
    table = np.asarray(scores, np.int64)
    both = (table + table.T + 1) // 2
    both[(table < 0) | (table.T < 0)] = -1
    np.fill_diagonal(both, -1)
    return both


def sizes(people: int, least: int, most: int) -> list[int]:
    """As few circles as hold everybody, as even as can be; none below ``least``.

    Whoever does not fit is left out: seven people in pairs are three circles.
    """
    if people < least:
        return []
    count = -(-people // most)
    while count > 1 and people // count < least:
        count -= 1
    people = min(people, count * most)
    return [people // count + (n < people % count) for n in range(count)]


def form_circles(
    scores: NDArray[Any],
    *,
    least: int = 2,
    most: int = 2,
    is_cancelled: Asked = None,
    effort: float = EFFORT,
) -> Together:
    """Peers in circles of ``least`` to ``most``; ``scores`` are of each with each."""
    began = time.perf_counter()
    table = mutual(scores)
    people = len(table)
    wanted = sizes(people, least, most)
    if not wanted:
        return Together((), 0, 0, 0, 0, time.perf_counter() - began)
    circle = _swapped(table, wanted, is_cancelled)
    found = [np.flatnonzero(circle == number) for number in range(len(wanted))]
    if wanted[0] == 2 and people <= EXACT:
        found, exact = _integer_pairs(table, found, effort, is_cancelled)
    else:
        found, exact = [_without_forbidden(table, each, least) for each in found], None
    groups = tuple(sorted((None, tuple(map(int, g))) for g in found if len(g) >= least))
    total = sum(_points(table, g) for _, g in groups)
    listens = np.full(people, max(wanted) - 1)
    relaxed = solve(Problem(table, listens, listens), is_cancelled=is_cancelled)
    best = np.sort(np.maximum(table, 0), axis=1)[:, -(max(wanted) - 1) :].sum()
    bound = min(relaxed.upper_bound // 2, int(best) // 2)
    if relaxed.matched < int(listens.sum()) or len(groups) < len(wanted):
        bound = int(best) // 2
    if exact is not None:
        bound = min(bound, exact)
    matched = sum(len(g) for _, g in groups)
    return Together(
        groups=groups,
        total=total,
        upper_bound=max(total, bound),
        matched=matched,
        matched_bound=min(people, len(wanted) * most),
        seconds=time.perf_counter() - began,
    )


def _points(table: Table, people: Sequence[int]) -> int:
    return sum(int(table[i, j]) for n, i in enumerate(people) for j in people[n + 1 :])


def _swapped(table: Table, wanted: list[int], is_cancelled: Asked) -> NDArray[np.int64]:
    """The circle of each, after swaps of two people until none gains. −1: outside."""
    people = len(table)
    worth = np.where(table < 0, _FORBIDDEN, table)
    np.fill_diagonal(worth, 0)
    circle = np.full(people, -1, np.int64)
    # Whoever has the least choice begins a circle; the rest join where they fit best.
    order = np.lexsort((np.arange(people), (table >= 0).sum(axis=1)))
    free = list(map(int, order))
    for number, size in enumerate(wanted):
        inside = [free.pop(0)]
        while len(inside) < size:
            best = max(
                free, key=lambda other: (int(worth[other, inside].sum()), -other)
            )
            free.remove(best)
            inside.append(best)
        circle[inside] = number
    count = len(wanted)
    for _ in range(20 * people):
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        member = np.zeros((people, count + 1), np.int64)
        member[np.arange(people), circle] = 1  # −1 is the last column: outside
        member[:, count] = 0
        with_circle = worth @ member
        own = with_circle[np.arange(people), circle]
        gains = with_circle[:, circle] - own[:, None]
        gain = gains + gains.T - 2 * worth
        gain[circle[:, None] == circle] = 0
        at = int(gain.argmax())
        one, other = divmod(at, people)
        if gain[one, other] <= 0:
            break
        circle[[one, other]] = circle[[other, one]]
    return circle


def _without_forbidden(
    table: Table, people: NDArray[Any], least: int
) -> NDArray[np.int64]:
    """A circle without those who may not be with somebody in it."""
    inside = list(map(int, people))
    while inside:
        among = table[np.ix_(inside, inside)]
        clashes = (among < 0).sum(axis=1) - 1  # everybody with themselves
        if not clashes.any():
            break
        inside.pop(int(clashes.argmax()))
    return np.array(inside if len(inside) >= least else [], np.int64)


def _integer_pairs(
    table: Table,
    start: list[NDArray[Any]],
    effort: float,
    is_cancelled: Asked,
) -> tuple[list[NDArray[Any]], int]:
    """The best pairs of a pool: as many as can be, then the most points."""
    people = len(table)
    bonus = 1000 * people
    model = cp_model.CpModel()
    rows, columns = np.nonzero(np.triu(table >= 0, 1))
    pairs = list(zip(map(int, rows), map(int, columns), strict=True))
    together = {pair: model.new_bool_var("") for pair in pairs}
    of: list[list[Any]] = [[] for _ in range(people)]
    for (i, j), variable in together.items():
        of[i].append(variable)
        of[j].append(variable)
    for each in of:
        model.add_at_most_one(each)
    hinted = {tuple(sorted(map(int, each))) for each in start}
    for pair, variable in together.items():
        model.add_hint(variable, pair in hinted)
    model.maximize(sum((int(table[p]) + bonus) * v for p, v in together.items()))
    solver = _solver(effort)
    status = solver.solve(model, _Watch(is_cancelled))
    if is_cancelled is not None and is_cancelled():
        raise Cancelled
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        kept = [_without_forbidden(table, each, 2) for each in start]
        return kept, bonus
    found = [np.array(pair) for pair, v in together.items() if solver.value(v)]
    bound = int(np.floor(solver.best_objective_bound + 1e-6)) - bonus * len(found)
    return found, bound
