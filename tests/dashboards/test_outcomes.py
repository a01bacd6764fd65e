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
