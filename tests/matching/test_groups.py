"""Groups and circles: never a forbidden one, never too small, and an honest bound."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.groups import form_circles, form_groups, mutual, sizes
from matching.solver import Cancelled


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
