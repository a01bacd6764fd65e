"""The best assignment, its prices, and the proof by pricing all pairs."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matching.solver.people import People
from matching.solver.problem import MOST_MATCHED, Pair, Solution
from matching.solver.tables import (
    BEST,
    Arcs,
    Ints,
    Mask,
    back,
    distinct,
    ranges,
    sum_of_best,
)

# A pair is first worth this many points beside its score when people come before
# points. Not a proof by itself, but a hundred times faster than numbers that are.
SMALL_BONUS = 100_000


class Search(People):
    """One search for the best assignment."""

    def _flow(self, arcs: Arcs, worth: Ints) -> Mask:
        """The arcs that a best assignment of the small problem uses."""
        flow = min_cost_flow.SimpleMinCostFlow()
        mentors = np.flatnonzero(self.open)
        end = self.n + self.m
        middle = flow.add_arcs_with_capacity_and_unit_cost(
            arcs.row, arcs.column + self.n, np.ones(len(arcs), np.int64), -worth
        )
        flow.add_arcs_with_capacity_and_unit_cost(
            self.active,
            np.full(len(self.active), end),
            self.a[self.active],
            np.zeros(len(self.active), np.int64),
        )
        flow.add_arcs_with_capacity_and_unit_cost(
            mentors + self.n,
            np.full(len(mentors), end),
            self.c[mentors],
            np.zeros(len(mentors), np.int64),
        )
        flow.set_nodes_supplies(self.active, self.a[self.active])
        flow.set_node_supply(end, -int(self.a.sum()))
        status = flow.solve()
        if status != flow.OPTIMAL:
            raise RuntimeError(f"minimum-cost flow ended with {status}")
        return np.asarray(flow.flows(middle)) > 0

    def _prices(self, arcs: Arcs, worth: Ints, used: Mask) -> tuple[Ints, Ints]:
        """The least prices at which nobody would rather change: of mentees, of mentors.

        A mentor's price rises to what somebody who is not with them would win there;
        that lowers what their own mentees win, which raises other prices. An optimum
        has no cycle that gains, so this comes to rest (Bellman and Ford).
        """
        v = np.zeros(self.m, np.int64)
        u = np.zeros(self.n, np.int64)
        start = np.searchsorted(arcs.row, np.arange(self.n + 1))
        used_row, used_column = arcs.row[used], arcs.column[used]
        used_worth = worth[used]
        is_full = (np.bincount(used_row, minlength=self.n) == self.a) & (self.a > 0)
        by_column = np.argsort(used_column, kind="stable")
        column_start = np.searchsorted(used_column[by_column], np.arange(self.m + 1))
        row_start = np.searchsorted(used_row, np.arange(self.n + 1))
        changed = self.active
        while len(changed):
            # What each of these wins now, in the least of their places.
            full = changed[is_full[changed]]
            here = ranges(row_start[full], row_start[full + 1])
            wins = used_worth[here] - v[used_column[here]]
            if len(full):
                first = np.cumsum(self.a[full]) - self.a[full]
                u[full] = np.minimum.reduceat(wins, first)
            here = ranges(start[changed], start[changed + 1])
            here = here[~used[here]]
            column = arcs.column[here]
            wanted = worth[here] - u[arcs.row[here]]
            up = wanted > v[column]
            column, wanted = column[up], wanted[up]
            np.maximum.at(v, column, wanted)
            risen = distinct(column, self.m)
            here = ranges(column_start[risen], column_start[risen + 1])
            changed = distinct(used_row[by_column[here]], self.n)
        return u, v

    def _price_all(
        self, u: Ints, v: Ints, bonus: int, arcs: Arcs, used: Mask
    ) -> tuple[int, Ints]:
        """A bound on what any assignment is worth, and the pairs that would pay."""
        bound = int(v @ self.c)
        if self.is_complete:
            beyond = arcs.score + bonus - v[arcs.column]
            return bound + sum_of_best(arcs.row, beyond, self.a), np.zeros(0, np.int64)
        kind: Any = np.int32 if bonus < 1 << 28 else np.int64
        never = kind(-(1 << 30) if kind is np.int32 else -(1 << 60))
        price: NDArray[Any] = (v - bonus).astype(kind)
        price[~self.open] = -never // 2  # closed: nobody can win there
        wins = u.astype(kind)
        k = max(1, self.problem.candidates // 2)
        several = np.flatnonzero(self.a > 1)
        at_use: dict[int, Ints] = {}
        for row in several.tolist():
            at_use[row] = arcs.column[used & (arcs.row == row)]
        more: list[Ints] = []
        for rows, block in self._blocks(self.active):
            beyond = block - price
            np.copyto(beyond, never, where=block < self.floor)
            bound += self._best_of_rows(rows, beyond)
            for place, row in enumerate(rows.tolist() if at_use else ()):
                if row in at_use:
                    beyond[place, at_use[row]] = never
            pay = np.flatnonzero(beyond.max(axis=1, initial=never) > wins[rows])
            if not len(pay):
                continue
            beyond = beyond[pay]
            limit = wins[rows[pay]] + 1
            if k < self.m:
                best = np.partition(beyond, self.m - k, axis=1)[:, self.m - k]
                limit = np.maximum(limit, best)
            at, column = np.nonzero(beyond >= limit[:, None])
            more.append(rows[pay[at]] * self.m + column)
        return bound, np.concatenate(more) if more else np.zeros(0, np.int64)

    def _best(self, arcs: Arcs, bonus: int) -> tuple[Arcs, Mask, Ints, Ints]:
        """Solve, price, add what is missing, until nothing is."""
        while True:
            self._breathe()
            worth = arcs.score + bonus
            used = self._flow(arcs, worth)
            u, v = self._prices(arcs, worth, used)
            self.rounds += 1
            bound, more = self._price_all(u, v, bonus, arcs, used)
            bound -= bonus * int(used.sum())
            points = int(arcs.score[used].sum())
            # A bound from another number of pairs says nothing about this one.
            self.bound = bound if bonus else min(bound, self.bound or bound)
            if self.on_progress is not None:
                self.on_progress(self.rounds, self.bound - points)
            if not len(more) or self.is_late:
                return arcs, used, u, v
            arcs = self._joined(arcs, more)

    def run(self) -> Solution:
        arcs = self._candidates()
        most, is_floor_proven = self.most_places, True
        is_most_known = False
        if self.problem.protect_weakest:
            most, arcs, is_floor_proven = self._most(arcs, self.floor, most)
            is_most_known = is_floor_proven
            if most:
                self.floor, arcs, proven = self._raise_floor(arcs, most)
                is_floor_proven = is_floor_proven and proven
            arcs = arcs.at_least(self.floor)
        people_first = self.problem.objective == MOST_MATCHED
        bonus = SMALL_BONUS if people_first else 0
        arcs, used, u, v = self._best(arcs, bonus)
        if people_first and int(used.sum()) < most and not self.is_late:
            more = arcs
            if not is_most_known:
                most, more, _ = self._most(arcs, self.floor, most)
            if int(used.sum()) < most:
                bonus = BEST * self.most_places + 1
                arcs, used, u, v = self._best(more, bonus)
        matched = int(used.sum())
        points = int(arcs.score[used].sum())
        u, v = self._price_closed(u, v, bonus)
        pairs = self._outside(arcs, used)
        return Solution(
            pairs=tuple(sorted([*self.fixed, *pairs])),
            total=points + self.fixed_points,
            upper_bound=max(points, self.bound or 0) + self.fixed_points,
            matched=matched + len(self.fixed),
            matched_bound=(most if people_first else self.most_places)
            + len(self.fixed),
            floor=self.floor,
            rounds=self.rounds,
            seconds=time.perf_counter() - self.began,
            mentee_prices=back(u, self.rows),
            mentor_prices=back(v, self.columns),
            bonus=bonus,
            is_floor_proven=is_floor_proven,
        )

    def _price_closed(self, u: Ints, v: Ints, bonus: int) -> tuple[Ints, Ints]:
        """What a place would be worth with those who have none (or only fixed ones)."""
        closed = np.flatnonzero(~self.open)
        if not len(closed):
            return u, v
        if self.source.is_sparse:
            arcs = self.all_stored.at_least(self.floor)
            here = ~self.open[arcs.column]
            wanted = arcs.score[here] + bonus - u[arcs.row[here]]
            np.maximum.at(v, arcs.column[here], wanted)
            return u, v
        for rows, block in self._blocks(self.active):
            part = block[:, closed].astype(np.int64)
            wanted = np.where(part >= self.floor, part + bonus - u[rows, None], 0)
            v[closed] = np.maximum(v[closed], wanted.max(axis=0, initial=0))
        return u, v

    def _outside(self, arcs: Arcs, used: Mask) -> list[Pair]:
        row, column = arcs.row[used], arcs.column[used]
        if self.rows is not None:
            row = self.rows[row]
        if self.columns is not None:
            column = self.columns[column]
        return list(zip(row.tolist(), column.tolist(), strict=True))
