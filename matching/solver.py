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

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

MOST_MATCHED, BEST_TOTAL = "most_matched", "best_total"
Pair = tuple[int, int]
Scores = NDArray[Any]
BlockFunction = Callable[[NDArray[np.intp]], Scores]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

BEST = 1000  # the highest score
# A pair is first worth this many points beside its score when people come before
# points. Not a proof by itself, but a hundred times faster than numbers that are.
SMALL_BONUS = 100_000
_TILE = 1 << 20  # pairs looked at at a time
_KEEP = 1 << 27  # a table up to this many pairs is kept, else made anew each time


class Cancelled(Exception):
    """Somebody asked to stop; there is no answer."""


class CannotKeep(ValueError):
    """A fixed pair asks for what may not be. ``reason``: "forbidden" or "capacity"."""

    def __init__(self, pair: Pair, reason: str) -> None:
        super().__init__(f"fixed pair {pair}: {reason}")
        self.pair = pair
        self.reason = reason


@dataclass(frozen=True)
class Problem:
    """Who may meet whom, how well they fit, and what counts as best.

    ``scores`` is one of three: a dense matrix (mentees × mentors; NaN or negative is
    forbidden); a scipy CSR matrix of candidates (what is not stored is forbidden);
    or a function that is given row numbers and returns those rows, such as
    ``Scorer.block``.

    ``objective``: ``MOST_MATCHED`` (as many people as possible, then points) or
    ``BEST_TOTAL`` (points alone; somebody may stay alone if that brings more).
    ``floor`` is the lowest score that is allowed at all. ``protect_weakest`` raises it
    as far as can be while just as many people are matched, before anything else.
    ``fixed`` pairs are kept, in their places (so capacities include them), and answer
    to neither floor.

    ``mentee_ids`` and ``mentor_ids`` make ties fall the same way whatever the order
    of the input; without them the row and column numbers serve.
    """

    scores: Any
    mentee_capacity: Sequence[int] | NDArray[Any]
    mentor_capacity: Sequence[int] | NDArray[Any]
    objective: str = MOST_MATCHED
    floor: int = 0
    protect_weakest: bool = False
    fixed: Sequence[Pair] = ()
    mentee_ids: Sequence[int] | None = None
    mentor_ids: Sequence[int] | None = None
    candidates: int = 20
    time_limit: float | None = None


@dataclass(frozen=True)
class Gain:
    """What a change brings: people matched first, then points."""

    pairs: int
    points: int


@dataclass(frozen=True)
class Solution:
    """Pairs, and the proof that there is nothing better.

    ``total`` and ``upper_bound`` are points, fixed pairs included: nobody can match as
    many people (or, for ``best_total``, match at all) for more than ``upper_bound``.
    ``matched_bound`` is the same for the number of pairs. ``floor`` is the lowest score
    that was allowed in the end. Prices are in points, plus ``bonus`` for a pair.
    """

    pairs: tuple[Pair, ...]
    total: int
    upper_bound: int
    matched: int
    matched_bound: int
    floor: int
    rounds: int
    seconds: float
    mentee_prices: NDArray[np.int64]
    mentor_prices: NDArray[np.int64]
    bonus: int
    is_floor_proven: bool = True

    @property
    def gap(self) -> int:
        """Points between the result and what nobody could do better than."""
        return self.upper_bound - self.total

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists: in people, then points, and in the floor."""
        return (
            self.gap == 0
            and self.is_floor_proven
            and (not self.bonus or self.matched == self.matched_bound)
        )

    def one_more_place(self, mentor: int) -> Gain:
        """What one more place with this mentor would bring the whole pool.

        Exact when the solution is proven, by the same floor and the same fixed pairs.
        """
        return self._gain(int(self.mentor_prices[mentor]))

    def cost_of(self, mentee: int, mentor: int, score: int) -> Gain:
        """What putting these two together would cost the whole pool, at the least."""
        worth = score + self.bonus
        prices = int(self.mentee_prices[mentee]) + int(self.mentor_prices[mentor])
        return self._gain(max(0, prices - worth))

    def _gain(self, price: int) -> Gain:
        if not self.bonus:
            return Gain(0, price)
        pairs = (price + self.bonus // 2) // self.bonus
        return Gain(pairs, price - pairs * self.bonus)


@dataclass(frozen=True)
class LeftOut:
    """A mentee without a mentor, the limit that keeps them out, and what lifts it.

    ``limit``: "no_mentors" (nobody has a place), "forbidden" (every mentor with places
    is ruled out), "below_floor" (the best, ``mentor``, has ``score``, which is under
    the floor), "capacity" (``mentor`` fits best but is full; one more place there
    would bring ``gain``).
    """

    mentee: int
    limit: str
    mentor: int | None = None
    score: int | None = None
    gain: Gain | None = None


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
    return _Search(problem, on_progress, is_cancelled).run()


def left_out(problem: Problem, solution: Solution) -> tuple[LeftOut, ...]:
    """Every mentee with places and nobody in them; the limit that keeps them out."""
    capacity = np.asarray(problem.mentee_capacity, np.int64)
    places = np.asarray(problem.mentor_capacity, np.int64)
    found = {mentee for mentee, _ in solution.pairs}
    alone = [n for n in np.flatnonzero(capacity > 0).tolist() if n not in found]
    if not places.any():
        return tuple(LeftOut(mentee, "no_mentors") for mentee in alone)
    table = _Table(problem.scores, len(capacity), len(places))
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


class _Table:
    """Any of the three kinds of scores, read a few rows at a time as int16."""

    def __init__(self, scores: Any, height: int, width: int) -> None:
        self.is_sparse = hasattr(scores, "indptr")
        dense = not self.is_sparse and not callable(scores)
        self.scores: Any = np.asarray(scores) if dense else scores
        if not callable(scores) and self.scores.shape != (height, width):
            raise ValueError(
                f"scores of {self.scores.shape} for {height} mentees, {width} mentors"
            )
        self.width = width

    def read(self, rows: NDArray[np.intp]) -> NDArray[np.int16]:
        if self.is_sparse:
            found = np.full((len(rows), self.width), -1, np.int16)
            for place, row in enumerate(rows):
                here = slice(self.scores.indptr[row], self.scores.indptr[row + 1])
                found[place, self.scores.indices[here]] = self.scores.data[here]
            return found
        block = self.scores(rows) if callable(self.scores) else self.scores[rows]
        return _whole(np.asarray(block))

    def pair(self, row: int, column: int) -> int:
        return int(self.read(np.array([row]))[0, column])


def _whole(scores: Scores) -> NDArray[np.int16]:
    """Whole points. ``ValueError`` above 1000: the bonus counts on that."""
    if scores.dtype.kind == "f":
        scores = np.rint(np.where(np.isnan(scores), -1, scores))
    if scores.size and scores.max() > BEST:
        raise ValueError(f"a score of {scores.max()}; {BEST} is the highest")
    return np.maximum(scores, -1).astype(np.int16, copy=False)


def _mixed(ids: Ints) -> NDArray[np.uint64]:
    """A stable, evenly spread number for each id (the finish of splitmix64)."""
    x = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), np.uint64)


def _order(ids: Sequence[int] | None, size: int) -> NDArray[np.intp] | None:
    """The order in which ids are worked on; nobody comes first for being older."""
    if ids is None:
        return None
    known = np.asarray(ids, np.int64)
    if len(known) != size or len(np.unique(known)) != size:
        raise ValueError("one id for each, and none twice")
    return np.lexsort((known, _mixed(known)))


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """All numbers of some ranges, one range after another."""
    lengths = ends - starts
    total = int(lengths.sum())
    steps = np.ones(total, np.int64)
    full = lengths > 0
    firsts, sizes = starts[full], lengths[full]
    if not total:
        return steps
    at = np.cumsum(sizes) - sizes
    steps[at] = firsts
    steps[at[1:]] -= firsts[:-1] + sizes[:-1] - 1
    return np.cumsum(steps)


@dataclass
class _Arcs:
    """Pairs of the small problem, by mentee and then mentor; none twice."""

    row: Ints
    column: Ints
    score: Ints

    def __len__(self) -> int:
        return len(self.row)

    def at_least(self, floor: int) -> "_Arcs":
        keep = self.score >= floor
        if keep.all():
            return self
        return _Arcs(self.row[keep], self.column[keep], self.score[keep])


class _Search:
    """One search for the best assignment.

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
        self.source = _Table(problem.scores, self.n, self.m)
        self.fixed = sorted({(int(i), int(j)) for i, j in problem.fixed})
        self.fixed_points = self._take_fixed_out()
        self.rows = _order(problem.mentee_ids, self.n)
        self.columns = _order(problem.mentor_ids, self.m)
        if self.rows is not None:
            self.a = self.a[self.rows]
        if self.columns is not None:
            self.c = self.c[self.columns]
        self.fixed_in_row: dict[int, list[int]] = {}
        to_row, to_column = _inverse(self.rows), _inverse(self.columns)
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

    def _candidates(self) -> _Arcs:
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
        mix_row = _mixed(self._ids(self.rows, self.problem.mentee_ids, self.n)) & 31
        mix_column = _mixed(
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

    def _with_scores(self, codes: Ints) -> _Arcs:
        """Pairs by number (row × width + column), with their scores."""
        row, column = codes // self.m, codes % self.m
        if self.kept is not None:
            return _Arcs(row, column, self.kept[row, column].astype(np.int64))
        score = np.empty(len(codes), np.int64)
        for rows, block in self._blocks(_distinct(row, self.n)):
            here = slice(*np.searchsorted(row, [rows[0], rows[-1] + 1]))
            score[here] = block[np.searchsorted(rows, row[here]), column[here]]
        return _Arcs(row, column, score)

    def _stored(self) -> _Arcs:
        """Everything that a sparse matrix holds is in the small problem."""
        matrix = self.source.scores
        row = np.repeat(np.arange(self.n), np.diff(matrix.indptr)).astype(np.int64)
        column = np.asarray(matrix.indices, np.int64)
        score = _whole(np.asarray(matrix.data)).astype(np.int64)
        to_row, to_column = _inverse(self.rows), _inverse(self.columns)
        row = row if to_row is None else to_row[row].astype(np.int64)
        column = column if to_column is None else to_column[column].astype(np.int64)
        keep = (score >= self.floor) & (self.a[row] > 0)
        for taken, columns in self.fixed_in_row.items():
            keep &= ~((row == taken) & np.isin(column, columns))
        row, column, score = row[keep], column[keep], score[keep]
        self.all_stored = _sorted(row, column, score)
        use = self.open[self.all_stored.column]
        arcs = _Arcs(
            self.all_stored.row[use],
            self.all_stored.column[use],
            self.all_stored.score[use],
        )
        self.is_complete = True
        self.bound = _sum_of_best(arcs.row, arcs.score, self.a)
        return arcs

    def _best_of_rows(self, rows: NDArray[Any], worth: NDArray[Any]) -> int:
        """What these mentees could have at most, in as many places as they have."""
        room = self.a[rows]
        total = int(np.maximum(worth.max(axis=1, initial=0), 0)[room == 1].sum())
        for place in np.flatnonzero(room > 1):
            best = np.sort(worth[place])[-int(room[place]) :]
            total += int(np.maximum(best, 0).sum())
        return total

    # How many can be matched at all

    def _flow_of_people(self, arcs: _Arcs) -> tuple[int, Mask, Mask, NDArray[Any]]:
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

    def _most(self, arcs: _Arcs, floor: int, enough: int) -> tuple[int, _Arcs, bool]:
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
                order = np.lexsort((_mixed(codes), -key[at, place], at))
                at, codes = at[order], codes[order]
                size = np.bincount(at, minlength=len(rows))
                rank = np.arange(len(at)) - (np.cumsum(size) - size)[at]
                more.append(codes[rank < self.problem.candidates])
            added = np.concatenate(more) if more else np.zeros(0, np.int64)
            if not len(added):
                return number, arcs, True
            arcs = self._joined(arcs, added)

    def _joined(self, arcs: _Arcs, codes: Ints) -> _Arcs:
        have = arcs.row * self.m + arcs.column
        codes = np.sort(codes)
        at = np.searchsorted(have, codes)
        fresh = (
            have[np.minimum(at, len(have) - 1)] != codes if len(have) else codes >= 0
        )
        at, more = at[fresh], self._with_scores(codes[fresh])
        return _Arcs(
            np.insert(arcs.row, at, more.row),
            np.insert(arcs.column, at, more.column),
            np.insert(arcs.score, at, more.score),
        )

    def _raise_floor(self, arcs: _Arcs, most: int) -> tuple[int, _Arcs, bool]:
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

    # The best for all, and its prices

    def _flow(self, arcs: _Arcs, worth: Ints) -> Mask:
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

    def _prices(self, arcs: _Arcs, worth: Ints, used: Mask) -> tuple[Ints, Ints]:
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
            here = _ranges(row_start[full], row_start[full + 1])
            wins = used_worth[here] - v[used_column[here]]
            if len(full):
                first = np.cumsum(self.a[full]) - self.a[full]
                u[full] = np.minimum.reduceat(wins, first)
            here = _ranges(start[changed], start[changed + 1])
            here = here[~used[here]]
            column = arcs.column[here]
            wanted = worth[here] - u[arcs.row[here]]
            up = wanted > v[column]
            column, wanted = column[up], wanted[up]
            np.maximum.at(v, column, wanted)
            risen = _distinct(column, self.m)
            here = _ranges(column_start[risen], column_start[risen + 1])
            changed = _distinct(used_row[by_column[here]], self.n)
        return u, v

    def _price_all(
        self, u: Ints, v: Ints, bonus: int, arcs: _Arcs, used: Mask
    ) -> tuple[int, Ints]:
        """A bound on what any assignment is worth, and the pairs that would pay."""
        bound = int(v @ self.c)
        if self.is_complete:
            beyond = arcs.score + bonus - v[arcs.column]
            return bound + _sum_of_best(arcs.row, beyond, self.a), np.zeros(0, np.int64)
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

    def _best(self, arcs: _Arcs, bonus: int) -> tuple[_Arcs, Mask, Ints, Ints]:
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
            mentee_prices=_back(u, self.rows),
            mentor_prices=_back(v, self.columns),
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

    def _outside(self, arcs: _Arcs, used: Mask) -> list[Pair]:
        row, column = arcs.row[used], arcs.column[used]
        if self.rows is not None:
            row = self.rows[row]
        if self.columns is not None:
            column = self.columns[column]
        return list(zip(row.tolist(), column.tolist(), strict=True))


def _inverse(order: NDArray[np.intp] | None) -> NDArray[np.intp] | None:
    if order is None:
        return None
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order))
    return inverse


def _back(values: Ints, order: NDArray[np.intp] | None) -> Ints:
    """Values of the inner numbering in the input's."""
    if order is None:
        return values
    found = np.empty_like(values)
    found[order] = values
    return found


def _sorted(row: Ints, column: Ints, score: Ints) -> _Arcs:
    order = np.lexsort((column, row))
    return _Arcs(row[order], column[order], score[order])


def _distinct(numbers: Ints, size: int) -> NDArray[np.intp]:
    """The different ones of some numbers below ``size``, in order."""
    found = np.zeros(size, bool)
    found[numbers] = True
    return np.flatnonzero(found)


def _sum_of_best(row: Ints, worth: Ints, room: Ints) -> int:
    """The most that rows can have, each from as many arcs as it has room; by row."""
    order = np.lexsort((-worth, row))
    row, worth = row[order], worth[order]
    size = np.bincount(row, minlength=len(room))
    rank = np.arange(len(row)) - (np.cumsum(size) - size)[row]
    return int(np.maximum(worth[rank < room[row]], 0).sum())
