from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from feedback.cells import folded, merged

FLOOR = 5


def test_small_groups_are_put_together():
    shown, rest = merged({"Sales": 12, "Care": 7, "IT": 3, "HR": 2}, FLOOR)

    assert shown == [("Sales", 12), ("Care", 7)]
    assert rest == 5


def test_a_rest_that_could_be_worked_out_takes_the_smallest_group_with_it():
    shown, rest = merged({"Sales": 12, "Care": 7, "IT": 3}, FLOOR)

    assert shown == [("Sales", 12)]
    assert rest == 10


def test_of_fewer_than_the_floor_nothing_is_shown():
    assert merged({"Sales": 3, "Care": 1}, FLOOR) == ([], 0)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 30)))
def test_no_group_and_no_rest_is_ever_below_the_floor(counts):
    shown, rest = merged(counts, FLOOR)

    assert all(number >= FLOOR for _name, number in shown)
    assert rest == 0 or rest >= FLOOR
    total = sum(counts.values())
    hidden = total - sum(number for _name, number in shown)
    assert hidden == 0 or hidden >= FLOOR or not shown


def test_a_stage_at_which_few_were_lost_is_left_out():
    assert folded([[40, 38, 30, 12, 3]], FLOOR) == [True, False, True, True, False]


def test_a_stage_is_shown_for_all_groups_or_for_none():
    assert folded([[40, 30, 20], [20, 18, 10]], FLOOR) == [True, False, True]


funnels = st.lists(
    st.lists(st.integers(0, 20), min_size=4, max_size=4).map(
        lambda drops: [sum(drops[place:]) for place in range(4)]
    ),
    min_size=1,
    max_size=4,
)


@given(funnels)
def test_whoever_stopped_between_two_stages_shown_is_one_of_many(rows):
    safe = folded(rows, FLOOR)

    for row in rows:
        shown = [number for number, is_safe in zip(row, safe, strict=True) if is_safe]
        steps = [a - b for a, b in pairwise(shown)] + shown
        assert all(step == 0 or step >= FLOOR for step in steps)
