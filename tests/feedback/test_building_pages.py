"""The pages on which a survey is built and sent."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from feedback.actions import from_template, save_question
from feedback.models import Question, Survey, Wave


def at(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def keys(survey):
    return [each.key for each in survey.questions.all()]


def test_survey_create_begins_with_one_language(as_coordinator, program):
    response = as_coordinator.post(
        at("survey_create", "leaders"),
        {"name_en": "Lunch talks", "audience": "everybody", "asks": "by_hand"},
    )

    survey = Survey.objects.get()
    assert response.url == survey.get_absolute_url()
    assert (survey.name_nl, survey.name_en) == ("", "Lunch talks")
    with override("nl"):
        assert survey.name == "Lunch talks"
    assert survey.key == "lunch-talks"


def test_survey_create_asks_for_the_day(as_coordinator, program):
    response = as_coordinator.post(
        at("survey_create", "leaders"),
        {"name_en": "Lunch talks", "audience": "everybody", "asks": "by_day"},
    )

    assert response.status_code == 422
    assert "On which day of the programme?" in text(response)


def test_survey_create_refuses_departments_of_a_named_survey(as_coordinator, program):
    response = as_coordinator.post(
        at("survey_create", "leaders"),
        {
            "name_en": "Lunch talks",
            "audience": "everybody",
            "asks": "by_hand",
            "is_named": "on",
            "by_department": "on",
        },
    )

    assert response.status_code == 422
    assert "A named survey shows who answered what" in text(response)


def test_survey_take_adds_what_is_shipped(as_coordinator, program):
    as_coordinator.post(at("survey_take", "leaders", "half-way"))

    assert Survey.objects.get().asks == "half_way"
    assert "Half-way" in text(as_coordinator.get(at("survey_list", "leaders")))


def test_survey_take_knows_only_what_is_shipped(as_coordinator, program):
    assert as_coordinator.post(at("survey_take", "leaders", "none")).status_code == 404


def test_question_add_writes_options_in_both_languages(as_coordinator, pulse):
    as_coordinator.post(
        at("question_add", pulse.pk),
        {
            "kind": "choice",
            "text_nl": "Hoe vaak?",
            "text_en": "How often?",
            "options_nl": "vaak\nsoms",
            "options_en": "often\nsometimes",
            "is_required": "on",
        },
    )

    question = pulse.questions.last()
    assert question.options == [
        {"nl": "vaak", "en": "often"},
        {"nl": "soms", "en": "sometimes"},
    ]


def test_question_add_asks_for_options(as_coordinator, pulse):
    response = as_coordinator.post(
        at("question_add", pulse.pk), {"kind": "many", "text_en": "Which?"}
    )

    assert response.status_code == 422
    assert "Give at least two options." in text(response)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_question_add_refuses_an_option_that_is_there_twice(
    as_coordinator, pulse, language
):
    response = as_coordinator.post(
        at("question_add", pulse.pk),
        {
            "kind": "choice",
            "text_en": "Which?",
            f"options_{language}": "space\n Space ",
        },
    )

    assert response.status_code == 422
    assert "“Space” is there twice." in text(response)


def test_question_add_can_follow_an_answer(as_coordinator, pulse):
    trust = pulse.questions.get(key="trust")

    as_coordinator.post(
        at("question_add", pulse.pk),
        {"kind": "text", "text_en": "What happened?", "after": f"{trust.pk}:1,2"},
    )

    question = pulse.questions.last()
    assert question.shown_if == trust
    assert question.shown_values == ["1", "2"]
    assert not question.is_required


def test_question_edit_of_an_asked_survey_leads_to_the_new_version(
    as_coordinator, asked
):
    question = asked.questions.first()

    response = as_coordinator.post(
        at("question_edit", question.pk),
        {
            "kind": "scale",
            "text_nl": "Nieuw",
            "text_en": "New",
            "is_required": "on",
            "meaning": "same",
        },
    )

    new = Survey.objects.get(version=2)
    assert response.url == new.get_absolute_url()
    assert "earlier version" in text(as_coordinator.get(asked.get_absolute_url()))


def test_question_move_works_by_button(as_coordinator, pulse):
    question = pulse.questions.get(key="help")

    as_coordinator.post(at("question_move", question.pk), {"to": "up"})

    assert keys(pulse)[-1] == "recommend"


def test_question_move_gives_the_button_its_focus_back(as_coordinator, pulse):
    question = pulse.questions.get(key="help")

    body = text(
        as_coordinator.post(at("question_move", question.pk), {"to": "up"}, follow=True)
    )

    assert body.count("data-focus") == 1
    assert "is number 5 now" in body


def test_question_order_takes_the_order_that_was_dragged(as_coordinator, pulse):
    keys = list(pulse.questions.values_list("key", flat=True))
    keys.insert(0, keys.pop())

    as_coordinator.post(at("question_order", pulse.pk), {"order": " ".join(keys)})

    assert list(pulse.questions.values_list("key", flat=True)) == keys


@pytest.mark.parametrize("keys", ["", "worth worth", "worth trust"])
def test_question_order_of_other_questions_changes_nothing(as_coordinator, pulse, keys):
    before = list(pulse.questions.values_list("key", flat=True))

    body = text(
        as_coordinator.post(
            at("question_order", pulse.pk), {"order": keys}, follow=True
        )
    )

    assert "changed in the meantime" in body
    assert list(pulse.questions.values_list("key", flat=True)) == before


def test_question_order_keeps_a_follow_up_behind(as_coordinator, pulse):
    keys = list(pulse.questions.values_list("key", flat=True))
    keys.insert(0, keys.pop(keys.index("trust-why")))

    body = text(
        as_coordinator.post(
            at("question_order", pulse.pk), {"order": " ".join(keys)}, follow=True
        )
    )

    assert "stays behind" in body


def test_another_order_of_a_survey_that_was_asked_is_a_new_version(
    as_coordinator, wave
):
    keys = list(wave.survey.questions.values_list("key", flat=True))
    changed = [keys[-1], *keys[:-1]]

    as_coordinator.post(
        at("question_order", wave.survey.pk), {"order": " ".join(changed)}
    )

    newest = Survey.objects.current().get(key="pulse")
    assert newest.version == 2
    assert list(newest.questions.values_list("key", flat=True)) == changed
    assert list(wave.survey.questions.values_list("key", flat=True)) == keys


def test_survey_preview_is_in_the_language_that_was_chosen(as_coordinator, pulse):
    path = at("survey_preview", pulse.pk)

    assert "Ik kan open praten" in text(as_coordinator.get(path, {"language": "nl"}))
    assert "I can talk openly" in text(as_coordinator.get(path, {"language": "en"}))
    assert as_coordinator.get(path, {"language": "../x"}).status_code == 200


def test_question_remove_names_the_follow_ups_that_go_too(as_coordinator, pulse):
    trust = pulse.questions.get(key="trust")
    why = pulse.questions.get(key="trust-why")

    page = text(as_coordinator.get(at("question_remove", trust.pk)))

    assert "1 follow-up hangs on this question" in page
    assert why.text_en in page
    assert "trust" in keys(pulse)
    assert "hangs" not in text(as_coordinator.get(at("question_remove", why.pk)))


def test_question_remove_takes_it_out(as_coordinator, pulse):
    as_coordinator.post(
        at("question_remove", pulse.questions.get(key="help").pk), follow=True
    )

    assert "help" not in keys(pulse)


def test_survey_preview_shows_follow_ups_and_keeps_nothing(as_coordinator, pulse):
    trust = pulse.questions.get(key="trust")
    why = pulse.questions.get(key="trust-why")

    def is_asked(page):
        return why in page.context["form"].asked

    plain = as_coordinator.get(at("survey_preview", pulse.pk))
    after = as_coordinator.get(at("survey_preview", pulse.pk), {f"q{trust.pk}": "1"})

    assert not is_asked(plain)
    assert is_asked(after)
    assert text(plain).count(" hidden>") == text(after).count(" hidden>") + 1


def test_survey_preview_calls_each_language_by_its_own_name(as_coordinator, pulse):
    page = text(as_coordinator.get(at("survey_preview", pulse.pk)))

    assert re.search(r'lang="nl"[^>]*>Nederlands</a>', page)
    assert re.search(r'lang="en"[^>]*>English</a>', page)


def test_survey_retire_stops_the_asking_and_takes_it_up_again(as_coordinator, pulse):
    as_coordinator.post(at("survey_retire", pulse.pk))
    assert not Survey.objects.in_use().exists()

    as_coordinator.post(at("survey_retire", pulse.pk))
    assert Survey.objects.in_use().exists()


def test_a_follow_up_says_to_which_question_and_answer(as_coordinator, pulse):
    last = pulse.questions.last()

    page = text(as_coordinator.get(at("question_edit", last.pk)))

    assert "1 or 2 to “I can talk openly with the other.”" in page


def test_survey_send_asks_and_shows_the_wave(as_coordinator, pulse, in_mentorships):
    in_mentorships(3)

    page = text(as_coordinator.get(at("survey_send", pulse.pk)))
    response = as_coordinator.post(at("survey_send", pulse.pk), follow=True)

    assert "6 people get a mail" in page
    assert "from 5 answers of one role, and texts from 8" in page
    assert "0 of 6 people answered" in text(response)


@pytest.mark.parametrize("why", ["draft", "no questions", "open", "too few"])
def test_survey_send_says_why_not(as_coordinator, pulse, program, in_mentorships, why):
    in_mentorships(2 if why == "too few" else 3)
    if why == "draft":
        type(program).objects.update(state="draft")
    if why == "no questions":
        Question.objects.all().delete()
    if why == "open":
        as_coordinator.post(at("survey_send", pulse.pk))
    number = Wave.objects.count()

    looked = as_coordinator.get(at("survey_send", pulse.pk))
    response = as_coordinator.post(at("survey_send", pulse.pk))

    assert "There is a problem" not in text(looked)
    assert "Send the survey" not in text(looked)
    assert response.status_code == 409
    assert "There is a problem" in text(response)
    assert Wave.objects.count() == number


def test_survey_send_leaves_in_peace_whom_the_same_survey_asked_lately(
    as_coordinator, pulse, in_mentorships
):
    in_mentorships(3)
    as_coordinator.post(at("survey_send", pulse.pk))
    as_coordinator.post(at("wave_close", Wave.objects.get().pk))
    Wave.objects.update(occasion="a minute ago")

    looked = as_coordinator.get(at("survey_send", pulse.pk))
    response = as_coordinator.post(at("survey_send", pulse.pk))

    assert "6 people were asked something not long ago" in text(looked)
    assert "Send the survey" not in text(looked)
    assert response.status_code == 409
    assert Wave.objects.count() == 1


def test_survey_send_of_a_named_one_needs_somebody(as_coordinator, pulse):
    Survey.objects.update(is_named=True)

    looked = as_coordinator.get(at("survey_send", pulse.pk))

    assert "Nobody whom it is for is in a mentorship." in text(looked)


def test_survey_detail_does_not_grow_in_queries(as_coordinator, pulse):
    url = pulse.get_absolute_url()
    as_coordinator.get(url)
    with CaptureQueriesContext(connection) as few:
        as_coordinator.get(url)
    first = pulse.questions.first()
    for number in range(10):
        Question.objects.create(
            survey=pulse, key=f"more-{number}", place=20, text_en="?", shown_if=first
        )

    with CaptureQueriesContext(connection) as many:
        as_coordinator.get(url)

    assert len(many) == len(few)


def test_survey_detail_says_what_is_in_one_language(as_coordinator, pulse):
    assert "not in Dutch yet" not in text(as_coordinator.get(pulse.get_absolute_url()))

    as_coordinator.post(
        at("question_add", pulse.pk),
        {"kind": "choice", "text_en": "Where?", "options_nl": "hier\ndaar"},
    )

    page = text(as_coordinator.get(pulse.get_absolute_url()))
    assert page.count("not in Dutch yet") == page.count("not in English yet") == 1

    Survey.objects.update(intro_nl="")
    page = text(as_coordinator.get(pulse.get_absolute_url()))
    assert page.count("not in Dutch yet") == 2


def test_a_follow_up_stays_where_its_answer_is_translated(pulse, coordinator):
    first = pulse.questions.first()
    first.kind = "choice"
    first.options = [{"nl": "", "en": "often"}, {"nl": "", "en": "never"}]
    first.save()
    follow_up = Question.objects.create(
        survey=pulse, key="why", text_en="Why?", shown_if=first, shown_values=["1"]
    )

    first.options = [
        {"nl": "nooit", "en": "never"},
        {"nl": "soms", "en": "sometimes"},
        {"nl": "vaak", "en": "often"},
    ]
    save_question(pulse, first, by=coordinator)

    follow_up.refresh_from_db()
    assert follow_up.shown_values == ["0"]


def test_a_survey_without_questions_is_not_offered_to_be_sent(as_coordinator, pulse):
    pulse.questions.all().delete()

    for url in (pulse.get_absolute_url(), at("survey_list", "leaders")):
        assert "Send now…" not in text(as_coordinator.get(url))


def test_survey_create_refuses_a_moment_that_a_closing_programme_has_not(
    as_coordinator, program
):
    type(program).objects.update(state="closing")

    response = as_coordinator.post(
        at("survey_create", "leaders"),
        {"name_en": "Lunch talks", "audience": "everybody", "asks": "half_way"},
    )

    assert response.status_code == 422
    assert "Not by itself: the programme is closing." in text(response)


def test_survey_create_reads_only_what_goes_with_the_moment(as_coordinator, program):
    as_coordinator.post(
        at("survey_create", "leaders"),
        {
            "name_en": "Lunch talks",
            "audience": "everybody",
            "asks": "by_hand",
            "first_day": "no number",
            "every_days": "3",
            "ask_on": "2020-01-01",
        },
    )

    survey = Survey.objects.get()
    assert (survey.first_day, survey.every_days, survey.ask_on) == (None, None, None)


def test_survey_send_counts_who_is_left_out_and_until_when(
    as_coordinator, program, wave, in_mentorships
):
    in_mentorships(3)
    other = from_template(program, "programme")

    page = text(as_coordinator.get(at("survey_send", other.pk)))

    until = timezone.localdate() + timedelta(days=14)
    assert "6 people get a mail" in page
    assert "20 people were asked something not long ago" in page
    assert f"After {until.day} {until:%B} everybody can be asked." in page


def test_survey_send_of_what_is_open_says_until_when(as_coordinator, wave):
    page = text(as_coordinator.get(at("survey_send", wave.survey.pk)))

    last = timezone.localdate(wave.closes_at)
    assert f"It is open until {last.day} {last:%B}" in page


@pytest.mark.parametrize(("way", "other"), [("down", "Move up"), ("up", "Move down")])
def test_question_move_to_an_end_leaves_the_focus_on_the_question(
    as_coordinator, pulse, way, other
):
    pulse.questions.exclude(key__in=["recommend", "help"]).delete()
    question = pulse.questions.get(key="recommend" if way == "down" else "help")

    url = at("question_move", question.pk)
    body = text(as_coordinator.post(url, {"to": way}, follow=True))

    assert body.count("data-focus") == 1
    focused = body[body.index("data-focus") :]
    assert focused.index(other) < focused.index("</button>")


def test_survey_list_keeps_a_new_version_where_the_survey_stood(
    as_coordinator, wave, program, coordinator
):
    from_template(program, "programme")
    first = wave.survey.questions.first()
    first.text_en = "In other words."
    save_question(wave.survey, first, by=coordinator)

    page = text(as_coordinator.get(at("survey_list", "leaders")))

    newest = Survey.objects.current().get(key="pulse")
    assert newest.version == 2
    assert page.index(newest.get_absolute_url()) < page.index("About the whole")
