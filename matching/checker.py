"""Whether an answer is what it says, checked without the code that found it.

For any prices v ≥ 0 of the mentors' places, no assignment is worth more than the
places at their prices plus what each mentee could still win beyond them. So prices
whose bound equals the total prove that nothing better exists, and anybody can redo it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK = 256


class Wrong(Exception):
    """The answer breaks a rule, or is not what it claims."""


class Proof(NamedTuple):
    total: int
    bound: int
    gap: int


def _rows(scores: Any, height: int, width: int) -> Iterator[NDArray[np.int64]]:
    """The table row by row, negative where forbidden."""
    for start in range(0, height, BLOCK):
        rows = np.arange(start, min(start + BLOCK, height))
        if hasattr(scores, "indptr"):
            for row in rows:
                stored = slice(scores.indptr[row], scores.indptr[row + 1])
                found = np.full(width, -1, np.int64)
                found[scores.indices[stored]] = scores.data[stored]
                yield found
        else:
            block = np.asarray(scores(rows) if callable(scores) else scores[rows])
            yield from np.nan_to_num(block, nan=-1).astype(np.int64)


def check(
    scores: Any,
    mentee_capacity: Sequence[int] | NDArray[Any],
    mentor_capacity: Sequence[int] | NDArray[Any],
    pairs: Iterable[tuple[int, int]],
    prices: Sequence[int] | NDArray[Any],
    *,
    bonus: int = 0,
    floor: int = 0,
    fixed: Iterable[tuple[int, int]] = (),
) -> Proof:
    """The total of the pairs and a bound that nobody can beat; ``Wrong`` if they lie.

    ``scores`` as in ``Problem``; ``prices``, ``bonus`` and ``floor`` as in ``Solution``
    (``mentor_prices``). With a bonus the bound is on the points of those who match at
    least as many people.
    """
    chosen, kept = Counter(pairs), set(fixed)
    v, total = np.asarray(prices, np.int64), 0
    if max(chosen.values(), default=1) > 1 or not kept <= chosen.keys():
        raise Wrong("A pair stands twice, or a fixed pair is missing.")
    mine, theirs = Counter(i for i, _ in chosen), Counter(j for _, j in chosen)
    room = np.array(mentee_capacity) - np.bincount(
        [i for i, _ in kept], minlength=len(mentee_capacity)
    )
    places = np.array(mentor_capacity) - np.bincount(
        [j for _, j in kept], minlength=len(mentor_capacity)
    )
    if any(n > mentee_capacity[i] for i, n in mine.items()):
        raise Wrong("A mentee has more mentors than places.")
    if any(n > mentor_capacity[j] for j, n in theirs.items()):
        raise Wrong("A mentor has more mentees than places.")
    if len(v) != len(places) or (v < 0).any():
        raise Wrong("Each mentor has a price, and none is below zero.")

    partners: dict[int, list[int]] = {}
    for i, j in chosen:
        partners.setdefault(i, []).append(j)
    bound = int(places @ v) - bonus * (len(chosen) - len(kept))
    for i, row in enumerate(_rows(scores, len(room), len(places))):
        beyond = np.where(row >= max(floor, 0), row + bonus - v, 0)
        for j in partners.get(i, ()):
            if row[j] < (0 if (i, j) in kept else max(floor, 0)):
                raise Wrong(f"Pair {(i, j)} is forbidden.")
            total += int(row[j])
            if (i, j) in kept:
                bound += int(row[j])
                beyond[j] = 0
        if room[i] == 1:
            bound += max(0, int(beyond.max(initial=0)))
        elif room[i] > 1:
            bound += int(np.sort(beyond[beyond > 0])[-room[i] :].sum())
    return _proof(total, bound)


def _proof(total: int, bound: int) -> Proof:
    if bound < total:
        raise Wrong("The bound is below the total, which cannot be.")
    return Proof(total, bound, bound - total)


def check_together(
    worth: NDArray[Any],
    groups: Iterable[tuple[int | None, Sequence[int]]],
    *,
    least: int,
    most: int,
    bound: int,
    room: Sequence[int] | None = None,
    already: Sequence[int] | None = None,
    floor: int = 0,
) -> Proof:
    """The total of groups, or of circles where nobody leads; ``Wrong`` if they lie.

    ``worth`` is people × facilitators, or people × people, negative where it may not
    be; ``already`` says how many were with each facilitator before. The bound is one
    that whoever searched says nobody can beat: that it is not below what was found can
    be seen here, that it is true cannot.
    """
    formed = [(leader, tuple(people)) for leader, people in groups]
    seen = Counter(person for _leader, people in formed for person in people)
    leads = Counter(leader for leader, _people in formed if leader is not None)
    if max(seen.values(), default=1) > 1 or max(leads.values(), default=1) > 1:
        raise Wrong("Somebody is in two groups, or leads two.")
    total = 0
    for leader, people in formed:
        size = len(people)
        if leader is None:
            scored = list(combinations(people, 2))
        else:
            size += already[leader] if already is not None else 0
            scored = [(person, leader) for person in people]
            if room is not None and room[leader] < 1:
                raise Wrong(f"Facilitator {leader} has no place.")
        if not least <= size <= most:
            raise Wrong(f"A group of {size} is not within {least} to {most}.")
        for two in scored:
            if worth[two] < max(floor, 0):
                raise Wrong(f"{two} may not be together, or are below the floor.")
            total += int(worth[two])
    return _proof(total, bound)


def check_score(score: int, points: Sequence[int]) -> None:
    """That a score is the mean of the points of every two, half up; else ``Wrong``."""
    if score != int(np.floor(np.mean(points) + 0.5)):
        raise Wrong(f"A score of {score} is not the mean of its sums.")
