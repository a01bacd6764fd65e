"""How answers leave the pool, and what may be said of them. Arithmetic only.

Two rules carry everything.

1. Sheets leave the pool in batches of at least the floor, and all sheets of a batch
   have the same role and department, or else the batch has none.
2. Whatever is published is a sum of whole batches.

So every figure that can be worked out by adding and subtracting published figures, over
cuts, over time and over surveys, is itself made of whole batches: none tells of a part
of a batch, and no batch is smaller than the floor.

A question that not everybody answers (a follow-up, a voluntary one) is never cut; its
batches are joined in their order until the floor is reached, and the rest waits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

# Words say more about who wrote them than a figure does.
TEXT_FLOOR = 8


@dataclass(frozen=True)
class Released:
    """Places of sheets that leave together, and what they have in common."""

    role: str
    department: str
    sheets: tuple[int, ...]


def release(
    cells: Sequence[tuple[str, str]], floor: int, *, is_final: bool
) -> list[Released]:
    """Which of the waiting sheets leave, given the role and department of each.

    At the end nothing more comes: a rest that is too small joins the smallest batch
    beside it, which then loses what the two do not share. Only a rest with nothing to
    join stays for good.
    """
    by_role: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, (role, department) in enumerate(cells):
        by_role[role][department].append(place)
    found: list[Released] = []
    rest: list[int] = []
    for role, departments in sorted(by_role.items()):
        groups, left = _split(departments, floor)
        found += [Released(role, name, places) for name, places in groups]
        if len(left) >= floor:
            found.append(Released(role, "", tuple(left)))
        elif left and groups and is_final:
            name, places = min(groups, key=lambda each: (len(each[1]), each[0]))
            found.remove(Released(role, name, places))
            found.append(Released(role, "", (*places, *left)))
        else:
            rest += left
    if is_final and len(rest) >= floor:
        found.append(Released("", "", tuple(rest)))
    elif is_final and rest and found:
        smallest = min(found, key=lambda each: (len(each.sheets), each.role))
        found.remove(smallest)
        found.append(Released("", "", (*smallest.sheets, *rest)))
    return found


def _split(
    departments: dict[str, list[int]], floor: int
) -> tuple[list[tuple[str, tuple[int, ...]]], list[int]]:
    """Departments with enough sheets, and the sheets of the others together."""
    groups, left = [], []
    for name, places in sorted(departments.items()):
        if name and len(places) >= floor:
            groups.append((name, tuple(places)))
        else:
            left += places
    return groups, left


def joined(sizes: Sequence[int], floor: int) -> int:
    """How many of the first batches may be shown together, given how many answered.

    Batches are joined in their order until the floor is reached, then anew. What is
    shown is every whole group; the last, unfinished one waits.
    """
    shown, waiting = 0, 0
    for number, size in enumerate(sizes, start=1):
        waiting += size
        if waiting >= floor:
            shown, waiting = number, 0
    return shown
