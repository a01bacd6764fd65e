"""Groups with one facilitator, and circles of peers from one pool.

Neither is a flow any more: a group that is too small must not be, and a circle has no
two sides. Both are searched, and both come with a bound that nobody can beat, so that
the gap says how far from the best the answer can be at most.

- **Groups**: an integer program (CP-SAT), started from a flow. Its bound is exact when
  the search ends in time (as a rule up to some two hundred people); otherwise the lower
  of its own and the flow's, in which small groups are allowed.
- **Circles** (pairs are circles of two): swaps of two people until none gains; pairs
  of up to ``EXACT`` peers are then solved by CP-SAT. The bound is half the best
  exchange in which each peer listens to as many others as a circle has, or to fewer:
  that flow solves exactly.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.solver import BEST_TOTAL, MOST_MATCHED, Cancelled, Problem, solve

EXACT = 200  # peers up to which pairs are solved as an integer program
EFFORT = 8.0  # of CP-SAT's deterministic time, which is near to seconds
_FORBIDDEN = -(1 << 20)  # below anything that swaps could earn back

Table = NDArray[np.int64]
Asked = Callable[[], bool] | None


@dataclass(frozen=True)
class Together:
    """Who is together, by row, with the column of the facilitator if there is one.

    Members who were there already have no row, and count in ``matched`` only.
    ``total`` and ``upper_bound`` are points over every two who are scored: a member
    with the facilitator, or each two of a circle. ``matched`` counts people placed.
    ``floor`` is under every two of them; whether a higher one is known to leave
    somebody out says ``is_floor_proven``.
    """

    groups: tuple[tuple[int | None, tuple[int, ...]], ...]
    total: int
    upper_bound: int
    matched: int
    matched_bound: int
    seconds: float
    floor: int = 0
    is_floor_proven: bool = True

    @property
    def gap(self) -> int:
        return self.upper_bound - self.total


def form_groups(
    scores: NDArray[Any],
    room: Sequence[int],
    *,
    least: int = 3,
    most: int = 8,
    already: Sequence[int] | None = None,
    people_first: bool = True,
    is_cancelled: Asked = None,
    effort: float = EFFORT,
) -> Together:
    """Each person in a group of ``least`` to ``most`` with a facilitator who has room.

    ``scores`` is people × facilitators, negative where it may not be. ``already`` says
    how many a person put with each facilitator before: where there are any, a group
    comes first of all, filled up from the others. Whom no group takes is left out. The
    same question gets the same answer.
    """
    began = time.perf_counter()
    table = np.asarray(scores, np.int64)
    height = len(table)
    here = np.zeros(len(room), int) if already is None else np.asarray(already)
    here = np.where((np.asarray(room) > 0) & (here <= most), here, 0)
    seats = np.where(np.asarray(room) > 0, most - here, 0)
    relaxed = solve(
        Problem(table, np.ones(height, int), seats, objective=MOST_MATCHED),
        is_cancelled=is_cancelled,
    )
    bonus = 1000 * height + 1 if people_first else 0
    best = relaxed.matched * bonus + relaxed.total
    hint = _dissolved(table, seats, here, relaxed.pairs, least, is_cancelled)
    # Not at the start of every process: only a round of groups waits for it.
    from matching.integer import best_groups

    chosen, opened, bound = best_groups(
        table, seats, here, least, bonus, hint, effort, is_cancelled
    )
    if people_first:
        bound = min(bound, best)
    total = int(sum(table[i, j] for i, j in chosen))
    matched = len(chosen)
    matched_bound = min(height, relaxed.matched)
    if people_first:
        matched_bound = max(matched, min(matched_bound, bound // bonus))
        upper = max(total, bound - matched * bonus)
    else:
        upper = max(total, bound)
    # Points of another number of people say nothing about this one.
    upper = min(
        upper, max(total, int(np.maximum(table, 0).max(axis=1, initial=0).sum()))
    )
    groups: dict[int, list[int]] = {j: [] for j in opened}
    for i, j in sorted(chosen):
        groups[j].append(i)
    return Together(
        groups=tuple((j, tuple(groups[j])) for j in sorted(groups)),
        total=total,
        upper_bound=upper,
        matched=matched + int(here[opened].sum()),
        matched_bound=matched_bound + int(here.sum()),
        seconds=time.perf_counter() - began,
    )


def _dissolved(
    table: Table,
    seats: NDArray[Any],
    here: NDArray[Any],
    pairs: Sequence[tuple[int, int]],
    least: int,
    is_cancelled: Asked,
) -> list[tuple[int, int]]:
    """A first answer: the smallest group goes until all are large enough."""
    seats = seats.copy()
    found = list(pairs)
    while found:
        more = np.bincount([j for _, j in found], minlength=len(seats))
        size = np.where(more > 0, more + here, 0)
        small = np.flatnonzero((size > 0) & (size < least))
        if not len(small):
            return found
        seats[small[np.argmin(size[small])]] = 0
        ones = np.ones(len(table), int)
        found = list(
            solve(Problem(table, ones, seats), is_cancelled=is_cancelled).pairs
        )
    return found


def lift_weakest(
    form: Callable[[Table, float], Together], scores: NDArray[Any], worth: Table
) -> tuple[Together, int, bool]:
    """The highest floor under every two who are scored that places as many people.

    ``form(scores, effort)`` puts people together; ``worth`` says what two of them are
    worth. By halving, with less effort for each try than for the answer. Gives back
    the answer, its floor, and whether a higher floor is known to leave somebody out;
    if not, none was found. No floor, 0, is below every answer.
    """
    table = np.asarray(scores, np.int64)
    found = form(table, EFFORT)
    floors = np.unique(worth[worth > 0])
    # Whatever the answer holds to is a floor already.
    low = int(np.searchsorted(floors, _weakest(worth, found.groups), side="right"))
    high, best, is_proven = len(floors), found, True
    while found.matched and low < high:
        middle = (low + high) // 2
        tried = form(np.where(worth < floors[middle], -1, table), EFFORT / 4)
        if tried.matched >= found.matched:
            best = tried
            weakest = _weakest(worth, tried.groups)
            low = int(np.searchsorted(floors, weakest, side="right"))
        else:
            high = middle
            is_proven = tried.matched_bound < found.matched
    floor = int(floors[low - 1]) if low and found.matched else 0
    if best is not found:
        # Once more with all effort; less effort found one that places as many.
        last = form(np.where(worth < floor, -1, table), EFFORT)
        if (last.matched, last.total) >= (best.matched, best.total):
            best = last
    return best, floor, is_proven


def _weakest(worth: Table, groups: Sequence[tuple[int | None, tuple[int, ...]]]) -> int:
    """The least that two who are scored are worth to each other."""
    return min(
        (
            int(worth[one, other])
            for leader, people in groups
            for one, other in (
                combinations(people, 2)
                if leader is None
                else ((each, leader) for each in people)
            )
        ),
        default=0,
    )


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
    exact = None
    if wanted[0] == 2 and people <= EXACT:
        from matching.integer import best_pairs

        exact = best_pairs(table, found, effort, is_cancelled)
    found = exact[0] if exact else [_without_forbidden(table, g, least) for g in found]
    groups = tuple(sorted((None, tuple(map(int, g))) for g in found if len(g) >= least))
    total = sum(_points(table, g) for _, g in groups)
    listens = np.full(people, max(wanted) - 1)
    # Smaller circles listen to fewer: as many as pays, not as many as can be.
    relaxed = solve(
        Problem(table, listens, listens, objective=BEST_TOTAL),
        is_cancelled=is_cancelled,
    )
    bound = relaxed.upper_bound // 2
    if exact:
        bound = min(bound, exact[1])
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
