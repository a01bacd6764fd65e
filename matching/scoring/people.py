"""Who is matched, what counts, and what the sum of a pair looks like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FORBIDDEN = -1
FULL = 1000
NEUTRAL = 0.5  # the fraction when either side has not said anything
PRIORITY_CAP = 100  # points that having been left out can bring, at most


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
    # By question: one answer, or several in a tuple.
    answers: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0  # points for having been left out last time
    away_until: date | None = None  # when that is while the mentorship would begin

    @property
    def is_away(self) -> bool:
        return self.away_until is not None


@dataclass(frozen=True)
class Criterion:
    """What counts, and how much. ``must`` also forbids the pairs that fail it.

    Keys: topics, interests, direction, style, languages, location, level, department,
    wishes, ``answer:<question id>`` (one of a list) and ``answers:<question id>``
    (several of a list). What ``settings`` may hold stands with each.
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

    Keys: self, reporting_line, excluded, declined, capacity, absence, ``must:<key>``.
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
