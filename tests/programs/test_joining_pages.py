"""Joining, and how one takes part."""

import pytest
from django.urls import reverse

from programs import actions
from programs.models import Participant, Program, Role
from tests import factories
from tests.programs.pages import text, url


def test_join_shows_what_it_asks_before_the_button(as_user, open_program, outsider):
    page = text(as_user(outsider).get(url("program_join", "open", "mentor")))

    assert (
        page.index("What it asks of you")
        < page.index("Keep your word.")
        < page.index("Yes, I take part")
    )


def test_join_goes_on_to_the_profile_and_back(as_user, open_program):
    newcomer = factories.UserFactory()

    response = as_user(newcomer).post(
        url("program_join", "open", "mentor"),
        {"capacity": 2, "accepted": "on", "version": 1},
    )

    assert response.url == f"{reverse('people:profile_edit')}?next=/programs/open/me/"
    assert Participant.objects.get(user=newcomer).capacity == 2


def test_join_twice_is_once(as_user, open_program, outsider):
    client = as_user(outsider)
    path = url("program_join", "open", "mentee")
    yes = {"accepted": "on", "version": 1}

    client.post(path, yes)
    again = client.post(path, yes)

    assert again.url == url("participation", "open")
    assert Participant.objects.filter(user=outsider).count() == 1


def test_join_asks_for_the_yes(as_user, open_program, outsider):
    response = as_user(outsider).post(url("program_join", "open", "mentee"), {})

    assert response.status_code == 422
    assert not Participant.objects.exists()


@pytest.mark.parametrize("capacity", ["0", "4", "many"])
def test_join_takes_a_capacity_the_program_allows(
    as_user, open_program, outsider, capacity
):
    response = as_user(outsider).post(
        url("program_join", "open", "mentor"),
        {"accepted": "on", "version": 1, "capacity": capacity},
    )

    assert list(response.context["form"].errors) == ["capacity"]


def test_join_accepts_only_what_was_on_the_page(
    as_user, open_program, outsider, hr_admin
):
    actions.revise_guideline(
        open_program, "mentee", body_nl="Anders.", body_en="Different.", by=hr_admin
    )
    client = as_user(outsider)
    path = url("program_join", "open", "mentee")

    stale = client.post(path, {"accepted": "on", "version": 1})

    assert stale.status_code == 422
    assert "Different." in text(stale)
    assert 'name="version" value="2"' in text(stale)
    assert not Participant.objects.exists()


def test_nobody_joins_as_coordinator(as_user, open_program, outsider):
    path = url("program_join", "open", "coordinator")

    assert as_user(outsider).get(path).status_code == 404


def test_join_of_a_program_that_closed_meanwhile_says_so(as_user, program, hr_admin):
    Program.objects.update(state="closing")

    response = as_user(hr_admin).get(
        url("program_join", program.slug, "mentee"), follow=True
    )

    assert "not open for joining" in text(response)


def test_participation_says_what_is_left_and_then_that_one_is_ready(
    as_user, open_program, outsider
):
    client = as_user(outsider)
    actions.join_program(open_program, outsider, Role.MENTEE)
    page = url("participation", "open")
    complete = url("participation_complete", "open")

    assert "at least one topic that you want to learn" in text(client.get(page))
    assert "Still to do" in text(client.post(complete, follow=True))
    outsider.profile.wishes.add(factories.TopicFactory())
    assert "I am ready to be matched" in text(client.get(page))
    assert "You are ready" in text(client.post(complete, follow=True))


def test_participation_shows_when_the_answer_comes(
    as_user, program, mentee, time_machine
):
    time_machine.move_to("2026-05-01T10:00:00+00:00")
    page = url("participation", program.slug)

    Program.objects.update(matching_on="2026-05-20")
    assert "20 May 2026" in text(as_user(mentee).get(page))
    Program.objects.update(matching_on="2026-04-20")
    assert "20 April 2026" not in text(as_user(mentee).get(page))


def test_new_guidelines_are_shown_and_accepted(as_user, program, mentee, hr_admin):
    actions.accept_guideline(Participant.objects.get(user=mentee))
    actions.revise_guideline(
        program, "mentee", body_nl="Anders.", body_en="Different.", by=hr_admin
    )
    client = as_user(mentee)
    page = url("participation", program.slug)
    complete = url("participation_complete", program.slug)

    assert "<ins>Different.</ins>" in text(client.get(page))
    stale = client.post(complete, {"accepted": "yes", "version": 1}, follow=True)
    assert "changed while you were reading" in text(stale)
    client.post(complete, {"accepted": "yes", "version": 2})

    assert "<ins>" not in text(client.get(page))
    odd = client.post(complete, {"accepted": "yes", "version": "x"})
    assert odd.status_code == 404


def test_ticks_stay_when_the_guidelines_changed_meanwhile(
    as_user, program, outsider, hr_admin
):
    question = factories.JoinQuestionFactory(
        program=program,
        kind="many",
        options=[{"en": each, "nl": each} for each in "abc"],
    )
    asked = f"question_{question.pk}"
    Program.objects.update(state="open", join_mode="open")
    actions.revise_guideline(
        program, "mentee", body_nl="Anders.", body_en="Different.", by=hr_admin
    )

    page = as_user(outsider).post(
        url("program_join", program.slug, "mentee"),
        {"accepted": "on", "version": 1, asked: ["0", "1"]},
    )

    assert "changed while you were reading" in text(page)
    assert page.context["form"][asked].value() == ["0", "1"]
    assert page.context["form"]["version"].value() == "2"


def test_matched_participant_accepts_without_more_ado(
    as_user, program, mentorship, mentee
):
    response = as_user(mentee).post(
        url("participation_complete", program.slug),
        {"accepted": "yes", "version": 1},
        follow=True,
    )

    assert "Thank you" in text(response)


@pytest.mark.parametrize(
    ("capacity", "status"), [("3", 302), ("4", 422), ("0", 422), ("x", 422)]
)
def test_mentor_changes_the_room(as_user, program, mentor, capacity, status):
    response = as_user(mentor).post(
        url("participation_capacity", program.slug), {"capacity": capacity}
    )

    assert response.status_code == status


def test_mentee_has_no_room_to_change(as_user, program, mentee):
    response = as_user(mentee).post(
        url("participation_capacity", program.slug), {"capacity": 2}
    )

    assert response.status_code == 404
