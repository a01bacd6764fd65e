"""How well two people fit: points from 0 to 1000, as a sum to be redone on paper.

The weights share 1000 points among the criteria (largest remainder, so that whole
points add up). A criterion gives its points times a fraction from 0 to 1, rounded, half
up. Whoever was left out last time gets their points on top, up to 1000 in all.
A pair that may not be is ``FORBIDDEN``, whatever the sum.
"""

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
from matching.scoring.rules import RULES, rule_of
from matching.scoring.table import Scorer

__all__ = [
    "FORBIDDEN",
    "FULL",
    "NEUTRAL",
    "PRIORITY_CAP",
    "RULES",
    "Criterion",
    "Explanation",
    "Filter",
    "Line",
    "Person",
    "Pool",
    "Scorer",
    "rule_of",
]
