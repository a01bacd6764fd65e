"""Attacks on what is published: whatever somebody adds and subtracts, over cuts, over
time and over waves, it never tells of one to four people.
"""

from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.actions import answer, open_wave, settle
from feedback.anonymity import (
    TEXT_FLOOR,
    Asked,
    families,
    joined,
    joined_in_parts,
    parts,
    release,
)
from feedback.models import Batch, Remark, Wave
from feedback.results import results

FLOOR = 5
# Roles of which too few were asked are put together, under no name.
roles = st.sampled_from(["mentor", "mentee", "peer", ""])
departments = st.sampled_from(["", "Sales", "Finance", "Care", "IT"])
# Whether somebody is in the HR data: all others the reader may have made up.
colleague = st.sampled_from([True, True, False])
arrivals = st.lists(
    st.lists(st.tuples(roles, departments, colleague), max_size=14),
    min_size=1,
    max_size=6,
)


def published(
    waiting: list[list[tuple[str, str, bool]]], *, by_department: bool
) -> tuple[list[list[int]], int, set[int]]:
    """Each sum that somebody could read at some time, as sets of people; how many
    people there are, and who of them is made up. People come in turns; after each turn
    the clock strikes.
    """
    pool: list[tuple[int, str, str]] = []
    batches: list[tuple[str, str, list[int]]] = []
    seen: list[list[int]] = []
    made_up: set[int] = set()
    number = 0
    for turn, people in enumerate(waiting):
        for role, department, is_colleague in people:
            pool.append((number, role, department if by_department else ""))
            if not is_colleague:
                made_up.add(number)
            number += 1
        is_final = turn == len(waiting) - 1
        if len(pool) < FLOOR or (by_department and not is_final):
            continue
        cells = [(role, department) for _who, role, department in pool]
        gone = set()
        beside = {at for at, each in enumerate(pool) if each[0] in made_up}
        for group in release(cells, FLOOR, is_final=is_final, beside=beside):
            members = [pool[place][0] for place in group.sheets]
            batches.append((group.role, group.department, members))
            gone |= set(group.sheets)
        pool = [each for place, each in enumerate(pool) if place not in gone]
        for place in (0, 1):
            labels = {each[place] for each in batches} - {""}
            seen += [people_in(batches, place, label) for label in labels]
        seen.append(people_in(batches))
    return seen, number, made_up


def people_in(
    batches: list[tuple[str, str, list[int]]], place: int = 0, label: str = ""
) -> list[int]:
    """Everybody in batches with a label, or in all of them."""
    return [
        who for each in batches if not label or each[place] == label for who in each[2]
    ]


def can_be_worked_out(sums: list[list[int]], people: int, wanted: set[int]) -> bool:
    """Whether adding and subtracting the sums, with any factors, gives exactly these
    people: linear algebra over fractions.
    """
    rows = [[Fraction(int(who in each)) for who in range(people)] for each in sums]
    target = [Fraction(int(who in wanted)) for who in range(people)]
    for column in range(people):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [
            [value - row[column] * p for value, p in zip(row, pivot, strict=True)]
            for row in rows
        ]
        factor = target[column]
        target = [value - factor * p for value, p in zip(target, pivot, strict=True)]
    return not any(target)


def finest(sums: list[list[int]], people: int) -> list[set[int]]:
    """People who are in the same sums cannot be told apart: those groups."""
    groups: dict[tuple[bool, ...], set[int]] = {}
    sets = [set(each) for each in sums]
    for who in range(people):
        where = tuple(who in each for each in sets)
        if any(where):
            groups.setdefault(where, set()).add(who)
    return list(groups.values())


@given(arrivals, st.booleans())
def test_people_can_only_be_told_apart_in_groups_of_the_floor(turns, by_department):
    sums, people, made_up = published(turns, by_department=by_department)

    for group in finest(sums, people):
        assert len(group) >= FLOOR
        assert len(group - made_up) >= FLOOR or group <= made_up


@given(arrivals, st.booleans(), st.data())
@settings(max_examples=60, deadline=None)
def test_no_combination_of_published_sums_isolates_one_to_four(
    turns, by_department, data
):
    sums, people, _made_up = published(turns, by_department=by_department)
    if not people:
        return
    wanted = data.draw(
        st.sets(st.integers(0, people - 1), min_size=1, max_size=FLOOR - 1)
    )

    assert not can_be_worked_out(sums, people, wanted)


@given(arrivals, st.booleans(), st.integers(0, FLOOR - 2), st.data())
@settings(max_examples=60, deadline=None)
def test_who_knows_all_made_up_sheets_and_some_more_isolates_nobody(
    turns, by_department, number, data
):
    """A reader who made up people knows what these answered, and some colleagues tell
    what they did: so many fewer than five are left to be told apart, and none below.
    """
    sums, people, made_up = published(turns, by_department=by_department)
    colleagues = sorted(set(range(people)) - made_up)
    if len(colleagues) <= number:
        return
    tell = set(data.draw(st.permutations(colleagues))[:number])
    wanted = data.draw(
        st.sets(
            st.sampled_from(sorted(set(colleagues) - tell)),
            min_size=1,
            max_size=FLOOR - 1 - number,
        )
    )
    known = [[who] for who in made_up | tell]

    assert not can_be_worked_out([*sums, *known], people, wanted)


def test_five_of_whom_four_are_made_up_give_up_the_fifth():
    four = [("mentee", "", False)] * 4

    sums, people, made_up = published(
        [[*four, ("mentee", "", True)]], by_department=False
    )
    assert sums[-1] == []

    sums = [[0, 1, 2, 3, 4], *([who] for who in made_up)]
    assert can_be_worked_out(sums, people, {4})


def test_the_attack_finds_somebody_where_the_rules_are_broken():
    sums = [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4]]

    assert can_be_worked_out(sums, 6, {5})
    assert [len(group) for group in finest(sums, 6)] == [5, 1]


@given(st.lists(st.tuples(roles, departments), max_size=40), st.booleans())
def test_every_sheet_leaves_at_most_once_and_with_what_it_is(cells, is_final):
    groups = release(cells, FLOOR, is_final=is_final)

    counts = Counter(place for group in groups for place in group.sheets)
    assert set(counts.values()) <= {1}
    for group in groups:
        assert len(group.sheets) >= FLOOR
        for place in group.sheets:
            role, department = cells[place]
            assert group.role in {"", role}
            assert group.department in {"", department}


@given(st.lists(st.tuples(roles, departments), min_size=FLOOR, max_size=40))
def test_at_the_end_no_answer_is_lost(cells):
    groups = release(cells, FLOOR, is_final=True)

    assert sum(len(group.sheets) for group in groups) == len(cells)


@given(st.lists(st.tuples(roles, departments), max_size=FLOOR - 1), st.booleans())
def test_fewer_than_the_floor_never_leave(cells, is_final):
    assert release(cells, FLOOR, is_final=is_final) == []


@given(st.lists(st.integers(0, 9), max_size=12), st.sampled_from([FLOOR, TEXT_FLOOR]))
def test_what_a_later_look_adds_is_at_least_the_floor(sizes, floor):
    """However often somebody looks while batches come in: nothing more, or enough."""
    shown = [
        sum(sizes[: joined(sizes[:number], floor)]) for number in range(len(sizes) + 1)
    ]

    for earlier, later in pairwise(shown):
        assert later - earlier == 0 or later - earlier >= floor


# Questions after one that everybody answers with one of three: by themselves, beside
# each other, within each other, and a further one that follows the first of them.
ROOT = Asked(0, is_required=True)
FOLLOW_UPS = [
    Asked(key, after=ROOT, values=frozenset(values), is_required=True)
    for key, values in enumerate(["a", "b", "ab", "a"], start=1)
]
FURTHER = Asked(5, after=FOLLOW_UPS[0], values=frozenset("x"), is_required=True)
VOLUNTARY = Asked(6, after=ROOT, values=frozenset("ab"))
# What one answers to the first, whether one goes on to the further, and whether one
# answers what may be left out.
people_of_batch = st.lists(
    st.tuples(st.sampled_from("aabc"), st.booleans(), st.booleans()),
    min_size=FLOOR,
    max_size=11,
)


def answers(person: tuple[str, bool, bool], question: Asked) -> bool:
    choice, goes_on, says = person
    if question is FURTHER:
        return choice == "a" and goes_on
    return choice in question.values and (question.is_required or says)


def rank(rows: list[list[int]]) -> int:
    """How many of these rows say something that the others do not."""
    left = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left = [
            [
                v - row[column] / pivot[column] * p
                for v, p in zip(row, pivot, strict=True)
            ]
            for row in left
        ]
        found += 1
    return found


def tells_of_one_to_four(rows: list[list[int]], sizes: list[int]) -> bool:
    """Whether some sum and difference of the rows is about one to four people and
    nobody else; each column is of people who cannot be told apart.
    """
    small = [at for at, size in enumerate(sizes) if 0 < size < FLOOR]
    whole = rank(rows)
    for number in range(1, FLOOR):
        for some in combinations(small, number):
            if sum(sizes[at] for at in some) < FLOOR:
                others = [at for at in range(len(sizes)) if at not in some]
                if rank([[row[at] for at in others] for row in rows]) < whole:
                    return True
    return False


def all_looks(
    batches: list[list[tuple[str, bool, bool]]], questions: list[Asked], shown: object
) -> tuple[list[list[int]], list[int]]:
    """What somebody has who looked after each batch: each batch, and of every question
    all who answered it in the batches that were shown at that time. People who answered
    the same questions in the same batch are one column.
    """
    cells = Counter(
        (at, tuple(answers(person, each) for each in questions))
        for at, batch in enumerate(batches)
        for person in batch
    )
    rows = {
        tuple(int(at == place) for at, _said in cells) for place in range(len(batches))
    }
    for look in range(1, len(batches) + 1):
        for family in families(questions):
            last = shown(family, batches[:look])
            rows |= {
                tuple(
                    int(at < last and said[questions.index(question)])
                    for at, said in cells
                )
                for question in family
            }
    return [list(row) for row in rows if any(row)], list(cells.values())


def by_the_rule(
    family: list[Asked], batches: list[list[tuple[str, bool, bool]]]
) -> int:
    sizes = [
        parts(
            family,
            {each.key: sum(answers(who, each) for who in batch) for each in family},
            len(batch),
        )
        for batch in batches
    ]
    return joined_in_parts(sizes, FLOOR)


def by_those_who_answered(
    family: list[Asked], batches: list[list[tuple[str, bool, bool]]]
) -> int:
    return joined(
        [sum(answers(who, family[0]) for who in batch) for batch in batches], FLOOR
    )


@given(
    st.lists(people_of_batch, min_size=1, max_size=3),
    st.sampled_from(
        [
            FOLLOW_UPS[:1],
            FOLLOW_UPS[:2],
            FOLLOW_UPS[1:3],
            FOLLOW_UPS,
            [FOLLOW_UPS[0], FURTHER],
            [FOLLOW_UPS[0], FOLLOW_UPS[1], FURTHER],
            [FOLLOW_UPS[0], VOLUNTARY],
            [FOLLOW_UPS[2], VOLUNTARY],
            [VOLUNTARY],
        ]
    ),
)
@settings(max_examples=150, deadline=None)
def test_follow_ups_beside_what_everybody_answers_tell_of_no_one_to_four(
    batches, questions
):
    rows, sizes = all_looks(batches, questions, by_the_rule)

    assert not tells_of_one_to_four(rows, sizes)


def test_the_one_who_was_not_asked_is_found_where_only_answers_are_counted():
    batch = [("a", False, False)] * 10 + [("c", False, False)]
    questions = FOLLOW_UPS[:1]

    assert tells_of_one_to_four(*all_looks([batch], questions, by_those_who_answered))
    assert by_the_rule(questions, [batch]) == 0


def test_one_more_who_was_not_asked_is_not_found_between_two_looks():
    """First five were not asked, then six: the difference is one."""
    first = [("a", False, False)] * 5 + [("c", False, False)] * 5
    then = [("a", False, False)] * 5 + [("c", False, False)]

    assert by_the_rule(FOLLOW_UPS[:1], [first]) == 1
    assert by_the_rule(FOLLOW_UPS[:1], [first, then]) == 1
    assert by_the_rule(FOLLOW_UPS[:1], [first, then, first]) == 3


def test_two_follow_ups_that_leave_one_out_between_them_wait():
    a, b, c = (("a", False, False), ("b", False, False), ("c", False, False))

    assert by_the_rule(FOLLOW_UPS[:2], [[a] * 5 + [b] * 5 + [c]]) == 0
    assert by_the_rule(FOLLOW_UPS[:2], [[a] * 5 + [b] * 5]) == 1


def test_of_two_follow_ups_that_lie_across_each_other_the_first_is_shown():
    one, other = (
        Asked(key, after=ROOT, values=frozenset(values), is_required=True)
        for key, values in ((1, "ab"), (2, "bc"))
    )
    many = Asked(7, is_required=True, is_many=True)
    apart = [Asked(key, after=many, values=frozenset(f"{key}")) for key in (8, 9)]

    assert families([one, other]) == [[one]]
    assert families(apart) == [apart[:1]]


@given(
    st.lists(
        st.lists(
            st.tuples(st.booleans(), st.integers(1, 5), st.booleans()), max_size=9
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_looking_at_the_page_after_each_answer_never_shows_fewer_than_five(
    pulse, in_mentorships, turns
):
    """The whole way through the database: whoever keeps every page ever shown and
    subtracts one from the other finds at least five people, or eight with texts.
    """
    Wave.objects.all().delete()
    if not pulse.program.mentorships.exists():
        in_mentorships(20)
    wave = open_wave(pulse, occasion="attack", by=None)
    questions = {each.key: each for each in pulse.questions.all()}
    waiting = {
        role: list(
            wave.invitations.filter(role=role).select_related("wave__survey", "to")
        )
        for role in ("mentor", "mentee")
    }
    pages = [(0, 0, {})]

    for turn in turns:
        for is_mentor, score, writes in turn:
            role = "mentor" if is_mentor else "mentee"
            if not waiting[role]:
                continue
            given = {
                each.pk: str(score)
                for each in questions.values()
                if each.kind in {"scale", "nps"}
            }
            if writes:
                given[questions["help"].pk] = "something"
            answer(waiting[role].pop(), given)
        settle(wave)
        sheets, found = results(wave)
        by_key = {each.question.key: each for each in found}
        pages.append(
            (
                sheets,
                len(by_key["help"].texts),
                {cut.label: cut.answered for cut in by_key["worth"].roles},
            )
        )

    for earlier in pages:
        for later in pages[pages.index(earlier) :]:
            assert later[0] - earlier[0] in {0, *range(5, 50)}
            assert later[1] - earlier[1] in {0, *range(8, 50)}
            for label, number in later[2].items():
                before = earlier[2].get(label, 0)
                assert number - before in {0, *range(5, 50)}
                assert later[0] - number in {0, *range(5, 50)}
    Batch.objects.all().delete()
    Wave.objects.all().delete()


def test_a_remark_has_nothing_else_of_its_writer_with_it():
    fields = {field.name for field in Remark._meta.get_fields()}

    assert fields == {"id", "batch", "question", "text"}
    assert Remark._meta.pk.get_internal_type() == "UUIDField"
