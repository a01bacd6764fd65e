import pytest

from dashboards.outcomes import FEWEST, compare


def people(group, took_part, stayed, left):
    return [(group, took_part, True, stayed), (group, took_part, False, left)]


def test_too_few_to_say():
    few = people("a", True, FEWEST - 1, 0) + people("a", False, 50, 5)

    assert compare(few) is None
    assert compare([]) is None


def test_colleagues_are_weighted_as_participants_are_spread():
    found = compare(
        people("a", True, 30, 0)
        + people("b", True, 10, 0)
        + people("a", False, 50, 50)
        + people("b", False, 10, 0)
    )

    assert found.participants == 40
    assert found.stayed == 100
    assert found.stayed_colleagues == pytest.approx(75 * 0.5 + 25)
    assert found.difference == pytest.approx(37.5)
    assert found.is_clear


def test_a_group_without_the_other_does_not_count():
    found = compare(
        people("a", True, 20, 5)
        + people("a", False, 20, 5)
        + people("only participants", True, 0, 50)
        + people("only colleagues", False, 0, 50)
    )

    assert found.participants == 25
    assert found.difference == pytest.approx(0)
    assert not found.is_clear


def test_the_interval_holds_the_difference():
    found = compare(people("a", True, 25, 5) + people("a", False, 60, 30))

    assert found.low < found.difference < found.high


def test_one_who_goes_is_not_seen_in_whole_steps():
    def found(left):
        people_then = people("a", True, 33 - left, 1 + left)
        return compare(people_then + people("a", False, 60, 30)).in_steps(5)

    before, after = found(0), found(1)

    assert before == found(0)
    assert (before.participants, before.colleagues) == (30, 90)
    assert (before.stayed, after.stayed) == (95, 90)
    assert found(1).stayed == found(2).stayed
    for each in (before, after):
        assert each.low <= each.difference <= each.high
        assert {each.low % 5, each.high % 5, each.difference % 5} == {0}
