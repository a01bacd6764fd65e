"""Charts as our templates draw them: numbers in, places on the paper out."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 26
WIDTH, HEIGHT = 400, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 386, 12, 120


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: a width of 0 to 100, and where it stands."""

    label: str
    count: int
    share: int
    y: int


@dataclass(frozen=True)
class Bars:
    """A bar chart with one row for each thing that was counted."""

    title: str
    rows: tuple[Bar, ...]

    @property
    def height(self) -> int:
        return ROW * len(self.rows)


def bars(title: str, counts: Sequence[tuple[str, int]], *, whole: int) -> Bars:
    """How many of ``whole`` each label has."""
    return Bars(
        title,
        tuple(
            Bar(label, count, round(100 * count / whole) if whole else 0, ROW * place)
            for place, (label, count) in enumerate(counts)
        ),
    )


@dataclass(frozen=True)
class Point:
    """One point of a line, with its interval; ``y`` counts from above."""

    label: str
    value: float
    low: float
    high: float
    number: int
    x: float
    y: float
    y_low: float
    y_high: float


@dataclass(frozen=True)
class Line:
    """A line through the times that something was asked."""

    title: str
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, float], ...]
    path: str
    # Where something changed between two points: how far to the right.
    breaks: tuple[float, ...] = ()
    # How many decimals its figures are written with.
    places: int = 1
    width: int = WIDTH
    height: int = HEIGHT
    top: int = TOP
    bottom: int = BOTTOM
    left: int = LEFT
    right: int = RIGHT


def line(
    title: str,
    values: Sequence[tuple[str, float, float, float, int]],
    *,
    least: float,
    most: float,
    ticks: Sequence[float],
    places: int = 1,
    breaks: Sequence[int] = (),
) -> Line:
    """A line through label, value, low, high and number, on a scale that is fixed;
    ``breaks`` are the places of points before which something changed.
    """

    def y_of(value: float) -> float:
        share = (value - least) / (most - least)
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    step = (RIGHT - LEFT - 40) / max(1, len(values) - 1)
    points = tuple(
        Point(
            label,
            value,
            low,
            high,
            number,
            round(LEFT + 20 + step * place, 1),
            y_of(value),
            y_of(low),
            y_of(high),
        )
        for place, (label, value, low, high, number) in enumerate(values)
    )
    path = " ".join(
        f"{'L' if place else 'M'}{point.x} {point.y}"
        for place, point in enumerate(points)
    )
    marks = tuple((tick, y_of(tick)) for tick in ticks)
    between = tuple(
        round((points[place - 1].x + points[place].x) / 2, 1) for place in breaks
    )
    return Line(title, points, marks, path, between, places)
