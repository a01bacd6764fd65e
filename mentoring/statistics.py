"""A mean with the interval in which it probably lies. Arithmetic only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, sqrt

Z = 1.959964
PROMOTER, DETRACTOR = 9, 6


def t_of(freedom: int) -> float:
    """Student's t at 97.5 %, by the expansion of Cornish and Fisher: within 0.2 % from
    four degrees of freedom up (Abramowitz & Stegun 26.7.5).
    """
    z, f = Z, freedom
    return (
        z
        + (z**3 + z) / (4 * f)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * f**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * f**3)
    )


def down_to(number: Decimal | int, step: int) -> int:
    """A count or share down to a whole step: 68 in steps of five is 65."""
    return int(number // step) * step


def fewest_for(step: int) -> int:
    """Of how many a share can be said in whole steps: so many that one of them moves it
    by no more than a step. Without steps there is none.
    """
    return ceil(100 / step) if step > 1 else 0


@dataclass(frozen=True)
class Mean:
    """A mean of ``number`` values, and the 95 % interval around it."""

    number: int
    value: float
    low: float
    high: float

    def in_steps(self, step: int) -> "Mean":
        """A share as a sponsor reads it: rounded once, from what was counted. Count and
        share go down to a whole step, and the interval out to one.
        """
        return Mean(
            down_to(self.number, step),
            down_to(Decimal(self.value), step),
            down_to(Decimal(self.low), step),
            step * ceil(self.high / step),
        )


def mean_of(counts: Mapping[int, int], *, least: float, most: float) -> Mean | None:
    """The mean of values, given how often each occurs; of nothing there is none.

    The interval is worked out with one answer more at either end of the scale, as
    Agresti and Caffo add one success and one failure to a sample (The American
    Statistician 54, 2000, 280-288): without, a few who answer alike would seem to be
    certain. It holds what all would answer at least 95 times in a hundred, more often
    for few. It holds the mean itself, and stays within what can be answered.
    """
    number = sum(counts.values())
    if not number:
        return None
    total = sum(key * count for key, count in counts.items())
    value = total / number
    if number == 1:
        return Mean(1, value, least, most)
    more = number + 2
    centre = (total + least + most) / more
    squares = sum(count * (key - centre) ** 2 for key, count in counts.items())
    squares += (least - centre) ** 2 + (most - centre) ** 2
    half = t_of(more - 1) * sqrt(squares / (more - 1) / more)
    return Mean(
        number,
        value,
        max(least, min(value, centre - half)),
        min(most, max(value, centre + half)),
    )


def mean_of_values(values: Sequence[float]) -> Mean | None:
    """The mean of measured values with its interval; two are needed for one."""
    number = len(values)
    if number < 2:
        return None
    value = sum(values) / number
    squares = sum((each - value) ** 2 for each in values)
    half = t_of(number - 1) * sqrt(squares / (number - 1) / number)
    return Mean(number, value, value - half, value + half)


def sides_of(counts: Mapping[int, int]) -> tuple[int, int, int]:
    """How many are promoters (9, 10), passives, and detractors (0 to 6)."""
    promoters = sum(count for key, count in counts.items() if key >= PROMOTER)
    detractors = sum(count for key, count in counts.items() if key <= DETRACTOR)
    passives = sum(counts.values()) - promoters - detractors
    return promoters, passives, detractors


def nps_of(counts: Mapping[int, int]) -> Mean | None:
    """Promoters less detractors, in per cent, with its interval."""
    sides = dict(zip((100, 0, -100), sides_of(counts), strict=True))
    return mean_of(sides, least=-100, most=100)


def share_of(part: int, whole: int) -> Mean | None:
    """A share in per cent with Wilson's interval, which also holds for few."""
    if not whole:
        return None
    share = part / whole
    below = 1 + Z**2 / whole
    centre = (share + Z**2 / (2 * whole)) / below
    half = Z * sqrt(share * (1 - share) / whole + Z**2 / (4 * whole**2)) / below
    return Mean(
        whole,
        100 * share,
        max(0, 100 * (centre - half)),
        min(100, 100 * (centre + half)),
    )
