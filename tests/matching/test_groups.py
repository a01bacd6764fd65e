"""Groups and circles: never a forbidden one, never too small, and an honest bound."""

import itertools
import math
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.checker import Wrong, check_score, check_together
from matching.groups import (
    form_circles,
    form_groups,
    lift_weakest,
    mutual,
    sizes,
)
from matching.scoring import Criterion, Person, Pool, Scorer
from matching.solver import Cancelled
from matching.together import assign_circles, assign_groups

HALF = Fraction(1, 2)


@st.composite
def tables(draw, heights=(1, 6), widths=(1, 3)):
    height = draw(st.integers(*heights))
    width = draw(st.integers(*widths))
    cells = st.one_of(st.just(-1), st.integers(0, 1000))
    row = st.lists(cells, min_size=width, max_size=width)
    return np.array(draw(st.lists(row, min_size=height, max_size=height)))


def every_grouping(table, room, least, most):
    """All ways to place people in groups that are large enough."""
    height, width = table.shape
    for places in itertools.product(range(-1, width), repeat=height):
        if any(j >= 0 and table[i, j] < 0 for i, j in enumerate(places)):
            continue
        counts = [places.count(j) for j in range(width)]
        if all(not n or (room[j] and least <= n <= most) for j, n in enumerate(counts)):
            points = sum(int(table[i, j]) for i, j in enumerate(places) if j >= 0)
            yield height - places.count(-1), points


@given(table=tables(), least=st.integers(1, 3), more=st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_groups_are_the_best_of_every_possibility(table, least, more):
    room = [1] * table.shape[1]

    found = form_groups(table, room, least=least, most=least + more)

    best = max(every_grouping(table, room, least, least + more))
    assert (found.matched, found.total) == best
    assert found.gap == 0
    assert found.matched_bound >= found.matched
    for facilitator, people in found.groups:
        assert least <= len(people) <= least + more
        assert all(table[i, facilitator] >= 0 for i in people)


def test_a_facilitator_without_room_gets_no_group():
    table = np.full((4, 2), 500)
    table[:, 1] = 900

    found = form_groups(table, [1, 0], least=2, most=4)

    assert found.groups == ((0, (0, 1, 2, 3)),)


def test_too_few_for_a_group_leaves_everybody_out():
    found = form_groups(np.full((2, 2), 500), [1, 1], least=3, most=8)

    assert found.groups == ()
    assert found.matched == 0


def every_pairing(table, free):
    if len(free) < 2:
        yield 0, 0
        return
    first, rest = free[0], free[1:]
    yield from every_pairing(table, rest)
    for other in rest:
        if table[first, other] >= 0:
            for pairs, points in every_pairing(table, [p for p in rest if p != other]):
                yield pairs + 1, points + int(table[first, other])


@given(table=tables(heights=(2, 6), widths=(6, 6)))
@settings(max_examples=40, deadline=None)
def test_pairs_of_peers_are_the_best_of_every_possibility(table):
    table = np.resize(table, (table.shape[0], table.shape[0]))

    found = form_circles(table)

    both = mutual(table)
    pairs, points = max(every_pairing(both, list(range(len(both)))))
    assert (found.matched, found.total) == (2 * pairs, points)
    assert found.gap >= 0
    seen = [person for _none, circle in found.groups for person in circle]
    assert len(seen) == len(set(seen))


@given(table=tables(heights=(3, 9), widths=(9, 9)), least=st.integers(2, 3))
@settings(max_examples=40, deadline=None)
def test_circles_keep_their_size_and_stay_below_their_bound(table, least):
    table = np.resize(table, (table.shape[0], table.shape[0]))

    found = form_circles(table, least=least, most=4)

    both = mutual(table)
    assert found.total <= found.upper_bound
    for _none, circle in found.groups:
        assert least <= len(circle) <= 4
        assert all(both[a, b] >= 0 for a, b in itertools.combinations(circle, 2))


def test_mutual_is_the_mean_of_both_half_up_and_nothing_with_oneself():
    both = mutual(np.array([[9, 10], [11, 9]]))

    assert both.tolist() == [[-1, 11], [11, -1]]
    assert mutual(np.array([[0, 10], [-1, 0]]))[0, 1] == -1


@pytest.mark.parametrize(
    ("people", "least", "most", "wanted"),
    [
        (1, 2, 2, []),
        (7, 2, 2, [2, 2, 2]),
        (10, 3, 5, [5, 5]),
        (11, 3, 5, [4, 4, 3]),
        (6, 4, 5, [5]),
    ],
)
def test_sizes_are_even_and_none_is_too_small(people, least, most, wanted):
    assert sizes(people, least, most) == wanted


def test_the_same_question_gets_the_same_circles():
    draw = np.random.default_rng(5)
    table = draw.integers(0, 1000, (40, 40))

    one, other = (
        form_circles(table, least=3, most=5),
        form_circles(table, least=3, most=5),
    )

    assert one.groups == other.groups
    assert one.matched == 40


def test_groups_can_be_stopped():
    with pytest.raises(Cancelled):
        form_groups(np.full((30, 5), 500), [1] * 5, is_cancelled=lambda: True)
    with pytest.raises(Cancelled):
        form_circles(np.full((30, 30), 500), is_cancelled=lambda: True)


# --- protect the weakest


@given(table=tables(), least=st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_the_floor_of_groups_is_the_highest_that_leaves_nobody_out(table, least):
    room = [1] * table.shape[1]

    def most_people(floor):
        floored = np.where(table < floor, -1, table)
        return max(every_grouping(floored, room, least, least + 2))

    def form(scores, effort):
        return form_groups(scores, room, least=least, most=least + 2, effort=effort)

    found, floor, is_proven = lift_weakest(form, table, table)

    most = most_people(0)[0]
    possible = [t for t in {*table[table > 0].tolist()} if most_people(t)[0] == most]
    assert floor == (max(possible, default=0) if most else 0)
    assert (found.matched, found.total) == most_people(floor)
    assert is_proven


@given(table=tables(heights=(2, 6), widths=(6, 6)))
@settings(max_examples=30, deadline=None)
def test_the_floor_of_pairs_is_the_highest_that_leaves_nobody_out(table):
    table = np.resize(table, (table.shape[0], table.shape[0]))
    both = mutual(table)
    everybody = list(range(len(both)))

    found, floor, _proven = lift_weakest(
        lambda scores, effort: form_circles(scores, effort=effort), table, both
    )

    most = max(every_pairing(both, everybody))[0]
    possible = [
        t
        for t in {*both[both > 0].tolist()}
        if max(every_pairing(np.where(both < t, -1, both), everybody))[0] == most
    ]
    assert floor == (max(possible, default=0) if most else 0)
    assert found.matched == 2 * most
    assert all(both[one, other] >= floor for _none, (one, other) in found.groups)


def test_a_floor_costs_points_and_nobody():
    table = np.array([[900, 450], [850, 100], [100, 500], [900, 100]])

    def form(scores, effort):
        return form_groups(scores, [1, 1], least=2, most=4, effort=effort)

    plain = form(table, 1.0)
    found, floor, is_proven = lift_weakest(form, table, table)

    assert (plain.total, floor, is_proven) == (2750, 450, True)
    assert (found.matched, found.total) == (4, 2700)


# --- who is there already, because a person said so


def every_filling(table, already, least, most):
    """All ways to place people beside those who are there, in groups large enough."""
    height, width = table.shape
    for places in itertools.product(range(-1, width), repeat=height):
        if any(j >= 0 and table[i, j] < 0 for i, j in enumerate(places)):
            continue
        counts = [places.count(j) for j in range(width)]
        kept = 0
        for joined, here in zip(counts, already, strict=True):
            is_group = least <= joined + here <= most
            if joined and not is_group:
                break
            # Those who are there are left over when they are too few.
            kept += here if is_group else 0
        else:
            points = sum(int(table[i, j]) for i, j in enumerate(places) if j >= 0)
            yield kept, height - places.count(-1), points


@given(
    table=tables(heights=(1, 5)),
    least=st.integers(2, 3),
    more=st.integers(0, 2),
    already=st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_who_is_fixed_comes_first_and_the_rest_is_the_best_of_every_possibility(
    table, least, more, already
):
    most = least + more
    already = [min(each, most) for each in already[: table.shape[1]]]

    found = form_groups(
        table, [1] * table.shape[1], least=least, most=most, already=already
    )

    opened = {j for j, _people in found.groups}
    kept = sum(n for j, n in enumerate(already) if j in opened)
    joined = sum(len(people) for _j, people in found.groups)
    best = max(every_filling(table, already, least, most))
    assert (kept, joined, found.total) == best
    assert found.matched == kept + joined <= found.matched_bound
    check_together(
        table,
        found.groups,
        least=least,
        most=most,
        bound=found.upper_bound,
        already=already,
    )


# --- the checker, which does not know the search


@given(
    table=tables(heights=(3, 7)),
    least=st.integers(1, 3),
    people_first=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_the_checker_agrees_with_every_answer_and_no_bound_is_too_low(
    table, least, people_first
):
    room = [1] * table.shape[1]

    found = form_groups(
        table, room, least=least, most=least + 2, people_first=people_first
    )

    proof = check_together(
        table,
        found.groups,
        least=least,
        most=least + 2,
        bound=found.upper_bound,
        room=room,
    )
    assert proof == (found.total, found.upper_bound, found.gap)
    possible = list(every_grouping(table, room, least, least + 2))
    # Of as many people when they come first, of any number when the points do.
    best = max(
        points
        for people, points in possible
        if not people_first or people == found.matched
    )
    assert proof.bound >= best == found.total


GOOD = [(0, (0, 1)), (1, (2, 3))]


@pytest.mark.parametrize(
    ("groups", "more", "says"),
    [
        ([(0, (0, 1)), (1, (1, 2))], {}, "in two groups"),
        ([(0, (0, 1)), (0, (2, 3))], {}, "leads two"),
        ([(0, (0,))], {}, "within 2 to 3"),
        ([(0, (0, 1, 2, 3))], {}, "within 2 to 3"),
        ([(0, (0, 4))], {}, "may not be together"),
        (GOOD, {"floor": 200}, "below the floor"),
        (GOOD, {"room": [1, 0]}, "has no place"),
        (GOOD, {"already": [0, 2]}, "within 2 to 3"),
        (GOOD, {"bound": 399}, "below the total"),
    ],
)
def test_the_checker_finds_every_lie_about_groups(groups, more, says):
    table = np.full((5, 2), 100)
    table[4] = -1

    with pytest.raises(Wrong, match=says):
        check_together(table, groups, **{"least": 2, "most": 3, "bound": 400, **more})


def test_the_checker_finds_two_peers_who_may_not_be_together():
    table = np.full((3, 3), 100)
    table[0, 2] = table[2, 0] = -1

    assert check_together(table, [(None, (0, 1))], least=2, most=3, bound=100).gap == 0
    with pytest.raises(Wrong, match="may not be together"):
        check_together(table, [(None, (0, 1, 2))], least=2, most=3, bound=400)
    with pytest.raises(Wrong, match="not the mean"):
        check_score(101, [100, 100])
    check_score(101, [100, 101, 101])


# --- from people to groups, as a round stores them


@st.composite
def pools(draw, *, peers):
    """A few people who want and offer topics, with limits between some of them."""
    topics = st.dictionaries(st.integers(1, 4), st.integers(1, 3), max_size=3)
    count = draw(st.integers(3, 7))
    leads = 0 if peers else draw(st.integers(1, 2))

    def person(number, user):
        above = st.frozensets(st.integers(1, count + leads), max_size=1)
        return Person(
            id=100 + number,
            user_id=user,
            topics_wanted=draw(topics),
            topics_offered=draw(topics),
            manager_chain=draw(above) - {user},
            capacity=draw(st.sampled_from([1, 1, 1, 0])),
            away_until=draw(st.sampled_from([None, None, None, date(2027, 1, 31)])),
        )

    learners = [person(number, number) for number in range(1, count + 1)]
    # Who leads may also be somebody who learns.
    mentors = [
        person(count + number, draw(st.integers(1, count + leads)))
        for number in range(1, leads + 1)
    ]
    two = st.tuples(st.integers(1, count + leads), st.integers(1, count + leads))
    return Pool(
        mentees=learners,
        mentors=learners if peers else mentors,
        criteria=[Criterion("topics", 5, draw(st.booleans()), {})],
        excluded=frozenset(draw(st.lists(two, max_size=2))),
        declined=frozenset(draw(st.lists(two, max_size=1))),
    )


def assert_holds(pool, result, least, most, fixed=frozenset()):
    """Every hard limit, read from the people themselves, and every sum redone."""
    by_id = {person.id: person for person in (*pool.mentees, *pool.mentors)}
    placed = [each for match in result.matches for each in match.learners]
    assert len(placed) == len(set(placed)) == result.matched <= result.matched_bound
    leaders = [match.mentor for match in result.matches if match.mentor is not None]
    assert len(leaders) == len(set(leaders))
    musts = [each.key for each in pool.criteria if each.must]
    total = 0
    for match in result.matches:
        assert least <= len(match.learners) <= most
        for each in (*match.learners, *([match.mentor] if match.mentor else [])):
            assert by_id[each].capacity > 0
            assert not by_id[each].is_away
        points = []
        for part in match.parts:
            why = part.explanation
            assert why.total == sum(line.points for line in why.lines)
            points.append(why.total)
            if (part.one, part.other) in fixed:
                continue
            one, other = by_id[part.one], by_id[part.other]
            assert one.user_id != other.user_id
            assert one.user_id not in other.manager_chain
            assert other.user_id not in one.manager_chain
            for blocked in (pool.excluded, pool.declined):
                assert (one.user_id, other.user_id) not in blocked
                assert (other.user_id, one.user_id) not in blocked
            if musts and one.topics_wanted and other.topics_offered:
                assert one.topics_wanted.keys() & other.topics_offered.keys()
        if match.mentor is None:
            pairs = itertools.combinations(match.learners, 2)
            assert len(match.parts) == 2 * len(list(pairs))
            both = zip(points[::2], points[1::2], strict=True)
            points = [-(-(a + b) // 2) for a, b in both]
            assert min(points) >= result.floor
        else:
            chosen = [p for p in match.parts if (p.one, p.other) not in fixed]
            assert all(p.explanation.total >= result.floor for p in chosen)
        assert match.score == math.floor(Fraction(sum(points), len(points)) + HALF)
        total += sum(points)
    assert result.total == total <= result.upper_bound
    here = {p.id for p in pool.mentees if p.capacity > 0}
    assert set(result.left_over) == here - set(placed)


@given(
    pool=pools(peers=False),
    fixed=st.lists(st.tuples(st.integers(1, 7), st.integers(0, 1)), max_size=2),
    least=st.integers(2, 3),
    protect_weakest=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_groups_of_people_break_no_limit_and_every_sum_can_be_redone(
    pool, fixed, least, protect_weakest
):
    members = [
        (100 + number, pool.mentors[column].id)
        for number, column in fixed
        if number <= len(pool.mentees) and column < len(pool.mentors)
    ]
    members = list({learner: (learner, mentor) for learner, mentor in members}.values())

    result = assign_groups(
        pool,
        objective="most_matched",
        least=least,
        most=4,
        protect_weakest=protect_weakest,
        members=members,
    )

    assert_holds(pool, result, least, 4, frozenset(members))
    with_whom = {each: m.mentor for m in result.matches for each in m.learners}
    for learner, mentor in members:
        assert with_whom.get(learner, mentor) == mentor or not is_here(pool, mentor)
    if not members and not protect_weakest:
        table = Scorer(pool).block(np.arange(len(pool.mentees)))
        room = [mentor.capacity for mentor in pool.mentors]
        best = max(every_grouping(table, room, least, 4))
        assert (result.matched, result.total) == best


def is_here(pool, mentor):
    return any(
        each.id == mentor and each.capacity > 0 and not each.is_away
        for each in pool.mentors
    )


@given(
    pool=pools(peers=True),
    sizes_=st.sampled_from([(2, 2), (2, 3), (3, 4)]),
    protect_weakest=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_circles_of_people_break_no_limit_and_every_sum_can_be_redone(
    pool, sizes_, protect_weakest
):
    least, most = sizes_

    result = assign_circles(
        pool, least=least, most=most, protect_weakest=protect_weakest
    )

    assert_holds(pool, result, least, most)


def every_circling(table, free, wanted, least):
    """The points of all ways to put people in circles, none larger than wanted."""
    if not wanted or len(free) < least:
        yield 0
        return
    yield from every_circling(table, free, wanted[1:], least)
    for size in range(least, wanted[0] + 1):
        for circle in itertools.combinations(free, size):
            pairs = list(itertools.combinations(circle, 2))
            if any(table[two] < 0 for two in pairs):
                continue
            points = sum(int(table[two]) for two in pairs)
            rest = [each for each in free if each not in circle]
            for more in every_circling(table, rest, wanted[1:], least):
                yield points + more


def camps(number):
    """Two camps that have nothing to say to each other, one of so many."""
    inside = np.arange(7) < number
    return np.where(inside[:, None] == inside, 900, 0)


@given(
    table=st.one_of(
        tables(heights=(3, 7), widths=(7, 7)),
        st.integers(3, 6).map(camps),
    ),
    least=st.integers(2, 3),
)
@settings(max_examples=60, deadline=None)
def test_no_circles_of_these_sizes_are_above_the_bound(table, least):
    table = np.resize(table, (table.shape[0], table.shape[0]))

    found = form_circles(table, least=least, most=4)

    both = mutual(table)
    proof = check_together(
        both, found.groups, least=least, most=4, bound=found.upper_bound
    )
    assert proof.total == found.total
    everybody = list(range(len(both)))
    wanted = sizes(len(both), least, 4)
    assert proof.bound >= max(every_circling(both, everybody, wanted, least))
