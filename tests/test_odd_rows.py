"""What came of attacks that are not about one form."""

import time
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import resolve, reverse

from mentorships.actions import add_milestone, move_session
from mentorships.models import Goal, MentoringSession, Mentorship
from mentorships.wallclock import moment
from programs.actions import changes, create_program, revise_guideline
from programs.blueprints import blueprints
from programs.models import Acceptance, Participant, Program
from tests.cast import World


@pytest.mark.parametrize("name", ["New", "Invitation", "new", "Nieuw", "日本語"])
def test_a_programme_of_any_name_can_be_reached(name: str, world: World):
    program = Program(name_en=name, purpose_en="x")

    create_program(
        program, blueprint=blueprints()["blank"], by=world.people["hr_admin"]
    )

    assert resolve(program.get_absolute_url()).view_name == "programs:program_detail"
    edit = reverse("programs:program_edit", args=[program.slug])
    assert resolve(edit).view_name == "programs:program_edit"


def test_long_guidelines_are_compared_at_once(world: World):
    participant = Participant.objects.get(pk=world.arguments["participant_id"])
    bodies = [
        "\n".join(f"- meet {number} times in week {each}" for number in range(700))
        for each in ("one", "two")
    ]
    for body in bodies:
        guideline = revise_guideline(
            participant.program,
            participant.role,
            body_nl="",
            body_en=body,
            by=world.people["coordinator"],
        )
        if body == bodies[0]:
            Acceptance.objects.create(participant=participant, guideline=guideline)
    start = time.monotonic()

    found = changes(participant, guideline)

    assert time.monotonic() - start < 5
    assert len(found) == 1400
    assert ("-", "meet 3 times in week one") in found
    assert ("+", "meet 3 times in week two") in found


def test_guidelines_have_an_end(world: World):
    path = reverse(
        "programs:guideline_edit", args=[world.arguments["program_slug"], "mentee"]
    )

    response = world.client("coordinator").post(
        path, {"body_nl": "x" * 20_001, "body_en": "y", "version": 1}
    )

    assert response.status_code == 422


def test_a_step_can_be_added_when_it_stands_there_twice(world: World):
    goal = Goal.objects.get(pk=world.arguments["goal_id"])
    for _time in range(2):
        goal.milestones.create(text="read")

    add_milestone(goal, "read")

    assert goal.milestones.filter(text="read").count() == 2


@pytest.mark.parametrize("number", ["9e999999", "-9e999999", "9" * 400, "NaN", "1e-99"])
def test_the_helper_stands_any_number(number: str, world: World):
    path = reverse("mentorships:goal_review", args=[world.arguments["mentorship_id"]])

    response = world.client("mentee").post(
        path, {"specific": "x", "start": number, "target": number}
    )

    assert response.status_code == 200


@pytest.mark.parametrize("year", [1, 1900, 2100, 9999])
def test_no_session_is_in_another_time(year: int):
    for zone in ("Europe/Amsterdam", "America/Los_Angeles", "Asia/Tokyo"):
        with pytest.raises(ValidationError, match="too far"):
            moment(datetime(year, 1, 1, 0, 5), zone)


def test_nothing_moves_in_a_mentorship_that_has_ended(world: World):
    session = MentoringSession.objects.get(pk=world.arguments["session_id"])
    Mentorship.objects.get(pk=session.mentorship_id).end()
    session.refresh_from_db()
    session.mentorship.refresh_from_db()

    with pytest.raises(ValidationError, match="ended"):
        move_session(
            session,
            wall=session.starts_at.replace(tzinfo=None),
            by=world.people["mentee"],
        )


@pytest.mark.parametrize("wanted", ["words", "people:settings", "https://testserver/"])
def test_a_word_is_no_place_to_go_on_to(wanted: str, world: World):
    response = world.client("mentee").post(
        reverse("people:profile_edit"), {"meeting": "any", "next": wanted}
    )

    assert response.status_code == 302
    assert response["Location"] == reverse("people:profile_edit")
