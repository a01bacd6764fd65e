from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from people.models import HrImport
from programs.actions import finish_module, take_readings
from programs.forms import ProgramGoalForm
from programs.measures import (
    MEASURES,
    goal_rows,
    is_met,
    match_rate,
    measure,
    percentage,
    stayed,
    training_completed,
)
from programs.models import GoalReading, Role
from programs.tasks import read_goals
from tests import factories


def test_every_measure_that_can_be_chosen_is_measured(program):
    offered = {
        value
        for value, _label in ProgramGoalForm(program=program).fields["measure"].choices
    }

    assert offered - {"by_hand"} <= set(MEASURES)
    assert {"nps", "satisfied", "satisfaction", "stayed"} <= offered


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


def test_match_rate_of_a_programme_that_is_over_is_what_it_was(program):
    factories.ParticipantFactory(program=program)
    program.state = "closing"

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


# --- goals with a course


def test_training_completed_counts_each_required_one_for_each_of_the_role(
    program, mentor, mentee
):
    for role in ("mentee", ""):
        factories.ModuleFactory(program=program, role=role, required=True)
    factories.ModuleFactory(program=program)
    me = program.participants.get(user=mentee)
    finish_module(program.modules.get(role="mentee"), me)

    assert training_completed(program) == percentage(1, 3)


def test_training_completed_is_too_early_without_required_training(program, mentee):
    assert training_completed(program) is None


def test_stayed_is_too_early_while_leaving_is_not_known(program, mentee):
    program.participants.update(joined_at=timezone.now() - timedelta(days=100))
    assert stayed(program) is None

    HrImport.objects.create()

    assert stayed(program) == 100


def test_stayed_counts_people_who_joined_a_season_ago(program, mentor, mentee, leaver):
    HrImport.objects.create()
    factories.ParticipantFactory(program=program, user=leaver, left_at=timezone.now())
    program.participants.update(joined_at=timezone.now() - timedelta(days=100))
    factories.ParticipantFactory(program=program)

    assert stayed(program) == percentage(2, 3)


def test_readings_are_taken_once_a_week(program, mentorship):
    with time_machine.travel("2026-03-02 09:00"):
        assert take_readings(program) == 1
        assert take_readings(program) == 0
    with time_machine.travel("2026-03-05 09:00"):
        assert take_readings(program) == 0
    with time_machine.travel("2026-03-09 09:00"):
        read_goals()

    assert program.goals.get().readings.count() == 2


def test_a_goal_by_hand_stands_at_its_last_figure_and_has_a_trend(program):
    goal = factories.ProgramGoalFactory(
        program=program, measure="by_hand", name_en="Vacancies", target=5
    )
    goal.fewer_is_better = True
    goal.save()
    for day, value in (("2026-01-01", 9), ("2026-02-01", 7), ("2026-03-01", 4)):
        GoalReading.objects.create(goal=goal, on=day, value=value, source="HR")

    row = next(row for row in goal_rows(program) if row["goal"] == goal)

    assert row["now"] == 4
    assert row["met"] is True
    assert row["trend"].direction == "down"
    assert row["trend"].points.startswith("0.0,2.0 ")


def test_a_figure_by_hand_needs_its_source_and_a_day_that_has_been(
    as_user, coordinator, program
):
    goal = factories.ProgramGoalFactory(program=program, measure="by_hand", name_en="X")
    client = as_user(coordinator)
    path = reverse("programs:goal_detail", args=[program.slug, goal.pk])
    today = timezone.localdate()

    def send(**changes):
        return client.post(path, {"on": today, "value": "7", "source": "HR"} | changes)

    assert send(source="").status_code == 422
    assert send(on=today + timedelta(days=1)).status_code == 422
    assert send().status_code == 302
    assert send().status_code == 422
    assert goal.readings.get().by == coordinator


def test_goal_by_hand_needs_a_name_and_there_may_be_several(
    as_user, coordinator, program
):
    client = as_user(coordinator)
    path = reverse("programs:program_goals", args=[program.slug])
    body = {"measure": "by_hand", "target": "5"}

    assert client.post(path, body).status_code == 422
    for name in ("One", "Two"):
        assert client.post(path, {**body, "name_en": name}).status_code == 302
