"""How many can be matched at all, and how high the floor can be meanwhile."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow

from matching.solver.candidates import Candidates
from matching.solver.tables import BEST, Arcs, Ints, Mask, mixed


class People(Candidates):
    """Counts people: the most pairs at or above a floor, proven over all pairs."""

    def _flow_of_people(self, arcs: Arcs) -> tuple[int, Mask, Mask, NDArray[Any]]:
        """The most pairs of the small problem, who is on the near side of the cut that
        proves it (mentees, mentors), and the arcs in use.
        """
        flow = max_flow.SimpleMaxFlow()
        start, end = self.n + self.m, self.n + self.m + 1
        flow.add_arcs_with_capacity(
            np.full(len(self.active), start), self.active, self.a[self.active]
        )
        middle = flow.add_arcs_with_capacity(
            arcs.row, arcs.column + self.n, np.ones(len(arcs), np.int64)
        )
        mentors = np.flatnonzero(self.open)
        flow.add_arcs_with_capacity(
            mentors + self.n, np.full(len(mentors), end), self.c[mentors]
        )
        flow.solve(start, end)
        near = np.zeros(self.n + self.m + 2, bool)
        near[flow.get_source_side_min_cut()] = True
        used = np.asarray(flow.flows(middle)) > 0 if len(arcs) else np.zeros(0, bool)
        return (
            int(flow.optimal_flow()),
            near[: self.n],
            near[self.n : self.n + self.m],
            used,
        )

    def _most(self, arcs: Arcs, floor: int, enough: int) -> tuple[int, Arcs, bool]:
        """The most pairs at or above a floor, over all pairs of the table.

        Stops as soon as ``enough`` are found. Returns the number, the small problem
        with what was missing in it, and whether the number is proven.
        """
        while True:
            self._breathe()
            above = arcs.at_least(floor)
            number, near_rows, near_columns, used = self._flow_of_people(above)
            if number >= enough or self.is_complete:
                return number, arcs, True
            if self.is_late:
                return number, arcs, False
            # A pair across the cut would let more through. If there is none in the
            # whole table, the cut proves the number (König).
            at_use = above.row[used] * self.m + above.column[used]
            more = []
            far = np.flatnonzero(~near_columns & self.open)
            rows_near = self.active[near_rows[self.active]]
            for rows, block in self._blocks(rows_near if len(far) else rows_near[:0]):
                key = block[:, far].astype(np.int32)
                key[key < floor] = -1
                at, place = np.nonzero(key >= 0)
                codes = rows[at] * self.m + far[place]
                fresh = ~np.isin(codes, at_use)
                at, place, codes = at[fresh], place[fresh], codes[fresh]
                order = np.lexsort((mixed(codes), -key[at, place], at))
                at, codes = at[order], codes[order]
                size = np.bincount(at, minlength=len(rows))
                rank = np.arange(len(at)) - (np.cumsum(size) - size)[at]
                more.append(codes[rank < self.problem.candidates])
            added = np.concatenate(more) if more else np.zeros(0, np.int64)
            if not len(added):
                return number, arcs, True
            arcs = self._joined(arcs, added)

    def _joined(self, arcs: Arcs, codes: Ints) -> Arcs:
        have = arcs.row * self.m + arcs.column
        codes = np.sort(codes)
        at = np.searchsorted(have, codes)
        fresh = (
            have[np.minimum(at, len(have) - 1)] != codes if len(have) else codes >= 0
        )
        at, more = at[fresh], self._with_scores(codes[fresh])
        return Arcs(
            np.insert(arcs.row, at, more.row),
            np.insert(arcs.column, at, more.column),
            np.insert(arcs.score, at, more.score),
        )

    def _raise_floor(self, arcs: Arcs, most: int) -> tuple[int, Arcs, bool]:
        """The highest floor above which just as many can be matched."""
        low, high = self.floor, BEST
        while True:
            # What the small problem allows, by halving; then one proof over all pairs
            # that the next point up is too high.
            top = high
            while low < top:
                self._breathe()
                middle = (low + top + 1) // 2
                number, *_ = self._flow_of_people(arcs.at_least(middle))
                if number >= most:
                    low = middle
                else:
                    top = middle - 1
            if low >= high:
                return low, arcs, True
            number, arcs, is_proven = self._most(arcs, low + 1, most)
            if number < most:
                return low, arcs, is_proven
            low += 1
