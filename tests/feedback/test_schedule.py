"""When a survey is asked, and what its page says about that."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.actions import from_template, open_wave
from feedback.models import CareSettings, Survey, Wave
from feedback.schedule import Outlook, outlook
from feedback.tasks import plan_waves
from mentoring.words import day_words
from programs.models import Program

# The programme of these tests began 40 days ago and lasts 140 more.
BEGAN, LASTS = 40, 140


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def set_to(survey, **how):
    Survey.objects.filter(pk=survey.pk).update(**how)
    return Survey.objects.select_related("program").get(pk=survey.pk)


def what_becomes_of(survey, questions=3):
    return outlook(
        survey,
        timezone.localdate(),
        questions=questions,
        waves=list(Wave.objects.of(survey.program)),
        rest=CareSettings.of(survey.program).rest_days,
    )


@pytest.fixture
def whole(program):
    """A survey about the whole programme, that one sends."""
    return from_template(program, "programme")


@pytest.mark.parametrize(
    ("first", "every", "ahead"),
    [(50, None, 10), (40, None, 0), (30, 60, 50), (10, 30, 0), (11, 30, 1)],
)
def test_the_next_day_of_a_survey_by_day(whole, first, every, ahead):
    survey = set_to(whole, asks="by_day", first_day=first, every_days=every)
    open_days = what_becomes_of(survey)

    # What is due today is asked as the clock strikes.
    if ahead:
        assert open_days == Outlook(in_days(ahead))
    else:
        assert day_words(in_days(0)) in open_days.why_not


def test_the_next_day_of_a_survey_on_a_date(whole):
    assert what_becomes_of(set_to(whole, asks="on_date", ask_on=in_days(9))) == Outlook(
        in_days(9)
    )


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"asks": "on_date", "ask_on": in_days(-20)}, "Its day has passed."),
        ({"asks": "by_day", "first_day": 3}, "Its day has passed."),
        ({"asks": "by_day", "first_day": 200}, "after the end of the programme"),
        ({"retired_at": timezone.now()}, "It is not asked any more."),
    ],
)
def test_a_survey_that_is_never_asked_says_why(whole, how, words):
    assert words in what_becomes_of(set_to(whole, **how)).why_not


@pytest.mark.parametrize(
    ("state", "words"), [("closing", "closing"), ("archived", "in the archive")]
)
def test_a_programme_that_is_over_asks_no_more(whole, state, words):
    Program.objects.update(state=state)
    survey = set_to(whole, asks="on_date", ask_on=in_days(9))

    assert words in what_becomes_of(survey).why_not


def test_what_has_no_question_is_not_asked(whole, in_mentorships):
    in_mentorships(3)
    survey = set_to(whole, asks="on_date", ask_on=in_days(0))
    survey.questions.all().delete()

    assert "no question" in what_becomes_of(survey, questions=0).why_not
    assert plan_waves() == 0


def test_what_one_sends_has_no_day(whole):
    assert what_becomes_of(set_to(whole)) == Outlook()


@pytest.mark.parametrize("opened", [0, 60])
def test_a_survey_that_was_held_back_is_asked_after_the_days_of_rest(
    whole, pulse, in_mentorships, time_machine, opened
):
    in_mentorships(3)
    CareSettings.objects.create(program=whole.program, rest_days=14)
    survey = set_to(whole, asks="on_date", ask_on=in_days(0))
    retired = Survey.objects.exclude(pk=survey.pk)
    wave = open_wave(pulse, occasion="by hand", by=None)
    # Where a stage is asked, its wave may have been open for long.
    wave.opens_at -= timedelta(days=opened)
    wave.save()
    retired.update(retired_at=timezone.now())

    assert plan_waves() == 0
    found = what_becomes_of(survey)
    assert day_words(in_days(0)) in found.why_not
    assert day_words(in_days(21)) in found.why_not

    time_machine.move_to(timezone.now() + timedelta(days=15))
    assert plan_waves() == 1
    assert plan_waves() == 0


def test_a_survey_that_nothing_held_back_is_not_asked_long_after_its_day(
    whole, in_mentorships
):
    in_mentorships(3)
    set_to(whole, asks="on_date", ask_on=in_days(-9))
    Survey.objects.exclude(pk=whole.pk).update(retired_at=timezone.now())
    Program.objects.update(starts_on=in_days(-3))

    assert plan_waves() == 0


# --- pages


def fill_in(client, survey, **given):
    return client.post(
        reverse("feedback:survey_edit", args=[survey.pk]),
        {"name_en": "Lunch talks", "audience": "everybody", **given},
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"asks": "on_date", "ask_on": in_days(-1)}, "That day has passed."),
        ({"asks": "by_day", "first_day": BEGAN - 1}, "That day has passed."),
        ({"asks": "on_date", "ask_on": in_days(LASTS + 1)}, "the programme has ended"),
        ({"asks": "by_day", "first_day": 999}, "the programme has ended"),
    ],
)
def test_survey_edit_refuses_a_day_on_which_nobody_is_asked(
    as_user, coordinator, whole, given, words
):
    response = fill_in(as_user(coordinator), whole, **given)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_survey_edit_leaves_a_day_alone_that_was_there(as_user, coordinator, whole):
    set_to(whole, asks="on_date", ask_on=in_days(-30))

    response = fill_in(as_user(coordinator), whole, asks="on_date", ask_on=in_days(-30))

    assert response.status_code == 302


def test_survey_pages_say_when_it_is_asked_next(as_user, coordinator, whole):
    set_to(whole, asks="on_date", ask_on=in_days(9))
    client = as_user(coordinator)

    for page in (
        whole.get_absolute_url(),
        reverse("feedback:survey_list", args=["leaders"]),
    ):
        assert f"{in_days(9).day} " in client.get(page).content.decode()


def test_survey_pages_offer_no_second_sending_while_one_is_open(
    as_user, coordinator, pulse, wave
):
    client = as_user(coordinator)
    send = reverse("feedback:survey_send", args=[pulse.pk])

    for page in (
        pulse.get_absolute_url(),
        reverse("feedback:survey_list", args=["leaders"]),
    ):
        found = client.get(page).content.decode()
        assert send not in found
        assert wave.get_absolute_url() in found

    Wave.objects.update(closes_at=timezone.now())
    assert send in client.get(pulse.get_absolute_url()).content.decode()


def test_survey_detail_says_which_language_a_question_lacks(
    as_user, coordinator, whole
):
    whole.questions.filter(place=0).update(text_nl="")
    whole.questions.filter(place=1).update(text_en="")

    found = as_user(coordinator).get(whole.get_absolute_url()).content.decode()

    assert found.count("not in Dutch yet") == 1
    assert found.count("not in English yet") == 1


def test_options_in_one_language_are_read_by_everybody(as_user, coordinator, whole):
    response = as_user(coordinator).post(
        reverse("feedback:question_add", args=[whole.pk]),
        {"kind": "choice", "text_en": "Where?", "options_en": "here\nthere"},
    )

    assert response.status_code == 302
    question = whole.questions.last()
    assert (question.text_nl, question.text) == ("", "Where?")
    assert question.choices == [("0", "here"), ("1", "there")]
