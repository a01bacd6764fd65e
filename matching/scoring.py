"""How well two people fit: points from 0 to 1000, as a sum to be redone on paper.

The weights share 1000 points among the criteria (largest remainder, so that whole
points add up). A criterion gives its points times a fraction from 0 to 1, rounded, half
up. Whoever was left out last time gets their points on top, up to 1000 in all.
A pair that may not be is ``FORBIDDEN``, whatever the sum.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = -1
FULL = 1000
NEUTRAL = 0.5  # the fraction when either side has not said anything
PRIORITY_CAP = 100  # points that having been left out can bring, at most
ANY = 0.001  # what a must asks for: any fraction above 0 passes

# Deeper than any sum is high, so that one failed must sinks it; int16 holds 16 of them.
_SUNK = -2000
_KEEP = 1 << 24  # a table up to this many pairs is made once and kept
_TILE = 1 << 17  # pairs worked on at a time, so that they stay in the cache


@dataclass(frozen=True)
class Person:
    """A participant, as the arithmetic sees them."""

    id: int
    user_id: int
    topics_offered: Mapping[int, int] = field(default_factory=dict)  # level 1–3
    topics_wanted: Mapping[int, int] = field(default_factory=dict)  # priority 1–3
    interests: frozenset[int] = frozenset()
    directions_from: frozenset[int] = frozenset()
    directions_to: frozenset[int] = frozenset()
    style: tuple[int, ...] = ()  # five, each 1–5, or none
    languages: frozenset[str] = frozenset()
    location: str = ""
    time_zone: str = ""
    level: int | None = None
    department: str = ""
    manager_chain: frozenset[int] = frozenset()  # users above, at any depth
    capacity: int = 1
    wishes: tuple[int, ...] = ()  # ids of participants, the dearest first
    answers: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0  # points for having been left out last time


@dataclass(frozen=True)
class Criterion:
    """What counts, and how much. ``must`` also forbids the pairs that fail it.

    Keys: topics, interests, direction, style, languages, location, level, department,
    wishes, and ``answer:<question id>``. What ``settings`` may hold stands with each.
    """

    key: str
    weight: int = 5
    must: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pool:
    """Everybody to be matched, and what holds among them.

    ``excluded`` and ``declined`` hold pairs of users, in whichever order.
    ``families`` tells the family of each topic.
    """

    mentees: Sequence[Person]
    mentors: Sequence[Person]
    criteria: Sequence[Criterion]
    families: Mapping[int, int] = field(default_factory=dict)
    excluded: frozenset[tuple[int, int]] = frozenset()
    declined: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class Line:
    """One line of the sum: ``points`` is ``at_most`` × ``fraction``, rounded, half up.

    ``mentee`` and ``mentor`` are what each said, as data (ids and values, JSON-able).
    ``is_known`` is false when either said nothing: the fraction is then ``NEUTRAL``.
    """

    key: str
    mentee: Any
    mentor: Any
    fraction: float
    weight: int
    at_most: int
    points: int
    is_known: bool = True


@dataclass(frozen=True)
class Filter:
    """A hard limit, and whether a pair passes it.

    Keys: self, reporting_line, excluded, declined, capacity, ``must:<key>``.
    """

    key: str
    passed: bool


@dataclass(frozen=True)
class Explanation:
    """A pair's sum. ``total`` is the sum of the lines, also where a filter blocks."""

    lines: tuple[Line, ...]
    filters: tuple[Filter, ...]
    total: int

    @property
    def blocked_by(self) -> tuple[str, ...]:
        return tuple(f.key for f in self.filters if not f.passed)

    @property
    def score(self) -> int:
        """The same as in the table: the total, or ``FORBIDDEN``."""
        return FORBIDDEN if self.blocked_by else self.total


Fractions = NDArray[np.float64]
Rows = NDArray[np.intp]
Prepared = Callable[[Rows], Fractions]
Prepare = Callable[[Sequence[Any], Sequence[Any], Mapping[str, Any], Pool], Prepared]


@dataclass(frozen=True)
class Rule:
    """How one criterion reads two people and compares them.

    ``prepare`` is given the different things that mentees and mentors say, and returns
    the comparison: for some of the former (by number) with all of the latter a
    fraction from 0 to 1, NaN where either has said nothing. ``at_least`` is what a
    *must* asks for, unless its settings say otherwise.
    """

    mentee_says: Callable[[Person], Hashable]
    mentor_says: Callable[[Person], Hashable]
    prepare: Prepare
    at_least: float = ANY


def _topics(
    wanted: Sequence[tuple[tuple[int, int], ...]],
    offered: Sequence[tuple[tuple[int, int], ...]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """What the mentee wants, as far as the mentor offers it.

    A topic earns the level offered in thirds, and one of the same family half of that.
    The fraction is what the wanted topics earn, weighed by their priority. Neutral when
    the mentee wants nothing or the mentor offers nothing.
    """
    topics = {t: n for n, t in enumerate(sorted({t for w in wanted for t, _ in w}))}
    families: dict[int, int] = {}
    for topic in topics:
        if topic in pool.families:
            families.setdefault(pool.families[topic], len(families))

    # Sixths of a topic, earned by each mentor: 2 × level, or 1 × level in the family.
    in_family = np.zeros((len(families) + 1, len(offered)), np.int16)
    exactly = np.zeros((len(topics) + 1, len(offered)), np.int16)
    for column, offer in enumerate(offered):
        for topic, level in offer:
            family = families.get(pool.families.get(topic, -1))
            if family is not None and in_family[family, column] < level:
                in_family[family, column] = level
            if topic in topics:
                exactly[topics[topic], column] = 2 * level
    no_family = len(families)
    family_of = [families.get(pool.families.get(t, -1), no_family) for t in topics]
    earned = np.maximum(exactly, in_family[[*family_of, no_family]])

    longest = max((len(w) for w in wanted), default=0)
    nothing = len(topics)
    slots = np.full((len(wanted), longest), nothing, np.intp)
    priorities = np.zeros((len(wanted), longest), np.int16)
    for row, wants in enumerate(wanted):
        for slot, (topic, priority) in enumerate(wants):
            slots[row, slot] = topics[topic]
            priorities[row, slot] = priority
    sixths = 6.0 * priorities.sum(axis=1)
    sixths[sixths == 0] = np.nan
    says_nothing = np.array([not offer for offer in offered], bool)

    def compare(rows: Rows) -> Fractions:
        total = np.zeros((len(rows), len(offered)), np.int16)
        for slot in range(longest):
            part = earned[slots[rows, slot]]
            part *= priorities[rows, slot, None]
            total += part
        fractions = np.asarray(total / sixths[rows, None], np.float64)
        if says_nothing.any():
            fractions[:, says_nothing] = np.nan
        return fractions

    return compare


def _in_common(
    mine: Sequence[tuple[Any, ...]], theirs: Sequence[tuple[Any, ...]]
) -> Prepared:
    """How many things two lists share; NaN when either is empty."""
    things = _numbers(t for m in mine for t in m)
    has = np.zeros((len(things) + 1, len(theirs)), np.int8)
    for column, values in enumerate(theirs):
        for value in values:
            if value in things:
                has[things[value], column] = 1
    # A row of ``has`` for each thing of a list; the empty last one fills it up.
    longest = max((len(m) for m in mine), default=0)
    slots = np.full((len(mine), longest), len(things), np.intp)
    for row, values in enumerate(mine):
        slots[row, : len(values)] = [things[value] for value in values]
    silent = np.array([not m for m in mine], bool)
    silent_columns = np.flatnonzero([not t for t in theirs])

    def compare(rows: Rows) -> Fractions:
        count = np.zeros((len(rows), len(theirs)), np.int16)
        for slot in range(longest):
            count += has[slots[rows, slot]]
        shared = count.astype(np.float64)
        shared[silent[rows]] = np.nan
        shared[:, silent_columns] = np.nan
        return shared

    return compare


def _interests(
    mine: Sequence[tuple[int, ...]],
    theirs: Sequence[tuple[int, ...]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """Interests in common: three (``enough``), or all of the mentee's, is the whole.

    Neutral when either has named none.
    """
    enough = max(1, int(settings.get("enough", 3)))
    shared = _in_common(mine, theirs)
    whole = np.array([min(enough, max(1, len(m))) for m in mine], np.float64)

    def compare(rows: Rows) -> Fractions:
        fractions = shared(rows)
        fractions /= whole[rows, None]
        return np.minimum(fractions, 1.0, out=fractions)

    return compare


def _direction(
    going: Sequence[tuple[int, ...]],
    been: Sequence[tuple[int, ...]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """The share of the ways the mentee wants to go where the mentor has been.

    Neutral when the mentee does not say where to, or the mentor where from.
    """
    shared = _in_common(going, been)
    whole = np.array([max(1, len(g)) for g in going], np.float64)
    return lambda rows: shared(rows) / whole[rows, None]


def _languages(
    mine: Sequence[tuple[str, ...]],
    theirs: Sequence[tuple[str, ...]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """All or nothing: whether they share a language. Neutral when either names none."""
    shared = _in_common(mine, theirs)
    return lambda rows: np.minimum(shared(rows), 1.0)


def _style(
    mine: Sequence[tuple[int, ...]],
    theirs: Sequence[tuple[int, ...]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """Working style: on each slider, quarters of the distance 4 that they are close.

    ``dimensions`` says for each of the five "similar" (as they are all, unless said),
    "different" (quarters apart instead) or "ignore". The fraction is the mean of those
    that count; neutral when either has not set the sliders, or none counts.
    """
    wishes = [*settings.get("dimensions", ()), *["similar"] * 5][:5]
    counted = [n for n, wish in enumerate(wishes) if wish != "ignore"]

    def table(styles: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
        return np.array(
            [s if len(s) == 5 else (np.nan,) * 5 for s in styles], np.float64
        )

    left, right = table(mine).reshape(-1, 5), table(theirs).reshape(-1, 5)

    def compare(rows: Rows) -> Fractions:
        quarters = np.zeros((len(rows), len(right)))
        for dimension in counted:
            apart = np.abs(left[rows, dimension, None] - right[:, dimension])
            if wishes[dimension] == "different":
                quarters += apart
            else:
                quarters += 4 - apart
        return quarters / (4 * len(counted) or np.nan)

    return compare


def _numbers(values: Iterable[Hashable]) -> dict[Hashable, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _same(mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> Prepared:
    """1 where both say the same, 0 where not, NaN where either says nothing."""
    numbers = _numbers([*mine, *theirs])
    left = np.array([numbers[m] if m else np.nan for m in mine], np.float64)
    right = np.array([numbers[t] if t else np.nan for t in theirs], np.float64)

    def compare(rows: Rows) -> Fractions:
        apart: Fractions = np.abs(left[rows, None] - right)
        return 1 - np.minimum(apart, 1)

    return compare


def _same_or_other(
    mine: Sequence[Hashable],
    theirs: Sequence[Hashable],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """All or nothing: the same answer, or with ``prefer`` "other" a different one.

    Neutral when either has not answered.
    """
    same = _same(mine, theirs)
    if settings.get("prefer") == "other":
        return lambda rows: 1 - same(rows)
    return same


def _department(
    mine: Sequence[Hashable],
    theirs: Sequence[Hashable],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """All or nothing: another department, or with ``prefer`` "same" the same one.

    Neutral when the department of either is not known.
    """
    return _same_or_other(mine, theirs, {"prefer": "other", **settings}, pool)


def _hours(time_zone: str) -> float:
    """Hours ahead of UTC in winter; NaN when the zone is not known."""
    try:
        winter = datetime(2026, 1, 15, 12, tzinfo=UTC).astimezone(ZoneInfo(time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        return float("nan")
    offset = winter.utcoffset()
    return float("nan") if offset is None else offset.total_seconds() / 3600


def _location(
    mine: Sequence[tuple[str, str]],
    theirs: Sequence[tuple[str, str]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """How near they are, ``by`` "location", "time_zone", or "either" (unless said).

    By location all or nothing. By time zone each hour between them takes a sixth.
    By either: the same location is the whole, another one half of the time zone's.
    Neutral when what is asked for is not known of either; with "either" the time zone
    alone decides when a location is not known, and the other way round.
    """
    same = _same([m[0] for m in mine], [t[0] for t in theirs])
    left = np.array([_hours(m[1]) for m in mine], np.float64)
    right = np.array([_hours(t[1]) for t in theirs], np.float64)

    def near(rows: Rows) -> Fractions:
        hours: Fractions = np.abs(left[rows, None] - right)
        return 1 - np.minimum(hours, 6) / 6

    def either(rows: Rows) -> Fractions:
        place, zone = same(rows), near(rows)
        both = np.where(place == 1, 1.0, zone / 2)
        return np.where(np.isnan(place), zone, np.where(np.isnan(both), place, both))

    return {"location": same, "time_zone": near}.get(settings.get("by", ""), either)


def _level(
    mine: Sequence[int | None],
    theirs: Sequence[int | None],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """How far the mentor's level is above the mentee's: from ``min`` to ``max`` steps.

    1 and 3 unless said. Each step outside takes a third. ``reversed`` measures how far
    the mentee is above the mentor. Neutral when the level of either is not known.
    """
    least, most = float(settings.get("min", 1)), float(settings.get("max", 3))
    sign = -1 if settings.get("reversed") else 1
    left = np.array([np.nan if m is None else m for m in mine], np.float64)
    right = np.array([np.nan if t is None else t for t in theirs], np.float64)

    def compare(rows: Rows) -> Fractions:
        above = sign * (right - left[rows, None])
        outside = np.maximum(np.maximum(least - above, above - most), 0)
        return 1 - np.minimum(outside, 3) / 3

    return compare


def _wishes(
    mine: Sequence[tuple[int, tuple[int, ...]]],
    theirs: Sequence[tuple[int, tuple[int, ...]]],
    settings: Mapping[str, Any],
    pool: Pool,
) -> Prepared:
    """Whom they ranked: a first choice is the whole, each place further a fifth less.

    Somebody not in the list gets nothing from it. With two lists, the mean of both;
    without the one, the other decides; neutral when neither has ranked anybody.
    """
    row_of = {m[0]: n for n, m in enumerate(mine)}
    column_of = {t[0]: n for n, t in enumerate(theirs)}
    found = [
        (row, column_of[other], max(0.0, 1 - rank / 5))
        for row, (_, wishes) in enumerate(mine)
        for rank, other in enumerate(wishes)
        if other in column_of
    ] + [
        (row_of[other], column, max(0.0, 1 - rank / 5))
        for column, (_, wishes) in enumerate(theirs)
        for rank, other in enumerate(wishes)
        if other in row_of
    ]
    at_row = np.array([f[0] for f in found], np.intp)
    at_column = np.array([f[1] for f in found], np.intp)
    worth = np.array([f[2] for f in found], np.float64)
    ranked_left = np.array([bool(m[1]) for m in mine], np.float64)
    ranked_right = np.array([bool(t[1]) for t in theirs], np.float64)

    def compare(rows: Rows) -> Fractions:
        asked, back = np.unique(rows, return_inverse=True)
        lists = ranked_left[asked, None] + ranked_right
        lists[lists == 0] = np.nan
        total = np.zeros_like(lists)
        place = np.full(len(mine), -1, np.intp)
        place[asked] = np.arange(len(asked))
        here = place[at_row] >= 0
        np.add.at(total, (place[at_row[here]], at_column[here]), worth[here])
        return np.asarray((total / lists)[back], np.float64)

    return compare


def _ordered(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(values))


RULES: dict[str, Rule] = {
    "topics": Rule(
        lambda p: _ordered(p.topics_wanted.items()),
        lambda p: _ordered(p.topics_offered.items()),
        _topics,
    ),
    "interests": Rule(
        lambda p: _ordered(p.interests), lambda p: _ordered(p.interests), _interests
    ),
    "direction": Rule(
        lambda p: _ordered(p.directions_to),
        lambda p: _ordered(p.directions_from),
        _direction,
    ),
    "style": Rule(lambda p: p.style, lambda p: p.style, _style),
    "languages": Rule(
        lambda p: _ordered(p.languages), lambda p: _ordered(p.languages), _languages
    ),
    "location": Rule(
        lambda p: (p.location, p.time_zone),
        lambda p: (p.location, p.time_zone),
        _location,
        at_least=1.0,
    ),
    "level": Rule(lambda p: p.level, lambda p: p.level, _level, at_least=1.0),
    "department": Rule(lambda p: p.department, lambda p: p.department, _department),
    "wishes": Rule(lambda p: (p.id, p.wishes), lambda p: (p.id, p.wishes), _wishes),
}


def _rule(key: str) -> Rule:
    """The rule of a criterion. ``KeyError`` for a key that there is not."""
    kind, _, question = key.partition(":")
    if kind == "answer" and question:

        def says(person: Person) -> Hashable:
            return person.answers.get(question, "")

        return Rule(says, says, _same_or_other)
    return RULES[key]


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
        self.rule = _rule(criterion.key)
        self.at_least = float(criterion.settings.get("at_least", self.rule.at_least))
        mine = [self.rule.mentee_says(p) for p in pool.mentees]
        theirs = [self.rule.mentor_says(p) for p in pool.mentors]
        # People who say the same are compared once.
        left, right = _numbers(mine), _numbers(theirs)
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
        self._row_full = np.array([p.capacity <= 0 for p in pool.mentees], bool)
        self._column_full = np.array([p.capacity <= 0 for p in pool.mentors], bool)
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
        table[self._row_full[rows]] = FORBIDDEN
        table[:, self._column_full] = FORBIDDEN

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


def _has(pairs: frozenset[tuple[int, int]], one: Person, other: Person) -> bool:
    a, b = one.user_id, other.user_id
    return (a, b) in pairs or (b, a) in pairs
