"""What people say of their background: by choice, sealed, and read by nobody."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

from people.actions import save_background, take_background
from people.models import Background, BackgroundQuestion

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def age(hr_admin):
    return take_background("age", by=hr_admin)


def path(name, *args):
    return reverse(f"people:{name}", args=args)


def text(response):
    return response.content.decode()


def test_matching_knows_nothing_of_background():
    for file in (ROOT / "matching").rglob("*.py"):
        assert "ackground" not in file.read_text(), file


def test_what_somebody_chose_is_sealed(age, mentee):
    choice = age.choices.first()

    save_background(mentee, {age.pk: choice.pk})

    row = Background.objects.get()
    assert row.read() == {age.pk: choice.pk}
    assert json.dumps([[age.pk, choice.pk]]).encode() not in bytes(row.sealed)
    assert len(bytes(row.sealed)) > 400


def test_background_edit_keeps_what_was_chosen(age, mentee, as_user):
    client, choice = as_user(mentee), age.choices.last()

    client.post(path("background_edit"), {f"b{age.pk}": choice.pk})

    form = client.get(path("background_edit")).context["form"]
    assert form.fields[f"b{age.pk}"].initial == str(choice.pk)


def test_rather_not_saying_keeps_nothing(age, mentee, as_user):
    as_user(mentee).post(path("background_edit"), {f"b{age.pk}": ""})

    assert not Background.objects.exists()


def test_a_choice_that_is_none_is_refused(age, mentee, as_user):
    answer = as_user(mentee).post(path("background_edit"), {f"b{age.pk}": "999999"})

    assert answer.status_code == 422
    assert not Background.objects.exists()


def test_background_remove_takes_all_of_it_back(age, mentee, as_user):
    save_background(mentee, {age.pk: age.choices.first().pk})

    as_user(mentee).post(path("background_remove"))

    assert not Background.objects.exists()


def test_without_questions_nobody_is_asked(mentee, as_user):
    assert "asks nothing about background" in text(
        as_user(mentee).get(path("background_edit"))
    )


def test_every_question_that_is_shipped_can_be_taken(hr_admin, as_user):
    client = as_user(hr_admin)
    for key in ("gender", "age", "first-generation", "disability", "culture"):
        for _time in range(2):
            client.post(path("background_take", key))

    assert BackgroundQuestion.objects.count() == 5
    assert all(each.choices.count() > 1 for each in BackgroundQuestion.objects.all())


def test_background_question_in_other_words_keeps_its_answers(
    age, mentee, hr_admin, as_user
):
    first = age.choices.first()
    save_background(mentee, {age.pk: first.pk})

    as_user(hr_admin).post(
        path("background_question", age.pk),
        {
            "text_nl": "Leeftijd",
            "text_en": "Age",
            "choices_nl": "jong\noud",
            "choices_en": "young\nold",
        },
    )

    assert [str(each) for each in age.choices.all()] in (
        ["young", "old"],
        ["jong", "oud"],
    )
    assert age.choices.first().pk == first.pk


@pytest.mark.parametrize(
    ("nl", "en", "said"),
    [
        ("een", "one", "at least two choices"),
        ("een\ntwee", "one", "as many choices in English"),
    ],
)
def test_background_create_says_what_is_wrong(hr_admin, as_user, nl, en, said):
    answer = as_user(hr_admin).post(
        path("background_create"),
        {"text_nl": "A", "text_en": "A", "choices_nl": nl, "choices_en": en},
    )

    assert answer.status_code == 422
    assert said in text(answer)


def test_background_drop_asks_it_no_more(age, hr_admin, as_user):
    as_user(hr_admin).post(path("background_drop", age.pk))

    assert not BackgroundQuestion.objects.exists()


def test_a_page_of_somebody_says_nothing_of_background(age, mentee, hr_admin, as_user):
    save_background(mentee, {age.pk: age.choices.first().pk})

    body = text(as_user(hr_admin).get(path("person_detail", mentee.pk)))

    assert str(age.choices.first()) not in body
