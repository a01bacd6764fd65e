"""Charts as our templates draw them: numbers in, places on the paper out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

ROW = 26
WIDTH, HEIGHT = 400, 164
# Above the highest point there is room for its figure.
LEFT, RIGHT, TOP, BOTTOM = 34, 386, 26, 134
# How wide a letter of a label is, about, and what stays free between two.
LETTER, APART = 7, 8


class Says(StrEnum):
    """What the length of a bar and the figure beside it say."""

    # A count, and which share of a whole it is.
    BOTH = "both"
    # A count; the longest bar is the largest.
    COUNTS = "counts"
    # A share alone.
    SHARES = "shares"


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
    # What the rows are: stages, weeks, departments.
    of: str = ""
    says: Says = Says.BOTH

    @property
    def height(self) -> int:
        return ROW * len(self.rows)


def bars(
    title: str,
    counts: Sequence[tuple[str, int]],
    *,
    whole: int,
    of: str = "",
    says: Says = Says.BOTH,
) -> Bars:
    """How many of ``whole`` each label has; without a word for the rows, they are
    answers.
    """
    return Bars(
        title,
        tuple(
            Bar(label, count, round(100 * count / whole) if whole else 0, ROW * place)
            for place, (label, count) in enumerate(counts)
        ),
        of,
        says,
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
    # Where its label and its figure are held, ``""`` where there is no room for one.
    label_at: str = ""
    value_at: str = ""


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
    days: Sequence[int] = (),
    breaks: Sequence[int] = (),
) -> Line:
    """A line through label, value, low, high and number, on a scale that is fixed.

    With ``days``, a number for each, later ones stand as much further right as there
    are days between; without, they are as far apart. ``breaks`` are the places of
    points before which something changed.
    """

    def y_of(value: float) -> float:
        share = (value - least) / (most - least)
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    moments = days if days and days[-1] > days[0] else range(len(values))
    span = (RIGHT - LEFT - 40) / max(1, moments[-1] - moments[0]) if values else 0
    xs = [round(LEFT + 20 + span * (each - moments[0]), 1) for each in moments]
    labelled = list(_held(xs, [len(label) for label, *_rest in values]))
    valued = list(_held(xs, [len(f"{each[1]:.{places}f}") for each in values]))
    points = tuple(
        Point(
            label,
            value,
            low,
            high,
            number,
            xs[place],
            y_of(value),
            y_of(low),
            y_of(high),
            labelled[place],
            valued[place],
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


def _held(xs: Sequence[float], letters: Sequence[int]) -> Iterator[str]:
    """Of texts so long under points in their order: which ``start`` at theirs, have it
    in the ``middle`` or ``end`` there, and which find no room. The first and the last
    always do.
    """
    if not xs:
        return
    widths = [LETTER * each for each in letters]
    free, last = xs[0] + widths[0] + APART, len(xs) - 1
    for place, (x, width) in enumerate(zip(xs, widths, strict=True)):
        if place == 0:
            yield "start"
        elif place == last:
            yield "end"
        elif x - width / 2 >= free and x + width / 2 <= xs[-1] - widths[-1] - APART:
            free = x + width / 2 + APART
            yield "middle"
        else:
            yield ""
