"""What a round comes to: who is put together, why, how good it is, who is left over."""

from dataclasses import dataclass, field
from typing import Any

from matching.scoring import Explanation, Person


@dataclass(frozen=True)
class Part:
    """Two people of a match, by participant, and the sum of the one with the other."""

    one: int
    other: int
    explanation: Explanation


@dataclass(frozen=True)
class Match:
    """People put together: the learners, who leads them if anybody, and why."""

    learners: tuple[int, ...]
    mentor: int | None
    score: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Limits:
    """What keeps somebody out, and what is known of it.

    ``facts``: the ``mentor`` it is about, the ``score`` with them, what one more place
    there would bring everybody (``more_people``, ``more_points``); for somebody whom
    every mentor is forbidden how many each limit blocks (``blocked``), and the one
    whose lifting helps most, a *must* or "absence" (``lift``, ``lift_mentors``,
    ``lift_score``); for somebody who is away ``until`` when.
    """

    limit: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Matches by participant, the proof, and who is left over."""

    matches: list[Match]
    total: int
    upper_bound: int
    matched: int
    matched_bound: int
    seconds: float
    left_over: dict[int, Limits]
    floor: int = 0
    is_floor_proven: bool = True
    bonus: int = 0
    mentee_prices: dict[int, int] = field(default_factory=dict)
    mentor_prices: dict[int, int] = field(default_factory=dict)

    @property
    def gap(self) -> int:
        return self.upper_bound - self.total


def until(person: Person) -> dict[str, str]:
    """Of somebody who is away the day on which that ends, as a fact."""
    return {"until": f"{person.away_until:%Y-%m-%d}"} if person.is_away else {}
