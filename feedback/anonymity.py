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

A question that not everybody answers (a follow-up, a voluntary one) is never cut. It
divides every batch in two, those who answered it and those who did not, and whoever
sees it beside a question of everybody can subtract: so its batches are joined in their
order until both sides are large enough, and the rest waits. Follow-ups of one question
divide the same people more than once: they are joined and shown together.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

# Words say more about who wrote them than a figure does.
TEXT_FLOOR = 8
# More follow-ups of one question than this are not shown: their number of sums doubles
# with each.
FOLLOW_UPS = 8


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


@dataclass(frozen=True)
class Asked:
    """A question as far as it says who answered it: which one it follows and after
    which answers, and whether all whom it is asked must answer it.
    """

    key: int
    after: "Asked | None" = None
    values: frozenset[str] = frozenset()
    is_required: bool = False
    # Whether several of its own answers can be given at once.
    is_many: bool = False

    @cached_property
    def line(self) -> tuple["Asked", ...]:
        """Itself, what it follows, and what that follows."""
        return (self, *(self.after.line if self.after else ()))

    def holds(self, other: "Asked") -> bool:
        """Whether everybody who answered the other is known to have answered this."""
        return any(
            step.key == self.key
            or (
                self.is_required
                and self._is_beside(step)
                and step.values <= self.values
            )
            for step in other.line
        )

    def is_apart_from(self, other: "Asked") -> bool:
        """Whether nobody can have answered both."""
        return any(
            one._is_beside(step)
            and not (one.after and one.after.is_many)
            and not one.values & step.values
            for one in self.line
            for step in other.line
        )

    def _is_beside(self, other: "Asked") -> bool:
        """Whether both follow the same question."""
        return bool(self.after and other.after and self.after.key == other.after.key)


def families(questions: Sequence[Asked]) -> list[list[Asked]]:
    """Questions that are shown together or not at all, in their order.

    Of one line, each lies within another or apart from it, so that the counts say how
    many are in every part. One that lies across an earlier one is in no family: nobody
    could say how few are left when one is taken off the other.
    """
    found: dict[int, list[Asked]] = {}
    for question in questions:
        family = found.setdefault(question.line[-1].key, [])
        if len(family) < FOLLOW_UPS and all(
            each.holds(question) or question.holds(each) or each.is_apart_from(question)
            for each in family
        ):
            family.append(question)
    return list(found.values())


def parts(
    family: Sequence[Asked], answered: Mapping[int, int], whole: int
) -> list[int]:
    """How many of a batch are in each smallest part that a reader knows of, by the
    number who answered each question; at last those who answered none.
    """
    inside: dict[int | None, list[Asked]] = defaultdict(list)
    around = {
        question.key: [
            each
            for place, each in enumerate(family)
            if each.key != question.key
            and each.holds(question)
            # Of two that hold each other the first is the outer one.
            and (not question.holds(each) or place < family.index(question))
        ]
        for question in family
    }
    for question in family:
        outer = max(
            around[question.key], key=lambda each: len(around[each.key]), default=None
        )
        inside[outer.key if outer else None].append(question)

    def left(number: int, key: int | None) -> int:
        return max(0, number - sum(answered.get(each.key, 0) for each in inside[key]))

    return [
        *(left(answered.get(each.key, 0), each.key) for each in family),
        left(whole, None),
    ]


def joined_in_parts(batches: Sequence[Sequence[int]], floor: int) -> int:
    """How many of the first batches may be shown together, given the sizes of the parts
    of each.

    What can be taken off is known for each batch: from a batch either side of any
    division may be left over. So over the batches that are joined the smaller sides
    come to nobody or to the floor, as do both sides.
    """
    shown = 0
    sides: list[tuple[int, int, int]] = []
    for number, sizes in enumerate(batches, start=1):
        both = _sides(sizes)
        sides = [
            (one + here, other + there, fewer + min(here, there))
            for (one, other, fewer), (here, there) in zip(
                sides or [(0, 0, 0)] * len(both), both, strict=True
            )
        ]
        if all(size == 0 or size >= floor for each in sides for size in each):
            shown, sides = number, []
    return shown


def _sides(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Every way to divide the parts in two: how many are on each side."""
    *named, _rest = sizes
    whole = sum(sizes)
    found = [0]
    for size in named:
        found += [each + size for each in found]
    return [(one, whole - one) for one in found[1:]]
