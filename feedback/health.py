"""How a relationship goes, from 0 to 100, of parts with names. Arithmetic only.

It is about the relationship, never about one of the people in it. Answers to anonymous
surveys are no part of it: they belong to nobody.
"""

from dataclasses import dataclass
from typing import Any

WINDOW = 90
GOALS_DUE = 45
# Without a session for so many times the rhythm of their own, and nothing planned, a
# pair asks for a person whatever the figure says.
QUIET_RHYTHMS = 2

Fact = dict[str, Any]


@dataclass(frozen=True)
class Course:
    """What is known of a relationship without reading what was said."""

    age: int
    rhythm: int
    held: int
    days_since: int | None
    is_planned: bool
    goals: int
    goals_moving: int
    is_agreed: bool = True

    @property
    def window(self) -> int:
        """Over how many days sessions count."""
        return min(self.age, WINDOW)

    @property
    def expected(self) -> int:
        """How many sessions their own rhythm asks for in that time."""
        return max(1, self.window // self.rhythm)

    @property
    def is_late(self) -> bool:
        """Whether a person should look, whatever the figure says: they never met, or
        not for long, and nothing is planned.
        """
        if self.is_planned:
            return False
        return self.days_since is None or self.days_since >= QUIET_RHYTHMS * self.rhythm

    @property
    def contact(self) -> Fact:
        """When they last met, or since when they could have."""
        return {
            "part": "contact",
            "days": self.age if self.days_since is None else self.days_since,
            "never": self.days_since is None,
        }


@dataclass(frozen=True)
class Part:
    """One named part: 0 to 100, how much it weighs, and the fact behind it."""

    key: str
    score: int
    weight: int
    fact: Fact


def parts_of(course: Course, weights: dict[str, int]) -> list[Part]:
    """The parts that can be said of this relationship, each with its fact."""
    found = [
        _rhythm(course),
        _contact(course),
        _planned(course),
        _goals(course),
        _agreement(course),
    ]
    return [
        Part(str(fact["part"]), score, weights[str(fact["part"])], fact)
        for score, fact in filter(None, found)
        if weights[str(fact["part"])]
    ]


def _rhythm(course: Course) -> tuple[int, Fact]:
    share = min(1.0, course.held / course.expected)
    return round(100 * share), {
        "part": "rhythm",
        "held": course.held,
        "expected": course.expected,
        "days": course.window,
    }


def _contact(course: Course) -> tuple[int, Fact]:
    """All of it within one rhythm, nothing after three."""
    share = (3 - course.contact["days"] / course.rhythm) / 2
    return round(100 * max(0.0, min(1.0, share))), course.contact


def _planned(course: Course) -> tuple[int, Fact]:
    return 100 if course.is_planned else 0, {
        "part": "planned",
        "is_planned": course.is_planned,
    }


def _goals(course: Course) -> tuple[int, Fact] | None:
    """Left out while it is too early to have one."""
    if not course.goals and course.age < GOALS_DUE:
        return None
    score = 0 if not course.goals else 100 if course.goals_moving else 40
    return score, {
        "part": "goals",
        "goals": course.goals,
        "moving": course.goals_moving,
        "days": GOALS_DUE,
    }


def _agreement(course: Course) -> tuple[int, Fact] | None:
    """Left out until they have met: it is made together."""
    if course.days_since is None:
        return None
    return 100 if course.is_agreed else 0, {
        "part": "agreement",
        "is_agreed": course.is_agreed,
    }


def score_of(parts: list[Part]) -> int:
    """The mean of the parts by weight; 100 where nothing can be said."""
    weight = sum(each.weight for each in parts)
    if not weight:
        return 100
    return round(sum(each.score * each.weight for each in parts) / weight)


def reason_of(parts: list[Part]) -> str:
    """What to begin with: which suggestion fits."""
    by_key = {each.key: each for each in parts}
    contact = by_key.get("contact")
    if contact and contact.fact["never"]:
        return "never-met"
    told = [each for each in parts if each.key != "agreement"] or parts
    weakest = min(told, key=lambda each: (each.score, -each.weight, each.key))
    if weakest.key == "goals":
        return "no-goals"
    if contact and contact.score < 50:
        return "quiet"
    return "off-rhythm"
