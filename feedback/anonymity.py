"""How answers leave the pool, and what may be said of them. Arithmetic only.

Three rules carry everything.

1. Sheets leave the pool in batches of at least the floor, and all sheets of a batch
   have the same role and department, or else the batch has none.
2. Whatever is published is a sum of whole batches.
3. Sheets of people whom anybody could have made up do not count towards the floor. They
   go along with a batch that is complete without them; where there is none at all, they
   come out at the end by themselves.

So every figure that can be worked out by adding and subtracting published figures, over
cuts, over time and over surveys, is itself made of whole batches: none tells of a part
of a batch, and no batch is smaller than the floor. Whoever knows some of the sheets
takes them off: what is left of a batch are the others in it.

A question that not everybody answers (a follow-up, a voluntary one) is never cut; its
batches are joined in their order until the floor is reached, and the rest waits.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
    cells: Sequence[tuple[str, str]],
    floor: int,
    *,
    is_final: bool,
    beside: Collection[int] = (),
) -> list[Released]:
    """Which of the waiting sheets leave, given the role and department of each.

    At the end nothing more comes: a rest that is too small joins the smallest batch
    beside it, which then loses what the two do not share. Only a rest with nothing to
    join stays for good. Those at the places ``beside`` do not count towards the floor.
    """
    counting = {at: cell for at, cell in enumerate(cells) if at not in beside}
    others = {at: cell for at, cell in enumerate(cells) if at in beside}
    found = _complete(counting, floor, is_final=is_final)
    return _taken_along(found, others, floor, is_final=is_final)


def _complete(
    cells: Mapping[int, tuple[str, str]], floor: int, *, is_final: bool
) -> list[Released]:
    """Batches of sheets that all count."""
    by_role: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, (role, department) in cells.items():
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


def _taken_along(
    found: list[Released],
    others: Mapping[int, tuple[str, str]],
    floor: int,
    *,
    is_final: bool,
) -> list[Released]:
    """The same batches with those who do not count: with their role, or at the end with
    whom there is, or by themselves.
    """
    found = list(found)
    by_role: dict[str, list[int]] = defaultdict(list)
    for place, (role, _department) in others.items():
        by_role[role].append(place)
    left: list[int] = []
    for role, places in sorted(by_role.items()):
        hosts = [each for each in found if each.role == role]
        if not hosts and is_final:
            hosts = found
        if not hosts:
            left += places
            continue
        # One that has least to lose by it.
        host = min(
            hosts,
            key=lambda each: (bool(each.role), bool(each.department), len(each.sheets)),
        )
        found.remove(host)
        shared = role if host.role == role else ""
        found.append(Released(shared, "", (*host.sheets, *places)))
    if is_final and len(left) >= floor:
        found.append(Released("", "", tuple(left)))
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
