"""What who runs a programme sees of its surveys and their results."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.actions import close_wave, settle
from feedback.models import Invitation, Survey, Wave
from people.models import Employment


def text(response):
    return response.content.decode()


# --- asking


def test_survey_list_shows_each_time_that_was_asked(as_coordinator, program, wave):
    body = text(as_coordinator.get(reverse("feedback:survey_list", args=["leaders"])))

    assert "Pulse" in body
    assert "0 of 20" in body


def test_survey_list_says_what_to_expect_when_nothing_was_asked(
    as_coordinator, program
):
    body = text(as_coordinator.get(reverse("feedback:survey_list", args=["leaders"])))

    assert "Nothing asked yet" in body


def test_survey_list_does_not_grow_in_queries(
    as_coordinator, program, pulse, in_mentorships
):
    in_mentorships(3)
    url = reverse("feedback:survey_list", args=["leaders"])
    now = timezone.now()

    def ask(occasion):
        Wave.objects.create(
            survey=pulse,
            occasion=occasion,
            opens_at=now,
            closes_at=now + timedelta(days=14),
        )

    ask("one")
    as_coordinator.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        as_coordinator.get(url)
    for number in range(6):
        ask(f"more {number}")
    with CaptureQueriesContext(connection) as many:
        as_coordinator.get(url)

    assert len(many) == len(few)


# --- results


def test_wave_detail_shows_nothing_below_the_floor(as_coordinator, wave, answered_by):
    answered_by(4, text="a remark")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "4 of 20 people answered" in body
    assert "Too few to show" in body
    assert "a remark" not in body
    assert '<svg class="chart"' not in body


def test_wave_detail_says_what_enough_answers_of_two_roles_wait_for(
    as_coordinator, wave, answered_by
):
    answered_by(4, role="mentee")
    answered_by(4, role="mentor")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "not yet 5 of one role" in body
    assert "when the survey closes on" in body


def test_wave_detail_of_a_closed_wave_says_that_too_few_stay_sealed(
    as_coordinator, wave, answered_by
):
    answered_by(4)
    Wave.objects.update(closes_at=timezone.now())

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "What they said stays sealed" in body
    assert "Close it now" not in body


def test_wave_detail_says_who_does_not_count_towards_the_floor(
    as_coordinator, wave, answered_by, coordinator
):
    asked = wave.invitations.filter(role="mentee").order_by("pk")[:4]
    Employment.objects.filter(user__in=asked.values("to")).delete()
    answered_by(5)

    page = as_coordinator.get(wave.get_absolute_url()).content.decode()
    assert "4 of those asked are not in the HR data." in page
    assert "Results appear from 5 answers" in page

    close_wave(wave, by=coordinator)
    page = as_coordinator.get(wave.get_absolute_url()).content.decode()
    assert "Fewer than 5 of those who answered are in the HR data." in page


def test_wave_detail_says_when_those_in_no_hr_data_are_heard(
    as_coordinator, wave, answered_by
):
    asked = wave.invitations.filter(role="mentee")
    Employment.objects.filter(user__in=asked.values("to")).delete()
    answered_by(6)

    page = as_coordinator.get(wave.get_absolute_url()).content.decode()

    assert "Results come as soon as there are, or when the survey closes" in page
    assert "not yet 5 of one role" not in page


def test_wave_detail_by_department_says_when_results_come(as_coordinator, wave):
    Survey.objects.update(by_department=True)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "Results come when it has closed" in body
    assert "Too few to show" not in body


def test_wave_detail_says_how_many_answers_wait(as_coordinator, wave, answered_by):
    answered_by(6, role="mentee")
    answered_by(3, role="mentor")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "3 answers wait for others." in body


def test_wave_detail_shows_a_chart_with_its_table(as_coordinator, wave, answered_by):
    answered_by(5)
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "<svg" in body
    assert "<table" in body
    assert "mean 4.0 of 5" in body


def test_wave_detail_never_names_who_answered(as_coordinator, wave, answered_by):
    answered_by(8, text="a remark")
    settle(wave)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    for invitation in Invitation.objects.select_related("to"):
        assert invitation.to.name not in body
    assert "a remark" in body


def test_wave_detail_of_another_programme_is_not_there(as_user, outsider, wave):
    assert as_user(outsider).get(wave.get_absolute_url()).status_code == 404


def test_a_named_survey_shows_who_answered_what(as_coordinator, wave, fill_in):
    Survey.objects.update(is_named=True)
    invitation = wave.invitations.select_related("wave__survey", "to").first()
    fill_in(invitation)

    body = text(as_coordinator.get(wave.get_absolute_url()))

    assert "This survey is named" in body
    assert invitation.to.name in body


def test_wave_close_says_first_what_becomes_of_answers_that_wait(
    as_coordinator, wave, answered_by
):
    answered_by(5)
    settle(wave)
    answered_by(1)
    path = reverse("feedback:wave_close", args=[wave.pk])

    page = text(as_coordinator.get(path))
    assert "14 people who have not answered" in page
    assert "1 answer waits for others. It stays sealed for good" in page
    assert Wave.objects.get().is_open

    closed = text(as_coordinator.post(path, follow=True))
    assert "1 answer is not among them and stays sealed" in closed
    assert "New ones are added" not in closed
    assert as_coordinator.get(path).status_code == 302


def test_wave_close_shows_the_results_at_once(as_coordinator, wave, answered_by):
    answered_by(3, role="mentee")
    answered_by(3, role="mentor")

    response = as_coordinator.post(
        reverse("feedback:wave_close", args=[wave.pk]), follow=True
    )

    assert "The results below count 6 answers" in text(response)


@pytest.mark.parametrize(
    ("view", "data"),
    [
        ("survey_edit", {"name_en": "Other", "name_nl": "Anders"}),
        ("survey_retire", {}),
        ("question_add", {"kind": "scale", "text_en": "More?", "text_nl": "Meer?"}),
        ("question_edit", {"kind": "scale", "text_en": "Less?", "text_nl": "Minder?"}),
        ("question_move", {"to": "down"}),
        ("question_order", {"order": "reversed"}),
        ("question_remove", {}),
    ],
)
def test_a_survey_of_an_archived_programme_cannot_be_changed(
    as_coordinator, program, pulse, view, data
):
    before = list(pulse.questions.values_list("key", "text_en"))
    if "order" in data:
        data = {"order": " ".join(key for key, _text in reversed(before))}
    if view == "survey_edit":
        data = {**data, "audience": "everybody", "asks": "by_hand"}
    of_question = view in {"question_edit", "question_move", "question_remove"}
    thing = pulse.questions.first() if of_question else pulse
    program.state = "archived"
    program.save()

    page = as_coordinator.post(
        reverse(f"feedback:{view}", args=[thing.pk]), data, follow=True
    )

    assert "in the archive; nothing can change" in page.content.decode()
    [found] = Survey.objects.filter(key="pulse")
    assert (found.name_en, found.retired_at) == (pulse.name_en, None)
    assert list(found.questions.values_list("key", "text_en")) == before
