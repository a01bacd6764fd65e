"""Which counts of people may be shown, so that no sum or difference tells of a few.

As with surveys: people who cannot be told apart are at least the floor, and everything
that is shown is a sum of such groups. Arithmetic only.
"""

from collections.abc import Mapping, Sequence


def merged(counts: Mapping[str, int], floor: int) -> tuple[list[tuple[str, int]], int]:
    """The groups that can be shown, the largest first, and how many are in the rest.

    The rest is nobody, or at least the floor: else the smallest group joins it, so that
    it cannot be worked out from the total.
    """
    order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    shown = [each for each in order if each[1] >= floor]
    rest = sum(number for _name, number in order if number < floor)
    while 0 < rest < floor and shown:
        rest += shown.pop()[1]
    return shown, rest if rest >= floor else 0


def folded(rows: Sequence[Sequence[int]], floor: int) -> list[bool]:
    """Which stages of a funnel may be shown, given how many of each group reached each.

    A stage is shown when, in every group, those who got no further than the stage shown
    before are nobody or at least the floor, and so are those who got this far.
    """
    if not rows:
        return []
    last: list[int] | None = None
    found = []
    for stage in zip(*rows, strict=True):
        steps = list(stage)
        if last:
            steps += [before - now for before, now in zip(last, stage, strict=True)]
        is_safe = all(number == 0 or number >= floor for number in steps)
        found.append(is_safe)
        if is_safe:
            last = list(stage)
    return found


def renewed(
    before: Mapping[str, Sequence[int | None]],
    now: Mapping[str, Sequence[int | None]],
    floor: int,
) -> dict[str, list[int | None]] | None:
    """A table of groups and stages to show instead of the one that was shown before;
    ``None`` is to go on showing that one.

    Whoever saw both can subtract: so of each stage every group has changed by nobody or
    by at least the floor, or that stage stays as it was. Other groups than before come
    only when nothing that both show has changed by less.
    """

    def is_safe(stage: int) -> bool:
        pairs = [
            (before[name][stage], now[name][stage]) for name in before.keys() & now
        ]
        return all(
            one is None or other is None or one == other or abs(one - other) >= floor
            for one, other in pairs
        )

    stages = range(len(next(iter(now.values()), ())))
    if before.keys() != now.keys():
        whole = all(is_safe(stage) for stage in stages)
        return {name: list(row) for name, row in now.items()} if whole else None
    safe = [is_safe(stage) for stage in stages]
    return {
        name: [row[stage] if safe[stage] else before[name][stage] for stage in stages]
        for name, row in now.items()
    }


def tells_of_few(groups: Sequence[frozenset[int]], floor: int) -> bool:
    """Whether one of these groups lies in another, with fewer than the floor left over:
    whoever knows that it does can subtract.
    """
    order = sorted(set(groups), key=len)
    for place, small in enumerate(order):
        for large in order[place + 1 :]:
            if len(large) - len(small) >= floor:
                break
            if small < large:
                return True
    return False
