"""Groups and pairs of peers as integer programs, searched by CP-SAT.

The module is read when the first of them is to be solved: what it needs takes a fifth
of a second to load, and most processes never solve one.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.groups import Asked, Table
from matching.solver import Cancelled

_SHORTLIST = 15  # facilitators that come into question for each person, in big pools


def best_groups(
    table: Table,
    seats: NDArray[Any],
    here: NDArray[Any],
    least: int,
    bonus: int,
    hint: list[tuple[int, int]],
    effort: float,
    is_cancelled: Asked,
) -> tuple[list[tuple[int, int]], list[int], int]:
    """Who joins whom, which groups there are, and CP-SAT's bound on points with their
    bonus.
    """
    height, width = table.shape
    opened = {j for _, j in hint} | set(map(int, np.flatnonzero(here >= least)))
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
        return [], sorted(opened), 0
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
        model.add(sum(column) >= (least - int(here[j])) * is_open[j])
        if not here[j]:
            # Nobody at all is no group either, however few are asked for.
            model.add(sum(column) >= is_open[j])
    # What a person fixed comes before everything else: whoever is there gets a group.
    before = (1000 + bonus) * height + 1
    kept = np.where(here > 0, before * here, 0)
    model.maximize(
        sum((int(table[p]) + bonus) * goes[p] for p in at)
        + sum(int(each) * is_open[j] for j, each in enumerate(kept) if each)
    )
    chosen = set(hint)
    for pair, variable in goes.items():
        model.add_hint(variable, pair in chosen)
    for j, variable in enumerate(is_open):
        model.add_hint(variable, j in opened)
    solver = _solver(effort)
    status = solver.solve(model, _Watch(is_cancelled))
    if is_cancelled is not None and is_cancelled():
        raise Cancelled
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint, sorted(opened), everything
    found = [pair for pair, variable in goes.items() if solver.value(variable)]
    open_now = [j for j, variable in enumerate(is_open) if solver.value(variable)]
    is_whole = searched is allowed
    bound = int(np.floor(solver.best_objective_bound + 1e-6))
    bound = min(everything, bound - int(kept[open_now].sum()))
    return found, open_now, bound if is_whole else everything


def best_pairs(
    table: Table,
    start: list[NDArray[Any]],
    effort: float,
    is_cancelled: Asked,
) -> tuple[list[NDArray[Any]], int] | None:
    """The best pairs of a pool: as many as can be, then the most points, and a bound on
    those points. Nothing if no answer was found in time.

    ``start`` are the rows of pairs to begin with. Raises ``Cancelled``.
    """
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
        return None
    found = [np.array(pair) for pair, v in together.items() if solver.value(v)]
    bound = int(np.floor(solver.best_objective_bound + 1e-6)) - bonus * len(found)
    return found, bound


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
