"""Whether people stay, beside similar colleagues who did not take part.

Participants and colleagues are put together by department, level and how long they
worked here when the programme began. Only groups with both count; colleagues are
weighted as participants are spread over the groups (direct standardisation).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import ceil, floor, hypot, sqrt

from mentoring.statistics import Z, down_to

FEWEST = 20


@dataclass(frozen=True)
class Comparison:
    """Shares in per cent, their difference in points, and its 95 % interval."""

    participants: int
    colleagues: int
    stayed: float
    stayed_colleagues: float
    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low > 0 or self.high < 0

    def in_steps(self, step: int) -> "Comparison":
        """As it is read, so that it adds up: the difference is that of the shares
        beside it. In steps of one they are rounded. In larger ones, as a sponsor reads
        it, counts and shares go down to a whole step, so that who looks twice hardly
        sees one person go. The interval goes out to a whole step.
        """
        nearest = floor if step > 1 else round
        stayed, theirs = (
            step * nearest(share / step)
            for share in (self.stayed, self.stayed_colleagues)
        )
        low, high = step * floor(self.low / step), step * ceil(self.high / step)
        return Comparison(
            down_to(self.participants, step),
            down_to(self.colleagues, step),
            stayed,
            theirs,
            min(max(stayed - theirs, low), high),
            low,
            high,
        )


def compare(people: Iterable[tuple[Hashable, bool, bool, int]]) -> Comparison | None:
    """Of people by group, whether they took part, whether they stayed, and how many
    those are; ``None`` is too few to say.
    """
    cells: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for group, took_part, stayed, number in people:
        cell = cells[group]
        place = 0 if took_part else 2
        cell[place] += number
        cell[place + 1] += number if stayed else 0
    both = [cell for cell in cells.values() if cell[0] and cell[2]]
    whole = sum(cell[0] for cell in both)
    others = sum(cell[2] for cell in both)
    if whole < FEWEST or others < FEWEST:
        return None
    mine = sum(cell[1] for cell in both) / whole
    theirs = sum(cell[0] / whole * cell[3] / cell[2] for cell in both)
    # Each share keeps within none and all, and so does their difference: what lies
    # between the two is put together from how far each can be off on that side (MOVER,
    # Donner and Zou 2002).
    low, high = _reach(
        mine, sum(_weight(cell, whole) * _spread(*cell[:2]) for cell in both)
    )
    their_low, their_high = _reach(
        theirs, sum(_weight(cell, whole) * _spread(*cell[2:]) for cell in both)
    )
    difference = mine - theirs
    return Comparison(
        whole,
        others,
        100 * mine,
        100 * theirs,
        100 * difference,
        100 * (difference - hypot(mine - low, their_high - theirs)),
        100 * (difference + hypot(high - mine, theirs - their_low)),
    )


def _weight(cell: list[int], whole: int) -> float:
    return (cell[0] / whole) ** 2


def _reach(share: float, variance: float) -> tuple[float, float]:
    """The interval of one share, within what a share can be."""
    half = Z * sqrt(variance)
    return max(0.0, share - half), min(1.0, share + half)


def _spread(number: int, stayed: int) -> float:
    # A share of none or all is no certainty: one more of each, as Laplace has it.
    share = (stayed + 1) / (number + 2)
    return share * (1 - share) / number
