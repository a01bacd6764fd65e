"""Which counts of people may be shown, so that no sum or difference tells of a few.

As with surveys: people who cannot be told apart are at least the floor, and everything
that is shown is a sum of such groups. Arithmetic only.
"""

from collections.abc import Collection, Mapping, Sequence

# Those who are in no group that is shown.
REST = "rest"

# How many of each group came to each stage.
Table = Mapping[str, Sequence[int | None]]


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
    shown: Table, now: Table, seen: Sequence[Table], floor: int
) -> dict[str, list[int | None]] | None:
    """A table of groups and stages to show instead of the one that is shown; ``None``
    is to go on showing that one.

    Whoever kept what they ``seen`` can subtract: so, held against every table of it, of
    each stage what both count has changed by nobody or by at least the floor, or that
    stage stays as it was. Other groups than before come only when all stages may.
    """

    def is_safe(stage: int) -> bool:
        return all(
            one is None or other is None or one == other or abs(one - other) >= floor
            for before in seen
            for one, other in _in_both(before, now, stage)
        )

    safe = [is_safe(stage) for stage in range(len(next(iter(now.values()), ())))]
    if shown.keys() != now.keys():
        return {name: list(row) for name, row in now.items()} if all(safe) else None
    return {
        name: [
            number if is_safe else before
            for number, before, is_safe in zip(row, shown[name], safe, strict=True)
        ]
        for name, row in now.items()
    }


def remembered(
    seen: Sequence[Table], shown: Table
) -> list[dict[str, list[int | None]]]:
    """What a reader has who sees this table as well: of each set of groups the figures
    that were last shown. What is hidden now was shown before.
    """
    last = next((each for each in seen if each.keys() == shown.keys()), shown)
    return [
        *(
            {name: list(row) for name, row in each.items()}
            for each in seen
            if each.keys() != shown.keys()
        ),
        {
            name: [
                before if number is None else number
                for number, before in zip(row, last[name], strict=True)
            ]
            for name, row in shown.items()
        },
    ]


def _in_both(
    one: Table, other: Table, stage: int
) -> list[tuple[int | None, int | None]]:
    """What two tables tell of the same people: each group that both name, and all who
    are in none of these.
    """
    both = (one.keys() & other.keys()) - {REST}
    return [
        *((one[name][stage], other[name][stage]) for name in both),
        (_beside(one, both, stage), _beside(other, both, stage)),
    ]


def _beside(table: Table, names: Collection[str], stage: int) -> int | None:
    """How many are in no group of these names, where that can be added up."""
    numbers = [row[stage] for name, row in table.items() if name not in names]
    found = [each for each in numbers if each is not None]
    return sum(found) if len(found) == len(numbers) else None


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
