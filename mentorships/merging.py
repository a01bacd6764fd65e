"""Two people write in one text at once: what both changed is in what comes out."""

from bisect import bisect_right
from difflib import SequenceMatcher
from itertools import takewhile

# Lines from ``low`` to ``high`` of the base became these lines.
Change = tuple[int, int, list[str]]

# Comparing takes longer than in proportion: where more lines than this differ, all of
# them count as one change.
COMPARED = 400


def merge(base: str, mine: str, theirs: str) -> str:
    """One text with the changes of both, line by line.

    Where both changed the same lines, theirs stand first and mine follow: a line too
    many is mended in a moment, a line that is gone is not.
    """
    if mine in {base, theirs}:
        return theirs
    if theirs == base:
        return mine
    lines = base.split("\n")
    changes = sorted(
        [(*change, False) for change in _changes(lines, theirs.split("\n"))]
        + [(*change, True) for change in _changes(lines, mine.split("\n"))],
        key=lambda change: change[:2],
    )
    merged: list[str] = []
    place = 0
    while changes:
        low, high, _new, _is_mine = changes[0]
        together = [changes.pop(0)]
        while changes and _meet(low, high, changes[0]):
            high = max(high, changes[0][1])
            together.append(changes.pop(0))
        merged += lines[place:low]
        region = lines[low:high]
        sides = [
            _applied(region, low, [each for each in together if each[3] is side])
            for side in (False, True)
        ]
        merged += _both(region, *sides)
        place = high
    return "\n".join(merged + lines[place:])


def _changes(old: list[str], new: list[str]) -> list[Change]:
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(left), len(right)) > COMPARED:
        return [(start, start + len(left), right)]
    matcher = SequenceMatcher(None, left, right)
    return [
        (start + low, start + high, right[first:last])
        for tag, low, high, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _alike(one: list[str], other: list[str]) -> int:
    """With how many of the same lines both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _meet(low: int, high: int, change: tuple[int, int, list[str], bool]) -> bool:
    """Whether a change touches the lines from ``low`` to ``high``."""
    return change[0] < high or change[:2] == (low, high)


def _applied(
    region: list[str], start: int, changes: list[tuple[int, int, list[str], bool]]
) -> list[str]:
    """The lines of a region as one of the two left them."""
    out: list[str] = []
    place = 0
    for low, high, new, _is_mine in changes:
        out += region[place : low - start] + new
        place = high - start
    return out + region[place:]


def _both(region: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    if mine in (region, theirs):
        return theirs
    if theirs == region:
        return mine
    ordered, known = sorted(mine), {*theirs}
    grown = [line for line in theirs if not _grew(line, ordered)]
    return grown + [line for line in mine if line not in known]


def _grew(line: str, ordered: list[str]) -> bool:
    """Whether somebody wrote on at the end of a line: the longer one says it all. In
    order, a line that goes on comes right after the one it goes on from.
    """
    after = bisect_right(ordered, line)
    return bool(line.strip()) and (
        after < len(ordered) and ordered[after].startswith(line)
    )
