"""What a survey asks: shipped, changed, and going on in the trend."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from feedback.actions import (
    change_survey,
    from_template,
    move_question,
    open_wave,
    remove_question,
    save_question,
)
from feedback.models import Question, Survey, Wave
from feedback.shipped import survey_templates

A_MONTH = timedelta(days=30)


def at(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def keys(survey):
    return [each.key for each in survey.questions.all()]


@pytest.mark.parametrize("key", survey_templates())
def test_every_survey_that_is_shipped_is_whole(program, key):
    survey = from_template(program, key)

    survey.full_clean()
    for question in survey.questions.all():
        question.full_clean()
        assert question.text_nl != question.text_en
        assert all(option["nl"] and option["en"] for option in question.options)
        if question.kind in {"choice", "many"}:
            assert len(question.options) > 1
    assert survey.name_nl
    assert survey.intro_nl != survey.intro_en


def test_six_surveys_are_shipped():
    assert list(survey_templates()) == [
        "pulse",
        "half-way",
        "closing-mentee",
        "closing-mentor",
        "training",
        "programme",
    ]


def test_a_survey_that_was_not_asked_is_changed_itself(pulse, coordinator):
    pulse.name_en = "Short pulse"

    saved = change_survey(pulse, by=coordinator)

    assert saved.version == 1
    assert Survey.objects.get().name_en == "Short pulse"


def test_a_survey_that_was_asked_keeps_its_shape(asked, coordinator):
    question = asked.questions.first()
    question.text_en = "In other words"

    new = save_question(asked, question, by=coordinator)

    assert new.version == 2
    assert asked.questions.first().text_en == "The sessions are worth their time."
    assert new.questions.first().text_en == "In other words"
    assert keys(new) == keys(asked)
    assert Wave.objects.get().survey == asked


def test_a_new_version_has_its_own_follow_ups(asked, coordinator):
    new = save_question(asked, asked.questions.first(), by=coordinator)

    why = new.questions.get(key="trust-why")
    assert why.shown_if.survey == new
    assert why.shown_if.key == "trust"


def test_a_question_never_gets_the_key_of_one_that_was_removed(asked, coordinator):
    one = save_question(
        asked, Question(survey=asked, text_nl="Een", text_en="One"), by=coordinator
    )
    key = one.questions.last().key
    open_wave(one, occasion="by hand", by=None, now=timezone.now() + A_MONTH)
    without = remove_question(one.questions.last(), by=coordinator)

    two = save_question(
        without, Question(survey=without, text_nl="Twee", text_en="Two"), by=coordinator
    )

    assert two.questions.last().key != key


def test_a_question_of_another_kind_is_another_in_the_trend(asked, coordinator):
    question = asked.questions.get(key="worth")
    question.kind = "nps"

    new = save_question(asked, question, by=coordinator)

    assert "worth" not in keys(new)
    assert new.questions.first().kind == "nps"


def test_a_question_that_means_something_else_begins_a_new_line(asked, coordinator):
    question = asked.questions.get(key="worth")
    question.text_en = "The sessions are a waste of time."

    new = save_question(asked, question, by=coordinator, is_another=True)

    assert "worth" not in keys(new)
    assert new.questions.first().text_en == "The sessions are a waste of time."


def reworded(as_coordinator, survey, **more):
    question = survey.questions.get(key="worth")
    data = {
        "kind": "scale",
        "text_nl": question.text_nl,
        "text_en": "The sessions are a waste of time.",
        "is_required": "on",
    }
    return as_coordinator.post(at("question_edit", question.pk), {**data, **more})


def test_other_words_for_what_was_asked_must_be_the_same_question_or_another(
    as_coordinator, asked
):
    response = reworded(as_coordinator, asked)

    assert response.status_code == 422
    assert "Say whether it is still the same question" in text(response)
    assert Survey.objects.get().version == 1


@pytest.mark.parametrize(("meaning", "goes_on"), [("same", True), ("other", False)])
def test_a_line_goes_on_or_begins_as_who_reworded_says(
    as_coordinator, asked, meaning, goes_on
):
    reworded(as_coordinator, asked, meaning=meaning)

    assert ("worth" in keys(Survey.objects.get(version=2))) == goes_on


def test_whether_it_is_another_question_is_asked_only_of_other_words(
    as_coordinator, asked
):
    same = asked.questions.get(key="worth").text_en

    assert reworded(as_coordinator, asked, text_en=same).status_code == 302


def test_whether_it_is_another_question_is_not_asked_before_the_first_time(
    as_coordinator, pulse
):
    assert reworded(as_coordinator, pulse).status_code == 302


def with_options(survey, *names, kind="choice"):
    return Question(
        survey=survey,
        kind=kind,
        text_nl="Hoe?",
        text_en="How?",
        options=[{"nl": each, "en": each} for each in names],
    )


@pytest.fixture
def led(pulse, coordinator):
    """A question with options, of which the second leads to another question."""
    save_question(pulse, with_options(pulse, "office", "online"), by=coordinator)
    first = pulse.questions.last()
    save_question(
        pulse,
        Question(
            survey=pulse,
            text_nl="Waarom?",
            text_en="Why?",
            kind="text",
            shown_if=first,
            shown_values=["1"],
        ),
        by=coordinator,
    )
    return first


@pytest.mark.parametrize(
    ("names", "value"),
    [
        (("online", "office"), "0"),
        (("office", "elsewhere", "online"), "2"),
        (("office", "by video"), "1"),
    ],
)
def test_a_follow_up_goes_along_with_the_answer_it_follows(
    pulse, led, coordinator, names, value
):
    led.options = with_options(pulse, *names).options

    save_question(pulse, led, by=coordinator)

    assert pulse.questions.last().shown_values == [value]


@pytest.mark.parametrize("kind", ["choice", "scale"])
def test_an_answer_that_leads_to_a_question_is_not_taken_away(
    as_coordinator, pulse, led, kind
):
    response = as_coordinator.post(
        at("question_edit", led.pk),
        {"kind": kind, "text_en": "How?", "options_en": "office\nelsewhere\nwalking"},
    )

    assert response.status_code == 422
    assert "“Why?” is asked after an answer that is no more" in text(response)


def test_a_scale_that_leads_to_a_question_can_be_said_otherwise(pulse, coordinator):
    question = pulse.questions.get(key="trust")
    question.text_en = "We talk openly."

    save_question(pulse, question, by=coordinator)

    assert pulse.questions.get(key="trust-why").shown_values == ["1", "2"]


def test_a_scale_that_leads_to_a_question_stays_one(pulse, coordinator):
    question = pulse.questions.get(key="trust")
    question.kind = "nps"

    with pytest.raises(ValidationError, match="asked after an answer"):
        save_question(pulse, question, by=coordinator)


def test_an_old_version_cannot_be_changed(asked, coordinator):
    save_question(asked, asked.questions.first(), by=coordinator)

    with pytest.raises(ValidationError):
        save_question(asked, asked.questions.first(), by=coordinator)


def test_a_question_moves_one_place(pulse, coordinator):
    move_question(pulse.questions.get(key="help"), -1, by=coordinator)

    assert keys(pulse)[-2:] == ["help", "recommend"]


def test_the_first_question_does_not_move_up(pulse, coordinator):
    before = keys(pulse)

    move_question(pulse.questions.first(), -1, by=coordinator)

    assert keys(pulse) == before


def test_a_follow_up_stays_behind_what_it_follows(pulse, coordinator):
    with pytest.raises(ValidationError):
        move_question(pulse.questions.get(key="trust-why"), -1, by=coordinator)
    with pytest.raises(ValidationError):
        move_question(pulse.questions.get(key="trust"), 1, by=coordinator)


def test_removing_a_question_takes_its_follow_ups(pulse, coordinator):
    remove_question(pulse.questions.get(key="trust"), by=coordinator)

    assert keys(pulse) == ["worth", "progress", "recommend", "help"]
