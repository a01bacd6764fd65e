"""The table of a pool: everybody's points with everybody, and any pair's sum."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.scoring.people import (
    FORBIDDEN,
    FULL,
    NEUTRAL,
    PRIORITY_CAP,
    Criterion,
    Explanation,
    Filter,
    Line,
    Person,
    Pool,
)
from matching.scoring.rules import Fractions, Rows, numbered, rule_of

# Deeper than any sum is high, so that one failed must sinks it; int16 holds 16 of them.
_SUNK = -2000
_KEEP = 1 << 24  # a table up to this many pairs is made once and kept
_TILE = 1 << 17  # pairs worked on at a time, so that they stay in the cache


def _shares(criteria: Sequence[Criterion]) -> list[int]:
    """The most that each criterion gives: 1000 points shared out by weight.

    By largest remainder (equal remainders by key), so that whole points add up to 1000.
    """
    weights = sum(c.weight for c in criteria)
    if not weights:
        return [0 for _ in criteria]
    shares = [FULL * c.weight // weights for c in criteria]
    by_remainder = sorted(
        range(len(criteria)),
        key=lambda n: (-(FULL * criteria[n].weight % weights), criteria[n].key),
    )
    for n in by_remainder[: FULL - sum(shares)]:
        shares[n] += 1
    return shares


class _Counted:
    """A criterion within a pool: its points for any rows of the table."""

    def __init__(self, criterion: Criterion, at_most: int, pool: Pool) -> None:
        self.criterion = criterion
        self.at_most = at_most
        self.rule = rule_of(criterion.key)
        self.at_least = float(criterion.settings.get("at_least", self.rule.at_least))
        mine = [self.rule.mentee_says(p) for p in pool.mentees]
        theirs = [self.rule.mentor_says(p) for p in pool.mentors]
        # People who say the same are compared once.
        left, right = numbered(mine), numbered(theirs)
        self.row = np.array([left[m] for m in mine], np.intp)
        # Unless nearly everybody says something else: spreading the columns costs more.
        self.is_spread = 2 * len(right) > len(theirs)
        if self.is_spread:
            self.column = np.arange(len(theirs))
        else:
            self.column = np.array([right[t] for t in theirs], np.intp)
        self.compare = self.rule.prepare(
            list(left),
            theirs if self.is_spread else list(right),
            criterion.settings,
            pool,
        )
        self.kept: NDArray[np.int16] | None = None
        if len(left) * max(1, len(theirs)) <= _KEEP and len(left) < len(mine):
            self.kept = self._points(np.arange(len(left)))

    def _points(self, said: Rows) -> NDArray[np.int16]:
        """Points of what some mentees say, with every mentor."""
        points = np.empty((len(said), len(self.column)), np.int16)
        step = max(1, _TILE // max(1, len(self.column)))
        for start in range(0, len(said), step):
            fractions = self.compare(said[start : start + step])
            part = _rounded(fractions, self.at_most)
            if self.criterion.must:
                part[fractions < self.at_least - 1e-9] = _SUNK
            points[start : start + step] = (
                part if self.is_spread else np.take(part, self.column, axis=1)
            )
        return points

    def add_to(self, table: NDArray[np.int16], rows: Rows) -> None:
        if self.kept is not None:
            table += self.kept[self.row[rows]]
        else:
            table += self._points(self.row[rows])
        if self.criterion.must:
            np.maximum(table, _SUNK, out=table)

    def line(self, mentee: int, mentor: int, pool: Pool) -> tuple[Line, bool]:
        """The line of one pair, and whether it passes if this is a must."""
        fractions = self.compare(self.row[[mentee]])[:, self.column[[mentor]]]
        fraction = float(fractions[0, 0])
        is_known = not np.isnan(fraction)
        line = Line(
            key=self.criterion.key,
            mentee=self.rule.mentee_says(pool.mentees[mentee]),
            mentor=self.rule.mentor_says(pool.mentors[mentor]),
            fraction=fraction if is_known else NEUTRAL,
            weight=self.criterion.weight,
            at_most=self.at_most,
            points=int(_rounded(fractions, self.at_most)[0, 0]),
            is_known=is_known,
        )
        return line, not fraction < self.at_least - 1e-9


def _rounded(fractions: Fractions, at_most: int) -> NDArray[np.int16]:
    """Whole points, half up. The millionth keeps 12.4999999999 a half, as on paper."""
    points = fractions * at_most
    unknown = np.isnan(points)
    if unknown.any():
        points[unknown] = NEUTRAL * at_most
    points += 0.500001
    return points.astype(np.int16)


class Scorer:
    """The table of scores of a pool, made a few rows at a time.

    Raises ``KeyError`` for a criterion that there is not.
    """

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        counts = [c for c in pool.criteria if c.weight > 0 or c.must]
        self._counted = [
            _Counted(criterion, at_most, pool)
            for criterion, at_most in zip(counts, _shares(counts), strict=True)
        ]
        self._left_out = (
            np.array([max(0, p.priority) for p in pool.mentees], np.int64),
            np.array([max(0, p.priority) for p in pool.mentors], np.int64),
        )
        self._any_left_out = any(side.any() for side in self._left_out)
        # Nobody comes into question for who is full, or away.
        self._row_out = np.array([_is_out(p) for p in pool.mentees], bool)
        self._column_out = np.array([_is_out(p) for p in pool.mentors], bool)
        self._blocked_at, self._blocked = self._find_blocked()

    def block(self, rows: Rows) -> NDArray[np.int16]:
        """The scores of some mentees with all mentors; ``FORBIDDEN`` where not."""
        rows = np.asarray(rows, np.intp)
        table = np.zeros((len(rows), len(self.pool.mentors)), np.int16)
        step = max(1, _TILE // max(1, table.shape[1]))
        for start in range(0, len(rows), step):
            self._fill(table[start : start + step], rows[start : start + step])
        return table

    def _fill(self, table: NDArray[np.int16], rows: Rows) -> None:
        for counted in self._counted:
            counted.add_to(table, rows)
        if self._any_left_out:
            mine, theirs = self._left_out
            extra = np.minimum(mine[rows, None] + theirs, PRIORITY_CAP)
            table += extra.astype(np.int16)
            np.minimum(table, FULL, out=table)
        np.maximum(table, FORBIDDEN, out=table)
        starts, ends = self._blocked_at[rows], self._blocked_at[rows + 1]
        for row in np.flatnonzero(ends > starts):
            table[row, self._blocked[starts[row] : ends[row]]] = FORBIDDEN
        table[self._row_out[rows]] = FORBIDDEN
        table[:, self._column_out] = FORBIDDEN

    def explain(self, mentee: int, mentor: int) -> Explanation:
        """The sum of one pair (by row and column), to the point as in ``block``."""
        one, other = self.pool.mentees[mentee], self.pool.mentors[mentor]
        filters = [
            Filter("self", one.user_id != other.user_id),
            Filter(
                "reporting_line",
                one.user_id not in other.manager_chain
                and other.user_id not in one.manager_chain,
            ),
            Filter("excluded", not _has(self.pool.excluded, one, other)),
            Filter("declined", not _has(self.pool.declined, one, other)),
            Filter("capacity", one.capacity > 0 and other.capacity > 0),
            Filter("absence", not (one.is_away or other.is_away)),
        ]
        lines = []
        for counted in self._counted:
            line, passes = counted.line(mentee, mentor, self.pool)
            lines.append(line)
            if counted.criterion.must:
                filters.append(Filter(f"must:{line.key}", passes))
        points = sum(line.points for line in lines)
        waited = max(0, one.priority) + max(0, other.priority)
        if waited:
            extra = min(waited, PRIORITY_CAP, FULL - points)
            lines.append(
                Line(
                    key="priority",
                    mentee=one.priority,
                    mentor=other.priority,
                    fraction=extra / PRIORITY_CAP,
                    weight=0,
                    at_most=PRIORITY_CAP,
                    points=extra,
                )
            )
            points += extra
        return Explanation(tuple(lines), tuple(filters), points)

    def _find_blocked(self) -> tuple[Rows, Rows]:
        """The columns that are blocked for each row, one row after another."""
        pool = self.pool
        columns: dict[int, list[int]] = {}
        for column, person in enumerate(pool.mentors):
            columns.setdefault(person.user_id, []).append(column)
        rows_of: dict[int, list[int]] = {}
        for row, person in enumerate(pool.mentees):
            rows_of.setdefault(person.user_id, []).append(row)

        blocked: list[set[int]] = [set() for _ in pool.mentees]
        for row, person in enumerate(pool.mentees):
            for user in (person.user_id, *person.manager_chain):
                blocked[row].update(columns.get(user, ()))
        for column, person in enumerate(pool.mentors):
            for user in person.manager_chain:
                for row in rows_of.get(user, ()):
                    blocked[row].add(column)
        for a, b in pool.excluded | pool.declined:
            for one, other in ((a, b), (b, a)):
                for row in rows_of.get(one, ()):
                    blocked[row].update(columns.get(other, ()))

        starts = np.zeros(len(blocked) + 1, np.intp)
        np.cumsum([len(b) for b in blocked], out=starts[1:])
        flat = [column for row in blocked for column in sorted(row)]
        return starts, np.array(flat, np.intp)


def _is_out(person: Person) -> bool:
    return person.capacity <= 0 or person.is_away


def _has(pairs: frozenset[tuple[int, int]], one: Person, other: Person) -> bool:
    a, b = one.user_id, other.user_id
    return (a, b) in pairs or (b, a) in pairs
