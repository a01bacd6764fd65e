"""One small function for each criterion: how it reads two people and compares them."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from matching.scoring.people import Person, Pool

ANY = 0.001  # what a must asks for: any fraction above 0 passes

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
    things = numbered(t for m in mine for t in m)
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


def numbered(values: Iterable[Hashable]) -> dict[Hashable, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _same(mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> Prepared:
    """1 where both say the same, 0 where not, NaN where either says nothing."""
    numbers = numbered([*mine, *theirs])
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


def rule_of(key: str) -> Rule:
    """The rule of a criterion. ``KeyError`` for a key that there is not."""
    kind, _, question = key.partition(":")
    if kind == "answer" and question:

        def says(person: Person) -> Hashable:
            said: Hashable = person.answers.get(question, "")
            return said

        return Rule(says, says, _same_or_other)
    if kind == "answers" and question:

        def names(person: Person) -> Hashable:
            return _ordered(person.answers.get(question, ()))

        return Rule(names, names, _interests)
    return RULES[key]
