from decimal import Decimal

import pytest

from programs.measures import MEASURES, is_met, match_rate, measure, percentage
from programs.models import ProgramGoal, Role
from tests import factories


def test_every_measure_that_can_be_chosen_is_measured():
    assert set(ProgramGoal.Measure.values) <= set(MEASURES)


def test_unknown_measure_is_too_early_to_say(program):
    assert measure(program, "unheard-of") is None


def test_match_rate_counts_ready_mentees(program, mentorship):
    factories.ParticipantFactory(program=program)
    factories.ParticipantFactory(program=program, state="joining")
    factories.ParticipantFactory(program=program, role=Role.MENTOR)

    assert match_rate(program) == Decimal("50.0")


def test_match_rate_is_too_early_before_the_first_match():
    program = factories.ProgramFactory(open=True)
    factories.ParticipantFactory(program=program)

    assert match_rate(program) is None


def test_match_rate_of_nobody_is_too_early(program):
    assert match_rate(program) is None


def test_percentage_of_nothing_is_none():
    assert percentage(0, 0) is None
    assert percentage(1, 3) == Decimal("33.3")


@pytest.mark.parametrize(
    ("key", "now", "target", "met"),
    [
        ("match_rate", Decimal(90), Decimal(90), True),
        ("match_rate", Decimal(89), Decimal(90), False),
        ("days_to_first_session", Decimal(5), Decimal(7), True),
        ("days_to_first_session", Decimal(9), Decimal(7), False),
        ("match_rate", None, Decimal(90), None),
    ],
)
def test_target_is_met_from_the_right_side(key, now, target, met):
    assert is_met(key, now, target) is met
