from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.health import Course, parts_of, reason_of, score_of

WEIGHTS = {"rhythm": 4, "contact": 3, "planned": 2, "goals": 2, "agreement": 1}
GOOD = Course(
    age=90,
    rhythm=14,
    held=6,
    days_since=7,
    is_planned=True,
    goals=1,
    goals_moving=1,
)


def score(course):
    return score_of(parts_of(course, WEIGHTS))


def reason(**changes):
    return reason_of(parts_of(replace(GOOD, **changes), WEIGHTS))


def test_a_pair_on_rhythm_with_a_goal_that_moves_has_a_hundred():
    assert score(GOOD) == 100


def test_a_pair_that_never_met_has_nothing():
    never = replace(GOOD, held=0, days_since=None, is_planned=False, goals=0)

    assert score(never) == 0


def test_every_part_has_its_fact():
    parts = parts_of(GOOD, WEIGHTS)

    assert [part.key for part in parts] == list(WEIGHTS)
    assert parts[0].fact == {"part": "rhythm", "held": 6, "expected": 6, "days": 90}


def test_a_part_without_weight_does_not_count():
    late = replace(GOOD, is_planned=False)

    assert score_of(parts_of(late, WEIGHTS | {"planned": 0})) == 100


def test_goals_do_not_count_while_it_is_too_early_to_have_one():
    early = replace(GOOD, age=30, held=2, goals=0, goals_moving=0)

    assert "goals" not in {part.key for part in parts_of(early, WEIGHTS)}
    assert score(early) == 100


def test_the_reason_is_what_to_begin_with():
    assert reason(days_since=None, held=0) == "never-met"
    assert reason(days_since=60) == "quiet"
    assert reason(held=2, days_since=20) == "off-rhythm"
    assert reason(goals=0, goals_moving=0) == "no-goals"


courses = st.builds(
    Course,
    age=st.integers(0, 500),
    rhythm=st.sampled_from([7, 14, 21, 30]),
    held=st.integers(0, 40),
    days_since=st.none() | st.integers(0, 500),
    is_planned=st.booleans(),
    goals=st.integers(0, 5),
    goals_moving=st.integers(0, 5),
    is_agreed=st.booleans(),
)


@given(courses)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_the_figure_is_from_0_to_100_and_its_parts_redo_it(course):
    parts = parts_of(course, WEIGHTS)

    assert all(0 <= part.score <= 100 for part in parts)
    assert 0 <= score_of(parts) <= 100
    weight = sum(part.weight for part in parts)
    assert score_of(parts) == round(
        sum(part.score * part.weight for part in parts) / weight
    )


@given(courses)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_one_more_session_never_makes_it_worse(course):
    better = replace(course, held=course.held + 1, days_since=0, is_agreed=True)

    assert score(better) >= score(course)
