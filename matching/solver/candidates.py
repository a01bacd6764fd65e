"""The small problem: the best candidates of everybody, out of the whole table."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.solver.problem import (
    BEST_TOTAL,
    MOST_MATCHED,
    Cancelled,
    CannotKeep,
    Problem,
)
from matching.solver.tables import (
    Arcs,
    Ints,
    Table,
    distinct,
    inverse,
    mixed,
    order_of,
    sorted_arcs,
    sum_of_best,
    whole,
)

_TILE = 1 << 20  # pairs looked at at a time
_KEEP = 1 << 27  # a table up to this many pairs is kept, else made anew each time


class Candidates:
    """Reads the table and finds who comes into question.

    Inside, mentees and mentors are numbered in the order of their ids' hashes, so that
    the input's order cannot matter, and capacities are what fixed pairs leave.
    """

    def __init__(
        self,
        problem: Problem,
        on_progress: Callable[[int, int], None] | None,
        is_cancelled: Callable[[], bool] | None,
    ) -> None:
        self.began = time.perf_counter()
        self.problem = problem
        self.on_progress = on_progress
        self.is_cancelled = is_cancelled
        self.a = np.array(problem.mentee_capacity, np.int64)
        self.c = np.array(problem.mentor_capacity, np.int64)
        self.n, self.m = len(self.a), len(self.c)
        if (self.a < 0).any() or (self.c < 0).any():
            raise ValueError("a capacity is not below zero")
        if problem.objective not in {MOST_MATCHED, BEST_TOTAL}:
            raise ValueError(f"no objective {problem.objective!r}")
        self.source = Table(problem.scores, self.n, self.m)
        self.fixed = sorted({(int(i), int(j)) for i, j in problem.fixed})
        self.fixed_points = self._take_fixed_out()
        self.rows = order_of(problem.mentee_ids, self.n)
        self.columns = order_of(problem.mentor_ids, self.m)
        if self.rows is not None:
            self.a = self.a[self.rows]
        if self.columns is not None:
            self.c = self.c[self.columns]
        self.fixed_in_row: dict[int, list[int]] = {}
        to_row, to_column = inverse(self.rows), inverse(self.columns)
        for i, j in self.fixed:
            row = i if to_row is None else int(to_row[i])
            column = j if to_column is None else int(to_column[j])
            self.fixed_in_row.setdefault(row, []).append(column)

        self.kept: NDArray[np.int16] | None = None
        self.active = np.flatnonzero(self.a > 0)
        self.open = self.c > 0
        self.most_places = int(min(self.a.sum(), self.c.sum()))
        self.floor = max(0, int(problem.floor))
        self.rounds = 0
        self.is_complete = False  # whether every pair is in the small problem
        self.bound: int | None = None  # on points, fixed pairs not included

    # Reading the table

    def _take_fixed_out(self) -> int:
        points = 0
        for i, j in self.fixed:
            score = self.source.pair(i, j)
            if score < 0:
                raise CannotKeep((i, j), "forbidden")
            self.a[i] -= 1
            self.c[j] -= 1
            if self.a[i] < 0 or self.c[j] < 0:
                raise CannotKeep((i, j), "capacity")
            points += score
        return points

    def _read(self, rows: NDArray[Any]) -> NDArray[np.int16]:
        """Rows of the table in the inner numbering, fixed pairs forbidden."""
        if self.kept is not None:
            return np.asarray(self.kept[rows], np.int16)
        block = self.source.read(rows if self.rows is None else self.rows[rows])
        if self.columns is not None:
            block = np.asarray(np.take(block, self.columns, axis=1), np.int16)
        for place, row in enumerate(rows.tolist() if self.fixed_in_row else ()):
            if row in self.fixed_in_row:
                block = block.copy() if not block.flags.writeable else block
                block[place, self.fixed_in_row[row]] = -1
        return block

    def _blocks(
        self, rows: NDArray[Any]
    ) -> Iterator[tuple[NDArray[Any], NDArray[np.int16]]]:
        step = max(1, _TILE // max(1, self.m))
        for start in range(0, len(rows), step):
            self._breathe()
            part = rows[start : start + step]
            if self.kept is not None and part[-1] - part[0] == len(part) - 1:
                yield part, self.kept[part[0] : part[-1] + 1]
            else:
                yield part, self._read(part)

    def _breathe(self) -> None:
        if self.is_cancelled is not None and self.is_cancelled():
            raise Cancelled

    @property
    def is_late(self) -> bool:
        limit = self.problem.time_limit
        return limit is not None and time.perf_counter() - self.began > limit

    # The small problem

    def _candidates(self) -> Arcs:
        """The best of each mentee and of each mentor, above the floor.

        Among equals a hash decides, else everybody would list the same people.
        """
        if self.source.is_sparse:
            return self._stored()
        keep_all = self.n * self.m <= _KEEP
        kept = np.full((self.n, self.m), -1, np.int16) if keep_all else None
        k = max(1, self.problem.candidates)
        width = min(k, self.m)
        depth = np.minimum(k * np.maximum(self.c, 1), max(1, len(self.active)))
        least = np.zeros(self.m, np.int16)
        mix_row = mixed(self._ids(self.rows, self.problem.mentee_ids, self.n)) & 31
        mix_column = mixed(
            self._ids(self.columns, self.problem.mentor_ids, self.m) + (1 << 32)
        )
        mix_row = mix_row.astype(np.int16)
        mix_column = (mix_column & np.uint64(31)).astype(np.int16)
        chosen: list[Ints] = []
        waiting: list[tuple[Ints, NDArray[np.int16]]] = []
        waits = 0
        trivial = 0
        for rows, block in self._blocks(self.active):
            if kept is not None:
                kept[rows] = block
            key = block * np.int16(32)
            key += mix_row[rows, None] ^ mix_column
            key[block < self.floor] = -1
            key[:, ~self.open] = -1
            if width < self.m:
                limit = np.partition(key, self.m - width, axis=1)[:, self.m - width]
                found = key >= np.maximum(limit, 0)[:, None]
            else:
                found = key >= 0
            at, column = np.nonzero(found)
            chosen.append(rows[at] * self.m + column)
            trivial += self._best_of_rows(rows, np.maximum(key >> 5, 0))
            # Mentors' lists grow as rows pass by; whoever is below the worst of a full
            # list need not be looked at.
            at, column = np.nonzero(key >= np.maximum(least, 0))
            waiting.append((rows[at] * self.m + column, key[at, column]))
            waits += len(at)
            if waits > 4 * int(depth.sum()):
                waiting, least = self._shorten(waiting, depth)
                waits = len(waiting[0][0])
        waiting, least = self._shorten(waiting, depth)
        chosen.append(waiting[0][0])
        self.kept = kept
        self.bound = trivial
        codes = np.sort(np.concatenate(chosen))
        codes = codes[np.diff(codes, prepend=-1) > 0]
        self.is_complete = width >= self.m
        return self._with_scores(codes)

    def _shorten(
        self, waiting: list[tuple[Ints, NDArray[np.int16]]], depth: Ints
    ) -> tuple[list[tuple[Ints, NDArray[np.int16]]], NDArray[np.int16]]:
        """The best of each mentor's list, and the key of the worst in a full one."""
        least = np.zeros(self.m, np.int16)
        if not waiting:
            return [(np.zeros(0, np.int64), np.zeros(0, np.int16))], least
        codes = np.concatenate([w[0] for w in waiting])
        keys = np.concatenate([w[1] for w in waiting])
        column = codes % self.m
        order = np.argsort(column * (1 << 16) - keys, kind="stable")
        codes, keys, column = codes[order], keys[order], column[order]
        size = np.bincount(column, minlength=self.m)
        start = np.cumsum(size) - size
        keep = np.arange(len(codes)) - start[column] < depth[column]
        full = np.flatnonzero(size >= depth)
        least[full] = keys[start[full] + depth[full] - 1]
        return [(codes[keep], keys[keep])], least

    def _ids(
        self, order: NDArray[np.intp] | None, ids: Sequence[int] | None, size: int
    ) -> Ints:
        if order is None or ids is None:
            return np.arange(size, dtype=np.int64)
        return np.asarray(ids, np.int64)[order]

    def _with_scores(self, codes: Ints) -> Arcs:
        """Pairs by number (row × width + column), with their scores."""
        row, column = codes // self.m, codes % self.m
        if self.kept is not None:
            return Arcs(row, column, self.kept[row, column].astype(np.int64))
        score = np.empty(len(codes), np.int64)
        for rows, block in self._blocks(distinct(row, self.n)):
            here = slice(*np.searchsorted(row, [rows[0], rows[-1] + 1]))
            score[here] = block[np.searchsorted(rows, row[here]), column[here]]
        return Arcs(row, column, score)

    def _stored(self) -> Arcs:
        """Everything that a sparse matrix holds is in the small problem."""
        matrix = self.source.scores
        row = np.repeat(np.arange(self.n), np.diff(matrix.indptr)).astype(np.int64)
        column = np.asarray(matrix.indices, np.int64)
        score = whole(np.asarray(matrix.data)).astype(np.int64)
        to_row, to_column = inverse(self.rows), inverse(self.columns)
        row = row if to_row is None else to_row[row].astype(np.int64)
        column = column if to_column is None else to_column[column].astype(np.int64)
        keep = (score >= self.floor) & (self.a[row] > 0)
        for taken, columns in self.fixed_in_row.items():
            keep &= ~((row == taken) & np.isin(column, columns))
        row, column, score = row[keep], column[keep], score[keep]
        self.all_stored = sorted_arcs(row, column, score)
        use = self.open[self.all_stored.column]
        arcs = Arcs(
            self.all_stored.row[use],
            self.all_stored.column[use],
            self.all_stored.score[use],
        )
        self.is_complete = True
        self.bound = sum_of_best(arcs.row, arcs.score, self.a)
        return arcs

    def _best_of_rows(self, rows: NDArray[Any], worth: NDArray[Any]) -> int:
        """What these mentees could have at most, in as many places as they have."""
        room = self.a[rows]
        total = int(np.maximum(worth.max(axis=1, initial=0), 0)[room == 1].sum())
        for place in np.flatnonzero(room > 1):
            best = np.sort(worth[place])[-int(room[place]) :]
            total += int(np.maximum(best, 0).sum())
        return total
