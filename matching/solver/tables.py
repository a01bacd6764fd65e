"""The table of scores as it is read, and the pairs of the small problem."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[Any]
BlockFunction = Callable[[NDArray[np.intp]], Scores]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

BEST = 1000  # the highest score


class Table:
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
        return whole(np.asarray(block))

    def pair(self, row: int, column: int) -> int:
        return int(self.read(np.array([row]))[0, column])


def whole(scores: Scores) -> NDArray[np.int16]:
    """Whole points. ``ValueError`` above 1000: the bonus counts on that."""
    if scores.dtype.kind == "f":
        scores = np.rint(np.where(np.isnan(scores), -1, scores))
    if scores.size and scores.max() > BEST:
        raise ValueError(f"a score of {scores.max()}; {BEST} is the highest")
    return np.maximum(scores, -1).astype(np.int16, copy=False)


def mixed(ids: Ints) -> NDArray[np.uint64]:
    """A stable, evenly spread number for each id (the finish of splitmix64)."""
    x = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), np.uint64)


def order_of(ids: Sequence[int] | None, size: int) -> NDArray[np.intp] | None:
    """The order in which ids are worked on; nobody comes first for being older."""
    if ids is None:
        return None
    known = np.asarray(ids, np.int64)
    if len(known) != size or len(np.unique(known)) != size:
        raise ValueError("one id for each, and none twice")
    return np.lexsort((known, mixed(known)))


def ranges(starts: Ints, ends: Ints) -> Ints:
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
class Arcs:
    """Pairs of the small problem, by mentee and then mentor; none twice."""

    row: Ints
    column: Ints
    score: Ints

    def __len__(self) -> int:
        return len(self.row)

    def at_least(self, floor: int) -> "Arcs":
        keep = self.score >= floor
        if keep.all():
            return self
        return Arcs(self.row[keep], self.column[keep], self.score[keep])


def inverse(order: NDArray[np.intp] | None) -> NDArray[np.intp] | None:
    if order is None:
        return None
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order))
    return inverse


def back(values: Ints, order: NDArray[np.intp] | None) -> Ints:
    """Values of the inner numbering in the input's."""
    if order is None:
        return values
    found = np.empty_like(values)
    found[order] = values
    return found


def sorted_arcs(row: Ints, column: Ints, score: Ints) -> Arcs:
    order = np.lexsort((column, row))
    return Arcs(row[order], column[order], score[order])


def distinct(numbers: Ints, size: int) -> NDArray[np.intp]:
    """The different ones of some numbers below ``size``, in order."""
    found = np.zeros(size, bool)
    found[numbers] = True
    return np.flatnonzero(found)


def sum_of_best(row: Ints, worth: Ints, room: Ints) -> int:
    """The most that rows can have, each from as many arcs as it has room; by row."""
    order = np.lexsort((-worth, row))
    row, worth = row[order], worth[order]
    size = np.bincount(row, minlength=len(room))
    rank = np.arange(len(row)) - (np.cumsum(size) - size)[row]
    return int(np.maximum(worth[rank < room[row]], 0).sum())
