"""What is asked of the solver, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_MATCHED, BEST_TOTAL = "most_matched", "best_total"
Pair = tuple[int, int]


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
